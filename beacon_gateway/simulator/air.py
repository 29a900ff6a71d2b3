"""What is in the air of a store: senders with a place, a rhythm and a strength."""

import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

STOREY_METRES: Final = 5.0
CEILING_DB: Final = 14.0
"""What one reinforced concrete ceiling takes; published values go from 10 to 25."""
OPEN_FLOOR_PATH_LOSS_EXPONENT: Final = 2.2
"""An open sales floor, nearly free space."""
FADING_DB: Final = 3.5
"""Standard deviation of the strength from packet to packet, between shelves and people."""
SENSITIVITY_DBM: Final = -97
"""dBm under which a Pi's chip hears nothing."""


@dataclass(frozen=True, slots=True)
class Position:
    """Metres on the floor, and the storey (0 is the ground floor; between two while on the escalator)."""

    x: float
    y: float
    storey: float


@dataclass(frozen=True, slots=True)
class Sender:
    """One device that advertises."""

    manufacturer_data: Mapping[int, bytes]
    interval: float
    """Seconds; up to 10 ms are added by chance to each, as Bluetooth asks for."""
    where: Callable[[float], Position]
    """Place after so many seconds."""
    power: int = -59
    """dBm at one metre."""
    dies_after: float = math.inf
    """Seconds."""


def standing(spot: Position) -> Callable[[float], Position]:
    return lambda _: spot


def walking(stops: list[tuple[float, Position]]) -> Callable[[float], Position]:
    """Walk in straight lines from stop to stop, to be there at those seconds, and stay at the last."""

    def where(after: float) -> Position:
        for (start, a), (end, b) in pairwise(stops):
            if after < end:
                share = max(0.0, (after - start) / (end - start))
                return Position(
                    a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share, a.storey + (b.storey - a.storey) * share
                )
        return stops[-1][1]

    return where


def strength(sender: Sender, at: Position, after: float, rng: random.Random) -> int:
    """Return the RSSI in dBm of one packet at a place."""
    spot = sender.where(after)
    height = (spot.storey - at.storey) * STOREY_METRES
    metres = max(0.3, math.dist((spot.x, spot.y, height), (at.x, at.y, 0.0)))
    ceilings = abs(spot.storey - at.storey) * CEILING_DB
    mean = sender.power - 10 * OPEN_FLOOR_PATH_LOSS_EXPONENT * math.log10(metres) - ceilings
    return round(min(-1.0, rng.gauss(mean, FADING_DB)))


def passers_by(count: int, rng: random.Random, storeys: int) -> Iterator[Sender]:
    """Return phones, headphones and laptops: Apple's other messages, and other makers'."""
    for _ in range(count):
        kind = rng.randrange(5)
        data: dict[int, bytes]
        if kind == 0:  # Apple, Nearby Info
            data = {0x004C: bytes([0x10, 0x05]) + rng.randbytes(5)}
        elif kind == 1:  # Apple, Find My
            data = {0x004C: bytes([0x12, 0x19]) + rng.randbytes(25)}
        elif kind == 2:  # Apple, AirPods
            data = {0x004C: bytes([0x07, 0x19]) + rng.randbytes(25)}
        elif kind == 3:  # Samsung
            data = {0x0075: rng.randbytes(24)}
        else:  # Microsoft
            data = {0x0006: bytes([0x01, 0x09]) + rng.randbytes(25)}
        spot = Position(rng.uniform(-9, 9), rng.uniform(-9, 9), rng.randrange(storeys))
        yield Sender(data, rng.choice((0.5, 1.0, 2.0)), standing(spot), power=-65)
