"""What the log keeps, in the order in which it happened."""

from dataclasses import dataclass
from datetime import datetime

from beacon_gateway.core.log.event import Event
from beacon_gateway.core.log.listening import Minute
from beacon_gateway.core.log.shake import Shake
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.tracking.hit import Hit
from beacon_gateway.core.tracking.presence import Presence


@dataclass(frozen=True, slots=True)
class LoggedHit:
    """A hit as the log keeps it: with the names that were in force, and the time that people read."""

    hit: Hit
    segment: ClockSegment
    """Of the clock."""
    gateway: str
    floor: str
    beacon: str
    revision: str
    """Of the store's files at that time."""

    @property
    def at(self) -> datetime:
        """Return the wall clock's time, aware UTC; the segment says whether it was known."""
        return self.segment.at(self.hit.when)


@dataclass(frozen=True, slots=True)
class NamedPresence:
    """A beacon's minute with the names that were in force."""

    presence: Presence
    gateway: str
    floor: str
    beacon: str


@dataclass(frozen=True, slots=True)
class LoggedMinute:
    """A minute of the gateway, and of the beacons that were heard in it."""

    minute: Minute
    segment: ClockSegment
    revision: str
    """Of the store's files."""
    heard: tuple[NamedPresence, ...] = ()


@dataclass(frozen=True, slots=True)
class LoggedShake:
    """A shake, and when it was reported."""

    shake: Shake
    when: float
    """Monotonic seconds."""
    segment: ClockSegment


Record = LoggedHit | Event | LoggedMinute | LoggedShake
