"""One SQLite file, used from a thread of its own: a flush to an SD card may take a second, and the radio must not wait.

WAL with synchronous=FULL: a commit is on the card when it returns, whatever happens to the power (SQLite, "WAL mode").
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

T = TypeVar("T")

BUSY_PAUSE: Final = 0.02
BUSY_SECONDS: Final = 5.0
"""How long to wait for another process (a `hits` query, an `apply`) before giving up."""


class Database:
    """A file with a schema. Use as an async context manager; opening makes the file, its folder and its tables.

    Raises OSError where the file cannot be opened, read or written now.
    """

    def __init__(self, path: Path, migrations: Sequence[str], *, read_only: bool = False) -> None:
        self._path, self._migrations, self._read_only = path, migrations, read_only
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=path.stem)
        self._connection: sqlite3.Connection | None = None

    async def __aenter__(self) -> Self:
        try:
            self._connection = await asyncio.get_running_loop().run_in_executor(self._thread, self._open)
        except BaseException:
            self._thread.shutdown(wait=False)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in one transaction in the database's thread; all of it happens or nothing."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._connection is None:
            raise RuntimeError("the database is not open")
        try:
            with self._connection:
                return work(self._connection)
        except sqlite3.Error as error:
            raise OSError(f"{self._path.name}: {error}") from error

    def _open(self) -> sqlite3.Connection:
        if not self._read_only:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        give_up = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                return self._connect()
            except sqlite3.Error as error:
                # SQLite itself does not wait where two make a file, or turn its WAL on, at the same moment.
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                    raise OSError(f"{self._path}: {error}") from error
                time.sleep(BUSY_PAUSE)

    def _connect(self) -> sqlite3.Connection:
        mode = "ro" if self._read_only else "rwc"
        connection = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS, check_same_thread=False
        )
        try:
            if not self._read_only:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
            self._migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _migrate(self, connection: sqlite3.Connection) -> None:
        version = _version(connection)
        if version > len(self._migrations):
            raise OSError(
                f"{self._path} was written by a newer beacon-gateway (format {version}, this one knows "
                f"{len(self._migrations)}). Install that version again, or move the file aside."
            )
        if self._read_only:
            return
        for number, statements in enumerate(self._migrations[version:], version + 1):
            script = f"BEGIN IMMEDIATE; {statements}; PRAGMA user_version = {number}; COMMIT;"
            try:
                connection.executescript(script)
            except sqlite3.OperationalError:
                connection.rollback()
                if _version(connection) < number:  # else another process was faster
                    raise

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _version(connection: sqlite3.Connection) -> int:
    with closing(connection.execute("PRAGMA user_version")) as row:
        return int(row.fetchone()[0])
