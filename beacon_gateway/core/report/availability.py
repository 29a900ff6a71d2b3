"""How much of the gateway's listening the beacons were heard in."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Final

from beacon_gateway.core.log.tallies import BeaconDay
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import Beacon
from beacon_gateway.core.report.directory import Directory, top_down
from beacon_gateway.core.report.report_request import ReportRequest
from beacon_gateway.core.report.timesheet import Timesheet

MAX_WORST_BEACONS: Final = 5


@dataclass(frozen=True, slots=True)
class HeardMinutes:
    """Minutes in which something was heard, of those in which the gateway listened."""

    minutes: float
    of: float

    @property
    def share(self) -> float:
        """Return at most 1: two beacons with the same key may be heard for one."""
        return min(1.0, self.minutes / self.of) if self.of else 0.0


@dataclass(frozen=True, slots=True)
class BeaconHeard:
    key: BeaconKey
    slug: str
    name: str
    floor: str
    heard: HeardMinutes


@dataclass(frozen=True, slots=True)
class FloorHeard:
    floor: str
    heard: HeardMinutes
    beacons: tuple[BeaconHeard, ...]
    """The worst first."""

    @property
    def worst(self) -> tuple[BeaconHeard, ...]:
        """Return a few of those that were not heard all the time."""
        return tuple(beacon for beacon in self.beacons if beacon.heard.share < 1)[:MAX_WORST_BEACONS]


@dataclass(frozen=True, slots=True)
class Availability:
    floors: tuple[FloorHeard, ...]
    never: tuple[Beacon, ...]
    """Of this gateway's own floor: declared, and not heard once in the period."""


def make_availability(
    days: Sequence[BeaconDay], asked: ReportRequest, directory: Directory, sheet: Timesheet, own_floor: str
) -> Availability:
    """Measure each fixed beacon that was heard at all, from its first day on.

    Carried tags are left out: where they are not is no fault of theirs.
    """
    listened = _Listened(sheet)
    beacons = [beacon for beacon in _beacons(days, asked, directory, listened) if beacon.heard.of]
    floors: dict[str, list[BeaconHeard]] = {}
    for beacon in sorted(beacons, key=lambda beacon: (beacon.heard.share, beacon.name)):
        floors.setdefault(beacon.floor, []).append(beacon)
    heard = {day.key for day in days}
    return Availability(
        tuple(FloorHeard(floor, _sum(floors[floor]), tuple(floors[floor])) for floor in top_down(floors)),
        tuple(_silent(asked, directory, heard, own_floor)) if listened.anything else (),
    )


def _silent(asked: ReportRequest, directory: Directory, heard: set[BeaconKey], own_floor: str) -> Iterator[Beacon]:
    for beacon in directory.declared.values():
        is_expected = beacon.floor == own_floor and not beacon.mobile
        if is_expected and beacon.key not in heard and asked.wants(beacon.floor, beacon.slug):
            yield beacon


def _sum(beacons: Iterable[BeaconHeard]) -> HeardMinutes:
    parts = [beacon.heard for beacon in beacons]
    return HeardMinutes(sum(part.minutes for part in parts), sum(part.of for part in parts))


def _beacons(
    days: Sequence[BeaconDay], asked: ReportRequest, directory: Directory, listened: "_Listened"
) -> Iterator[BeaconHeard]:
    found: dict[tuple[BeaconKey, str], list[BeaconDay]] = {}
    for day in days:
        if asked.wants(day.floor, day.beacon):
            found.setdefault((day.key, day.floor), []).append(day)
    for (key, floor), rows in found.items():
        declared = directory.declared.get(key)
        if declared and declared.mobile:
            continue
        is_still_there = not directory.knows_files or (declared is not None and declared.floor == floor)
        last = None if is_still_there else max(row.day for row in rows)
        heard = HeardMinutes(sum(row.minutes for row in rows), listened.between(min(row.day for row in rows), last))
        name = declared.name if declared and is_still_there else rows[-1].beacon
        yield BeaconHeard(key, rows[-1].beacon, name, floor, heard)


class _Listened:
    """Minutes of listening from one day to another, without adding them up for each beacon."""

    def __init__(self, sheet: Timesheet) -> None:
        minutes = {day: time.counted / 60 for day, time in sheet.by_date().items()}
        self._days = sorted(minutes)
        self._before = [0.0, *accumulate(minutes[day] for day in self._days)]

    @property
    def anything(self) -> bool:
        return self._before[-1] > 0

    def between(self, first: date, last: date | None) -> float:
        """Return the minutes from the one day to the other (included), or to the end."""
        end = len(self._days) if last is None else bisect_right(self._days, last)
        return self._before[end] - self._before[bisect_left(self._days, first)]
