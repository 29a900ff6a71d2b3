"""Counts and parked paths outlast a restart, and cost the card little."""

import itertools
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

import pytest
from structlog.testing import capture_logs

from beacon_gateway.adapters.database.quota_file import FILE, KEPT, MIGRATIONS, QuotaFile
from beacon_gateway.core.model.beijing import beijing_day, next_beijing_midnight
from tests.adapters.database.hits import NOON
from tests.patience import until

ADD: Final = "/shakearound/page/add"
BIND: Final = "/shakearound/device/bindpage"
LATER: Final = 3600.0

T = TypeVar("T")


async def rows(quota: QuotaFile) -> int:
    return await quota.run(lambda db: int(db.execute("SELECT count(*) FROM calls").fetchone()[0]))


async def test_counts_go_on_after_a_restart(tmp_path: Path) -> None:
    for times in (1, 2, 3):
        async with QuotaFile(tmp_path, LATER) as quota:
            quota.count(ADD, NOON)
            assert quota.used(NOON) == {ADD: times}


async def test_a_parked_path_rests_over_a_restart_and_ends_at_midnight(tmp_path: Path) -> None:
    midnight = next_beijing_midnight(NOON)
    async with QuotaFile(tmp_path, LATER) as quota:
        assert quota.park(ADD, NOON) == midnight
    async with QuotaFile(tmp_path, LATER) as quota:
        assert quota.parked_until(ADD, NOON) == midnight
        assert quota.parked(NOON) == {ADD: midnight}
        assert quota.parked_until(BIND, NOON) is None
        assert quota.parked_until(ADD, midnight) is None


async def test_two_processes_on_one_pi_add_up(tmp_path: Path) -> None:
    async with QuotaFile(tmp_path, LATER) as daemon:
        daemon.count(ADD, NOON)
        async with QuotaFile(tmp_path, LATER) as apply:
            apply.count(ADD, NOON)
    async with QuotaFile(tmp_path, LATER) as quota:
        assert quota.used(NOON) == {ADD: 2}


async def test_what_gathers_is_one_commit_and_is_on_the_card_without_an_end(tmp_path: Path) -> None:
    async with QuotaFile(tmp_path, 0.0) as quota:
        commits: list[str] = []
        await quota.run(
            lambda db: db.set_trace_callback(lambda line: commits.append(line) if line == "COMMIT" else None)
        )
        for _ in range(100):
            quota.count(ADD, NOON)
        await until(lambda: bool(commits))
        await quota.run(lambda _: None)  # its turn comes when the commit is done
        async with QuotaFile(tmp_path, LATER) as other:  # as after a crash of the first
            assert other.used(NOON) == {ADD: 100}
        assert len(commits) == 1


async def test_nothing_is_written_while_nothing_is_called(tmp_path: Path) -> None:
    async with QuotaFile(tmp_path, 0.0) as quota:
        before = await quota.run(lambda db: db.total_changes)
    async with QuotaFile(tmp_path, 0.0) as quota:
        assert await quota.run(lambda db: db.total_changes) == before == 0


async def test_a_month_is_kept(tmp_path: Path) -> None:
    async with QuotaFile(tmp_path, LATER) as quota:
        quota.count(ADD, NOON)
    async with QuotaFile(tmp_path, LATER) as quota:
        quota.count(ADD, NOON + KEPT)
    async with QuotaFile(tmp_path, LATER) as quota:
        assert await rows(quota) == 2
        quota.count(ADD, NOON + KEPT + timedelta(days=1))
    async with QuotaFile(tmp_path, LATER) as quota:
        assert await rows(quota) == 2


async def test_a_card_that_cannot_be_written_costs_no_call(tmp_path: Path) -> None:
    async with QuotaFile(tmp_path, LATER) as quota:
        await quota.run(lambda db: db.execute("PRAGMA query_only = ON"))
        quota.count(ADD, NOON)
        with capture_logs() as events:
            assert not await quota.save()
        assert [event["event"] for event in events] == ["quota.not_saved"]
        await quota.run(lambda db: db.execute("PRAGMA query_only = OFF"))
    async with QuotaFile(tmp_path, LATER) as quota:
        assert quota.used(NOON) == {ADD: 1}


