"""How near: zones and distance from a signal strength.

Zones are kept in dB relative to the strength at one metre. That is the same as metres under a path-loss model, without
the model's blow-up at the far end, where distance is no evidence any more.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PLAUSIBLE_POWER: Final = range(-100, -19)
"""dBm. Some beacons send battery volts or percent as measured power; outside of this it says nothing of distance."""

PATH_LOSS_EXPONENT: Final = 2.7
"""Indoor, few walls (ESPresense's default "absorption"); 2.0 is free space, 3.5 a warehouse."""

MIN_DISTANCE_METRES: Final = 0.1
MAX_DISTANCE_METRES: Final = 50.0


class Proximity(StrEnum):
    """CoreLocation's words. Apple publishes no thresholds; measured ones are about 0.5 m and 3 to 4 m."""

    IMMEDIATE = "immediate"
    NEAR = "near"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Borders:
    """The two borders between the three zones, in dB below the strength at one metre."""

    immediate: float = 0.0
    """About 1 m and less at any exponent."""
    near: float = 16.0
    """About 4 m at an exponent of 2.7."""


def reference_power(measured_power: int, default: int, stated: int | None = None) -> int:
    """Return the strength at 1 m in dBm to reckon with: what the files state, else the frame's own if it is plausible,
    else the default.
    """
    if stated is not None:
        return stated
    return measured_power if measured_power in PLAUSIBLE_POWER else default


def zone_of(level: float, at_one_metre: float, borders: Borders) -> Proximity:
    """Return the zone of a level in dBm, without hysteresis."""
    if level >= at_one_metre - borders.immediate:
        return Proximity.IMMEDIATE
    return Proximity.NEAR if level >= at_one_metre - borders.near else Proximity.FAR


def distance(level: float, at_one_metre: float) -> float:
    """Return metres, clamped to 0.1..50: log-distance path loss, d = 10^((P1m - RSSI) / (10 n))."""
    metres = 10 ** ((at_one_metre - level) / (10 * PATH_LOSS_EXPONENT))
    return float(min(max(metres, MIN_DISTANCE_METRES), MAX_DISTANCE_METRES))
