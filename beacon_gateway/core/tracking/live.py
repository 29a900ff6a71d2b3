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
from beacon_gateway.core.tracking.low_pass import smoothed
from beacon_gateway.core.tracking.strangers import Stranger
from beacon_gateway.core.tracking.tracker import BeaconState

JUST_HEARD_S: Final = 10.0
"""Seconds: what was heard since then is in the air, whatever else is known of it."""
STRANGER_STAYS_S: Final = 30.0
"""Seconds of silence after which a stranger is shown as gone; its interval is not learned."""
RATE_SMOOTHING_S: Final = 5.0
"""Seconds over which a rate is smoothed. A beacon of one a second gives none or two in some seconds."""


class LivePresence(StrEnum):
    HEARD = "heard"
    """It counts as here."""
    SELDOM = "seldom"
    """It was heard just now, and too seldom or too weakly to count as here."""
    SILENT = "silent"
    NEVER = "never"
    """Not since the start of the gateway."""
    DEAF = "deaf"
    """It is not known: the gateway receives nothing itself."""


class LiveIdentity(NamedTuple):
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
    """Words of `look_alikes.LookAlikeMistake`, where a stranger is set up wrongly."""
    meant: str = ""
    """What it was meant to be then."""


class LiveReading(NamedTuple):
    """What of a row changes. The level and times mean the filtered RSSI in dBm and whole seconds of `LiveLook.now`."""

    hearing: str
    level: int | None
    rate: float | None
    """Samples a second; None until two looks were taken."""
    zone: str
    """"" for what does not count as here, and for strangers."""
    heard: int | None


class LiveRow(NamedTuple):
    who: LiveIdentity
    reading: LiveReading
    samples: int
    rate: float | None
    """Not rounded, for the next look."""


@dataclass(frozen=True, slots=True)
class LiveCounts:
    """Advertisements since the start of the gateway."""

    advertisements: int
    """From any sender."""
    unknown: int
    """iBeacons declared in no file."""


@dataclass(frozen=True, slots=True)
class LiveLook:
    now: float
    """Seconds, from a start of whose choosing it is."""
    deaf: bool
    counts: LiveCounts
    pace: float | None
    """Advertisements a second; None until two looks were taken."""
    rows: Mapping[BeaconKey, LiveRow]
    """Declared beacons in the order of the files, then strangers by key."""


@dataclass(frozen=True, slots=True)
class LiveDelta:
    new: list[LiveRow]
    """Or renamed."""
    changed: list[LiveRow]
    gone: list[str]
    """Their `ident`."""


@dataclass(frozen=True, slots=True)
class LiveBeacons:
    """What is to be looked at. All times on one clock."""

    states: Iterable[BeaconState]
    beacon: Callable[[BeaconKey], Beacon]
    strangers: Iterable[Stranger]
    counts: LiveCounts
    deaf: bool
    floor: str = ""
    """Of the gateway."""


def take_look(air: LiveBeacons, now: float, start: float, former: LiveLook | None = None) -> LiveLook:
    """Look at everybody. `start` is when the seconds of the look began; `former` is an earlier look, for the rates."""
    moment = now - start
    passed = moment - former.now if former else 0.0
    before: Mapping[BeaconKey, LiveRow] = former.rows if former else {}
    rows: dict[BeaconKey, LiveRow] = {}
    for state in air.states:
        old = before.get(state.key)
        beacon = air.beacon(state.key)
        rate = _rate(old, state.samples, passed)
        hearing = _hearing(state, now, deaf=air.deaf)
        zone = state.zone.value if hearing is LivePresence.HEARD else ""
        reading = _reading(hearing, state.rssi, rate, zone, state.heard - start)
        rows[state.key] = LiveRow(_who(state.key, beacon, old, air.floor), reading, state.samples, rate)
    for stranger in sorted(air.strangers, key=_order):
        old = before.get(stranger.key)
        rate = _rate(old, stranger.samples, passed)
        hearing = _hearing_of_stranger(stranger, now, deaf=air.deaf)
        reading = _reading(hearing, stranger.rssi, rate, "", stranger.heard - start)
        rows[stranger.key] = LiveRow(_who_is(stranger, old), reading, stranger.samples, rate)
    pace = None
    if former and passed > 0:
        pace = _smoothed_rate(former.pace, air.counts.advertisements - former.counts.advertisements, passed)
    return LiveLook(moment, air.deaf, air.counts, pace, rows)


