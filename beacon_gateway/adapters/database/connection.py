"""One SQLite file, used from a thread of its own: a flush to an SD card may take a second, and the radio must not wait.

WAL with synchronous=FULL: a commit is on the card when it returns, whatever happens to the power (SQLite, "WAL mode").
A file that cannot be used now is tried again at the next use, so that a full or read-only card stops nothing for good.
"""

import asyncio
import errno
import sqlite3
import stat
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

T = TypeVar("T")

BUSY_RETRY_AFTER_S: Final = 0.02
BUSY_TIMEOUT_S: Final = 5.0
"""How long to wait for another process (a `hits` query, an `apply`) before giving up."""
PAGE_BYTES: Final = 2048
"""Of a new file. A commit writes the last page of each table that grew anew, so small pages spare the card; but smaller
ones cost more at a hundred rows a second. Measured: `make bench-card`."""
CHECKPOINT_PAGES: Final = 2000
"""The WAL is written back when it has so many, 4 MB: each page that changed is written once more then."""

_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_OPEN_ANEW: Final = _DAMAGED | {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
"""After these a connection may go on failing when the cause is gone."""


class _NewerFormat(sqlite3.DatabaseError):
    """The file was written by a newer version of this program."""


class Database:
    """A file with a schema. Use as an async context manager; the first use makes the file, its folder and its tables.

    With `put_aside`, a file that is damaged, or of a newer version, is moved aside, never deleted, and a new one begun.
    """

    def __init__(
        self,
        path: Path,
        migrations: Sequence[str],
        *,
        read_only: bool = False,
        put_aside: bool = False,
    ) -> None:
        self._path, self._migrations, self._read_only, self._put_aside = path, migrations, read_only, put_aside
        self.put_aside_because = ""
        """Why the last file was put aside, and its new name; "" where none was."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=path.stem)
        self._connection: sqlite3.Connection | None = None
        self._identity = (0, 0)
        """Device and inode of the file that is open."""
        self._is_open = False

    async def __aenter__(self) -> Self:
        """Open. Raise OSError where the file is opened for reading: a writer tries again when it writes."""
        self._is_open = True
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._open)
        except BaseException as error:  # a cancellation as well: the thread must not stay behind
            if isinstance(error, OSError) and not self._read_only:
                return self  # the next use tries again
            # Waits: a cancelled opening goes on in its thread, and would make files where nobody expects any more.
            self._thread.shutdown()
            self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in one transaction in the database's thread; all of it happens or nothing.

        Raises OSError where the file cannot be opened, read or written now.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    def forget(self) -> None:
        """Forget what is known of the file's content: a transaction failed. Called in the database's thread."""

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if not self._is_open:
            raise RuntimeError("the database is not open")
        if self._connection is not None and not self._is_still_there():
            self._close()
        connection = self._connection or self._open()
        try:
            with connection:
                return work(connection)
        except sqlite3.Error as error:
            self.forget()
            raise self._as_os_error(error) from error
        except BaseException:  # a value that SQLite has no type for: this transaction is undone as well
            self.forget()
            raise

    def _open(self) -> sqlite3.Connection:
        if not self._read_only:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        give_up = time.monotonic() + BUSY_TIMEOUT_S
        while True:
            try:
                self._connection = self._connect()
            except sqlite3.Error as error:
                # SQLite itself does not wait where two make a file, or turn its WAL on, at the same moment.
                if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                    raise self._as_os_error(error) from error
                time.sleep(BUSY_RETRY_AFTER_S)
            else:
                self._identity = self._identity_now()
                return self._connection

    def _connect(self) -> sqlite3.Connection:
        self._refuse_other_kinds()
        mode = "ro" if self._read_only else "rwc"
        connection = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_TIMEOUT_S, check_same_thread=False
        )
        try:
            version = self._known_version(connection)
            if not self._read_only:
                connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
            self._migrate(connection, version)
        except BaseException:  # whatever it is, nobody else would close it
            connection.close()
            raise
        return connection

    def _refuse_other_kinds(self) -> None:
        """Raise OSError where a pipe, a device or a folder has the place of a file: SQLite would wait for ever."""
        for suffix in ("", "-wal", "-shm"):
            path = self._path.with_name(self._path.name + suffix)
            with suppress(FileNotFoundError):
                if not stat.S_ISREG(path.stat().st_mode):
                    raise OSError(errno.EINVAL, "no regular file", str(path))

    def _known_version(self, connection: sqlite3.Connection) -> int:
        """Return the file's format. Raise where it is a newer one, before anything in the file is changed."""
        version = _version(connection)
        if version > len(self._migrations):
            raise _NewerFormat(
                f"was written by a newer beacon-gateway (format {version}, this one knows {len(self._migrations)})"
            )
        return version

    def _migrate(self, connection: sqlite3.Connection, version: int) -> None:
        if self._read_only:
            if version < len(self._migrations):
                raise OSError(f"{self._path} is of an older version: start the gateway once, it brings it up to date")
            return
        for number, statements in enumerate(self._migrations[version:], version + 1):
            script = f"BEGIN IMMEDIATE; {statements}; PRAGMA user_version = {number}; COMMIT;"
            try:
                connection.executescript(script)
            except sqlite3.OperationalError:
                connection.rollback()
                if _version(connection) < number:  # else another process was faster
                    raise

    def _as_os_error(self, error: sqlite3.Error) -> OSError:
        """Say what happened, and do what lets the next use begin anew."""
        code = _code(error)
        if code in _OPEN_ANEW:
            self._close()
        is_newer = isinstance(error, _NewerFormat)
        if self._put_aside and (is_newer or code in _DAMAGED):
            what = str(error) if is_newer else f"is damaged ({error})"
            kept_as = self._move_aside("newer" if is_newer else "damaged")
            self.put_aside_because = f"{self._path.name} {what}; it was kept as {kept_as}"
            return OSError(self.put_aside_because)
        if is_newer:
            return OSError(f"{self._path} {error}. Install that version again, or move the file aside.")
        return OSError(f"{self._path}: {error}")

    def _move_aside(self, why: str) -> str:
        """Rename the file and what belongs to it; return its new name."""
        stem = f"{self._path.name}.{why}"
        free = (f"{stem}-{number}" for number in count(1))
        name = next(name for name in free if not self._path.with_name(name).exists())
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                self._path.with_name(self._path.name + suffix).rename(self._path.with_name(name + suffix))
        return name

    def _is_still_there(self) -> bool:
        """True if the file has not been moved or deleted underneath: SQLite would write to it all the same."""
        try:
            return self._identity_now() == self._identity
        except OSError:
            return False

    def _identity_now(self) -> tuple[int, int]:
        stat = self._path.stat()
        return stat.st_dev, stat.st_ino

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
            self.forget()


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code; 0 for an error of Python's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _version(connection: sqlite3.Connection) -> int:
    with closing(connection.execute("PRAGMA user_version")) as row:
        return int(row.fetchone()[0])
