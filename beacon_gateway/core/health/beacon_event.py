"""A beacon event: something about a beacon that a person should look at; what `core.health.beacon_health` finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from beacon_gateway.core.model.ibeacon import BeaconKey


class BeaconEventKind(StrEnum):
    ABSENT = "absent"
    """A fixed beacon that used to be heard here is silent."""
    BACK = "back"
    """An absent one is heard again."""
    MOVED = "moved"
    """A fixed beacon's level made a lasting step: it hangs elsewhere, or something stands before it now."""
    STRAYED = "strayed"
    """A fixed beacon of another floor is close to this gateway."""
    CLONED = "cloned"
    """Two senders say that they are this beacon."""
    UNREGISTERED = "unregistered"
    """A beacon under one of the store's UUIDs is in no file."""


@dataclass(frozen=True, slots=True)
class BeaconEvent:
    kind: BeaconEventKind
    key: BeaconKey
    when: float
    """Monotonic seconds at which it was found."""
    details: Mapping[str, str] = field(default_factory=dict)
    """For the log line, and for the sentence `event.<kind>` of `core.sentences.messages`."""
