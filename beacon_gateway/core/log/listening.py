"""The gateway's own minutes: receiving or not, so that "nothing heard" is never mistaken for "not listening"."""

from dataclasses import dataclass
from typing import Final

HELD_UP_AFTER_S: Final = 30.0
"""Seconds between two sweeps after which this process itself was held up, and heard nothing for that long."""


@dataclass(frozen=True, slots=True)
class Minute:
    """A minute of the wall clock or a part of it; parts of one minute add up."""

    when: float
    """Monotonic seconds of its beginning."""
    seconds: float
    """How long the gateway was at work in it. 0 where only a time without reception is reported, which came out
    later."""
    deaf: float
    """For how long of it the radio heard nothing from anybody."""


class Listening:
    """Cuts time into minutes, sweep by sweep."""

    def __init__(self, now: float) -> None:
        self._minute: int | None = None
        self._since = self._swept = self._counted_to = now
        self._deaf = 0.0
        self.deaf_seconds = 0.0
        """Since the start."""

    def sweep(self, now: float, minute: int, deaf_since: float | None) -> list[Minute]:
        """Take in the time since the last sweep; return the minute that is over, after what came out of earlier ones.

        `minute` numbers the wall clock's minutes: the one that lasts is over when it changes, be it by a jump.
        `deaf_since` is the monotonic time of the last thing heard, if it is long enough ago to say that nothing is
        received.
        """
        if deaf_since is None and now - self._swept > HELD_UP_AFTER_S:
            deaf_since = self._swept
        self._swept = now
        told = []
        if deaf_since is not None:
            start = max(deaf_since, self._counted_to)
            self._counted_to = now
            earlier = max(0.0, self._since - start)
            if earlier:
                told.append(Minute(start, 0.0, earlier))
            self._deaf += now - start - earlier
            self.deaf_seconds += now - start
        if minute != self._minute:
            self._minute = minute
            told += self.close(now)
        return told

    def close(self, now: float) -> list[Minute]:
        """End the minute that lasts, and begin another."""
        ended = Minute(self._since, now - self._since, self._deaf)
        self._since, self._deaf = now, 0.0
        return [ended] if ended.seconds > 0 else []
