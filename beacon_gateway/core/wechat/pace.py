"""How fast one path may be called after it was called too often. Times are monotonic seconds."""

from collections import deque
from typing import Final

RATE_PERIOD_S: Final = 60.0
SLOW_FOR_S: Final = 600.0
"""How long the halved rate holds after the last complaint."""
MAX_GAP_S: Final = 30.0
"""Two calls a minute are never too many."""
MAX_CALLS_REMEMBERED: Final = 1_000


class CallPace:
    """Free until WeChat complains; then the rate of the last minute is halved, and once more for each complaint."""

    def __init__(self) -> None:
        self._begun: deque[float] = deque(maxlen=MAX_CALLS_REMEMBERED)
        self._gap = 0.0
        self._next = float("-inf")
        self._resume = float("-inf")
        """When calls were to go on after the last complaint."""

    def wait(self, now: float) -> float:
        """Return how long to wait before the next call; 0 while there is no reason to."""
        return max(0.0, self._next - now)

    def begin(self, now: float) -> None:
        """A call is made."""
        if now >= self._resume + SLOW_FOR_S:
            self._gap = 0.0
        self._begun.append(now)
        if self._gap:
            self._next = now + self._gap

    def complain(self, now: float, resume: float, begun: float) -> None:
        """WeChat refused a call that began at `begun`: make none before `resume`, and only half as many after."""
        if begun < self._resume:
            return  # it was under way when another one was refused: one complaint
        lately = sum(1 for at in self._begun if now - RATE_PERIOD_S < at)
        self._gap = min(MAX_GAP_S, max(2 * self._gap, 2 * RATE_PERIOD_S / max(1, lately)))
        self._next = self._resume = resume
