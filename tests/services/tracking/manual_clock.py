"""A clock that stands still until the test moves it."""

from datetime import UTC, datetime, timedelta


class ManualClock:
    def __init__(self, *, seconds: float = 5_000.0, utc: datetime = datetime(2025, 5, 1, 2, 0, tzinfo=UTC)) -> None:
        self.seconds = seconds
        self.wall = utc
        self.is_synchronised = True

    def synchronised(self) -> bool:
        return self.is_synchronised

    def monotonic(self) -> float:
        return self.seconds

    def utc(self) -> datetime:
        return self.wall

    def advance(self, seconds: float) -> None:
        """Let time pass, on both clocks."""
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds)

    def advance_to(self, seconds: float) -> None:
        """Let time pass until the monotonic clock shows `seconds`."""
        self.advance(seconds - self.seconds)

    def set_right(self, utc: datetime) -> None:
        """Step the wall clock, as the first answer of a time server does to a Pi."""
        self.wall = utc
