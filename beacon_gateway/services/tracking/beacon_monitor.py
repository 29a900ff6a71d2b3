"""Carries advertisements through the tracker into the journal, and knows what is missing."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Final, Protocol

import structlog

from beacon_gateway.core.health.batteries import Batteries, BatteryDay
from beacon_gateway.core.health.beacon_event import BeaconEvent
from beacon_gateway.core.health.beacon_health import BeaconHealth, RememberedBeacon
from beacon_gateway.core.health.canaries import Canaries
from beacon_gateway.core.health.clones import SenderReport
from beacon_gateway.core.health.receiver_level import ReceiverChange
from beacon_gateway.core.log.event import EventKind
from beacon_gateway.core.log.listening import Listening, Minute
from beacon_gateway.core.log.logged import LoggedHit, NamedPresence
from beacon_gateway.core.model.advertisement import Take, with_offset
from beacon_gateway.core.model.clocks import Clock
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, IBEACON_TYPE, BeaconKey
from beacon_gateway.core.model.liveness import Liveness
from beacon_gateway.core.model.store import NOTHING, Beacon, Store
from beacon_gateway.core.radio.trouble import RadioCause
from beacon_gateway.core.tracking.hit import Hit, HitKind
from beacon_gateway.core.tracking.presence import Presence
from beacon_gateway.core.tracking.strangers import Strangers
from beacon_gateway.core.tracking.tracker import BeaconState, FrameCounters, Tracker
from beacon_gateway.core.tracking.tuning import Tuning
from beacon_gateway.services.log.journal import Journal
from beacon_gateway.services.supervise import Guard
from beacon_gateway.services.ticking import until_tick

NOT_RECEIVING_AFTER_S: Final = 20.0
"""Seconds without any advertisement, from any sender, after which silence proves nothing about a beacon. Shorter than
the shortest time-out of a beacon, so that a radio that falls silent takes no beacon with it."""
SWEEP_EVERY_S: Final = 3.0
MAX_SWEEP_GAP_S: Final = 60.0
"""Seconds between two sweeps beyond which sweeping has stopped."""
SAVE_MEMORY_EVERY_S: Final = 3600.0
"""Seconds between two savings of what is remembered of the beacons: it changes slowly, and a card wears."""

_IBEACON: Final = IBEACON_TYPE[0]
"""First byte of an iBeacon; nearly all else that Apple's devices say begins otherwise, and need go no further."""


class AdvertisementSource(Protocol):
    async def listen(self, take: Take) -> None:
        """Hand over advertisements until cancelled."""


class BeaconMemory(Protocol):
    """What is remembered of the beacons while the gateway is off, with `heard` in Unix seconds. Both raise OSError."""

    async def remember(self, beacons: Sequence[RememberedBeacon]) -> None:
        """Forget what was remembered before, and remember this."""

    async def recall(self) -> list[RememberedBeacon]: ...

    async def keep_batteries(self, days: Sequence[BatteryDay]) -> None:
        """Remember these, beside those of the last month."""

    async def recall_batteries(self) -> list[BatteryDay]: ...


