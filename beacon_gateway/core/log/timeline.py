"""Which time it was: the wall clock as a shift of the monotonic one, and whether it could be believed.

A Pi has no clock battery: it begins with the time at which it was switched off, or with 1970, and jumps when a time
service answers. Monotonic seconds of one boot are never wrong. So everything is logged by those, and belongs to a
*segment* between two steps of the wall clock; putting the times of a whole segment right is to change one number.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

MIN_STEP_S: Final = 0.5
"""Seconds. A wall clock that moved by more against the monotonic one was stepped: time services slew both by less than
this (systemd-timesyncd steps from 0.4 s, NTP_MAX_ADJUST)."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ClockSegment:
    """A time without a step of the wall clock. Boot and beginning name it."""

    boot: str
    """The kernel's boot id: monotonic times of one boot can be compared, of two cannot.

    Boots before another one with the same id have a number behind it in the log.
    """
    since: float
    """Monotonic seconds."""
    offset: float
    """Unix seconds at monotonic 0, as far as was known."""
    known: bool
    """A time service had set the clock, or has put this right since."""

    def at(self, when: float) -> datetime:
        """Return the wall clock's time of a monotonic moment, aware UTC."""
        return _EPOCH + timedelta(seconds=self.offset + when)


class ClockChange(StrEnum):
    """What became of the wall clock."""

    CORRECTED = "set-right"
    """It is known from now on, and so is every earlier moment of this boot that was not."""
    STEPPED = "stepped"
    """It jumped; what was logged before keeps its time."""


class Timeline:
    """The segments of one boot, as they come."""

    def __init__(
        self, boot: str, monotonic: float, utc: datetime, *, synchronised: bool, former: ClockSegment | None = None
    ) -> None:
        """Begin; `former` is the last segment of this boot that another process knew."""
        offset = _offset(monotonic, utc)
        holds = (
            former is not None
            and former.boot == boot
            and former.since <= monotonic  # else an earlier boot had the same id
            and abs(former.offset - offset) <= MIN_STEP_S
        )
        self.segment = ClockSegment(boot, monotonic, offset, known=synchronised or holds)
        """The one that lasts now."""
        self.stepped_by = 0.0
        """Seconds of the last turn."""

    def look(self, monotonic: float, utc: datetime, *, synchronised: bool) -> ClockChange | None:
        """Compare the clocks; call it every few seconds. A known time stays known until the clock is stepped."""
        offset = _offset(monotonic, utc)
        now = self.segment
        by = offset - now.offset
        if synchronised and not now.known:
            self.segment = replace(now, offset=offset, known=True)
            self.stepped_by = by
            return ClockChange.CORRECTED
        if abs(by) <= MIN_STEP_S:
            return None
        self.segment = ClockSegment(now.boot, monotonic, offset, known=synchronised)
        self.stepped_by = by
        return ClockChange.STEPPED


def _offset(monotonic: float, utc: datetime) -> float:
    return (utc - _EPOCH).total_seconds() - monotonic
