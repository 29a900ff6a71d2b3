"""Carries advertisements through the tracker into the journal, and knows what is missing."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, Protocol

from beacon_gateway.core.advertisement import Take
from beacon_gateway.core.deafness import Deafness
from beacon_gateway.core.hit import Hit, LoggedHit
from beacon_gateway.core.ibeacon import APPLE, IBEACON_TYPE
from beacon_gateway.core.radio import Cause
from beacon_gateway.core.store import NOTHING, Store
from beacon_gateway.core.tracker import BeaconState, Reception, Tracker, Tuning
from beacon_gateway.services.journal import Journal
from beacon_gateway.services.ticking import until_tick

DEAF_AFTER: Final = 20.0
"""Seconds without any advertisement, of whomever, after which silence proves nothing about a beacon. Shorter than the
shortest time-out of a beacon, so that a radio that falls silent takes nobody with it."""
SWEEP_EVERY: Final = 2.0

_IBEACON: Final = IBEACON_TYPE[0]
"""First byte of an iBeacon; nearly all else that Apple's devices say begins otherwise, and need go no further."""


class Listening(Protocol):
    async def listen(self, take: Take) -> None:
        """Hand over advertisements until cancelled."""


class Clock(Protocol):
    def monotonic(self) -> float: ...

    def utc(self) -> datetime: ...


class Watch:
    """One gateway's ear."""

    def __init__(self, *, floor: str, clock: Clock, journal: Journal, tuning: Tuning | None = None) -> None:
        self._floor = floor
        self._clock, self._monotonic = clock, clock.monotonic
        self.journal = journal
        self._tracker = Tracker(tuning=tuning)
        self._hear = self._tracker.hear
        self._store = NOTHING
        self.adverts = 0
        self._adverts_before = 0
        self.heard = self._swept = self._monotonic()
        """The last sweep after which anything at all was heard; the start counts, or a young gateway would be deaf."""
        self.deafness = Deafness(self.heard)
        self.hits: Counter[str] = Counter()
        """Hits since the start, by floor."""
        self.recent: deque[LoggedHit] = deque(maxlen=20)

    def use(self, store: Store) -> None:
        """Follow the beacons of this store from now on."""
        gone = self._tracker.declare(store.beacons, self._monotonic())
        for hit in gone:  # while their names are still known
            self._record(hit)
        self._store = store

    def take(self, manufacturer_data: Mapping[int, bytes], rssi: int) -> None:
        """Take in one advertisement."""
        self.adverts += 1
        payload = manufacturer_data.get(APPLE)
        if payload and payload[0] == _IBEACON:
            hit = self._hear(payload, rssi, self._monotonic())
            if hit is not None:
                self._record(hit)

    @property
    def reception(self) -> Reception:
        return self._tracker.reception

    def states(self) -> Iterator[BeaconState]:
        return self._tracker.states()

    def silence(self, now: float) -> tuple[Cause, float] | None:
        """Give what is missing, and since when (monotonic); None while all is well."""
        return (Cause.SILENT, self.heard) if now - self.heard >= DEAF_AFTER else None

    def heard_since(self, when: float) -> bool:
        """Tell whether anything at all was heard since then."""
        return self.heard >= when

    def sweep(self) -> None:
        """Find departures, and count deafness."""
        now = self._monotonic()
        if self.adverts != self._adverts_before:
            self._adverts_before = self.adverts
            self.heard = self._swept  # or later; if this process itself was held up, much later means nothing
        self._swept = now
        missing = self.silence(now)
        for hit in self._tracker.sweep(now, listening=not missing):
            self._record(hit)
        for minute in self.deafness.sweep(now, self._clock.utc(), missing[1] if missing else None):
            self.journal.deaf(minute)

    async def run(self, listening: Listening) -> None:
        """Listen until cancelled; then say good-bye for all that are present, and write it."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(listening.listen(self.take), name="radio")
                tasks.create_task(self._keep_sweeping(), name="sweep")
                tasks.create_task(self.journal.run(), name="journal")
        finally:
            for hit in self._tracker.close(self._monotonic()):
                self._record(hit)
            for minute in self.deafness.close():
                self.journal.deaf(minute)
            await self.journal.flush()

    async def _keep_sweeping(self) -> None:
        while True:
            await asyncio.sleep(until_tick(SWEEP_EVERY))
            self.sweep()

    def _record(self, hit: Hit) -> None:
        beacon = self._store.beacons[hit.key]
        floor = self._floor if beacon.mobile else beacon.floor
        logged = self.journal.hit(hit, floor=floor, beacon=beacon.slug, revision=self._store.revision)
        self.recent.append(logged)
        self.hits[floor] += 1
