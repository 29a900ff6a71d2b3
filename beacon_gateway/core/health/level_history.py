"""The level of one beacon by the minute: how it drifts, and whether it made a step.

Median and slope are our own: the statistics module brings fractions and decimal, 0.6 MB for as long as the daemon runs.
"""

from array import array
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

LATEST_MINUTES: Final = 10
"""Minutes of which the median is the level now. All of them must lie on one side of the level before."""
EARLIER_MINUTES: Final = 60
"""Minutes before those, of which the median is the level before ..."""
MIN_EARLIER_MINUTES: Final = 30
"""... if so many of them were heard; else the level that was known earlier."""
MIN_STEP_DB: Final = 10.0
"""dB between the two that are no fading any more."""
MINUTE_S: Final = 60.0
TREND_S: Final = 3600.0
MIN_MINUTES_FOR_TREND: Final = 20


class LevelStep(NamedTuple):
    """From which level to which, in dBm."""

    before: float
    after: float


class LevelHistory:
    """Minutes in which it was not heard do not exist here: who comes back elsewhere has made a step."""

    __slots__ = ("_count", "_levels", "_sum", "_times", "known")

    def __init__(self, known: float | None = None) -> None:
        self.known = known
        """The level before, in dBm; None until enough was heard."""
        self._times = array("d")
        """When each of the last EARLIER_MINUTES + LATEST_MINUTES ended. Arrays: as objects they take 8 kB a beacon."""
        self._levels = array("d")
        """The level in each of those."""
        self._sum = 0.0
        self._count = 0

    def add(self, rssi: float) -> None:
        self._sum += rssi
        self._count += 1

    def end_minute(self, now: float) -> None:
        """Close a minute."""
        if not self._count:
            return
        self._times.append(now)
        self._levels.append(self._sum / self._count)
        self._keep(EARLIER_MINUTES + LATEST_MINUTES)
        self._sum, self._count = 0.0, 0
        if len(self._levels) >= LATEST_MINUTES + MIN_EARLIER_MINUTES:
            self.known = _median(self._levels[:-LATEST_MINUTES])

    def step(self) -> LevelStep | None:
        """Return the lasting step that the level made; None if it made none, or too little was heard."""
        if self.known is None or len(self._levels) < LATEST_MINUTES:
            return None
        latest = self._levels[-LATEST_MINUTES:]
        after = _median(latest)
        if abs(after - self.known) < MIN_STEP_DB:
            return None
        outwards = 1 if after > self.known else -1
        if any((level - self.known) * outwards < MIN_STEP_DB / 2 for level in latest):
            return None
        return LevelStep(self.known, after)

    def accept(self) -> None:
        """Take the level of the latest minutes for the one that is known from now on."""
        self._keep(LATEST_MINUTES)
        self.known = _median(self._levels) if len(self._levels) == LATEST_MINUTES else None

    def relearn(self, now: float) -> None:
        """Forget the level before: it is that of another receiver, or of another place of this one."""
        self._keep(sum(now - time < LATEST_MINUTES * MINUTE_S for time in self._times))
        self.accept()

    def shift(self, now: float, minutes: int, first: int | None = None) -> float | None:
        """Return by how many dB the latest minutes lie from the level before; None if too few were heard of late.

        With `first`: by how many the first so many of those minutes do.
        """
        if self.known is None or len(self._levels) < minutes:
            return None
        if now - self._times[-minutes] > 2 * minutes * MINUTE_S:
            return None
        return _median(self._levels[-minutes:][:first]) - self.known

    def level(self) -> float | None:
        """Return the level to remember, in dBm; None if too little was heard to know it."""
        if self.known is None and len(self._levels) >= LATEST_MINUTES:
            return _median(self._levels)
        return self.known

    def trend(self, now: float) -> float | None:
        """Return dB an hour over the last hour, falling if negative; None if too little of it was heard."""
        minutes = zip(self._times, self._levels, strict=True)
        recent = [(time, level) for time, level in minutes if now - time <= TREND_S]
        if len(recent) < MIN_MINUTES_FOR_TREND:
            return None
        return _slope(recent) * 3600.0

    def _keep(self, minutes: int) -> None:
        """Forget all but the last so many minutes."""
        del self._times[: max(len(self._times) - minutes, 0)]
        del self._levels[: max(len(self._levels) - minutes, 0)]


def _median(values: Iterable[float]) -> float:
    """Return the middle of one value or more, or the mean of the two in the middle."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _slope(points: Sequence[tuple[float, float]]) -> float:
    """Return by how much y rises for each unit of x, by least squares; of points at two places at least."""
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread
