"""What the watch tells of the radio's deafness and of the beacons' health, and what survives a restart."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from beacon_gateway.adapters.database.log.hit_log import HitLogFile, LogFilter
from beacon_gateway.core.health.batteries import BatteryCharge, BatteryUnit
from beacon_gateway.core.health.clones import SenderReport
from beacon_gateway.core.log.event import Event, EventKind
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.radio.trouble import RadioCause
from beacon_gateway.core.tracking.hit import HitKind
from beacon_gateway.services.log.journal import Journal
from beacon_gateway.services.tracking.beacon_monitor import BeaconMonitor
from tests.services.tracking.hit_logs import FakeHitLog
from tests.services.tracking.manual_clock import ManualClock
from tests.services.tracking.shop import HEADPHONES, UUID_OF_STORE, WATCHES, advertisement, store_of, watch_over

OWN = [BeaconKey(UUID_OF_STORE, 10_003, minor) for minor in (1, 2, 3)]
"""Of the gateway's own floor, besides WATCHES."""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def hit_log() -> FakeHitLog:
    return FakeHitLog()


def live(
    watch: BeaconMonitor, clock: ManualClock, *keys: BeaconKey, seconds: float, strangers: bool = True, rssi: int = -67
) -> None:
    """Let time pass: each beacon is heard once a second, strangers too, and the watch sweeps as it does."""
    for second in range(round(seconds)):
        clock.advance(1)
        for key in keys:
            watch.take(advertisement(key), rssi)
        if strangers:
            watch.take(HEADPHONES, -70)
        if second % 2:
            watch.sweep()


def events(hit_log: FakeHitLog) -> list[tuple[EventKind, str]]:
    return [(record.kind, record.beacon) for record in hit_log.others if isinstance(record, Event)]


def own_floor(watch: BeaconMonitor) -> BeaconMonitor:
    """Return it a store whose beacons hang on its own floor."""
    watch.use(store_of(*OWN, WATCHES, floor="F3"))
    return watch


async def test_a_beacon_that_dies_alone_is_told_absent_once_and_back_once(
    clock: ManualClock, hit_log: FakeHitLog
) -> None:
    watch = own_floor(watch_over(clock=clock, hit_log=hit_log))
    live(watch, clock, *OWN, WATCHES, seconds=400)
    live(watch, clock, *OWN, seconds=1200)
    live(watch, clock, *OWN, WATCHES, seconds=60)
    await watch.journal.flush()
    assert events(hit_log) == [(EventKind.ABSENT, "watches"), (EventKind.BACK, "watches")]
    assert [record.hit.kind for record in hit_log.hits if record.beacon == "watches"] == ["enter", "exit", "enter"]


async def test_levels_that_all_step_together_are_one_event_of_the_gateway_and_of_no_beacon(
    clock: ManualClock, hit_log: FakeHitLog
) -> None:
    watch = own_floor(watch_over(clock=clock, hit_log=hit_log))
    live(watch, clock, *OWN, WATCHES, seconds=45 * 60)
    live(watch, clock, *OWN, WATCHES, seconds=15 * 60, rssi=-79)
    await watch.journal.flush()
    (event,) = (record for record in hit_log.others if isinstance(record, Event))
    assert (event.kind, event.key, event.beacon) == (EventKind.LEVEL, None, "")
    assert (event.details["beacons"], event.details["known"], event.details["step"]) == ("4", "4", "-12")
    now = clock.monotonic()
    assert not any(watch.beacon_health.condition(key, now).moved for key in (*OWN, WATCHES))


async def test_own_beacons_that_all_fall_silent_at_once_are_the_radio_s_fault_and_nobody_leaves(
    clock: ManualClock, hit_log: FakeHitLog
) -> None:
    watch = own_floor(watch_over(clock=clock, hit_log=hit_log))
    live(watch, clock, *OWN, seconds=400)
    silent_from = clock.monotonic()
    live(watch, clock, seconds=600)
    assert watch.silence(clock.monotonic()) == (RadioCause.CANARIES, silent_from)
    await watch.journal.flush()
    assert {record.hit.kind for record in hit_log.hits} == {HitKind.ENTER}
    assert events(hit_log) == []
    assert deaf_seconds(hit_log) == pytest.approx(600, abs=62)

    watch.accept_silence()  # everything was tried
    live(watch, clock, seconds=200)
    await watch.journal.flush()
    assert watch.silence(clock.monotonic()) is None
    assert [record.hit.kind for record in hit_log.hits].count(HitKind.EXIT) == len(OWN)


