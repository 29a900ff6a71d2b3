"""A record that no table takes: it is left out, and all others are written."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from beacon_gateway.adapters.database.log.hit_log import HitLogFile, LogFilter
from beacon_gateway.core.log.event import EventKind
from beacon_gateway.services.log.journal import Journal
from tests.adapters.database.hits import hit
from tests.services.tracking.hit_logs import FakeHitLog
from tests.services.tracking.manual_clock import ManualClock

HALF_AN_EMOJI = "\ud83d"


def journal_of(log: FakeHitLog | HitLogFile) -> Journal:
    return Journal(gateway="f6-east", boot="b", clock=ManualClock(), log=log, commit_every=0)


def write_down(journal: Journal, number: int, floor: str = "F6") -> None:
    # A beacon of its own for each floor and number: its name is a row that comes with the hit.
    journal.hit(hit(number).hit, floor=floor, beacon=f"b{number}", revision="r")


@pytest.mark.parametrize("odd", [{0}, {6}, {3}, {0, 1, 6}, {2, 5}, set(range(7))])
async def test_every_other_hit_is_in_the_file_with_its_own_name(tmp_path: Path, odd: set[int]) -> None:
    async with HitLogFile(tmp_path) as log:
        journal = journal_of(log)
        for number in range(7):
            write_down(journal, number, floor=HALF_AN_EMOJI if number in odd else "F6")
        with capture_logs() as told:
            await journal.flush()
        assert (journal.unwritten, journal.dropped, journal.trouble) == (0, len(odd), "")
        assert [entry["event"] for entry in told] == ["journal.record_refused"] * len(odd)
        write_down(journal, 99)  # names of what was undone are not taken for written
        await journal.flush()
        rows = await log.find(LogFilter())
    assert [row.beacon for row in rows] == [*(f"b{number}" for number in range(7) if number not in odd), "b99"]
    assert {row.floor for row in rows} == {"F6"}


async def test_a_number_that_no_column_holds_is_left_out(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        journal = journal_of(log)
        journal.event(EventKind.STATE, 1e300, {"state": "listening"})
        write_down(journal, 1)
        await journal.flush()
        assert journal.dropped == 1
        assert [row.beacon for row in await log.find(LogFilter())] == ["b1"]


async def test_a_card_that_fails_meanwhile_loses_nothing_but_the_odd_one() -> None:
    log = FakeHitLog()
    journal = journal_of(log)
    write_down(journal, 1)
    log.failure = TypeError("no such type")
    await journal.flush()
    assert (journal.dropped, log.batches) == (1, [])
    log.failure = OSError("full")
    write_down(journal, 2)
    await journal.flush()
    assert (journal.unwritten, journal.trouble) == (1, "full")
    log.failure = None
    await journal.flush()
    assert len(log.hits) == 1
    assert journal.unwritten == 1  # the event that it can be written again
