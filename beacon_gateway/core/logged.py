"""What the log keeps, in the order in which it happened."""

from dataclasses import dataclass

from beacon_gateway.core.event import Event
from beacon_gateway.core.hit import LoggedHit
from beacon_gateway.core.listening import Minute
from beacon_gateway.core.presence import Presence
from beacon_gateway.core.shake import Shake
from beacon_gateway.core.timeline import Stretch


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
    stretch: Stretch
    revision: str
    """Of the store's files."""
    heard: tuple[NamedPresence, ...] = ()


@dataclass(frozen=True, slots=True)
class LoggedShake:
    """A shake, and when it was told."""

    shake: Shake
    when: float
    """Monotonic seconds."""
    stretch: Stretch


Record = LoggedHit | Event | LoggedMinute | LoggedShake
