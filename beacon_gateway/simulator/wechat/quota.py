"""How often each path may be called, a Beijing day and a minute."""

from collections import Counter
from collections.abc import Mapping
from fnmatch import fnmatchcase

from beacon_gateway.simulator.wechat.beijing import midnight, month
from beacon_gateway.simulator.wechat.errors import EmulatedError

MAX_CLEARS_PER_MONTH = 10  # clear_quota page: per account and calendar month, shared with the console's button


class EmulatedQuota:
    """Counts calls for each path. That the day rolls over at midnight in Beijing is inferred, no page says so."""

    def __init__(self, daily: Mapping[str, int], minute: Mapping[str, int]) -> None:
        self._limits = {45009: daily, 45011: minute}
        self._windows: dict[int, tuple[int, Counter[str]]] = {}
        self._month = (0, 0)
        self._clears = 0

    def spend(self, path: str, now: float) -> None:
        """Count a call. Raises 45009 when the day's, 45011 when the minute's calls are used up; then nothing counts."""
        counters = [self._counter(45009, midnight(now)), self._counter(45011, int(now // 60))]
        for (errcode, limits), counter in zip(self._limits.items(), counters, strict=True):
            limit = next((limit for glob, limit in limits.items() if fnmatchcase(path, glob)), None)
            if limit is not None and counter[path] >= limit:
                raise EmulatedError(errcode)
        for counter in counters:
            counter[path] += 1

    def clear(self, now: float) -> None:
        """Forget every path's calls. Raises 48006 on the eleventh time in a month."""
        if month(now) != self._month:
            self._month, self._clears = month(now), 0
        if self._clears >= MAX_CLEARS_PER_MONTH:
            raise EmulatedError(48006)
        self._clears += 1
        self._windows.clear()

    def _counter(self, errcode: int, window: int) -> Counter[str]:
        known, counter = self._windows.get(errcode, (None, Counter[str]()))
        if known != window:
            counter = Counter[str]()
        self._windows[errcode] = window, counter
        return counter
