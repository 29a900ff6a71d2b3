"""What a card does to a log in some years: it fills up, turns read-only, is taken away, forgets what it held."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from beacon_gateway.adapters.database.log.hit_log import FILE, HitLogFile, LogFilter
from beacon_gateway.core.log.event import EventKind
from beacon_gateway.services.log.journal import Journal
from tests.adapters.database.hits import hit
from tests.power.card import Card, new_card
from tests.services.tracking.manual_clock import ManualClock

EVERYTHING = LogFilter(limit=1_000_000)


def journal_of(log: HitLogFile) -> Journal:
    return Journal(gateway="gw", boot="b", clock=ManualClock(), log=log, commit_every=0)


async def write(journal: Journal, *numbers: int) -> None:
    for number in numbers:
        journal.hit(hit(number).hit, floor="F6", beacon=f"number-{number}", revision="r")
    await journal.flush()


async def numbers(log: HitLogFile) -> list[int]:
    return [int(found.beacon.removeprefix("number-")) for found in await log.find(EVERYTHING)]


async def troubles(log: HitLogFile) -> list[dict[str, str]]:
    return [dict(event.details) for event in await log.events(EVERYTHING) if event.kind is EventKind.LOG]


def mounted(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True, capture_output=True)


def remounted(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True, capture_output=True)


def mounted_anew(card: Card) -> None:
    subprocess.run(["umount", "--lazy", str(card.folder)], check=True, capture_output=True)
    subprocess.run(["mount", card.device, str(card.folder)], check=True, capture_output=True)


@contextmanager
def small_card(folder: Path, size: str = "1m") -> Iterator[Path]:
    """Return a folder on a file system of its own."""
    folder.mkdir()
    try:
        mounted(folder, f"size={size}")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)


async def test_a_full_card_is_waited_for_and_nothing_is_lost(tmp_path: Path) -> None:
    with small_card(tmp_path / "card") as card:
        async with HitLogFile(card) as log:
            journal = journal_of(log)
            await write(journal, 1)
            filler = card / "photos"
            with pytest.raises(OSError, match="No space"):
                filler.write_bytes(bytes(2 << 20))
            with capture_logs() as said:
                await write(journal, *range(2, 400))
                await write(journal, 400)
            assert [line["event"] for line in said] == ["journal.not_written"]
            assert "full" in journal.trouble
            assert journal.unwritten == 399
            filler.unlink()
            await write(journal, 401)
            assert await numbers(log) == list(range(1, 402))
            assert journal.trouble == ""
            await journal.flush()
            [told] = await troubles(log)
            assert (told["what"], told["lost"]) == ("written-again", "0")


async def test_a_card_that_is_read_only_at_the_start_is_waited_for(tmp_path: Path) -> None:
    with small_card(tmp_path / "card") as card:
        remounted(card, "ro")
        async with HitLogFile(card) as log:
            journal = journal_of(log)
            await write(journal, 1)
            assert journal.trouble
            remounted(card, "rw")
            await write(journal, 2)
            assert await numbers(log) == [1, 2]


async def test_a_file_system_that_turned_read_only_in_use_is_waited_for(tmp_path: Path) -> None:
    """As ext4 does after an error of the card; mended by a new mount."""
    with ExitStack() as stack:
        try:
            card = stack.enter_context(new_card(tmp_path, "card", megabytes=8))
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("mounting needs root")
        async with HitLogFile(card.folder) as log:
            journal = journal_of(log)
            await write(journal, 1)
            remounted(card.folder, "abort")
            await write(journal, 2)
            assert journal.trouble
            assert journal.unwritten == 1
            mounted_anew(card)
            await write(journal, 3)
            assert await numbers(log) == [1, 2, 3]


async def test_a_log_that_cannot_be_opened_at_the_start_is_written_when_it_can(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    async with HitLogFile(tmp_path / "state") as log:
        journal = journal_of(log)
        await write(journal, 1)
        assert journal.trouble
        (tmp_path / "state").unlink()
        await write(journal, 2)
        assert await numbers(log) == [1, 2]


async def test_a_locked_log_is_waited_for(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await log.run(lambda db: db.execute("PRAGMA busy_timeout = 1"))
        journal = journal_of(log)
        await write(journal, 1)
        with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await write(journal, 2)
            assert "locked" in journal.trouble
            other.execute("ROLLBACK")
        await write(journal, 3)
        assert await numbers(log) == [1, 2, 3]


async def test_a_log_that_is_damaged_while_it_is_used_is_put_aside_whole_and_a_new_one_goes_on(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        journal = journal_of(log)
        await write(journal, *range(500))
        await log.run(lambda db: db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
        damaged = (tmp_path / FILE).read_bytes()
        damaged = damaged[:100] + b"\x55" * (len(damaged) - 100)
        (tmp_path / FILE).write_bytes(damaged)  # the same inode, as a card does it
        await log.run(lambda db: db.execute("PRAGMA cache_size = 0"))
        await write(journal, 500)
        assert f"{FILE}.damaged-1" in journal.trouble
        await write(journal, 501)
        assert await numbers(log) == [500, 501]
        await journal.flush()
        [told] = await troubles(log)
        assert f"{FILE}.damaged-1" in told["reason"]
    assert (tmp_path / f"{FILE}.damaged-1").read_bytes() == damaged


async def test_a_log_that_is_taken_away_while_it_is_used_is_begun_anew(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        journal = journal_of(log)
        await write(journal, 1)
        (tmp_path / FILE).rename(tmp_path / "for the auditors.db")
        await write(journal, 2)
        assert await numbers(log) == [2]