def difference(before: LiveLook | None, after: LiveLook) -> LiveDelta:
    """Return what somebody who saw `before` must be told; None saw nothing."""
    known: Mapping[BeaconKey, LiveRow] = before.rows if before else {}
    new: list[LiveRow] = []
    changed: list[LiveRow] = []
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
    return LiveDelta(new, changed, gone)


def sought(rows: Iterable[LiveRow], words: str, *, strangers: bool) -> list[LiveRow]:
    """Return the rows in whose name, floor or numbers all the words are found; without strangers, if so wished."""
    wanted = words.casefold().split()
    return [
        row
        for row in rows
        if (strangers or row.who.mine) and all(word in search_text(row.who).casefold() for word in wanted)
    ]


def search_text(who: LiveIdentity) -> str:
    """Return what can be found of a row. The UUID that all the store's beacons share would be found for any digit."""
    return f"{who.name} {who.floor} {'' if who.mine else who.uuid} {who.major}/{who.minor}"


def _hearing(state: BeaconState, now: float, *, deaf: bool) -> LivePresence:
    just = now - state.heard <= JUST_HEARD_S
    if deaf and not just:
        return LivePresence.DEAF
    if state.present:
        return LivePresence.HEARD
    if just:
        return LivePresence.SELDOM
    return LivePresence.NEVER if state.samples == 0 else LivePresence.SILENT


def _hearing_of_stranger(stranger: Stranger, now: float, *, deaf: bool) -> LivePresence:
    silent = now - stranger.heard
    if deaf and silent > JUST_HEARD_S:
        return LivePresence.DEAF
    return LivePresence.HEARD if silent <= STRANGER_STAYS_S else LivePresence.SILENT


def _reading(hearing: LivePresence, level: float, rate: float | None, zone: str, heard: float) -> LiveReading:
    ever = heard > -math.inf
    return LiveReading(
        hearing.value,
        round(level) if ever else None,
        None if rate is None else round(rate, 1),
        zone,
        math.floor(heard) if ever else None,
    )


def _who(key: BeaconKey, beacon: Beacon, old: LiveRow | None, here: str) -> LiveIdentity:
    uuid = old.who.uuid if old else str(key.uuid).upper()
    name = beacon.name or beacon.slug
    floor = heard_on(here) if beacon.mobile and here else beacon.floor
    return LiveIdentity(f"{beacon.floor}/{beacon.slug}", True, name, floor, uuid, key.major, key.minor)


def _who_is(stranger: Stranger, old: LiveRow | None) -> LiveIdentity:
    """Return who a stranger is. Its ident has a space, which no slug has."""
    alike = stranger.look_alike
    mistakes, meant = (" ".join(alike.mistakes), str(alike.meant)) if alike else ("", "")
    if old and not old.who.mine and old.who.meant == meant:
        return old.who
    key = stranger.key
    return LiveIdentity(str(key), False, "", "", str(key.uuid).upper(), key.major, key.minor, mistakes, meant)


def _rate(old: LiveRow | None, samples: int, passed: float) -> float | None:
    return _smoothed_rate(old.rate, samples - old.samples, passed) if old and passed > 0 else None


def _smoothed_rate(rate: float | None, more: int, passed: float) -> float:
    fresh = max(0, more) / passed  # fewer than before: forgotten, and met anew
    return fresh if rate is None else smoothed(rate, fresh, passed, RATE_SMOOTHING_S)


def _order(stranger: Stranger) -> tuple[int, int, int]:
    key = stranger.key
    return key.uuid.int, key.major, key.minor
