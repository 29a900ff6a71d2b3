"""The air between one beacon and a gateway: samples as a radio gives them, and an ear that hears them."""

import math
import random
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple
from uuid import UUID

from beacon_gateway.core.model.ibeacon import BeaconKey, Frame
from beacon_gateway.core.model.store import Beacon
from beacon_gateway.core.tracking.hit import ExitReason, Hit, HitKind
from beacon_gateway.core.tracking.tracker import BeaconState, Tracker
from beacon_gateway.core.tracking.tuning import Tuning

STORE: Final = UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825")
KEY: Final = BeaconKey(STORE, 10006, 1)
OTHER: Final = BeaconKey(STORE, 10006, 2)
POWER: Final = -59
"""dBm at 1 m, as most beacons leave the factory."""
SWEEP_EVERY: Final = 1.0
LONGEST_DELAY: Final = 0.1
"""Of the interval: what a beacon adds by chance to each, so that two never stay in step."""


def declared(
    *keys: BeaconKey, timeout: float | None = None, floor: str = "F6", measured_power: int | None = None
) -> dict[BeaconKey, Beacon]:
    """Return these beacons as a store's files declare them."""
    return {
        key: Beacon(
            key,
            f"beacon-{key.minor}",
            f"Beacon {key.minor}",
            floor,
            timeout=timeout,
            measured_power=measured_power,
        )
        for key in keys
    }


class Sample(NamedTuple):
    at: float
    rssi: int


def samples(
    rng: random.Random,
    *,
    rate: float,
    mean: float,
    seconds: float,
    start: float = 0.0,
    sigma: float = 0.0,
    lasting: float = 0.0,
    loss: float = 0.0,
) -> Iterator[Sample]:
    """Return what arrives from a beacon that sends `rate` times a second, with gaussian fading and lost packets.

    Fading is new for each sample, or lasts about so many seconds: then neighbouring samples fade together.
    """
    at = start
    fading = rng.gauss(0, sigma)
    while True:
        gap = (1 + rng.random() * LONGEST_DELAY) / rate
        at += gap
        if at >= start + seconds:
            return
        kept = math.exp(-gap / lasting) if lasting else 0.0
        fading = kept * fading + math.sqrt(1 - kept * kept) * rng.gauss(0, sigma)
        if rng.random() >= loss:
            yield Sample(at, min(max(round(mean + fading), -110), -1))


class Ear:
    """A tracker, the time, and all hits so far. Sweeps once a second, as the daemon does."""

    def __init__(self, *keys: BeaconKey, tuning: Tuning | None = None, timeout: float | None = None) -> None:
        self.tracker = Tracker(declared(*keys, timeout=timeout), tuning)
        self.now = 0.0
        self.hits: list[Hit] = []
        self._next_sweep = 0.0

    def listen(self, heard: Iterable[Sample], key: BeaconKey = KEY, power: int = POWER) -> None:
        """Hear one beacon's samples, in the order of time."""
        payload = Frame(key, power).payload()
        for at, rssi in heard:
            self.wait_until(at)
            if hit := self.tracker.hear(payload, rssi, at):
                self.hits.append(hit)

    def hear(self, rssi: int, *, at: float, key: BeaconKey = KEY, power: int = POWER) -> None:
        self.listen([Sample(at, rssi)], key, power)

    def steadily(
        self, rssi: int, *, seconds: float, every: float = 1.0, key: BeaconKey = KEY, power: int = POWER
    ) -> None:
        """Hear the same again and again from now on, at once for the first time."""
        start = self.now
        count = int(seconds / every)
        self.listen((Sample(start + number * every, rssi) for number in range(count)), key, power)
        self.wait_until(start + count * every)

    def wait(self, seconds: float, *, listening: bool = True) -> None:
        self.wait_until(self.now + seconds, listening=listening)

    def wait_until(self, then: float, *, listening: bool = True) -> None:
        """Let the time pass up to `then`, with the sweeps that are due."""
        while self._next_sweep <= then:
            self.hits += self.tracker.sweep(self._next_sweep, listening=listening)
            self._next_sweep += SWEEP_EVERY
        self.now = then

    def of(self, kind: HitKind, key: BeaconKey = KEY) -> list[Hit]:
        return [hit for hit in self.hits if hit.kind is kind and hit.key == key]

    @property
    def exits(self) -> list[tuple[BeaconKey, ExitReason | None]]:
        return [(hit.key, hit.reason) for hit in self.hits if hit.kind is HitKind.EXIT]

    def state(self, key: BeaconKey = KEY) -> BeaconState:
        return next(state for state in self.tracker.states() if state.key == key)
