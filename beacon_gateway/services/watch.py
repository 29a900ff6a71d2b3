"""Carries advertisements from the radio through the tracker into the hit log."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from beacon_gateway.core.advertisement import Take
from beacon_gateway.core.hit import Hit, LoggedHit
from beacon_gateway.core.ibeacon import APPLE, IBEACON_TYPE
from beacon_gateway.core.store import NOTHING, Store
from beacon_gateway.core.tracker import BeaconState, Reception, Tracker, Tuning

DEAF_AFTER: Final = 20.0
"""Seconds without any advertisement, of whomever, after which silence proves nothing about a beacon. Shorter than the
shortest time-out of a beacon, so that a radio that falls silent takes nobody with it."""
SWEEP_EVERY: Final = 1.0
MOST_UNWRITTEN: Final = 50_000
"""Hits kept while the log cannot be written: about two hours of a very busy store, 20 MB."""


_IBEACON: Final = IBEACON_TYPE[0]
"""First byte of an iBeacon; nearly all else that Apple's devices say begins otherwise, and need go no further."""


class Radio(Protocol):
    async def listen(self, take: Take) -> None:
        """Hand over advertisements until cancelled; mend what can be mended without raising."""


class HitLog(Protocol):
    async def append(self, hits: Sequence[LoggedHit]) -> None:
        """Write durably, all or nothing. Raises OSError if it cannot be done now."""


class Clock(Protocol):
    def monotonic(self) -> float: ...

    def utc(self) -> datetime: ...


class Watch:
    """One gateway's ear."""

    def __init__(
        self,
        *,
        gateway: str,
        floor: str,
        boot: str,
        clock: Clock,
        hit_log: HitLog,
        commit_every: float,
        tuning: Tuning | None = None,
    ) -> None:
        self._gateway, self._floor, self._boot = gateway, floor, boot
        self._clock, self._monotonic = clock, clock.monotonic
        self._hit_log = hit_log
        self._commit_every = commit_every
        self._tracker = Tracker(tuning=tuning)
        self._hear = self._tracker.hear
        self._store = NOTHING
        self._unwritten: deque[LoggedHit] = deque(maxlen=MOST_UNWRITTEN)
        self._to_write = asyncio.Event()
        self._writing = asyncio.Lock()
        self._log = structlog.get_logger("watch").bind(gateway=gateway)
        self.adverts = 0
        self._adverts_before = 0
        self.heard = self._swept = self._monotonic()
        """The last sweep after which anything at all was heard; the start counts, or a young gateway would be deaf."""
        self.dropped = 0
        """Hits lost because the log could not be written for too long."""
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

    def sweep(self) -> None:
        """Find departures."""
        now = self._monotonic()
        if self.adverts != self._adverts_before:
            self._adverts_before = self.adverts
            self.heard = self._swept  # or later; if this process itself was held up, much later means nothing
        self._swept = now
        for hit in self._tracker.sweep(now, listening=now - self.heard < DEAF_AFTER):
            self._record(hit)

    async def flush(self) -> None:
        """Write what is waiting. What cannot be written goes back to the head of the queue."""
        async with self._writing:
            batch = list(self._unwritten)
            self._unwritten.clear()
            self._to_write.clear()
            if not batch:
                return
            write = asyncio.ensure_future(self._hit_log.append(batch))
            try:
                await asyncio.shield(write)
            except OSError as error:
                self._log.error("hits.not_written", waiting=len(batch), reason=str(error))
            finally:
                await asyncio.wait({write})  # a write under way happens, whoever is cancelled meanwhile
                if write.exception():
                    self._put_back(batch)

    async def run(self, radio: Radio) -> None:
        """Listen until cancelled; then say good-bye for all that are present, and write it."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(radio.listen(self.take), name="radio")
                tasks.create_task(self._keep_sweeping(), name="sweep")
                tasks.create_task(self._keep_writing(), name="hit log")
        finally:
            for hit in self._tracker.close(self._monotonic()):
                self._record(hit)
            await self.flush()

    async def _keep_sweeping(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            self.sweep()

    async def _keep_writing(self) -> None:
        while True:
            await self._to_write.wait()
            await asyncio.sleep(self._commit_every)
            await self.flush()

    def _put_back(self, batch: list[LoggedHit]) -> None:
        waiting = [*batch, *self._unwritten]
        self.dropped += max(0, len(waiting) - MOST_UNWRITTEN)
        self._unwritten = deque(waiting, maxlen=MOST_UNWRITTEN)
        self._to_write.set()

    def _record(self, hit: Hit) -> None:
        beacon = self._store.beacons[hit.key]
        logged = LoggedHit(
            hit=hit,
            at=self._clock.utc() - timedelta(seconds=self._monotonic() - hit.when),
            boot=self._boot,
            gateway=self._gateway,
            floor=self._floor if beacon.mobile else beacon.floor,
            beacon=beacon.slug,
            revision=self._store.revision,
        )
        if len(self._unwritten) == MOST_UNWRITTEN:
            self.dropped += 1
        self._unwritten.append(logged)
        self.recent.append(logged)
        self.hits[logged.floor] += 1
        self._to_write.set()
