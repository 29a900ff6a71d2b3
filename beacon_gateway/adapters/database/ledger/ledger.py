"""The ledger: which pages this gateway made, which bindings it wrote, how both were when last right, and the audit.

The audit log is append-only, and the file itself sees to it.
"""

import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

from beacon_gateway.adapters.database.connection import Database
from beacon_gateway.adapters.database.ledger.audit_rows import (
    COLUMNS,
    SETBACK,
    from_row,
    page_of,
    page_text,
    refs_of,
    refs_text,
    setback_of,
    setback_row,
    to_row,
)
from beacon_gateway.adapters.database.ledger.doubtful_lines import DoubtfulLines
from beacon_gateway.adapters.database.ledger.hold_rows import things_of, things_text
from beacon_gateway.adapters.database.ledger.ledger_schema import MIGRATIONS
from beacon_gateway.core.bindings.history.audit import AuditLine, LedgerEntry
from beacon_gateway.core.bindings.history.undo import done_by
from beacon_gateway.core.bindings.target import Declared, Existing, Hold, Ledger, PageRef, TryLater
from beacon_gateway.core.log.holdings import Holding
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.wechat.account_identity import AccountIdentity, refuse_other

T = TypeVar("T")

FILE: Final = "ledger.db"
LOCK_FILE: Final = "sync.lock"
MAX_SETBACKS: Final = 1000
"""The newest are kept; a store has a few, as long as somebody mends its files."""


class LedgerFile(Database):
    """ledger.db in the gateway's state folder. Raises NeedsOperator where it is of another than a given `account`."""

    def __init__(
        self,
        folder: Path,
        *,
        read_only: bool = False,
        account: AccountIdentity | None = None,
    ) -> None:
        super().__init__(folder / FILE, MIGRATIONS, read_only=read_only)
        self._account = account
        self._lock_path = folder / LOCK_FILE
        self._doubtful = DoubtfulLines()
        self._wrote = False
        self._seen: int | None = None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Hold the lock under which the target is written. Raises TryLater while another process holds it."""
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe is not waited for
        with os.fdopen(os.open(self._lock_path, flags, 0o666), "ab", buffering=0) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise TryLater("another process is writing to the target; try again in a minute") from error
            try:
                yield
            finally:
                if self._wrote:  # other processes see by its time that this one did
                    with suppress(OSError):
                        os.utime(lock.fileno())
                self._wrote, self._seen = False, self._stamp()

    def mark_seen(self) -> None:
        """Take what others noted so far as seen."""
        self._seen = self._stamp()

    def another_wrote(self) -> bool:
        """Return whether another process noted something since `mark_seen`; cheap."""
        return self._stamp() != self._seen

    async def read(self) -> Ledger:
        def read(db: sqlite3.Connection) -> Ledger:
            refuse_other(_account_of(db), self._account)
            return _read(db)

        return await self.run(read)

    async def record(self, entry: LedgerEntry) -> None:
        def record(db: sqlite3.Connection) -> None:
            self.claim(db)
            lines = self._doubtful.not_there(db, entry.lines)
            self._doubtful.about_to_write(db, lines)
            _record(db, entry, lines)

        await self._write(record)
        self._doubtful.committed(entry.lines)

    async def put_hold(self, hold: Hold | None) -> None:
        await self._write(lambda db: _put_hold(db, hold))

    async def put_edit_due(self, *, due: bool) -> None:
        await self._write(lambda db: _put_edit_due(db, due=due))

    async def begin_run(self, revision: str) -> int:
        def begin(db: sqlite3.Connection) -> int:
            self.claim(db)
            return _begin_run(db, revision)

        return await self._write(begin)

    async def end_run(self, number: int) -> None:
        await self.run(lambda db: db.execute("UPDATE run SET ended = 1 WHERE id = ?", (number,)))

    async def last_run(self) -> tuple[AuditLine, ...]:
        return await self.run(_last_run)

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        self._wrote = True
        return await self.run(work)

    def _stamp(self) -> int | None:
        """Return when somebody last noted something under the lock; None where nobody ever did."""
        try:
            return self._lock_path.stat().st_mtime_ns
        except OSError:
            return None

    async def holding(self) -> Holding:
        """Return how many lines of the audit log there are, and since when."""
        rows, oldest = await self.run(lambda db: db.execute("SELECT COUNT(*), MIN(at) FROM audit").fetchone())
        return Holding("audit", rows, datetime.fromisoformat(oldest) if oldest else None)

    async def audit(self, *, since: datetime | None, limit: int) -> list[AuditLine]:
        """Return the newest `limit` lines since then, oldest first."""
        return await self.run(lambda db: _audit(db, since, limit))

    def claim(self, db: sqlite3.Connection) -> None:
        """Note whose ledger this is, in the transaction that writes. Raise NeedsOperator if it is another's."""
        known = _account_of(db)
        refuse_other(known, self._account)
        if self._account and known != self._account:
            row = (self._account.appid, self._account.api_base)
            db.execute("INSERT OR REPLACE INTO account (id, appid, api_base) VALUES (1, ?, ?)", row)


def _account_of(db: sqlite3.Connection) -> AccountIdentity | None:
    row = db.execute("SELECT appid, api_base FROM account").fetchone()
    return AccountIdentity(*row) if row else None