class BeaconMonitor:
    """One gateway's ear."""

    def __init__(
        self,
        *,
        floor: str,
        clock: Clock,
        journal: Journal,
        memory: BeaconMemory | None = None,
        tuning: Tuning | None = None,
        guard: Guard = nullcontext,
        offset: int = 0,
        log_zones: bool = True,
    ) -> None:
        """`offset`: dB added to each RSSI of this receiver; `guard` keeps a failure of what is named from ending it.

        Without `log_zones` a fixed beacon's changes of zone are not logged.
        """
        self._floor, self._log_zones = floor, log_zones
        self._clock, self._monotonic = clock, clock.monotonic
        self.journal = journal
        self._memory, self._guard = memory, guard
        self._recalled: list[RememberedBeacon] = []
        self._tracker = Tracker(tuning=tuning)
        self._hear = with_offset(self._tracker.hear, offset)
        self._canaries = Canaries(floor)
        self.beacon_health = BeaconHealth(floor)
        self.batteries = Batteries()
        self._store = NOTHING
        self._log = structlog.get_logger("watch")
        self.adverts = 0
        self._adverts_before = 0
        self.heard = self._swept = self._monotonic()
        """The last sweep after which anything at all was heard; the start counts, or a young gateway would count as not
        receiving."""
        self.listening = Listening(self.heard)
        self.hits: Counter[str] = Counter()
        """Hits since the start, by floor."""
        self.recent: deque[LoggedHit] = deque(maxlen=20)

    def use(self, store: Store) -> None:
        """Follow the beacons of this store from now on."""
        now = self._monotonic()
        self._log_minutes(self.listening.close(now))  # a minute has one revision, and the names of one
        gone = self._tracker.declare(store.beacons, now)
        for hit in gone:  # while their names are still known
            self._record(hit)
        self._canaries.use(store.beacons)
        self.beacon_health.use(store.beacons, now, self._recalled)
        self.batteries.use(store.beacons)
        self._recalled = []
        self._store = store

    async def recall(self) -> None:
        """Fetch what is remembered from before a restart; call it before the first `use`."""
        if self._memory:
            try:
                recalled = await self._memory.recall()
                self.batteries.recall(await self._memory.recall_batteries())
            except OSError as error:
                self._log.warning("beacons.not_recalled", reason=str(error))
                return
            shift = self._monotonic() - self._clock.utc().timestamp()
            self._recalled = [replace(beacon, heard=beacon.heard + shift) for beacon in recalled]

    async def remember(self) -> None:
        """Save what is to be known of the beacons after a restart."""
        if self._memory:
            shift = self._clock.utc().timestamp() - self._monotonic()
            beacons = [replace(beacon, heard=beacon.heard + shift) for beacon in self.beacon_health.remembered()]
            try:
                await self._memory.remember(beacons)
                if days := self.batteries.unsaved():
                    await self._memory.keep_batteries(days)
                    self.batteries.saved(days)
            except OSError as error:
                self._log.warning("beacons.not_remembered", reason=str(error))

    def take(self, manufacturer_data: Mapping[int, bytes], rssi: int) -> None:
        """Take in one advertisement."""
        self.adverts += 1
        payload = manufacturer_data.get(APPLE_COMPANY_ID)
        if payload and payload[0] == _IBEACON:
            hear, monotonic = self._hear, self._monotonic  # called as attributes, functions kept there cost more
            hit = hear(payload, rssi, monotonic())
            if hit is not None:
                self._record(hit)

    def pulse(self) -> Liveness:
        return Liveness("sweep", self._swept, MAX_SWEEP_GAP_S)

    @property
    def reception(self) -> FrameCounters:
        return self._tracker.reception

    @property
    def strangers(self) -> Strangers:
        return self._tracker.strangers

    def states(self) -> Iterator[BeaconState]:
        return self._tracker.states()

    def beacon(self, key: BeaconKey) -> Beacon:
        """Return a followed beacon as its file says. Raises KeyError for any other."""
        return self._store.beacons[key]

    def silence_allowed(self, key: BeaconKey) -> float:
        """Return the seconds of silence after which a followed beacon counts as gone."""
        return self._tracker.silence_allowed(key)

    def silence(self, now: float) -> tuple[RadioCause, float] | None:
        """Return what is missing, and since when (monotonic); None while all is well."""
        if now - self.heard >= NOT_RECEIVING_AFTER_S:
            return RadioCause.SILENT, self.heard
        since = self._canaries.silent_since(now)
        return None if since is None else (RadioCause.CANARIES, since)

    def accept_silence(self) -> None:
        """Take it that the canaries are gone, not the radio."""
        self._canaries.accept_silence()

    def look(self, looks: Iterable[SenderReport]) -> None:
        """Take in who sends what, about once a minute."""
        with self._guard("health"):
            looks = list(looks)
            self._tell(self.beacon_health.look(looks, self._monotonic()))
            self.batteries.look(looks, self._store.beacons, self._clock.utc() if self.journal.time_is_known else None)

    def sweep(self) -> None:
        """Find departures, judge the beacons' health, and end the minutes."""
        self.journal.look_at_clock()
        now = self._monotonic()
        if self.adverts != self._adverts_before:
            self._adverts_before = self.adverts
            self.heard = self._swept  # or later; if this process itself was held up, much later means nothing
        self._swept = now
        self._canaries.sweep(self._tracker.states(), now)
        missing = self.silence(now)
        for hit in self._tracker.sweep(now, listening=not missing):
            self._record(hit)
        with self._guard("health"):
            self._tell(
                self.beacon_health.sweep(
                    self._tracker.states(), now, listening=not missing, strangers=self._tracker.strangers
                )
            )
        number = int(self.journal.at(now).timestamp()) // 60
        self._log_minutes(self.listening.sweep(now, number, missing[1] if missing else None))

    async def run(self, radio: AdvertisementSource) -> None:
        """Listen until cancelled; then say good-bye for all that are present, and write it."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(radio.listen(self.take), name="radio")
                tasks.create_task(self._keep_sweeping(), name="sweep")
                tasks.create_task(self.journal.run(), name="journal")
        finally:
            for hit in self._tracker.close(self._monotonic()):
                self._record(hit)
            self._log_minutes(self.listening.close(self._monotonic()))
            await self.journal.flush()
            with self._guard("memory"):
                await self.remember()

    async def _keep_sweeping(self) -> None:
        while True:
            await asyncio.sleep(until_tick(SWEEP_EVERY_S))
            self.sweep()

    async def keep_remembering(self) -> None:
        """Save by the hour what is to be known after a restart, until cancelled."""
        while True:
            await asyncio.sleep(until_tick(SAVE_MEMORY_EVERY_S))
            await self.remember()

    def _tell(self, events: Iterable[BeaconEvent | ReceiverChange]) -> None:
        for event in events:
            if isinstance(event, ReceiverChange):
                self.journal.event(EventKind.LEVEL, event.when, event.details)
                continue
            beacon = self._store.beacons.get(event.key)
            kind = EventKind(f"beacon.{event.kind.value}")
            self.journal.event(kind, event.when, event.details, key=event.key, beacon=beacon.slug if beacon else "")

    def _log_minutes(self, minutes: Iterable[Minute]) -> None:
        for minute in minutes:
            # What came out of an earlier minute is lost reception; the beacons belong to the one that is over.
            heard = self._tracker.end_minute() if minute.seconds else []
            self.journal.minute(minute, map(self._named, heard), revision=self._store.revision)

    def _named(self, presence: Presence) -> NamedPresence:
        beacon = self._store.beacons[presence.key]
        return NamedPresence(presence, self.journal.gateway, self._floor_of(beacon), beacon.slug)

    def _floor_of(self, beacon: Beacon) -> str:
        return self._floor if beacon.mobile else beacon.floor

    def _record(self, hit: Hit) -> None:
        beacon = self._store.beacons[hit.key]
        if hit.kind is HitKind.ZONE and not (self._log_zones or beacon.mobile):
            return
        floor = self._floor_of(beacon)
        logged = self.journal.hit(hit, floor=floor, beacon=beacon.slug, revision=self._store.revision)
        self.recent.append(logged)
        self.hits[floor] += 1
