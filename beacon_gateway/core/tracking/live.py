"""What the live page shows: who is heard now and how well, and what changed between two looks.

A look is taken once a second while somebody watches, over all beacons. Its rows are therefore named tuples, which cost
a third of dataclasses to make and are compared and written as JSON in C.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import Beacon, heard_on
from beacon_gateway.core.tracking.strangers import Stranger
from beacon_gateway.core.tracking.tracker import BeaconState

JUST_HEARD: Final = 10.0
"""Seconds: whoever was heard since then is in the air, whatever else is known of it."""
STRANGER_STAYS: Final = 30.0
"""Seconds of silence after which a stranger is shown as gone; nobody learns its rhythm."""
RATE_MEMORY: Final = 5.0
"""Seconds over which a rate is smoothed. A beacon of one a second gives none or two in some seconds."""


class Hearing(StrEnum):
    HEARD = "heard"
    """It counts as here."""
    SELDOM = "seldom"
    """It was heard just now, and too seldom or too weakly to count as here."""
    SILENT = "silent"
    NEVER = "never"
    """Not since the start of the gateway."""
    DEAF = "deaf"
    """It is not known: the gateway hears nothing itself."""


class Who(NamedTuple):
    """What of a row stays as it is."""

    ident: str
    """No other row of a look has it."""
    mine: bool
    """Declared in the files."""
    name: str
    floor: str
    """"" for a stranger; of a tag where it is heard."""
    uuid: str
    major: int
    minor: int
    mistakes: str = ""
    """Words of `look_alikes.Mistake`, where a stranger is set up wrongly."""
    meant: str = ""
    """What it was meant to be then."""


class Reading(NamedTuple):
    """What of a row changes. The level and times mean the filtered RSSI in dBm and whole seconds of `Look.now`."""

    hearing: str
    level: int | None
    rate: float | None
    """Samples a second; None until two looks were taken."""
    zone: str
    """"" for what does not count as here, and for strangers."""
    heard: int | None


class Row(NamedTuple):
    who: Who
    reading: Reading
    samples: int
    rate: float | None
    """Not rounded, for the next look."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Advertisements since the start of the gateway."""

    advertisements: int
    """From whomever."""
    unknown: int
    """iBeacons declared in no file."""


@dataclass(frozen=True, slots=True)
class Look:
    now: float
    """Seconds, from a start of whose choosing it is."""
    deaf: bool
    counts: Counts
    pace: float | None
    """Advertisements a second; None until two looks were taken."""
    rows: Mapping[BeaconKey, Row]
    """Declared beacons in the order of the files, then strangers by key."""


@dataclass(frozen=True, slots=True)
class Difference:
    new: list[Row]
    """Or renamed."""
    changed: list[Row]
    gone: list[str]
    """Their `ident`."""


@dataclass(frozen=True, slots=True)
class Air:
    """What is to be looked at. All times on one clock."""

    states: Iterable[BeaconState]
    beacon: Callable[[BeaconKey], Beacon]
    strangers: Iterable[Stranger]
    counts: Counts
    deaf: bool
    floor: str = ""
    """Of the gateway."""


def take_look(air: Air, now: float, start: float, former: Look | None = None) -> Look:
    """Look at everybody. `start` is when the seconds of the look began; `former` is an earlier look, for the rates."""
    moment = now - start
    passed = moment - former.now if former else 0.0
    before: Mapping[BeaconKey, Row] = former.rows if former else {}
    rows: dict[BeaconKey, Row] = {}
    for state in air.states:
        old = before.get(state.key)
        beacon = air.beacon(state.key)
        rate = _rate(old, state.samples, passed)
        hearing = _hearing(state, now, deaf=air.deaf)
        zone = state.zone.value if hearing is Hearing.HEARD else ""
        reading = _reading(hearing, state.rssi, rate, zone, state.heard - start)
        rows[state.key] = Row(_who(state.key, beacon, old, air.floor), reading, state.samples, rate)
    for stranger in sorted(air.strangers, key=_order):
        old = before.get(stranger.key)
        rate = _rate(old, stranger.samples, passed)
        hearing = _hearing_of_stranger(stranger, now, deaf=air.deaf)
        reading = _reading(hearing, stranger.rssi, rate, "", stranger.heard - start)
        rows[stranger.key] = Row(_who_is(stranger, old), reading, stranger.samples, rate)
    pace = None
    if former and passed > 0:
        pace = _smoothed(former.pace, air.counts.advertisements - former.counts.advertisements, passed)
    return Look(moment, air.deaf, air.counts, pace, rows)