def _read(db: sqlite3.Connection) -> Ledger:
    bindings: dict[BeaconKey, set[PageRef]] = {}
    for uuid, major, minor, ref in db.execute("SELECT uuid, major, minor, ref FROM binding"):
        bindings.setdefault(BeaconKey(UUID(bytes=uuid), major, minor), set()).add(PageRef(ref))
    hold = db.execute("SELECT revision, at, who, why, things FROM hold").fetchone()
    return Ledger(
        pages={slug: PageRef(ref) for slug, ref in db.execute("SELECT slug, ref FROM page")},
        bindings={key: frozenset(refs) for key, refs in bindings.items()},
        verified=_as_they_were(db, "verified"),
        hold=Hold(hold[0], datetime.fromisoformat(hold[1]), hold[2], hold[3], things_of(hold[4])) if hold else None,
        declared={
            BeaconKey(UUID(bytes=uuid), major, minor): Declared(floor, slug, name)
            for uuid, major, minor, floor, slug, name in db.execute(
                "SELECT uuid, major, minor, floor, slug, name FROM declared"
            )
        },
        sent=_as_they_were(db, "sent"),
        setbacks={row[0]: setback_of(row[1:]) for row in db.execute(f"SELECT sent, {SETBACK} FROM setback")},
        vanished=frozenset(
            BeaconKey(UUID(bytes=uuid), major, minor)
            for uuid, major, minor in db.execute("SELECT uuid, major, minor FROM vanished")
        ),
        edit_is_due=db.execute("SELECT 1 FROM due WHERE what = 'edit'").fetchone() is not None,
    )


def _as_they_were(db: sqlite3.Connection, when: str) -> Existing:
    """Read whole pages and bindings as they were `verified`, or `sent`."""
    bindings = db.execute(f"SELECT uuid, major, minor, refs FROM {when}_binding")
    return Existing(
        {PageRef(ref): page_of(text) for ref, text in db.execute(f"SELECT ref, page FROM {when}_page")},
        {BeaconKey(UUID(bytes=uuid), major, minor): refs_of(text) for uuid, major, minor, text in bindings},
    )


def _record(db: sqlite3.Connection, entry: LedgerEntry, lines: Iterable[AuditLine]) -> None:
    marks = ", ".join("?" * (COLUMNS.count(",") + 1))
    db.executemany(f"INSERT INTO audit ({COLUMNS}) VALUES ({marks})", map(to_row, lines))
    db.executemany("INSERT OR REPLACE INTO page VALUES (?, ?)", entry.pages.items())
    for beacon, pages in entry.bindings.items():
        key = _columns(beacon)
        db.execute("DELETE FROM binding WHERE uuid = ? AND major = ? AND minor = ?", key)
        db.executemany("INSERT INTO binding VALUES (?, ?, ?, ?)", [(*key, ref) for ref in sorted(pages)])
    _put_as_they_are(db, "sent", entry.sent)
    _put_as_they_are(db, "verified", entry.verified)
    _forget_sent(db, (*entry.verified.pages, *entry.verified.bindings, *entry.unsent, *entry.gone))
    db.executemany(
        "INSERT OR REPLACE INTO declared (uuid, major, minor, floor, slug, name) VALUES (?, ?, ?, ?, ?, ?)",
        [(*_columns(key), place.floor, place.slug, place.name) for key, place in entry.declared.items()],
    )
    if entry.vanished is not None:
        db.execute("DELETE FROM vanished")
        db.executemany("INSERT INTO vanished VALUES (?, ?, ?)", [_columns(key) for key in sorted(entry.vanished)])
    for ref in entry.gone:
        db.execute("DELETE FROM page WHERE ref = ?", (ref,))
        db.execute("DELETE FROM verified_page WHERE ref = ?", (ref,))
    _put_setbacks(db, entry)


def _put_as_they_are(db: sqlite3.Connection, when: str, existing: Existing) -> None:
    db.executemany(
        f"INSERT OR REPLACE INTO {when}_page VALUES (?, ?)",
        [(ref, page_text(page)) for ref, page in existing.pages.items()],
    )
    db.executemany(
        f"INSERT OR REPLACE INTO {when}_binding VALUES (?, ?, ?, ?)",
        [(*_columns(key), refs_text(refs)) for key, refs in existing.bindings.items()],
    )


def _forget_sent(db: sqlite3.Connection, what: Iterable[BeaconKey | PageRef]) -> None:
    for item in what:
        if isinstance(item, BeaconKey):
            db.execute("DELETE FROM sent_binding WHERE uuid = ? AND major = ? AND minor = ?", _columns(item))
        else:
            db.execute("DELETE FROM sent_page WHERE ref = ?", (item,))


def _put_setbacks(db: sqlite3.Connection, entry: LedgerEntry) -> None:
    db.executemany("DELETE FROM setback WHERE sent = ?", [(sent,) for sent in entry.settled])
    db.executemany(
        "INSERT OR REPLACE INTO setback VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(sent, *setback_row(setback)) for sent, setback in entry.setbacks.items()],
    )
    if entry.setbacks:
        db.execute(
            "DELETE FROM setback WHERE sent NOT IN (SELECT sent FROM setback ORDER BY at DESC LIMIT ?)", (MAX_SETBACKS,)
        )


def _columns(key: BeaconKey) -> tuple[bytes, int, int]:
    return key.uuid.bytes, key.major, key.minor


def _put_edit_due(db: sqlite3.Connection, *, due: bool) -> None:
    if due:
        db.execute("INSERT OR IGNORE INTO due VALUES ('edit')")
    else:
        db.execute("DELETE FROM due WHERE what = 'edit'")


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
