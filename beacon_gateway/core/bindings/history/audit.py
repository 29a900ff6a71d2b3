"""What was done at the target: who or what caused it, when, what was there before; for people and for `undo`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from beacon_gateway.core.bindings.setback import Setback
from beacon_gateway.core.bindings.target import Declared, Existing, ExistingPage, PageRef
from beacon_gateway.core.model.ibeacon import BeaconKey

CAUSES: Final = frozenset({"start", "files", "schedule", "drift", "apply", "undo", "page"})
"""What makes a run: the last three are people, by command or by the page of bindings."""


@dataclass(frozen=True, slots=True)
class AuditCause:
    what: str
    """One of `CAUSES`."""
    who: str = ""
    """The user who typed it; "" for the daemon."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class BindingImage:
    """A beacon's pages before a change, and as the change makes them; `ours` are those that this gateway bound."""

    key: BeaconKey
    before: frozenset[PageRef]
    after: frozenset[PageRef]
    ours_before: frozenset[PageRef]
    place: Declared | None = None
    """Where the files declared the beacon then, or last; None in lines of older versions."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page before a change and after it; None where there is none."""

    slug: str
    ref: PageRef
    before: ExistingPage | None
    after: ExistingPage | None


Image = BindingImage | PageImage

BEGUN: Final = "begun"
"""The outcome of a line that is written before the call: after a power cut it may be the only one."""
VERIFIED: Final = "verified"
DIFFERS: Final = "differs"
WITHHELD: Final = "withheld: no longer in the files"
"""Of a line about beacons that keep their pages until a person decides."""
REFUSED: Final = "refused"
"""Followed by the target's code."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    at: datetime
    """Aware UTC."""
    cause: AuditCause
    plan: str
    """The plan's digest."""
    revision: str
    """Of the files."""
    run: int
    """Changes of one run belong together: an apply with all the passes that it took."""
    change: str
    outcome: str
    image: Image | None = None


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What goes into the ledger in one step: all of it or nothing."""

    lines: tuple[AuditLine, ...] = ()
    pages: Mapping[str, PageRef] = field(default_factory=dict)
    bindings: Mapping[BeaconKey, frozenset[PageRef]] = field(default_factory=dict)
    verified: Existing = field(default_factory=lambda: Existing({}, {}))
    gone: frozenset[PageRef] = frozenset()
    """Pages that were deleted."""
    declared: Mapping[BeaconKey, Declared] = field(default_factory=dict)
    sent: Existing = field(default_factory=lambda: Existing({}, {}))
    """What is about to be written: until it is verified, what is at the target may be this or what was there before.
    Then what is kept instead, if so."""
    unsent: frozenset[PageRef | BeaconKey] = frozenset()
    """What was not written after all: the target refused it."""
    setbacks: Mapping[str, Setback] = field(default_factory=dict)
    """By what was sent."""
    settled: frozenset[str] = frozenset()
    """What was sent and came to a good end, so that an earlier setback is over."""
    vanished: frozenset[BeaconKey] | None = None
    """All beacons that wait for a person since they vanished from the files; None: as noted before."""

    def __bool__(self) -> bool:
        return any(
            (
                *(self.lines, self.pages, self.bindings, self.verified.pages, self.verified.bindings, self.gone),
                *(self.declared, self.sent.pages, self.sent.bindings, self.unsent, self.setbacks, self.settled),
                self.vanished is not None,
            )
        )
