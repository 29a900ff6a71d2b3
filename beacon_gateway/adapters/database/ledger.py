"""The ledger: which pages this gateway made, which bindings it wrote, and an audit line for each change."""

import fcntl
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from beacon_gateway.adapters.database.connection import Database
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.target import Ledger, PageRef, TryLater

FILE: Final = "ledger.db"
LOCK_FILE: Final = "sync.lock"

MIGRATIONS: Final = (
    """
    CREATE TABLE page (slug TEXT PRIMARY KEY, ref TEXT NOT NULL) STRICT;
    CREATE TABLE binding (
        uuid BLOB NOT NULL, major INTEGER NOT NULL, minor INTEGER NOT NULL, ref TEXT NOT NULL,
        PRIMARY KEY (uuid, major, minor, ref)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, cause TEXT NOT NULL, plan TEXT NOT NULL,
        change TEXT NOT NULL, outcome TEXT NOT NULL
    ) STRICT
    """,
)


class LedgerFile(Database):
    """ledger.db in the gateway's state folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / FILE, MIGRATIONS)
        self._lock_path = folder / LOCK_FILE

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Hold the lock under which the target is written. Raises TryLater while another process holds it."""
        with self._lock_path.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise TryLater("another process is writing to the target; try again in a minute") from error
            yield

    async def read(self) -> Ledger:
        return await self.run(_read)

    async def put_page(self, slug: str, ref: PageRef) -> None:
        await self.run(lambda db: db.execute("INSERT OR REPLACE INTO page VALUES (?, ?)", (slug, ref)))

    async def put_binding(self, beacon: BeaconKey, pages: frozenset[PageRef]) -> None:
        await self.run(lambda db: _put_binding(db, beacon, pages))

    async def note(self, at: datetime, cause: str, plan: str, change: str, outcome: str) -> None:
        line = (at.isoformat(), cause, plan, change, outcome)
        await self.run(
            lambda db: db.execute("INSERT INTO audit (at, cause, plan, change, outcome) VALUES (?, ?, ?, ?, ?)", line)
        )


def _read(db: sqlite3.Connection) -> Ledger:
    bindings: dict[BeaconKey, set[PageRef]] = {}
    for uuid, major, minor, ref in db.execute("SELECT uuid, major, minor, ref FROM binding"):
        bindings.setdefault(BeaconKey(UUID(bytes=uuid), major, minor), set()).add(PageRef(ref))
    return Ledger(
        pages={slug: PageRef(ref) for slug, ref in db.execute("SELECT slug, ref FROM page")},
        bindings={key: frozenset(refs) for key, refs in bindings.items()},
    )


def _put_binding(db: sqlite3.Connection, beacon: BeaconKey, pages: frozenset[PageRef]) -> None:
    key = (beacon.uuid.bytes, beacon.major, beacon.minor)
    db.execute("DELETE FROM binding WHERE uuid = ? AND major = ? AND minor = ?", key)
    db.executemany("INSERT INTO binding VALUES (?, ?, ?, ?)", [(*key, ref) for ref in sorted(pages)])
