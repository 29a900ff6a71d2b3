"""A listening post: a tracker, and what is judged at its sweeps, every two seconds."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from beacon_gateway.core.health.beacon_event import BeaconEvent, BeaconEventKind
from beacon_gateway.core.health.beacon_health import BeaconCondition, BeaconHealth, RememberedBeacon
from beacon_gateway.core.health.canaries import Canaries
from beacon_gateway.core.health.receiver_level import ReceiverChange
from beacon_gateway.core.model.ibeacon import BeaconKey, Frame
from beacon_gateway.core.model.store import Beacon
from beacon_gateway.core.tracking.hit import Hit
from beacon_gateway.core.tracking.tracker import Tracker
from tests.core.air import KEY, POWER

HERE: Final = "F6"
POST_SWEEPS_EVERY: Final = 2.0


class Heard(Protocol):
    def heard(self, start: float, end: float) -> Iterator[tuple[float, bytes, int]]:
        """Return what arrives of a sender in this time: when, its payload, its RSSI; in the order of time."""


@dataclass(frozen=True)
class Sender:
    """A beacon in the air: how often it is heard, and how loud, constantly or as time goes on."""

    key: BeaconKey = KEY
    rssi: int | Callable[[float], int] = -65
    every: float = 1.0
    powers: tuple[int, ...] = (POWER,)
    """Used in turns, a minute each."""

    def heard(self, start: float, end: float) -> Iterator[tuple[float, bytes, int]]:
        for number in range(int((end - start) / self.every)):
            at = start + number * self.every
            rssi = self.rssi if isinstance(self.rssi, int) else self.rssi(at)
            power = self.powers[int(at / 60) % len(self.powers)]
            yield at, Frame(self.key, power).payload(), rssi


class Post:
    def __init__(
        self, beacons: Mapping[BeaconKey, Beacon], *, remembered: Iterable[RememberedBeacon] = (), start: float = 0.0
    ) -> None:
        self.tracker = Tracker()
        self.health = BeaconHealth(HERE)
        self.canaries = Canaries(HERE)
        self.now = self._next_sweep = start
        self.hits: list[Hit] = []
        self.events: list[BeaconEvent] = []
        self.receiver_changes: list[ReceiverChange] = []
        self.suspected: list[float] = []
        """The sweeps at which all canaries were silent."""
        self.use(beacons, remembered)

    def use(self, beacons: Mapping[BeaconKey, Beacon], remembered: Iterable[RememberedBeacon] = ()) -> None:
        self.tracker.declare(beacons, self.now)
        self.canaries.use(beacons)
        self.health.use(beacons, self.now, remembered)

    def listen(self, seconds: float, *senders: Heard, listening: bool = True) -> None:
        """Hear these, and nobody else, for so long."""
        end = self.now + seconds
        for at, payload, rssi in heapq.merge(*(sender.heard(self.now, end) for sender in senders)):
            self._sweep_until(at, listening)
            if hit := self.tracker.hear(payload, rssi, at):
                self.hits.append(hit)
        self._sweep_until(end, listening)
        self.now = end

    def _sweep_until(self, then: float, listening: bool) -> None:
        while self._next_sweep <= then:
            now = self._next_sweep
            self.hits += self.tracker.sweep(now, listening=listening)
            states = list(self.tracker.states())
            self.canaries.sweep(states, now)
            for event in self.health.sweep(states, now, listening=listening, strangers=self.tracker.strangers):
                if isinstance(event, ReceiverChange):
                    self.receiver_changes.append(event)
                else:
                    self.events.append(event)
            if self.canaries.silent_since(now) is not None:
                self.suspected.append(now)
            self._next_sweep += POST_SWEEPS_EVERY

    @property
    def tracker_keys(self) -> list[BeaconKey]:
        return [state.key for state in self.tracker.states()]

    @property
    def told(self) -> list[BeaconEventKind]:
        return [event.kind for event in self.events]

    def of(self, kind: BeaconEventKind) -> list[BeaconEvent]:
        return [event for event in self.events if event.kind is kind]

    def condition(self, key: BeaconKey = KEY) -> BeaconCondition:
        return self.health.condition(key, self.now)