async def test_counts_that_cannot_be_read_cost_no_call_either(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    with capture_logs() as said:
        async with QuotaFile(tmp_path / "state", LATER) as quota:
            quota.count(ADD, NOON)
            assert quota.used(NOON) == {ADD: 1}
    assert "quota.not_read" in [line["event"] for line in said]


async def test_a_file_that_cannot_be_written_is_told_once_until_it_can(tmp_path: Path) -> None:
    with capture_logs() as events:
        async with QuotaFile(tmp_path, LATER) as quota:
            (tmp_path / FILE).rename(tmp_path / "elsewhere")
            (tmp_path / FILE).mkdir()
            for _ in range(3):
                quota.count(ADD, NOON)
                assert not await quota.save()
            (tmp_path / FILE).rmdir()
            assert await quota.save()
        async with QuotaFile(tmp_path, LATER) as quota:
            assert quota.used(NOON) == {ADD: 3}
    assert [event["event"] for event in events] == ["quota.not_saved"]


async def test_a_file_of_a_newer_version_is_kept_aside_and_a_new_one_begun(tmp_path: Path) -> None:
    async with QuotaFile(tmp_path, LATER) as quota:
        await quota.run(lambda db: db.execute("PRAGMA user_version = 99"))
    with capture_logs() as events:
        async with QuotaFile(tmp_path, LATER) as quota:
            quota.count(ADD, NOON)
    assert [event["event"] for event in events] == ["quota.put_aside"]
    async with QuotaFile(tmp_path, LATER) as quota:
        assert quota.used(NOON) == {ADD: 1}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["quota.db", "quota.db.newer-1"]  # noqa: ASYNC240 - a few files of the test's own


async def test_a_damaged_file_is_kept_aside_and_a_new_one_begun(tmp_path: Path) -> None:
    damage(tmp_path)
    async with QuotaFile(tmp_path, LATER) as quota:
        quota.count(ADD, NOON)
    async with QuotaFile(tmp_path, LATER) as quota:
        assert quota.used(NOON) == {ADD: 1}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["quota.db", "quota.db.damaged-1"]  # noqa: ASYNC240 - a few files of the test's own


def damage(folder: Path) -> None:
    (folder / "quota.db").write_bytes(b"no database at all" * 1000)


class FlushRefused(QuotaFile):
    """Its commits are written, or are not, and are said to have failed: as where a card refuses the flush."""

    is_written = True
    refuses = False

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if not self.refuses:
            return super()._transact(work)

        def refused(db: sqlite3.Connection) -> T:
            result = work(db)
            if not self.is_written:
                raise sqlite3.OperationalError("disk I/O error")
            return result

        super()._transact(refused)
        self._close()
        raise OSError("disk I/O error")


@pytest.mark.parametrize("written", [*itertools.product([True, False], repeat=3)])
async def test_calls_are_counted_once_whether_a_commit_that_failed_is_there_or_not(
    tmp_path: Path, written: tuple[bool, ...]
) -> None:
    async with FlushRefused(tmp_path, LATER) as quota:
        quota.count(ADD, NOON)
        assert await quota.save()
        for is_written in written:
            quota.refuses, quota.is_written = True, is_written
            quota.count(ADD, NOON)
            quota.count(BIND, NOON)
            assert not await quota.save()
            async with QuotaFile(tmp_path, LATER) as other:  # another process counts meanwhile
                other.count(BIND, NOON)
        quota.refuses = False
        quota.count(ADD, NOON)
        assert await quota.save()
        assert await quota.save()
    async with QuotaFile(tmp_path, LATER) as quota:
        assert quota.used(NOON) == {ADD: 5, BIND: 6}


async def test_calls_whose_commit_is_there_are_not_added_again_at_the_end(tmp_path: Path) -> None:
    async with FlushRefused(tmp_path, LATER) as quota:
        quota.count(ADD, NOON)
        quota.refuses = True
        assert not await quota.save()
        quota.refuses = False
    async with QuotaFile(tmp_path, LATER) as quota:
        assert quota.used(NOON) == {ADD: 1}


async def test_counts_of_an_older_version_go_on(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        db.executescript(MIGRATIONS[0])
        db.execute("INSERT INTO calls VALUES (?, ?, 7)", (beijing_day(NOON).isoformat(), ADD))
        db.execute("PRAGMA user_version = 1")
        db.commit()
    async with QuotaFile(tmp_path, LATER) as quota:
        quota.count(ADD, NOON)
    async with QuotaFile(tmp_path, LATER) as quota:
        assert quota.used(NOON) == {ADD: 8}
