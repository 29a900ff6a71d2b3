"""The files themselves: where they may lie, who may open them, and what a power cut leaves of them."""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from beacon_gateway.adapters.database.connection import Database
from beacon_gateway.adapters.database.ledger.ledger import FILE as LEDGER
from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.adapters.database.log.hit_log import FILE, HitLogFile, LogFilter
from tests.adapters.database.hits import KEY, STRETCH, hit
from tests.as_nobody import as_nobody

EVERYTHING = LogFilter(limit=1_000_000)
FULL: Final = 2
NO_DATABASE: Final = "not a database, but perhaps of value to somebody\n" * 50
KINDS = pytest.mark.parametrize("kind", [HitLogFile, LedgerFile])

WRITE_UNTIL_KILLED = """
import asyncio, sys
from pathlib import Path
from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from tests.adapters.database.hits import hit, STRETCH

async def main():
    async with HitLogFile(Path(sys.argv[1])) as log:
        number = 0
        while True:
            await log.append([hit(number + one) for one in range(3)], [STRETCH])
            number += 3
            print(number, flush=True)

asyncio.run(main())
"""

BIND_UNTIL_KILLED = """
import asyncio, sys
from pathlib import Path
from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.core.bindings.history.audit import LedgerEntry
from tests.adapters.database.hits import KEY, STRETCH

async def main():
    async with LedgerFile(Path(sys.argv[1])) as ledger:
        number = 0
        while True:
            await ledger.record(LedgerEntry(bindings={KEY: frozenset({str(number), str(number + 1)})}))
            number += 1
            print(number, flush=True)

asyncio.run(main())
"""


