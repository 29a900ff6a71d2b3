"""The parts that carry the data tell when they came round last."""

import asyncio
from pathlib import Path

from beacon_gateway.core.model.liveness import stalled
from beacon_gateway.services.log.journal import WRITE_TIMEOUT_S, Journal
from beacon_gateway.services.tracking.beacon_monitor import MAX_SWEEP_GAP_S, BeaconMonitor
from tests.adapters.database.hits import hit
from tests.services.tracking.hit_logs import FakeHitLog, StuckHitLog
from tests.services.tracking.manual_clock import ManualClock


def test_a_watch_that_sweeps_turns() -> None:
    clock = ManualClock()
    watch = BeaconMonitor(
        floor="F1", clock=clock, journal=Journal(gateway="gw", boot="b", clock=clock, log=FakeHitLog(), commit_every=5)
    )
    clock.advance(MAX_SWEEP_GAP_S + 1)
    assert stalled([watch.pulse()], clock.monotonic()) == ("sweep",)
    watch.sweep()
    assert stalled([watch.pulse()], clock.monotonic()) == ()


async def test_a_log_stands_still_only_while_a_write_does_not_end(tmp_path: Path) -> None:
    clock = ManualClock()
    async with StuckHitLog(tmp_path) as log:
        journal = Journal(gateway="gw", boot="b", clock=clock, log=log, commit_every=5)
        clock.advance(WRITE_TIMEOUT_S + 1)
        assert stalled([journal.pulse()], clock.monotonic()) == ()  # nothing to write is no fault
        journal.hit(hit(1).hit, floor="F1", beacon="shoes", revision="r")
        writing = asyncio.create_task(journal.flush())
        await log.writing.wait()
        clock.advance(WRITE_TIMEOUT_S + 1)
        assert stalled([journal.pulse()], clock.monotonic()) == ("log",)
        log.free()
        await writing
        assert stalled([journal.pulse()], clock.monotonic()) == ()
