"""Which strength at one metre a beacon's zones are reckoned from, while the byte in its frames may change.

A technician changes it once in years. A sender may as well say something else with it: two frames in turns, battery
volts, a copy with another setting. Every change moves the borders of the zones, so a beacon at a steady level would be
logged in another zone each time. The first change counts at once; the next ones only after they have lasted, and for
twice as long each time.
"""

import math
from typing import Final

SETTLE_S: Final = 60.0
"""Seconds for which a byte that changes again must stay before it counts; doubled each time ..."""
MAX_SETTLE_S: Final = 3600.0
"""... up to this. A byte that stayed for so long is settled: the next change counts at once again."""


class MeasuredPower:
    """The power of one beacon. Plain slots: there is one for each declared beacon. Times are monotonic seconds."""

    __slots__ = ("_frames", "_settle_s", "_since", "_stated", "in_force")

    def __init__(self) -> None:
        self.in_force = 0
        """dBm at 1 m; means nothing before the first frame."""
        self._stated: int | None = None
        """The files' own, which wins."""
        self._frames: int | None = None
        """What the newest frame says; None before the first."""
        self._since = -math.inf
        """When the frames began to say so."""
        self._settle_s = 0.0
        """How long a change must last before it counts; 0 for the first one."""

    def state(self, stated: int | None) -> bool:
        """Take what the files state, None for nothing. True if another power is in force now."""
        if stated == self._stated:
            return False
        self._stated = stated
        return self._put_in_force(stated if stated is not None else self._frames)

    def offer(self, power: int, now: float, *, at_once: bool) -> bool:
        """Take what the frames say from now on. True if another power is in force now.

        `at_once`: there is no zone yet that could change.
        """
        if power == self._frames:
            return False
        if now - self._since >= MAX_SETTLE_S:
            self._settle_s = 0.0
        is_first = self._frames is None
        self._frames, self._since = power, now
        if self._stated is not None:
            return False
        if is_first or at_once:
            return self._put_in_force(power)
        return self.settle(now)

    def settle(self, heard: float) -> bool:
        """Put in force what the frames have said for long enough, up to the newest. True if that is another power."""
        if self._stated is not None or self._frames == self.in_force or heard - self._since < self._settle_s:
            return False
        self._settle_s = min(max(SETTLE_S, 2 * self._settle_s), MAX_SETTLE_S)
        return self._put_in_force(self._frames)

    def _put_in_force(self, power: int | None) -> bool:
        if power is None or power == self.in_force:
            return False
        self.in_force = power
        return True
