"""Hits to log, each with values of its own."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from beacon_gateway.core.log.logged import LoggedHit
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.tracking.hit import Hit, HitKind

NOON: Final = datetime(2026, 11, 24, 4, tzinfo=UTC)
KEY: Final = BeaconKey(UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825"), 10006, 1)
STRETCH: Final = ClockSegment("7f1b", 0.0, NOON.timestamp(), known=True)
"""A boot at noon."""


def hit(number: int, *, floor: str = "F6", beacon: str = "escalator-north") -> LoggedHit:
    """Return the hit of minute `number`."""
    return LoggedHit(
        Hit(HitKind.ENTER, KEY, when=60.0 * number, zone=Proximity.NEAR, rssi=-71.5, distance=2.25),
        segment=STRETCH,
        gateway="f6-east",
        floor=floor,
        beacon=beacon,
        revision="abc123",
    )