async def test_deaf_minutes_and_events_stand_in_the_file(clock: ManualClock, tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as file:
        watch = own_floor(watch_over(clock=clock, hit_log=file))
        live(watch, clock, *OWN, WATCHES, seconds=370)
        live(watch, clock, seconds=180, strangers=False)
        live(watch, clock, *OWN, seconds=400)
        watch.look([SenderReport("one", OWN[0], -50), SenderReport("two", OWN[0], -80)])
        await watch.journal.flush()
        [event] = await file.events(LogFilter())
        tallies = await file.tallies(clock.utc() - timedelta(hours=2), clock.utc(), UTC)
    assert sum(hour.seconds for hour in tallies.listening) == pytest.approx(950, abs=61)
    assert sum(hour.deaf for hour in tallies.listening) == pytest.approx(180, abs=4)
    assert (event.kind, event.beacon, event.key) == (EventKind.ABSENT, "watches", WATCHES)
    assert event.details["minutes"] == "8"
    assert (event.gateway, event.segment.boot) == ("gw-f3", "boot-1")


async def test_a_beacon_that_died_while_the_gateway_was_off_is_told_absent(
    clock: ManualClock, hit_log: FakeHitLog, tmp_path: Path
) -> None:
    async with HitLogFile(tmp_path) as file:
        watch = own_floor(remembering(clock, hit_log, file))
        live(watch, clock, *OWN, WATCHES, seconds=400)
        await watch.remember()

        rebooted = ManualClock(seconds=20.0, utc=clock.utc() + timedelta(hours=1))
        watch = remembering(rebooted, hit_log, file)
        await watch.recall()
        own_floor(watch)
        live(watch, rebooted, *OWN, seconds=400)
        await watch.journal.flush()
    assert events(hit_log) == [(EventKind.ABSENT, "watches")]
    condition = watch.beacon_health.condition(WATCHES, rebooted.monotonic())
    assert condition.heard_ago == pytest.approx(4000, abs=2)


async def test_a_memory_that_cannot_be_read_or_written_stops_nothing(clock: ManualClock, hit_log: FakeHitLog) -> None:
    class Broken:
        async def remember(self, beacons: object) -> None:
            raise OSError(beacons)

        async def recall(self) -> list[object]:
            raise OSError("gone")

        keep_batteries, recall_batteries = remember, recall

    journal = watch_over(clock=clock, hit_log=hit_log).journal
    watch = BeaconMonitor(floor="F3", clock=clock, journal=journal, memory=Broken())  # type: ignore[arg-type]  # broken
    await watch.recall()
    own_floor(watch)
    live(watch, clock, *OWN, seconds=10)
    await watch.remember()
    assert watch.hits.total() == len(OWN)


def deaf_seconds(hit_log: FakeHitLog) -> float:
    return sum(logged.minute.deaf for logged in hit_log.minutes)


def remembering(clock: ManualClock, hit_log: FakeHitLog, file: HitLogFile) -> BeaconMonitor:
    journal = Journal(gateway="gw-f3", boot="boot-1", clock=clock, log=hit_log, commit_every=3600)
    return BeaconMonitor(floor="F3", clock=clock, journal=journal, memory=file)


async def test_a_minute_begins_where_the_wall_clock_s_does(clock: ManualClock, hit_log: FakeHitLog) -> None:
    clock.set_right(datetime(2026, 11, 24, 10, 0, 30, tzinfo=UTC))
    watch = watch_over(WATCHES, clock=clock, hit_log=hit_log)
    live(watch, clock, WATCHES, seconds=100)
    await watch.journal.flush()
    first, second = hit_log.minutes[-2:]
    begun = first.segment.at(first.minute.when)
    assert begun == datetime(2026, 11, 24, 10, 0, 32, tzinfo=UTC)
    assert first.minute.seconds == pytest.approx(28, abs=3)
    assert second.segment.at(second.minute.when).minute == 1


async def test_what_a_beacon_said_of_its_battery_survives_a_restart(
    clock: ManualClock, hit_log: FakeHitLog, tmp_path: Path
) -> None:
    tlm = SenderReport("C0:00:00:00:00:01", WATCHES, -60, eddystone=bytes.fromhex("20000b540000000000000000003e"))
    clock.set_right(datetime(2026, 11, 24, 10, tzinfo=UTC))
    async with HitLogFile(tmp_path) as file:
        watch = own_floor(remembering(clock, hit_log, file))
        watch.sweep()
        watch.look([tlm])
        await watch.remember()
        watch = remembering(clock, hit_log, file)
        await watch.recall()
        own_floor(watch)
    state = watch.batteries.of(WATCHES)
    assert state
    assert (state.last, state.at) == (BatteryCharge(2900, BatteryUnit.MILLIVOLTS), None)
