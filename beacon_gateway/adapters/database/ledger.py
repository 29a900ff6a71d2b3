"""The ledger: which pages this gateway made, which bindings it wrote, how both were when last right, and the audit.

The audit log is append-only, and the file itself sees to it.
"""

import fcntl
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from beacon_gateway.adapters.database.audit_rows import (
    COLUMNS,
    from_row,
    page_of,
    page_text,
    refs_of,
    refs_text,
    to_row,
)
from beacon_gateway.adapters.database.connection import Database
from beacon_gateway.adapters.database.hold_rows import things_of, things_text
from beacon_gateway.core.audit import AuditLine, Entry
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.log.holdings import Holding
from beacon_gateway.core.target import Declared, Existing, Hold, Ledger, PageRef, TryLater
from beacon_gateway.core.undo import done_by

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
    """
    ALTER TABLE audit ADD COLUMN who TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN why TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN revision TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN run INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE audit ADD COLUMN image TEXT;
    CREATE TRIGGER audit_stays_as_written BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
    CREATE TRIGGER audit_keeps_its_lines BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
    CREATE TABLE run (id INTEGER PRIMARY KEY, revision TEXT NOT NULL, ended INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE TABLE verified_page (ref TEXT PRIMARY KEY, page TEXT NOT NULL) STRICT;
    CREATE TABLE verified_binding (
        uuid BLOB NOT NULL, major INTEGER NOT NULL, minor INTEGER NOT NULL, refs TEXT NOT NULL,
        PRIMARY KEY (uuid, major, minor)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE hold (
        id INTEGER PRIMARY KEY CHECK (id = 1), revision TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL,
        why TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE declared (
        uuid BLOB NOT NULL, major INTEGER NOT NULL, minor INTEGER NOT NULL,
        floor TEXT NOT NULL, slug TEXT NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (uuid, major, minor)
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE hold ADD COLUMN things TEXT NOT NULL DEFAULT '{}'
    """,
)


class LedgerFile(Database):
    """ledger.db in the gateway's state folder."""

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        super().__init__(folder / FILE, MIGRATIONS, read_only=read_only)
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

    async def record(self, entry: Entry) -> None:
        await self.run(lambda db: _record(db, entry))

    async def put_hold(self, hold: Hold | None) -> None:
        await self.run(lambda db: _put_hold(db, hold))

    async def begin_run(self, revision: str) -> int:
        return await self.run(lambda db: _begin_run(db, revision))

    async def end_run(self, number: int) -> None:
        await self.run(lambda db: db.execute("UPDATE run SET ended = 1 WHERE id = ?", (number,)))

    async def last_run(self) -> tuple[AuditLine, ...]:
        return await self.run(_last_run)

    async def holding(self) -> Holding:
        """Give how many lines of the audit log there are, and since when."""
        rows, oldest = await self.run(lambda db: db.execute("SELECT COUNT(*), MIN(at) FROM audit").fetchone())
        return Holding("audit", rows, datetime.fromisoformat(oldest) if oldest else None)

    async def audit(self, *, since: datetime | None, limit: int) -> list[AuditLine]:
        """Give the newest `limit` lines since then, oldest first."""
        return await self.run(lambda db: _audit(db, since, limit))


def _read(db: sqlite3.Connection) -> Ledger:
    bindings: dict[BeaconKey, set[PageRef]] = {}
    for uuid, major, minor, ref in db.execute("SELECT uuid, major, minor, ref FROM binding"):
        bindings.setdefault(BeaconKey(UUID(bytes=uuid), major, minor), set()).add(PageRef(ref))
    verified = db.execute("SELECT uuid, major, minor, refs FROM verified_binding")
    hold = db.execute("SELECT revision, at, who, why, things FROM hold").fetchone()
    return Ledger(
        pages={slug: PageRef(ref) for slug, ref in db.execute("SELECT slug, ref FROM page")},
        bindings={key: frozenset(refs) for key, refs in bindings.items()},
        verified=Existing(
            {PageRef(ref): page_of(text) for ref, text in db.execute("SELECT ref, page FROM verified_page")},
            {BeaconKey(UUID(bytes=uuid), major, minor): refs_of(text) for uuid, major, minor, text in verified},
        ),
        hold=Hold(hold[0], datetime.fromisoformat(hold[1]), hold[2], hold[3], things_of(hold[4])) if hold else None,
        declared={
            BeaconKey(UUID(bytes=uuid), major, minor): Declared(floor, slug, name)
            for uuid, major, minor, floor, slug, name in db.execute(
                "SELECT uuid, major, minor, floor, slug, name FROM declared"
            )
        },
    )


