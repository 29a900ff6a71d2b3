"""Strangers of the store: iBeacons under its UUIDs that are declared in no file; those heard last.

Under a UUID of the store with its bytes reversed, too: such a one was meant to be the store's.
"""

import math
from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.tracking.look_alikes import LookAlike, LookAlikes
from beacon_gateway.core.tracking.low_pass import smoothed
from beacon_gateway.core.tracking.tuning import Tuning

MAX_STRANGERS: Final = 256


@dataclass(slots=True)
class Stranger:
    """An iBeacon under one of the store's UUIDs that is declared in no file."""

    key: BeaconKey
    samples: int = 0
    heard: float = -math.inf
    rssi: float = 0.0
    """Smoothed, dBm."""
    arrived: float = -math.inf
    """When it was last heard as often as an arrival needs; -inf while it may be a stray frame."""
    look_alike: LookAlike | None = None
    """What it was meant to be, where its numbers show that it is set up wrongly."""
    arrivals: list[float] = field(default_factory=list, repr=False)


class Strangers:
    """Remembers a bounded number of them. They go on changing: read them at once."""

    def __init__(self, tuning: Tuning) -> None:
        self._tuning = tuning
        self._look_alikes = LookAlikes()
        self._strangers: OrderedDict[BeaconKey, Stranger] = OrderedDict()

    def declare(self, keys: Collection[BeaconKey]) -> None:
        """Take these for declared from now on, and forget those that are no strangers to them."""
        self._look_alikes = LookAlikes(keys)
        for key in [key for key in self._strangers if key in keys or key.uuid not in self._look_alikes.uuids]:
            del self._strangers[key]
        for stranger in self._strangers.values():
            stranger.look_alike = self._look_alikes.of(stranger.key)

    def __iter__(self) -> Iterator[Stranger]:
        return iter(self._strangers.values())

    def note(self, key: BeaconKey, rssi: int, now: float) -> None:
        """Take in a sample of an undeclared beacon, whosever it is."""
        if key.uuid not in self._look_alikes.uuids:
            return
        stranger = self._strangers.get(key)
        if stranger is None:
            stranger = self._strangers[key] = Stranger(key, rssi=float(rssi), look_alike=self._look_alikes.of(key))
            if len(self._strangers) > MAX_STRANGERS:
                self._strangers.popitem(last=False)
        self._strangers.move_to_end(key)
        gap = now - stranger.heard
        stranger.rssi = smoothed(stranger.rssi, rssi, gap, self._tuning.time_constant)
        stranger.samples += 1
        stranger.heard = now
        stranger.arrivals = self._tuning.latest(stranger.arrivals, now)
        if self._tuning.arrived(stranger.arrivals) is not None:
            stranger.arrived = now
