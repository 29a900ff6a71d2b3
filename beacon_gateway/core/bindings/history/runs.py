"""The audit log as people read it: one entry for each run, with what became of each change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from beacon_gateway.core.bindings.history.audit import VERIFIED, AuditCause, AuditLine, Image

NO_RUN: Final = 0
"""The number of lines that belong to none: what is so already, what expired."""


@dataclass(frozen=True, slots=True)
class ChangeOutcome:
    """One change and how it ended."""

    change: str
    outcome: str
    image: Image | None


@dataclass(frozen=True, slots=True)
class Run:
    number: int
    at: datetime
    """Aware UTC: when its first change began."""
    cause: AuditCause
    """Of the last pass."""
    changes: tuple[ChangeOutcome, ...]

    @property
    def failed(self) -> int:
        """Count the changes that did not come to a good end, or to none."""
        return sum(1 for change in self.changes if change.outcome != VERIFIED)


def runs_of(lines: Iterable[AuditLine], most: int) -> list[Run]:
    """Return the newest runs, newest first, from lines that are oldest first."""
    found: dict[int, list[AuditLine]] = {}
    for line in lines:
        if line.run != NO_RUN:
            found.setdefault(line.run, []).append(line)
    newest = sorted(found.items(), reverse=True)[:most]
    return [Run(number, told[0].at, told[-1].cause, tuple(_changes(told))) for number, told in newest]


def _changes(lines: Iterable[AuditLine]) -> list[ChangeOutcome]:
    """Join the lines of each change: the first has the image, the last the outcome."""
    changes: dict[str, ChangeOutcome] = {}
    for line in lines:
        before = changes.get(line.change)
        image = line.image or (before.image if before else None)
        changes[line.change] = ChangeOutcome(line.change, line.outcome, image)
    return list(changes.values())
