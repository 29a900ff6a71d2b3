"""Who is who: what people call floors, beacons and pages, and which floor is above which."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.log.tallies import BeaconDay
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import Beacon, Store

_LEVEL: Final = re.compile(r"(.*?)([A-Za-z]*)([0-9]+)(.*)")
_GROUND: Final = {"G": 0, "GF": 0, "LG": -0.5, "UG": 0.5}
_BASEMENT: Final = frozenset({"B", "LB", "UB"})


@dataclass(frozen=True, slots=True)
class NamedBeacon:
    """A beacon as people know it; slug and floor are "" for one that no file declares."""

    slug: str
    name: str
    floor: str


class Directory:
    """Knows names from the store's files, if they are sound, else from what was logged."""

    def __init__(self, store: Store | None, days: Iterable[BeaconDay], titles: Mapping[PageRef, str]) -> None:
        self._store = store
        self._titles = titles
        days = list(days)
        self._logged = {day.key: day for day in days}
        """The last day of each."""
        self._names = {(day.floor, day.beacon) for day in days}
        self._names |= {(beacon.floor, beacon.slug) for beacon in self.declared.values()}

    @property
    def declared(self) -> Mapping[BeaconKey, Beacon]:
        """Return the beacons of the files."""
        return self._store.beacons if self._store else {}

    @property
    def knows_files(self) -> bool:
        return self._store is not None

    def beacon(self, key: BeaconKey) -> NamedBeacon:
        """Return the beacon as the files have it, else as it was logged last."""
        declared = self.declared.get(key)
        if declared:
            return NamedBeacon(declared.slug, declared.name, declared.floor)
        logged = self._logged.get(key)
        return NamedBeacon(logged.beacon, logged.beacon, logged.floor) if logged else NamedBeacon("", str(key), "")

    def page(self, ref: PageRef) -> str:
        return self._titles.get(ref, ref)

    def floor(self, slug: str) -> str:
        """Return a floor's name; its slug if it has none."""
        floor = self._store.floors.get(slug) if self._store else None
        return floor.name if floor else slug

    def floors(self) -> set[str]:
        """Return the slugs of all floors."""
        return {*(self._store.floors if self._store else ()), *(floor for floor, _ in self._names)}

    def beacons(self) -> set[str]:
        """Return the slugs of all beacons, as they are and as they were."""
        return {beacon for _, beacon in self._names}

    def floors_of(self, beacon: str) -> set[str]:
        """Return the floors that have a beacon of this slug, or had one."""
        return {floor for floor, slug in self._names if slug == beacon}


def top_down(floors: Iterable[str]) -> Sequence[str]:
    """Sort floors by their slugs: the top floor first, B1 below F1, buildings (A-F6, B-F6) one after the other."""
    return sorted(floors, key=_place)


def _place(slug: str) -> tuple[bool, str, float, str]:
    found = _LEVEL.fullmatch(slug)
    if not found:
        return (not slug, "", -_GROUND.get(slug.upper(), 0), slug)
    building, letters, number, _ = found.groups()
    level = int(number)
    return (False, building, level if letters.upper() in _BASEMENT else -level, slug)
