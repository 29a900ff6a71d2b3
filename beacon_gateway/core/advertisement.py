"""An advertisement as it leaves a radio, real or not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

Take = Callable[[Mapping[int, bytes], int], None]
"""Receives one advertisement: manufacturer data by company id, and a real RSSI in dBm. Never blocks, never raises."""

REAL_RSSI: Final = frozenset(range(-110, 0))
"""dBm that a radio can mean. bleak says -127 for "no value", BlueZ has said 127 and 0: those never were samples."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One recorded advertisement: seconds since the recording began, manufacturer data by company id, RSSI."""

    after: float
    manufacturer_data: Mapping[int, bytes]
    rssi: int
