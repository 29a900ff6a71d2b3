"""What the log adds up to: rows by floor and hour, by beacon and day. What reports are made of.

An hour is one of the store's clock; a day runs from midnight to midnight there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.wechat.figures import DayFigures


@dataclass(frozen=True, slots=True)
class FloorHour:
    """What was logged for one floor in one hour."""

    start: datetime
    """Aware UTC."""
    floor: str
    """Its slug."""
    enters: int
    zones: int
    exits: int
    dwell_seconds: float
    """Of those exits that were departures: not of those where the gateway stopped or the files changed."""
    dwells: int
    """How many those are."""
    beacon_minutes: int
    """Minutes in which a beacon was heard, added up over the beacons."""


@dataclass(frozen=True, slots=True)
class GatewayHour:
    """For how long the gateway was at work in one hour, and how much of that it did not receive."""

    start: datetime
    """Aware UTC."""
    seconds: float
    deaf: float

    @property
    def listened(self) -> float:
        """Seconds."""
        return max(0.0, self.seconds - self.deaf)


@dataclass(frozen=True, slots=True)
class BeaconDay:
    """What was logged of one beacon on one day."""

    day: date
    key: BeaconKey
    beacon: str
    """Its slug on that day."""
    floor: str
    minutes: int
    """In which it was heard."""
    enters: int


@dataclass(frozen=True, slots=True)
class FloorShakes:
    """Shakes that WeChat reported, on one floor, in one hour or on one day."""

    start: datetime
    """Aware UTC, of the hour or the day."""
    floor: str
    """"" for beacons that no file declared."""
    shakes: int
    people: int
    """Cannot be added up: one person may shake in two hours, and on two floors."""


@dataclass(frozen=True, slots=True)
class Tallies:
    """All of one period."""

    hours: Sequence[FloorHour]
    listening: Sequence[GatewayHour]
    days: Sequence[BeaconDay]
    shake_hours: Sequence[FloorShakes]
    shake_days: Sequence[FloorShakes]
    figures: Sequence[DayFigures]
    """WeChat's own, of the days that were fetched."""
    untimed: int
    """Hits of boots whose clock was never set: they are in the log, and in no hour."""
