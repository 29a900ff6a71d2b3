"""Whether what the wall clock says may be believed."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from beacon_gateway.core.model.settings import ClockTrust

EARLIEST_TRUSTED: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""No release of this program that knows of trusted clocks is older: what shows less has lost its battery."""


class ClockState(StrEnum):
    SET = "set"
    """A time service has set it, and said so to the kernel."""
    TRUSTED = "trusted"
    """No service says so, and store IT does: it has a battery, or a source of its own."""
    LOST = "lost"
    """It is declared right, and cannot be."""
    NOT_SET = "not-set"

    @property
    def is_right(self) -> bool:
        return self in {ClockState.SET, ClockState.TRUSTED}


def clock_state(trust: ClockTrust, utc: datetime, *, marked: bool) -> ClockState:
    """Return how the clock is that says `utc` (aware); `marked` is whether the kernel was told that it is set."""
    if marked:
        return ClockState.SET
    if trust is ClockTrust.CHECKED:
        return ClockState.NOT_SET
    return ClockState.TRUSTED if utc >= EARLIEST_TRUSTED else ClockState.LOST
