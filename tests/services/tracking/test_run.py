"""The watch at work, until it is cancelled: what it says good-bye with, and that it is on disk."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from beacon_gateway.adapters.database.log.hit_log import HitLogFile, LogFilter
from beacon_gateway.core.log.logged import LoggedHit
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.tracking.hit import ExitReason, HitKind
from beacon_gateway.services.tracking.beacon_monitor import BeaconMonitor
from tests.services.tracking.hit_logs import FakeHitLog, StuckHitLog
from tests.services.tracking.manual_clock import ManualClock
from tests.services.tracking.shop import SHOES, WATCHES, advertisement, watch_over

Take = Callable[[Mapping[int, bytes], int], None]


class ShortRadio:
    """Hears each beacon three times, then waits forever."""

    def __init__(self, clock: ManualClock, *keys: BeaconKey, at_end: Callable[[], None] = lambda: None) -> None:
        self.heard = asyncio.Event()
        self._clock, self._keys, self._at_end = clock, keys, at_end

    async def listen(self, take: Take) -> None:
        for key in self._keys:
            for _ in range(3):
                take(advertisement(key), -67)
                self._clock.advance(1)
        self.heard.set()
        try:
            await asyncio.Event().wait()
        finally:
            self._at_end()


async def run_until(heard: asyncio.Event, watch: BeaconMonitor, radio: ShortRadio) -> None:
    """Run the watch until the event, then cancel it; it must end as cancelled."""
    running = asyncio.create_task(watch.run(radio))
    await heard.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_on_cancellation_everybody_present_gets_an_exit_that_is_on_disk(tmp_path: Path) -> None:
    clock = ManualClock()
    async with HitLogFile(tmp_path) as file:
        watch = watch_over(SHOES, WATCHES, clock=clock, hit_log=file, commit_every=3600)
        radio = ShortRadio(clock, SHOES, WATCHES)
        await run_until(radio.heard, watch, radio)
    async with HitLogFile(tmp_path, read_only=True) as file:
        rows = await file.find(LogFilter())
    assert [(row.beacon, row.hit.kind, row.hit.reason) for row in rows] == [
        ("shoes", HitKind.ENTER, None),
        ("watches", HitKind.ENTER, None),
        ("shoes", HitKind.EXIT, ExitReason.SHUTDOWN),
        ("watches", HitKind.EXIT, ExitReason.SHUTDOWN),
    ]
    assert [row.hit.dwell for row in rows] == [None, None, 2.0, 2.0]


async def test_nobody_present_nothing_written_at_the_end() -> None:
    clock, hit_log = ManualClock(), FakeHitLog()
    radio = ShortRadio(clock)
    await run_until(radio.heard, watch_over(SHOES, clock=clock, hit_log=hit_log), radio)
    assert hit_log.attempts == 0


async def test_a_hit_log_that_fails_at_the_end_does_not_hide_the_cancellation() -> None:
    clock, hit_log = ManualClock(), FakeHitLog()
    hit_log.failure = OSError("disk full")
    radio = ShortRadio(clock, SHOES)
    await run_until(radio.heard, watch_over(SHOES, clock=clock, hit_log=hit_log, commit_every=3600), radio)
    assert (hit_log.attempts, hit_log.hits) == (1, [])


async def test_a_hit_is_written_while_the_watch_runs_and_tried_again_if_it_failed() -> None:
    clock, hit_log = ManualClock(), FakeHitLog()
    hit_log.failure = OSError("busy")
    watch = watch_over(SHOES, clock=clock, hit_log=hit_log)
    radio = ShortRadio(clock, SHOES)
    running = asyncio.create_task(watch.run(radio))
    await hit_log.attempted(2)
    hit_log.failure = None
    await hit_log.attempted(3)
    assert [logged.beacon for logged in hit_log.hits] == ["shoes"]
    running.cancel()
    await asyncio.wait({running})
    assert [len(hits) for hits in hits_of_each_batch(hit_log)] == [1, 1]


def hits_of_each_batch(hit_log: FakeHitLog) -> list[list[LoggedHit]]:
    return [[record for record in batch if isinstance(record, LoggedHit)] for batch in hit_log.batches]


async def test_a_cancellation_during_a_write_writes_nothing_twice(tmp_path: Path) -> None:
    clock = ManualClock()
    async with StuckHitLog(tmp_path) as file:
        watch = watch_over(SHOES, clock=clock, hit_log=file)
        radio = ShortRadio(clock, SHOES, at_end=file.free)  # cancelled after the write, which so survives it
        await run_until(file.writing, watch, radio)
        rows = await file.find(LogFilter())
    assert [row.hit.kind for row in rows] == [HitKind.ENTER, HitKind.EXIT]


async def test_a_radio_that_fails_ends_the_watch_with_its_error_and_the_exits_written() -> None:
    clock, hit_log = ManualClock(), FakeHitLog()

    class BrokenRadio(ShortRadio):
        async def listen(self, take: Take) -> None:
            hearing = asyncio.ensure_future(super().listen(take))
            await self.heard.wait()
            hearing.cancel()
            raise LookupError("radio")

    watch = watch_over(SHOES, clock=clock, hit_log=hit_log, commit_every=3600)
    with pytest.raises(BaseExceptionGroup) as failed:
        await watch.run(BrokenRadio(clock, SHOES))
    assert failed.group_contains(LookupError)
    assert [logged.hit.kind for logged in hit_log.hits] == [HitKind.ENTER, HitKind.EXIT]