def difference(before: Look | None, after: Look) -> Difference:
    """Return what somebody who saw `before` must be told; None saw nothing."""
    known: Mapping[BeaconKey, Row] = before.rows if before else {}
    new: list[Row] = []
    changed: list[Row] = []
    for key, row in after.rows.items():
        old = known.get(key)
        if old is None or old.who != row.who:
            new.append(row)
        elif old.reading != row.reading:
            changed.append(row)
    idents = {row.who.ident for row in new}
    gone = [
        row.who.ident
        for key, row in known.items()
        if (key not in after.rows or after.rows[key].who.ident != row.who.ident) and row.who.ident not in idents
    ]
    return Difference(new, changed, gone)


def sought(rows: Iterable[Row], words: str, *, strangers: bool) -> list[Row]:
    """Return the rows in whose name, floor or numbers all the words are found; without strangers, if so wished."""
    wanted = words.casefold().split()
    return [
        row
        for row in rows
        if (strangers or row.who.mine) and all(word in search_text(row.who).casefold() for word in wanted)
    ]


def search_text(who: Who) -> str:
    """Return what can be found of a row. The UUID that all the store's beacons share would be found for any digit."""
    return f"{who.name} {who.floor} {'' if who.mine else who.uuid} {who.major}/{who.minor}"


def _hearing(state: BeaconState, now: float, *, deaf: bool) -> Hearing:
    just = now - state.heard <= JUST_HEARD
    if deaf and not just:
        return Hearing.DEAF
    if state.present:
        return Hearing.HEARD
    if just:
        return Hearing.SELDOM
    return Hearing.NEVER if state.samples == 0 else Hearing.SILENT


def _hearing_of_stranger(stranger: Stranger, now: float, *, deaf: bool) -> Hearing:
    silent = now - stranger.heard
    if deaf and silent > JUST_HEARD:
        return Hearing.DEAF
    return Hearing.HEARD if silent <= STRANGER_STAYS else Hearing.SILENT


def _reading(hearing: Hearing, level: float, rate: float | None, zone: str, heard: float) -> Reading:
    ever = heard > -math.inf
    return Reading(
        hearing.value,
        round(level) if ever else None,
        None if rate is None else round(rate, 1),
        zone,
        math.floor(heard) if ever else None,
    )


def _who(key: BeaconKey, beacon: Beacon, old: Row | None, here: str) -> Who:
    uuid = old.who.uuid if old else str(key.uuid).upper()
    name = beacon.name or beacon.slug
    floor = heard_on(here) if beacon.mobile and here else beacon.floor
    return Who(f"{beacon.floor}/{beacon.slug}", True, name, floor, uuid, key.major, key.minor)


def _who_is(stranger: Stranger, old: Row | None) -> Who:
    """Return who a stranger is. Its ident has a space, which no slug has."""
    alike = stranger.look_alike
    mistakes, meant = (" ".join(alike.mistakes), str(alike.meant)) if alike else ("", "")
    if old and not old.who.mine and old.who.meant == meant:
        return old.who
    key = stranger.key
    return Who(str(key), False, "", "", str(key.uuid).upper(), key.major, key.minor, mistakes, meant)


def _rate(old: Row | None, samples: int, passed: float) -> float | None:
    return _smoothed(old.rate, samples - old.samples, passed) if old and passed > 0 else None


def _smoothed(rate: float | None, more: int, passed: float) -> float:
    fresh = max(0, more) / passed  # fewer than before: forgotten, and met anew
    return fresh if rate is None else rate + (fresh - rate) * passed / (passed + RATE_MEMORY)


def _order(stranger: Stranger) -> tuple[int, int, int]:
    key = stranger.key
    return key.uuid.int, key.major, key.minor
