"""Shakes and clicks a Beijing day, given out only after the nightly roll-up."""

from collections import defaultdict, deque
from dataclasses import dataclass, field

from beacon_gateway.simulator.wechat.beijing import SECONDS_A_DAY, midnight
from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.settings import EmulatorSettings
from beacon_gateway.simulator.wechat.state.records import ShakeResult

# "Using devices as a dimension for the data statistics interface" page.
HISTORY_DAYS = 90
MAX_STATISTICS_DAYS = 30


@dataclass(slots=True)
class Tally:
    """Counters of one device or page on one day: times (pv) and people (uv)."""

    shake_pv: int = 0
    click_pv: int = 0
    shakers: set[str] = field(default_factory=set)
    clickers: set[str] = field(default_factory=set)

    def counters(self) -> dict[str, int]:
        return {
            "click_pv": self.click_pv,
            "click_uv": len(self.clickers),
            "shake_pv": self.shake_pv,
            "shake_uv": len(self.shakers),
        }


class EmulatedStatistics:
    """Counts for devices and pages, kept for the 90 days that can be asked for."""

    def __init__(self, settings: EmulatorSettings) -> None:
        self._delay = settings.statistics_hour * 3_600
        self._refuse_early = settings.early_statistics == "refused"
        self._devices: dict[int, dict[int, Tally]] = defaultdict(dict)
        self._pages: dict[int, dict[int, Tally]] = defaultdict(dict)
        # The last shake of each of three days: today and, before `hour`, yesterday are not given out yet.
        self._last_shakes: dict[int, deque[int]] = {}

    def shaken(self, shake: ShakeResult) -> None:
        """Count a shake on the day it happened."""
        for tally in self._tallies(shake, shake.when):
            tally.shake_pv += 1
            tally.shakers.add(shake.openid)
        last = self._last_shakes.setdefault(shake.device_id, deque(maxlen=3))
        if last and midnight(last[-1]) == midnight(shake.when):
            last.pop()
        last.append(shake.when)

    def clicked(self, shake: ShakeResult, now: float) -> None:
        """Count a tap on what a shake showed, on the day of the tap."""
        for tally in self._tallies(shake, now):
            tally.click_pv += 1
            tally.clickers.add(shake.openid)

    def last_active(self, device_id: int, now: float) -> int:
        """When the device was last shaken, as far as rolled up; 0 for never."""
        told = (when for when in reversed(self._last_shakes.get(device_id, ())) if when < self._rolled_up(now))
        return next(told, 0)

    def of_device(self, device_id: int, begin: int, end: int, now: float) -> list[dict[str, int]]:
        """One row a day, zero days too; `begin` and `end` are unix seconds within the days. Raises 9001031."""
        return self._rows(self._devices, device_id, begin, end, now)

    def of_page(self, page_id: int, begin: int, end: int, now: float) -> list[dict[str, int]]:
        """The same for a page."""
        return self._rows(self._pages, page_id, begin, end, now)

    def devices_on(self, date: int, now: float) -> list[tuple[int, dict[str, int]]]:
        """Every device with any counter above 0 on a day, most shakers first. Raises 9001031."""
        return self._ranking(self._devices, date, now)

    def pages_on(self, date: int, now: float) -> list[tuple[int, dict[str, int]]]:
        """The same for pages."""
        return self._ranking(self._pages, date, now)

    def _tallies(self, shake: ShakeResult, when: float) -> list[Tally]:
        day = midnight(when)
        for days in (self._devices, self._pages):
            for old in [known for known in days if known < day - HISTORY_DAYS * SECONDS_A_DAY]:
                del days[old]
        return [
            self._devices[day].setdefault(shake.device_id, Tally()),
            self._pages[day].setdefault(shake.page_id, Tally()),
        ]

    def _rows(
        self, days: dict[int, dict[int, Tally]], key: int, begin: int, end: int, now: float
    ) -> list[dict[str, int]]:
        first, last = midnight(begin), midnight(end)
        if first > last or (last - first) // SECONDS_A_DAY >= MAX_STATISTICS_DAYS:
            raise EmulatedError(9001031)
        self._check_days(first, last, now)
        told = range(first, min(last + SECONDS_A_DAY, self._rolled_up(now)), SECONDS_A_DAY)
        return [{"ftime": day, **days.get(day, {}).get(key, Tally()).counters()} for day in told]

    def _ranking(self, days: dict[int, dict[int, Tally]], date: int, now: float) -> list[tuple[int, dict[str, int]]]:
        day = midnight(date)
        self._check_days(day, day, now)
        if day >= self._rolled_up(now):
            return []
        rows = [(key, tally.counters()) for key, tally in days.get(day, {}).items()]
        return sorted(rows, key=lambda row: (-row[1]["shake_uv"], row[0]))

    def _check_days(self, first: int, last: int, now: float) -> None:
        today = midnight(now)
        if first < today - HISTORY_DAYS * SECONDS_A_DAY or (last >= today and self._refuse_early):
            raise EmulatedError(9001031)

    def _rolled_up(self, now: float) -> int:
        return midnight(now - self._delay)
