"""Which clocks a part needs: monotonic seconds for "how long", the wall clock for "when"; never mixed."""

from datetime import datetime
from typing import Protocol


class MonotonicClock(Protocol):
    def monotonic(self) -> float:
        """Return seconds that never jump; of one boot."""


class UtcClock(Protocol):
    def utc(self) -> datetime:
        """Return the wall clock's time, aware UTC."""


class WallClock(UtcClock, Protocol):
    def synchronised(self) -> bool:
        """True if the time comes from a source that knows it; cheap."""


class BothClocks(MonotonicClock, UtcClock, Protocol):
    """How long and when, whether or not the wall clock is right."""


class Clock(MonotonicClock, WallClock, Protocol):
    """All of a machine's clocks."""
