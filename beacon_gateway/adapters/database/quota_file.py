"""The calls of each Beijing day and path, and the parked paths, so that both outlast a restart.

The daemon and an `apply` on the same Pi share the file and add to it. Another machine with the same appid has its own:
WeChat's count may be higher than ours.
"""

import asyncio
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import structlog

from beacon_gateway.adapters.database.connection import Database
from beacon_gateway.adapters.database.unsaved_calls import TABLE, Counts, UnsavedCalls
from beacon_gateway.core.model.beijing import beijing_day
from beacon_gateway.core.wechat.quota import Quota

FILE: Final = "quota.db"
SAVE_AFTER_S: Final = 5.0
"""Seconds for which counts gather before they are written: an SD card wears by the commit. A crash loses these."""
KEPT: Final = timedelta(days=31)

MIGRATIONS: Final = (
    """
    CREATE TABLE calls (
        day TEXT NOT NULL,          -- of Beijing
        path TEXT NOT NULL,
        calls INTEGER NOT NULL,
        PRIMARY KEY (day, path)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE parked (
        path TEXT PRIMARY KEY,
        until REAL NOT NULL         -- UTC, Unix seconds
    ) STRICT, WITHOUT ROWID
    """,
    TABLE,
)


class QuotaFile(Database):
    """quota.db in the gateway's state folder. Use as an async context manager: it reads at the start, saves at the end.

    A card that cannot be read or written costs counts and a line in the log, and no call.
    """

    def __init__(
        self, folder: Path, save_after: float = SAVE_AFTER_S, chance: Callable[[int], str] = secrets.token_hex
    ) -> None:
        super().__init__(folder / FILE, MIGRATIONS, put_aside=True)
        self._quota = Quota()
        self._unsaved = UnsavedCalls(chance(8))
        self._unsaved_parks: dict[str, datetime] = {}
        self._save_after = save_after
        self._saving: asyncio.Task[None] | None = None
        self._trouble = ""
        """Why the counts could not be written last; "" once they were."""
        self._log = structlog.get_logger("quota")

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        if self.put_aside_because:
            self._log.warning("quota.put_aside", reason=self.put_aside_because)
        try:
            calls, parked = await self.run(_read)
        except OSError as error:
            self._trouble = str(error)
            self._log.warning("quota.not_read", reason=self._trouble)
            return self
        for day, path, count in calls:
            self._quota.add(day, path, count)
        self._quota.remember(parked)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._saving:
            self._saving.cancel()
            with suppress(asyncio.CancelledError):
                await self._saving
        await self.save()
        await super().__aexit__(kind, error, trace)

    def count(self, path: str, at: datetime) -> None:
        """Count a call, to be written soon."""
        self._quota.count(path, at)
        self._unsaved.count(beijing_day(at), path)
        self._save_soon()

    def park(self, path: str, at: datetime) -> datetime:
        """Take a path out of use; return the moment at which it is back."""
        until = self._quota.park(path, at)
        self._unsaved_parks[path] = until
        self._save_soon()
        return until

    def parked_until(self, path: str, at: datetime) -> datetime | None:
        return self._quota.parked_until(path, at)

    def used(self, at: datetime) -> dict[str, int]:
        """Return the calls of each path on a Beijing day: ours, and what the file held when it was opened."""
        return dict(self._quota.used(at))

    def parked(self, at: datetime) -> dict[str, datetime]:
        return dict(self._quota.parked(at))

    def _save_soon(self) -> None:
        if self._saving is None or self._saving.done():
            self._saving = asyncio.create_task(self._save_after_a_while(), name="quota")

    async def _save_after_a_while(self) -> None:
        saved = True
        while saved and (self._unsaved or self._unsaved_parks):
            await asyncio.sleep(self._save_after)
            saved = await self.save()

    async def save(self) -> bool:
        """Write what has gathered. True if it is on the card; what is not is written with the next counts."""
        if not self._unsaved and not self._unsaved_parks:
            return True
        calls, parks = self._unsaved.take(), self._unsaved_parks
        self._unsaved_parks = {}
        try:
            await self.run(lambda db: _write(db, self._unsaved, calls, parks))
        except OSError as error:
            self._unsaved.failed(calls)
            self._unsaved_parks = parks | self._unsaved_parks
            if str(error) != self._trouble:  # told once, and not every five seconds for as long as a card is full
                self._log.warning("quota.not_saved", reason=str(error))
            self._trouble = str(error)
            return False
        self._unsaved.saved()
        self._trouble = ""
        return True


def _read(db: sqlite3.Connection) -> tuple[list[tuple[date, str, int]], list[tuple[str, datetime]]]:
    calls = [
        (date.fromisoformat(day), path, count)
        for day, path, count in db.execute("SELECT day, path, calls FROM calls ORDER BY day")
    ]
    parked = [
        (path, datetime.fromtimestamp(until, UTC)) for path, until in db.execute("SELECT path, until FROM parked")
    ]
    return calls, parked


def _write(db: sqlite3.Connection, unsaved: UnsavedCalls, calls: Counts, parks: dict[str, datetime]) -> None:
    db.executemany(
        "INSERT OR REPLACE INTO parked VALUES (?, ?)", [(path, until.timestamp()) for path, until in parks.items()]
    )
    if calls:
        oldest = (max(day for day, _ in calls) - KEPT).isoformat()
        for table in ("calls", "saved"):
            db.execute(f"DELETE FROM {table} WHERE day < ?", (oldest,))
    unsaved.write(db, calls)
