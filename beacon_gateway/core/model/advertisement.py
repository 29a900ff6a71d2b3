"""An advertisement as it leaves a radio, real or not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

Take = Callable[[Mapping[int, bytes], int], None]
"""Receives one advertisement: manufacturer data by company id, and a real RSSI in dBm. Never blocks, never raises."""

REAL_RSSI: Final = frozenset(range(-110, 0))
"""dBm that a radio can mean. bleak says -127 for "no value", BlueZ has said 127 and 0: those never were samples."""


WEAKEST_RSSI_DBM: Final = min(REAL_RSSI)
STRONGEST_RSSI_DBM: Final = max(REAL_RSSI)

_Carrier = TypeVar("_Carrier")
_Result = TypeVar("_Result")
_Hear = Callable[[_Carrier, int, float], _Result]


def corrected(rssi: int, offset_db: int) -> int:
    """Return an RSSI with the receiver's own offset added, at most what a radio can mean."""
    return min(max(rssi + offset_db, WEAKEST_RSSI_DBM), STRONGEST_RSSI_DBM)


def with_offset(hear: _Hear[_Carrier, _Result], offset_db: int) -> _Hear[_Carrier, _Result]:
    """Return `hear` with the receiver's own offset added to each RSSI, or `hear` itself where there is none to add.

    `hear` takes what carries the frame, the RSSI and the time, once for each advertisement: a receiver without an
    offset must not pay for those that have one.
    """
    if offset_db == 0:
        return hear

    def hear_corrected(carrier: _Carrier, rssi: int, now: float) -> _Result:
        return hear(carrier, corrected(rssi, offset_db), now)

    return hear_corrected


@dataclass(frozen=True, slots=True)
class RecordedAdvertisement:
    """One recorded advertisement: seconds since the recording began, manufacturer data by company id, RSSI."""

    after: float
    manufacturer_data: Mapping[int, bytes]
    rssi: int
