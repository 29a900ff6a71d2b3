"""The minutes in which a gateway was deaf, so that "nothing heard" is never mistaken for "not listening"."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DeafMinute:
    """One minute of the wall clock, in part or whole."""

    minute: datetime
    """Its beginning, aware UTC."""
    seconds: float
    """Of it, 0..60, in which the radio heard nothing from anybody."""


class Deafness:
    """Adds up deaf spells, sweep by sweep. Minutes without any give nothing: nothing is written while all is well."""

    def __init__(self, now: float) -> None:
        self._counted_to = now
        self._open: DeafMinute | None = None
        self.seconds = 0.0
        """Since the start."""

    def sweep(self, now: float, utc: datetime, deaf_since: float | None) -> list[DeafMinute]:
        """Take in the time since the last sweep, by both clocks; give the minutes that are over.

        `deaf_since` is the monotonic time of the last thing heard, if it is long enough ago to call it deafness.
        """
        start = now if deaf_since is None else max(deaf_since, self._counted_to)
        if deaf_since is not None:
            self._counted_to = now
        self.seconds += now - start
        over = []
        moment = utc - timedelta(seconds=now - start)
        while True:
            minute = moment.replace(second=0, microsecond=0)
            if self._open and self._open.minute != minute:
                over.append(self._open)
                self._open = None
            end = min(utc, minute + _MINUTE)
            if end > moment:
                before = self._open.seconds if self._open else 0.0
                self._open = DeafMinute(minute, min(60.0, before + (end - moment).total_seconds()))
            if end >= utc:
                return over
            moment = end

    def close(self) -> list[DeafMinute]:
        """Give what is left: the gateway stops."""
        left, self._open = self._open, None
        return [left] if left else []
