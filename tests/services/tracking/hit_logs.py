"""Hit logs that do not do what they are told at once."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.core.log.logged import LoggedHit, LoggedMinute, Record
from beacon_gateway.core.log.timeline import ClockSegment

T = TypeVar("T")


class FakeHitLog:
    """Keeps in memory what it is given, while `failure` is None."""

    def __init__(self) -> None:
        self.batches: list[list[Record]] = []
        self.segments: list[ClockSegment] = []
        """As they were told."""
        self.failure: Exception | None = None
        self.attempts = 0
        self._changed = asyncio.Event()

    @property
    def hits(self) -> list[LoggedHit]:
        return [record for batch in self.batches for record in batch if isinstance(record, LoggedHit)]

    @property
    def others(self) -> list[Record]:
        """Return what is neither hit nor minute."""
        kinds = (LoggedHit, LoggedMinute)
        return [record for batch in self.batches for record in batch if not isinstance(record, kinds)]

    @property
    def minutes(self) -> list[LoggedMinute]:
        return [record for batch in self.batches for record in batch if isinstance(record, LoggedMinute)]

    async def append(self, records: Sequence[Record], segments: Sequence[ClockSegment]) -> None:
        self.attempts += 1
        self._changed.set()
        self._changed = asyncio.Event()
        if self.failure:
            raise self.failure
        self.batches.append(list(records))
        self.segments += segments

    async def attempted(self, times: int) -> None:
        """Return once `append` was called so often."""
        while self.attempts < times:
            await self._changed.wait()


class StuckHitLog(HitLogFile):
    """The real file on a card that does not finish a write before `free` is called."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.writing = asyncio.Event()
        self._freed = threading.Event()

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        loop = asyncio.get_running_loop()

        def when_freed(connection: sqlite3.Connection) -> T:
            loop.call_soon_threadsafe(self.writing.set)
            self._freed.wait()
            return work(connection)

        return await super().run(when_freed)

    def free(self) -> None:
        self._freed.set()
