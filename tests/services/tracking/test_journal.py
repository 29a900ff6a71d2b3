"""When the journal writes: soon where somebody came or went, seldom where nothing happens, never for nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import NoReturn

import pytest
import structlog

from beacon_gateway.core.log.event import EventKind
from beacon_gateway.core.log.listening import Minute
from beacon_gateway.core.log.logged import NamedPresence
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.tracking.presence import Presence
from beacon_gateway.services.log.journal import MAX_IDLE_MINUTES_WAITING, MAX_MINUTES_WAITING, Journal
from tests.adapters.database.hits import hit
from tests.services.tracking.hit_logs import FakeHitLog
from tests.services.tracking.manual_clock import ManualClock
from tests.services.tracking.shop import SHOES

HEARD = NamedPresence(Presence(SHOES, 60, -80, -70, -60, Proximity.NEAR), "gw", "F2", "shoes")


@asynccontextmanager
async def running(log: FakeHitLog) -> AsyncIterator[Journal]:
    journal = Journal(gateway="gw", boot="b", clock=ManualClock(), log=log, commit_every=0)
    task = asyncio.create_task(journal.run())
    yield journal
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def idle_turns() -> None:
    """Let everything that is ready run."""
    for _ in range(20):
        await asyncio.sleep(0)


async def pass_minutes(journal: Journal, count: int, *heard: NamedPresence) -> None:
    for number in range(count):
        journal.minute(Minute(60.0 * number, 60, 0), heard, revision="r")
        await idle_turns()


async def test_an_event_is_stored_before_it_is_said() -> None:
    class UnsayableError(Exception):
        pass

    def refuse(*_: object) -> NoReturn:
        raise UnsayableError

    log = FakeHitLog()
    structlog.configure(processors=[refuse])
    try:
        async with running(log) as journal:
            with pytest.raises(UnsayableError):
                journal.event(EventKind.CLOCK, 1.0, {"what": "x"})
            await idle_turns()
    finally:
        structlog.reset_defaults()
    assert [len(batch) for batch in log.batches] == [1]


async def test_an_hour_in_which_nobody_is_heard_is_one_commit() -> None:
    log = FakeHitLog()
    async with running(log) as journal:
        await pass_minutes(journal, MAX_IDLE_MINUTES_WAITING - 1)
        assert log.attempts == 0
        await pass_minutes(journal, 1)
        assert [len(batch) for batch in log.batches] == [MAX_IDLE_MINUTES_WAITING]


async def test_minutes_of_a_store_in_which_nothing_moves_are_written_a_few_at_a_time() -> None:
    log = FakeHitLog()
    async with running(log) as journal:
        await pass_minutes(journal, 3 * MAX_MINUTES_WAITING, HEARD)
        assert [len(batch) for batch in log.batches] == [MAX_MINUTES_WAITING] * 3


async def test_a_hit_takes_the_minutes_along() -> None:
    log = FakeHitLog()
    async with running(log) as journal:
        await pass_minutes(journal, 2, HEARD)
        journal.hit(hit(1).hit, floor="F2", beacon="shoes", revision="r")
        await idle_turns()
        assert [len(batch) for batch in log.batches] == [3]
