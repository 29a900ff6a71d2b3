"""An advertisement as it leaves a radio, real or not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.ibeacon import BeaconKey

Take = Callable[[Mapping[int, bytes], int], None]
"""Receives one advertisement: manufacturer data by company id, and a real RSSI in dBm. Never blocks, never raises."""

REAL_RSSI: Final = frozenset(range(-110, 0))
"""dBm that a radio can mean. bleak says -127 for "no value", BlueZ has said 127 and 0: those never were samples."""


@dataclass(frozen=True, slots=True)
class Look:
    """One radio address that sends an iBeacon, as it was heard last. For telling senders apart; never stored."""

    sender: str
    """Opaque: equal for the same sender within one scan."""
    key: BeaconKey
    rssi: int
