"""An event: something that happened to the gateway's radio or to a beacon, apart from hits; what the log keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from beacon_gateway.core.hit import LoggedHit
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.radio.deafness import DeafMinute


class EventKind(StrEnum):
    STATE = "radio.state"
    """The radio's state changed."""
    RUNG = "radio.rung"
    """A rung of the ladder was taken."""
    ABSENT = "beacon.absent"
    BACK = "beacon.back"
    MOVED = "beacon.moved"
    STRAYED = "beacon.strayed"
    """Carried in from another floor."""
    CLONED = "beacon.cloned"
    UNREGISTERED = "beacon.unregistered"


@dataclass(frozen=True, slots=True)
class Event:
    """One event, with the time that people read."""

    kind: EventKind
    when: float
    """Monotonic seconds."""
    at: datetime
    """Aware UTC."""
    boot: str
    gateway: str
    key: BeaconKey | None = None
    beacon: str = ""
    """Its slug; "" where it has none."""
    details: Mapping[str, str] = field(default_factory=dict)
    """For the sentence in `core.messages`."""


Record = LoggedHit | Event | DeafMinute
"""What the log keeps, in the order in which it happened."""