def _record(db: sqlite3.Connection, entry: Entry) -> None:
    marks = ", ".join("?" * (COLUMNS.count(",") + 1))
    db.executemany(f"INSERT INTO audit ({COLUMNS}) VALUES ({marks})", map(to_row, entry.lines))
    db.executemany("INSERT OR REPLACE INTO page VALUES (?, ?)", entry.pages.items())
    for beacon, pages in entry.bindings.items():
        key = (beacon.uuid.bytes, beacon.major, beacon.minor)
        db.execute("DELETE FROM binding WHERE uuid = ? AND major = ? AND minor = ?", key)
        db.executemany("INSERT INTO binding VALUES (?, ?, ?, ?)", [(*key, ref) for ref in sorted(pages)])
    db.executemany(
        "INSERT OR REPLACE INTO verified_page VALUES (?, ?)",
        [(ref, page_text(page)) for ref, page in entry.verified.pages.items()],
    )
    db.executemany(
        "INSERT OR REPLACE INTO verified_binding VALUES (?, ?, ?, ?)",
        [(key.uuid.bytes, key.major, key.minor, refs_text(refs)) for key, refs in entry.verified.bindings.items()],
    )
    db.executemany(
        "INSERT OR REPLACE INTO declared (uuid, major, minor, floor, slug, name) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (key.uuid.bytes, key.major, key.minor, place.floor, place.slug, place.name)
            for key, place in entry.declared.items()
        ],
    )
    for ref in entry.gone:
        db.execute("DELETE FROM page WHERE ref = ?", (ref,))
        db.execute("DELETE FROM verified_page WHERE ref = ?", (ref,))


def _put_hold(db: sqlite3.Connection, hold: Hold | None) -> None:
    db.execute("DELETE FROM hold")
    if hold:
        line = (hold.revision, hold.at.isoformat(), hold.who, hold.why, things_text(hold.things))
        db.execute("INSERT INTO hold (id, revision, at, who, why, things) VALUES (1, ?, ?, ?, ?, ?)", line)


def _begin_run(db: sqlite3.Connection, revision: str) -> int:
    last = db.execute("SELECT id, revision, ended FROM run ORDER BY id DESC LIMIT 1").fetchone()
    if last and last[1:] == (revision, 0):
        return int(last[0])
    begun = db.execute("INSERT INTO run (revision) VALUES (?)", (revision,)).lastrowid
    return int(begun or 0)


def _last_run(db: sqlite3.Connection) -> tuple[AuditLine, ...]:
    runs = db.execute("SELECT id FROM run ORDER BY id DESC").fetchall()
    for (number,) in runs:
        rows = db.execute(f"SELECT {COLUMNS} FROM audit WHERE run = ? ORDER BY id", (number,))
        lines = tuple(map(from_row, rows))
        if done_by(lines):
            return lines
    return ()


def _audit(db: sqlite3.Connection, since: datetime | None, limit: int) -> list[AuditLine]:
    first = since.astimezone(UTC).isoformat() if since else ""  # lines are written in UTC, and compared as text
    rows = db.execute(
        f"SELECT {COLUMNS} FROM audit WHERE at >= ? ORDER BY id DESC LIMIT ?",
        (first, limit),
    ).fetchall()
    return [from_row(row) for row in reversed(rows)]
