"""A beacon's day as a bar: 48 half hours, the newest last, each heard or not, or the gateway was not listening.

What is not known yet is never shown as silence: the log's newest minutes wait a while before they are written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.report.timesheet import MIN_COUNTED_SHARE, UNWRITTEN

SLOTS_PER_DAY: Final = 48
SLOT: Final = timedelta(minutes=30)
MINUTE_SECONDS: Final = 60.0
MOSTLY_SHARE: Final = 5 / 6
"""Of the time that was listened to. A silence of five minutes is what makes a beacon absent (`core.health`)."""
_SECONDS: Final = SLOT.total_seconds()
_NEVER: Final = (0,) * SLOTS_PER_DAY


class Beat(StrEnum):
    """What one half hour of a beacon was."""

    HEARD = "heard"
    PARTLY = "partly"
    """In some of its minutes."""
    SILENT = "silent"
    """The gateway listened, and did not hear it."""
    DEAF = "deaf"
    """The gateway did not listen for most of it: it received nothing, or was not at work."""
    UNKNOWN = "unknown"
    """Not written yet."""


@dataclass(frozen=True, slots=True)
class Day:
    """What the log tells of the half hours from `begins` on. A minute belongs to the one in which it began."""

    begins: datetime
    """Aware UTC."""
    told: datetime | None
    """The end of the last minute that is in the log with a time that is known; None if there is none."""
    worked: Sequence[float]
    """Seconds at work, by half hour."""
    deaf: Sequence[float]
    """Seconds without any advertisement."""
    heard: Mapping[BeaconKey, Sequence[int]]
    """Minutes in which a beacon was heard; one that never was may be missing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, and what it comes to in seconds: the parts make up the time from its beginning until now."""

    beats: tuple[Beat, ...]
    heard: float
    silent: float
    deaf: float
    unknown: float


def begins_at(now: datetime) -> datetime:
    """Return where a bar begins whose last half hour is the one that lasts now (aware)."""
    return now - timedelta(seconds=now.timestamp() % _SECONDS) - (SLOTS_PER_DAY - 1) * SLOT


def known_until(day: Day, *, now: datetime, started: datetime, writable: bool) -> datetime:
    """Return the moment up to which the log tells all: what is missing before that never was.

    `started` is when this process began: what another left unwritten is lost. While the log is not `writable`, minutes
    wait for as long as that lasts.
    """
    moments = [day.begins]
    if day.told:
        moments.append(min(day.told, now))
    if writable:
        moments.append(now - UNWRITTEN)
        moments += [started] if started <= now else []  # else the clock was set back since, and it says nothing
    return max(moments)


class Bars:
    """The bars of one day."""

    def __init__(self, day: Day, *, now: datetime, known: datetime) -> None:
        """`known` is what `known_until` gave."""
        self._day, self._known = day, known
        self._passed = [
            _told_of((known - day.begins - number * SLOT).total_seconds()) for number in range(SLOTS_PER_DAY)
        ]
        self._listened = [
            max(0.0, min(worked, passed) - deaf)
            for worked, deaf, passed in zip(day.worked, day.deaf, self._passed, strict=True)
        ]
        told, listened = sum(self._passed), sum(self._listened)
        self._deaf = told - listened
        self._unknown = max(0.0, (now - day.begins).total_seconds() - told)
        self._drawn: dict[tuple[int, ...], Bar] = {}
        """Most beacons of a floor are heard all day: theirs is one."""

    def of(self, key: BeaconKey, last: datetime | None) -> Bar:
        """Return the bar of one beacon; `last` (aware) is when it was heard last as far as the live status knows."""
        minutes = tuple(self._day.heard.get(key, _NEVER))
        bar = self._drawn.get(minutes)
        if bar is None:
            bar = self._drawn[minutes] = self._draw(minutes)
        if last is None or last <= self._known:
            return bar
        place = int((last - self._day.begins) / SLOT)
        if place >= SLOTS_PER_DAY or bar.beats[place] is Beat.HEARD:
            return bar
        now = Beat.HEARD if bar.beats[place] is Beat.UNKNOWN else Beat.PARTLY
        return Bar((*bar.beats[:place], now, *bar.beats[place + 1 :]), bar.heard, bar.silent, bar.deaf, bar.unknown)

    def own(self) -> Bar:
        """Return the bar of the gateway itself: heard is where it listened."""
        beats = tuple(map(_own_beat, self._listened, self._passed))
        return Bar(beats, sum(self._listened), 0.0, self._deaf, self._unknown)

    def _draw(self, minutes: tuple[int, ...]) -> Bar:
        heard = [min(MINUTE_SECONDS * count, listened) for count, listened in zip(minutes, self._listened, strict=True)]
        beats = tuple(map(_beat, heard, self._listened, self._passed))
        total = sum(heard)
        return Bar(beats, total, sum(self._listened) - total, self._deaf, self._unknown)


def _told_of(passed: float) -> float:
    """Return how much of a half hour the log tells. Less than a minute is the tail of one that began before."""
    return min(passed, _SECONDS) if passed >= MINUTE_SECONDS else 0.0


def _own_beat(listened: float, passed: float) -> Beat:
    if not passed:
        return Beat.UNKNOWN
    if listened >= MOSTLY_SHARE * passed:
        return Beat.HEARD
    return Beat.DEAF if listened < MIN_COUNTED_SHARE * passed else Beat.PARTLY


def _beat(heard: float, listened: float, passed: float) -> Beat:
    if not passed:
        return Beat.UNKNOWN
    if listened < MIN_COUNTED_SHARE * passed:
        return Beat.DEAF
    if heard >= MOSTLY_SHARE * listened:
        return Beat.HEARD
    return Beat.PARTLY if heard else Beat.SILENT
