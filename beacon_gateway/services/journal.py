"""Carries what happened to the log: stamped with both clocks, kept while it cannot be written, written in batches."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from beacon_gateway.core.event import Event, EventKind, Record
from beacon_gateway.core.hit import Hit, LoggedHit
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.radio.deafness import DeafMinute

MOST_UNWRITTEN: Final = 50_000
"""Records kept while the log cannot be written: about two hours of a very busy store, 20 MB."""


class Log(Protocol):
    async def append(self, records: Sequence[Record]) -> None:
        """Write durably, all or nothing. Raises OSError if it cannot be done now."""


class Clock(Protocol):
    def monotonic(self) -> float: ...

    def utc(self) -> datetime: ...


class Journal:
    """What one gateway has to write down."""

    def __init__(self, *, gateway: str, boot: str, clock: Clock, log: Log, commit_every: float) -> None:
        self._gateway, self._boot, self._clock = gateway, boot, clock
        self._log, self._commit_every = log, commit_every
        self._unwritten: deque[Record] = deque(maxlen=MOST_UNWRITTEN)
        self._to_write = asyncio.Event()
        self._writing = asyncio.Lock()
        self._say = structlog.get_logger("journal").bind(gateway=gateway)
        self.dropped = 0
        """Records lost because the log could not be written for too long."""

    @property
    def unwritten(self) -> int:
        """Give how many records wait for the log."""
        return len(self._unwritten)

    def at(self, when: float) -> datetime:
        """Give the wall clock's time of a monotonic moment, as far as this process can know."""
        return self._clock.utc() - timedelta(seconds=self._clock.monotonic() - when)

    def hit(self, hit: Hit, *, floor: str, beacon: str, revision: str) -> LoggedHit:
        """Write down a hit, with the names that are in force."""
        logged = LoggedHit(hit, self.at(hit.when), self._boot, self._gateway, floor, beacon, revision)
        self._put(logged)
        return logged

    def event(
        self,
        kind: EventKind,
        when: float,
        details: Mapping[str, str],
        *,
        key: BeaconKey | None = None,
        beacon: str = "",
    ) -> None:
        """Write down an event, and say it to the logs of this machine."""
        event = Event(kind, when, self.at(when), self._boot, self._gateway, key, beacon, details)
        said = {"beacon": beacon or str(key)} if key else {}
        self._say.info(kind.value, **said, **details)
        self._put(event)

    def deaf(self, minute: DeafMinute) -> None:
        self._put(minute)

    async def run(self) -> None:
        """Write what comes, until cancelled; whoever cancels has the rest flushed."""
        while True:
            await self._to_write.wait()
            await asyncio.sleep(self._commit_every)
            await self.flush()

    async def flush(self) -> None:
        """Write what is waiting. What cannot be written goes back to the head of the queue."""
        async with self._writing:
            batch = list(self._unwritten)
            self._unwritten.clear()
            self._to_write.clear()
            if not batch:
                return
            write = asyncio.ensure_future(self._log.append(batch))
            try:
                await asyncio.shield(write)
            except OSError as error:
                self._say.error("journal.not_written", waiting=len(batch), reason=str(error))
            finally:
                await asyncio.wait({write})  # a write under way happens, whoever is cancelled meanwhile
                if write.exception():
                    self._put_back(batch)

    def _put(self, record: Record) -> None:
        if len(self._unwritten) == MOST_UNWRITTEN:
            self.dropped += 1
        self._unwritten.append(record)
        self._to_write.set()

    def _put_back(self, batch: list[Record]) -> None:
        waiting = [*batch, *self._unwritten]
        self.dropped += max(0, len(waiting) - MOST_UNWRITTEN)
        self._unwritten = deque(waiting, maxlen=MOST_UNWRITTEN)
        self._to_write.set()
