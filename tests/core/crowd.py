"""The air of a shop with people in it: fading that lasts, and bodies that stand in the way for a while.

Independent noise is the easy case: it averages out within seconds. Here a sample resembles its neighbours: multipath
changes within about two seconds, as somebody near moves; shadows change within about a minute and a half, as groups and
doors do; and now and then a body stands between the beacon and the gateway, and takes 6 to 18 dB away.
"""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.core.air import LONGEST_DELAY, Sample


@dataclass(frozen=True)
class Crowd:
    """How people spoil a level. Deviations in dB, times in seconds."""

    multipath: float = 3.2
    multipath_lasts: float = 2.0
    shadow: float = 3.2
    shadow_lasts: float = 90.0
    bodies_an_hour: float = 25.0
    body_least: float = 6.0
    body_most: float = 18.0
    body_stays: float = 13.0
    """On average; exponentially distributed."""


BUSY = Crowd()
EMPTY = Crowd(multipath=0.8, shadow=0.8, bodies_an_hour=1.0)
"""A shop at night, with a guard who comes by now and then."""

Mean = float | Callable[[float], float]
"""dBm in the empty shop: always the same, or by the time."""


def among_people(
    rng: random.Random, *, rate: float, mean: Mean, seconds: float, start: float = 0.0, crowd: Crowd = BUSY
) -> Iterator[Sample]:
    """Yield what arrives from a beacon that would be heard at `mean` dBm in the empty shop."""
    at = start
    multipath, shadow = rng.gauss(0, crowd.multipath), rng.gauss(0, crowd.shadow)
    bodies: list[tuple[float, float]] = []
    next_body = start + rng.expovariate(crowd.bodies_an_hour / 3600)
    while True:
        gap = (1 + rng.random() * LONGEST_DELAY) / rate
        at += gap
        if at >= start + seconds:
            return
        multipath = _drift(rng, multipath, crowd.multipath, gap / crowd.multipath_lasts)
        shadow = _drift(rng, shadow, crowd.shadow, gap / crowd.shadow_lasts)
        while next_body <= at:
            stays = rng.expovariate(1 / crowd.body_stays)
            bodies.append((next_body + stays, rng.uniform(crowd.body_least, crowd.body_most)))
            next_body += rng.expovariate(crowd.bodies_an_hour / 3600)
        bodies = [body for body in bodies if body[0] > at]
        in_the_way = max((loss for _, loss in bodies), default=0.0)
        level = mean if isinstance(mean, float | int) else mean(at)
        yield Sample(at, min(max(round(level + multipath + shadow - in_the_way), -110), -1))


def _drift(rng: random.Random, value: float, deviation: float, elapsed: float) -> float:
    """Return the next value of an Ornstein-Uhlenbeck process, `elapsed` correlation times later."""
    kept = math.exp(-elapsed)
    return kept * value + math.sqrt(1 - kept * kept) * rng.gauss(0, deviation)


WALKS_M_S = 1.2
STAYS_S = 60.0
"""At one place, on average; exponentially distributed."""


class Walk:
    """The level of a tag that is carried about a hall of 30 x 20 m, with the gateway in its middle."""

    def __init__(self, rng: random.Random, start: float) -> None:
        self._rng = rng
        self._from = self._to = self._place()
        self._left_at = self._there_at = self._leaves_at = start

    def __call__(self, at: float) -> float:
        """Return dBm at this time, which never goes back."""
        while at >= self._leaves_at:
            self._from, self._to = self._to, self._place()
            self._left_at = self._leaves_at
            self._there_at = self._left_at + math.dist(self._from, self._to) / WALKS_M_S
            self._leaves_at = self._there_at + self._rng.expovariate(1 / STAYS_S)
        gone = min((at - self._left_at) / (self._there_at - self._left_at), 1.0)
        where = [start + gone * (end - start) for start, end in zip(self._from, self._to, strict=True)]
        return level_at(math.hypot(*where))

    def _place(self) -> tuple[float, float]:
        return self._rng.uniform(-15, 15), self._rng.uniform(-10, 10)


def level_at(metres: float) -> float:
    """Return dBm of a beacon of -59 dBm at 1 m, in a hall with shelves: 25 dB less at ten times the distance."""
    return -59 - 25 * math.log10(max(metres, 1.0))
