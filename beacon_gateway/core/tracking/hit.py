"""A hit: that a beacon came, changed its zone for good, or went."""

from dataclasses import dataclass
from enum import StrEnum

from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.proximity import Proximity


class HitKind(StrEnum):
    ENTER = "enter"
    ZONE = "zone"
    EXIT = "exit"


class ExitReason(StrEnum):
    TIMEOUT = "timeout"
    """Nothing was heard for longer than the beacon's own rhythm explains."""
    WEAK = "weak"
    """It is still heard, but too weakly to count as here."""
    REMOVED = "removed"
    """It was taken out of the store's files."""
    SHUTDOWN = "shutdown"
    """The gateway stopped; the beacon may well be there."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One proximity event of one beacon at one gateway."""

    kind: HitKind
    key: BeaconKey
    when: float
    """Monotonic seconds at which it happened: the first sample of an arrival, the last one before a departure."""
    zone: Proximity
    rssi: float
    """Filtered, dBm."""
    distance: float
    """Metres, derived from `rssi`: beyond 5 m an order of magnitude, no more."""
    dwell: float | None = None
    """Seconds since `enter`; None on `enter`."""
    reason: ExitReason | None = None