NEWER_LOG = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA journal_mode = WAL")
db.execute("CREATE TABLE told (what)")
db.execute("PRAGMA user_version = 99")
db.execute("INSERT INTO told VALUES ('by the newer')")
os._exit(0)
"""


async def pragma(database: Database, name: str) -> object:
    row: tuple[object] = await database.run(lambda db: db.execute(f"PRAGMA {name}").fetchone())
    return row[0]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@KINDS
async def test_a_commit_is_on_the_card_when_it_returns(tmp_path: Path, kind: type[HitLogFile | LedgerFile]) -> None:
    async with kind(tmp_path) as database:
        assert await pragma(database, "journal_mode") == "wal"
        assert await pragma(database, "synchronous") == FULL


@KINDS
async def test_the_folder_is_made_if_need_be(tmp_path: Path, kind: type[HitLogFile | LedgerFile]) -> None:
    async with kind(tmp_path / "var" / "lib" / "gateway"):
        pass
    assert "gateway" in names(tmp_path / "var" / "lib")


@pytest.mark.parametrize("name", ["with a blank", "门店", "50%", "a%20b", "what?", "a#b", "q?mode=memory", "it's"])
async def test_the_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    async with HitLogFile(tmp_path / name) as log:
        await log.append([hit(1)], [STRETCH])
    assert FILE in names(tmp_path / name)
    assert names(tmp_path) == [name]
    async with HitLogFile(tmp_path / name, read_only=True) as log:
        assert await log.find(EVERYTHING) == [hit(1)]


async def test_a_newer_ledger_is_refused_at_each_use_with_a_clear_text_and_stays_as_it_is(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as ledger:
        await ledger.run(lambda db: db.execute("PRAGMA user_version = 99"))
    before = (tmp_path / LEDGER).read_bytes()
    async with LedgerFile(tmp_path) as ledger:
        for _ in range(2):
            with pytest.raises(OSError, match=r"newer beacon-gateway \(format 99, this one knows \d+\)"):
                await ledger.read()
    assert contents(tmp_path) == {LEDGER: before}


@KINDS
async def test_a_newer_file_is_refused_for_reading_and_stays(
    tmp_path: Path, kind: type[HitLogFile | LedgerFile]
) -> None:
    async with kind(tmp_path) as database:
        await database.run(lambda db: db.execute("PRAGMA user_version = 99"))
    with pytest.raises(OSError, match="newer beacon-gateway"):
        async with kind(tmp_path, read_only=True):
            pass
    assert [name for name in names(tmp_path) if "newer" in name] == []


async def test_a_newer_log_is_put_aside_whole_and_a_new_one_begun(tmp_path: Path) -> None:
    for number in (1, 2):
        leave_newer_log(tmp_path)
        before = contents(tmp_path)
        assert before[f"{FILE}-wal"]  # rows that are nowhere else
        async with HitLogFile(tmp_path) as log:
            await log.append([hit(number)], [STRETCH])
            assert await log.find(EVERYTHING) == [hit(number)]
            assert f"{FILE}.newer-{number}" in log.put_aside_because
        kept = f"{FILE}.newer-{number}"
        with closing(sqlite3.connect(tmp_path / kept)) as connection:
            assert connection.execute("SELECT what FROM told").fetchall() == [("by the newer",)]
        (tmp_path / FILE).unlink()
    assert {name for name in names(tmp_path) if name.endswith(("1", "2"))} == {f"{FILE}.newer-1", f"{FILE}.newer-2"}


async def test_a_newer_log_that_somebody_puts_back_while_another_is_used_ends_nothing(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await log.append([hit(1)], [STRETCH])
        with closing(sqlite3.connect(tmp_path / FILE)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with closing(sqlite3.connect(tmp_path / "backup.db")) as backup:
            backup.execute("PRAGMA user_version = 99")
        (tmp_path / "backup.db").replace(tmp_path / FILE)
        with pytest.raises(OSError, match=rf"it was kept as {FILE}\.newer-1"):
            await log.append([hit(2)], [STRETCH])
        await log.append([hit(2)], [STRETCH])
        assert await log.find(EVERYTHING) == [hit(2)]


def leave_newer_log(folder: Path) -> None:
    """Leave the log of a newer version that was killed: its last rows are in the WAL."""
    subprocess.run([sys.executable, "-c", NEWER_LOG, folder / FILE], check=True)


async def test_a_ledger_that_is_no_database_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / LEDGER).write_text(NO_DATABASE)
    async with LedgerFile(tmp_path) as ledger:
        with pytest.raises(OSError, match=LEDGER):
            await ledger.read()
    assert (tmp_path / LEDGER).read_text() == NO_DATABASE


async def test_a_log_that_is_no_database_is_put_aside_and_a_new_one_begun(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / FILE).write_text(NO_DATABASE)
        async with HitLogFile(tmp_path) as log:
            await log.append([hit(number)], [STRETCH])
            assert await log.find(EVERYTHING) == [hit(number)]
    assert names(tmp_path) == [FILE, f"{FILE}.damaged-1", f"{FILE}.damaged-2"]
    assert {(tmp_path / name).read_text() for name in names(tmp_path)[1:]} == {NO_DATABASE}


async def test_reading_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=FILE):
        async with HitLogFile(tmp_path / "state", read_only=True):
            pass
    assert names(tmp_path) == []


async def test_reading_changes_nothing(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await log.append([hit(1)], [STRETCH])
    before = contents(tmp_path)
    async with HitLogFile(tmp_path, read_only=True) as log:
        assert await log.find(EVERYTHING) == [hit(1)]
        with pytest.raises(OSError, match="readonly"):
            await log.append([hit(2)], [STRETCH])
    after = contents(tmp_path)
    assert after[FILE] == before[FILE]
    # SQLite puts an index of the WAL beside the file even for a reader: no data, and the next writer clears it away.
    assert after.get(f"{FILE}-wal", b"") == b""
    assert after.keys() <= {FILE, f"{FILE}-wal", f"{FILE}-shm"}
    async with HitLogFile(tmp_path):
        pass
    assert names(tmp_path) == [FILE]


@KINDS
@pytest.mark.parametrize("folder", ["a file", "/proc/nowhere", "/dev/null/state"])
async def test_a_folder_that_cannot_be_used_is_an_oserror_when_it_is_used(
    tmp_path: Path, kind: type[HitLogFile | LedgerFile], folder: str
) -> None:
    (tmp_path / "a file").write_text("")
    async with kind(tmp_path / folder) as database:
        with pytest.raises(OSError, match=r"\w"):
            await pragma(database, "page_count")


@pytest.fixture
def closed_folder(open_folder: Path) -> Path:
    open_folder.chmod(0o555)
    return open_folder


@KINDS
async def test_a_folder_that_may_not_be_written_is_an_oserror(
    closed_folder: Path, kind: type[HitLogFile | LedgerFile]
) -> None:
    with as_nobody():
        async with kind(closed_folder) as database:
            with pytest.raises(OSError, match=r"\w"):
                await pragma(database, "page_count")


async def test_a_full_card_is_an_oserror_and_nothing_is_half_written(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await log.append([hit(0)], [STRETCH])
        pages = await pragma(log, "page_count")
        await log.run(lambda db: db.execute(f"PRAGMA max_page_count = {pages}"))
        with pytest.raises(OSError, match="full"):
            await log.append([hit(number) for number in range(1, 500)], [STRETCH])
        assert await log.find(EVERYTHING) == [hit(0)]


async def test_a_folder_opened_by_many_at_once_is_made_once(tmp_path: Path) -> None:
    """The daemon and a command may both be the first."""

    async def open_and_write(folder: Path, number: int) -> None:
        async with HitLogFile(folder) as log:
            await log.append([hit(number)], [STRETCH])

    for turn in range(10):
        folder = tmp_path / str(turn)
        await asyncio.gather(*(open_and_write(folder, number) for number in range(4)))
        async with HitLogFile(folder, read_only=True) as log:
            assert len(await log.find(EVERYTHING)) == 4


async def test_a_database_that_is_not_open_says_so(tmp_path: Path) -> None:
    log = HitLogFile(tmp_path)
    with pytest.raises(RuntimeError, match="not open"):
        await log.append([hit(0)], [STRETCH])
    log._thread.shutdown()


def killed_after(script: str, folder: Path, lines: int) -> int:
    """Run a script until it printed so many lines, kill it with -9; return the last number it printed."""
    command = [sys.executable, "-c", script, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _ in range(lines):
            last = child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        last = (last + child.stdout.read()).splitlines()[-1]
    assert child.returncode == -signal.SIGKILL
    return int(last)


@pytest.mark.parametrize("lines", [1, 2, 25, 100])
async def test_killing_the_writer_loses_no_hit_whose_writing_was_done(tmp_path: Path, lines: int) -> None:
    said = await asyncio.to_thread(killed_after, WRITE_UNTIL_KILLED, tmp_path, lines)
    assert said >= 3 * lines
    async with HitLogFile(tmp_path) as log:
        assert await pragma(log, "integrity_check") == "ok"
        found = await log.find(EVERYTHING)
        assert found == [hit(number) for number in range(len(found))]
        assert len(found) in {said, said + 3}
        await log.append([hit(0)], [STRETCH])


async def test_killing_the_writer_leaves_no_half_binding(tmp_path: Path) -> None:
    said = await asyncio.to_thread(killed_after, BIND_UNTIL_KILLED, tmp_path, 50)
    async with LedgerFile(tmp_path) as ledger:
        assert await pragma(ledger, "integrity_check") == "ok"
        bound = {int(ref) for ref in (await ledger.read()).bindings[KEY]}
    assert bound in ({said - 1, said}, {said, said + 1})


async def test_an_opening_that_is_cancelled_makes_no_file_afterwards(tmp_path: Path) -> None:
    for number in range(20):
        folder = tmp_path / str(number)
        opening = asyncio.ensure_future(HitLogFile(folder).__aenter__())
        await asyncio.sleep(0)
        opening.cancel()
        await asyncio.wait({opening})
        assert opening.cancelled()
        assert not [thread.name for thread in threading.enumerate() if thread.name.startswith(Path(FILE).stem)]
        shutil.rmtree(folder, ignore_errors=True)
        assert not folder.exists()


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
@pytest.mark.parametrize("read_only", [False, True])
@KINDS
async def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, kind: type[HitLogFile | LedgerFile], read_only: bool, suffix: str
) -> None:
    async with kind(tmp_path):
        pass
    path = put_a_pipe(tmp_path, ("hits.db" if kind is HitLogFile else "ledger.db") + suffix)
    if read_only:
        with pytest.raises(OSError, match=f"no regular file.*{path.name}"):
            await kind(tmp_path, read_only=True).__aenter__()
    else:
        async with kind(tmp_path) as file:
            with pytest.raises(OSError, match="no regular file"):
                await file.run(lambda db: db.execute("SELECT 1").fetchone())


def put_a_pipe(folder: Path, name: str) -> Path:
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    return folder / name
