"""An event: something that happened to the gateway itself or to a beacon, apart from hits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.ibeacon import BeaconKey


class EventKind(StrEnum):
    STATE = "radio.state"
    """The radio's state changed."""
    RUNG = "radio.rung"
    """A rung of the ladder was taken."""
    LEVEL = "radio.level-changed"
    """The levels of many beacons changed at one time: the receiver's doing."""
    ABSENT = "beacon.absent"
    BACK = "beacon.back"
    MOVED = "beacon.moved"
    STRAYED = "beacon.strayed"
    """Carried in from another floor."""
    CLONED = "beacon.cloned"
    UNREGISTERED = "beacon.unregistered"
    CLOCK = "clock"
    """The wall clock was set right, or stepped."""
    LOG = "log"
    """The log could not be written for a while, or its file was put aside."""
    PART = "part.failed"
    """A part of the daemon failed unexpectedly, and is started again."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event, with the time that people read."""

    kind: EventKind
    when: float
    """Monotonic seconds."""
    segment: ClockSegment
    """Of the clock."""
    gateway: str
    key: BeaconKey | None = None
    beacon: str = ""
    """Its slug; "" where it has none."""
    details: Mapping[str, str] = field(default_factory=dict)
    """For the sentence in `core.sentences.messages`."""

    @property
    def at(self) -> datetime:
        """Return the wall clock's time, aware UTC."""
        return self.segment.at(self.when)
