"""What the watch makes of what it hears."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from beacon_gateway.adapters.database.log.hit_log import HitLogFile, LogFilter
from beacon_gateway.core.log.backlog import MAX_BACKLOG_ROWS
from beacon_gateway.core.log.event import Event, EventKind
from beacon_gateway.core.log.logged import LoggedHit, LoggedMinute, Record
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.advertisement import with_offset
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.tracking.hit import ExitReason, HitKind
from beacon_gateway.core.tracking.tracker import Tracker
from beacon_gateway.services.log.journal import Journal
from beacon_gateway.services.tracking.beacon_monitor import NOT_RECEIVING_AFTER_S, BeaconMonitor
from tests.services.tracking.hit_logs import FakeHitLog
from tests.services.tracking.manual_clock import ManualClock
from tests.services.tracking.shop import (
    CART,
    HEADPHONES,
    SHOES,
    UUID_OF_STORE,
    WATCHES,
    advertisement,
    hear,
    store_of,
    watch_over,
)

SILENCE_ALLOWED = 30.0  # s, of a beacon heard once a second


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def hit_log() -> FakeHitLog:
    return FakeHitLog()


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[HitLogFile]:
    async with HitLogFile(tmp_path) as file:
        yield file


# Arrivals


async def test_an_arrival_is_one_row_in_the_file_with_all_its_names(clock: ManualClock, file: HitLogFile) -> None:
    watch = watch_over(SHOES, clock=clock, hit_log=file)
    first_sample, first_seconds = clock.utc(), clock.monotonic()
    hear(watch, clock, SHOES, times=60)
    await watch.journal.flush()
    [logged] = await file.find(LogFilter())
    assert (logged.gateway, logged.floor, logged.beacon, logged.revision) == ("gw-f3", "F2", "shoes", "a1b2c3")
    assert (logged.hit.kind, logged.hit.key, logged.hit.zone) == (HitKind.ENTER, SHOES, Proximity.NEAR)
    assert (logged.at, logged.segment.boot, logged.hit.when) == (first_sample, "boot-1", first_seconds)
    assert (logged.hit.rssi, logged.hit.dwell, logged.hit.reason) == (-67.0, None, None)


async def test_the_file_keeps_what_the_watch_recorded(clock: ManualClock, file: HitLogFile) -> None:
    watch = watch_over(SHOES, WATCHES, clock=clock, hit_log=file)
    hear(watch, clock, SHOES, WATCHES, rssi=-67)
    watch.use(store_of(SHOES))
    await watch.journal.flush()
    rows = await file.find(LogFilter())
    assert [row.hit.kind for row in rows] == [HitKind.ENTER, HitKind.ENTER, HitKind.EXIT]
    for row, recorded in zip(rows, watch.recent, strict=True):
        assert row.hit.distance == pytest.approx(recorded.hit.distance, abs=0.005)
        assert (row.at, row.floor, row.beacon, row.revision) == (
            recorded.at,
            recorded.floor,
            recorded.beacon,
            recorded.revision,
        )
        assert (row.hit.when, row.hit.dwell, row.hit.reason) == (
            recorded.hit.when,
            recorded.hit.dwell,
            recorded.hit.reason,
        )


async def test_a_clock_set_right_between_two_samples_dates_the_arrival_right(
    clock: ManualClock, hit_log: FakeHitLog
) -> None:
    watch = watch_over(SHOES, clock=clock, hit_log=hit_log)
    clock.set_right(datetime(1970, 1, 1, tzinfo=UTC))
    hear(watch, clock, SHOES, times=2)
    clock.set_right(datetime(2025, 5, 1, 2, 0, 1, tzinfo=UTC))
    clock.advance(1)
    hear(watch, clock, SHOES, times=1)
    assert [logged.at for logged in watch.recent] == [datetime(2025, 5, 1, 2, 0, tzinfo=UTC)]


async def test_hits_of_a_mobile_tag_carry_the_floor_of_the_gateway(clock: ManualClock, hit_log: FakeHitLog) -> None:
    watch = watch_over(SHOES, CART, clock=clock, hit_log=hit_log)
    hear(watch, clock, SHOES, CART)
    watch.use(store_of())
    await watch.journal.flush()
    assert [(logged.beacon, logged.floor) for logged in hit_log.hits] == [
        ("shoes", "F2"),
        ("cart", "F3"),
        ("shoes", "F2"),
        ("cart", "F3"),
    ]
    assert watch.hits == {"F2": 2, "F3": 2}


async def test_foreign_advertisements_are_counted_and_nothing_else(clock: ManualClock, hit_log: FakeHitLog) -> None:
    watch = watch_over(SHOES, clock=clock, hit_log=hit_log)
    foreign: list[dict[int, bytes]] = [HEADPHONES, {0x0075: b"\x42\x04"}, {0x0006: b""}, {}]
    for manufacturer_data in foreign * 100:
        watch.take(manufacturer_data, -40)
    await watch.journal.flush()
    assert watch.adverts == 400
    assert (watch.reception.unknown, watch.reception.malformed) == (0, 0)
    assert [state.samples for state in watch.states()] == [0]
    assert (hit_log.attempts, list(watch.recent), watch.hits.total()) == (0, [], 0)


async def test_a_beacon_of_nobody_s_file_is_counted_as_unknown(clock: ManualClock, hit_log: FakeHitLog) -> None:
    watch = watch_over(SHOES, clock=clock, hit_log=hit_log)
    hear(watch, clock, WATCHES, times=10)
    assert (watch.reception.unknown, watch.adverts) == (10, 10)
    assert not watch.recent


# Departures


async def test_a_beacon_no_longer_heard_leaves_as_of_its_last_sample(clock: ManualClock, hit_log: FakeHitLog) -> None:
    watch = watch_over(SHOES, WATCHES, clock=clock, hit_log=hit_log)
    hear(watch, clock, SHOES, WATCHES, times=11)
    last_sample = clock.utc()
    for _ in range(int(SILENCE_ALLOWED) + 1):
        clock.advance(1)
        hear(watch, clock, WATCHES, times=1)
        watch.sweep()
    left = watch.recent[-1]
    assert (left.hit.kind, left.hit.key, left.hit.reason) == (HitKind.EXIT, SHOES, ExitReason.TIMEOUT)
    assert (left.at, left.hit.dwell) == (last_sample, 10.0)
    assert len(watch.recent) == 3


async def test_a_silent_radio_takes_nobody_with_it(clock: ManualClock, hit_log: FakeHitLog) -> None:
    watch = watch_over(SHOES, WATCHES, clock=clock, hit_log=hit_log)
    hear(watch, clock, SHOES, WATCHES)
    for _ in range(3600):
        clock.advance(1)
        watch.sweep()
    assert [logged.hit.kind for logged in watch.recent] == [HitKind.ENTER, HitKind.ENTER]


async def test_after_a_silent_radio_everybody_gets_a_full_time_out_anew(
    clock: ManualClock, hit_log: FakeHitLog
) -> None:
    watch = watch_over(SHOES, WATCHES, clock=clock, hit_log=hit_log)
    hear(watch, clock, SHOES, WATCHES)
    for _ in range(600):
        clock.advance(1)
        watch.sweep()
    heard_again = clock.monotonic()
    while len(watch.recent) == 2:
        watch.take(HEADPHONES, -60)
        clock.advance(1)
        watch.sweep()
    assert SILENCE_ALLOWED < clock.monotonic() - heard_again <= SILENCE_ALLOWED + 1
    assert [logged.hit.kind for logged in watch.recent].count(HitKind.EXIT) == 2


async def test_a_faint_beacon_too_gets_its_time_anew_after_a_silent_radio(
    clock: ManualClock, hit_log: FakeHitLog
) -> None:
    watch = watch_over(SHOES, clock=clock, hit_log=hit_log)
    hear(watch, clock, SHOES, rssi=-80)
    while next(watch.states()).rssi > -99:
        clock.advance(1)
        hear(watch, clock, SHOES, times=1, rssi=-110)
        watch.sweep()
    for _ in range(600):
        clock.advance(1)
        watch.sweep()
    watch.take(HEADPHONES, -60)
    watch.sweep()
    assert [logged.hit.kind for logged in watch.recent] == [HitKind.ENTER]


@pytest.mark.parametrize(("silent", "exits"), [(NOT_RECEIVING_AFTER_S - 2, 1), (NOT_RECEIVING_AFTER_S + 2, 0)])
async def test_the_radio_counts_as_deaf_after_twenty_seconds(
    clock: ManualClock, hit_log: FakeHitLog, silent: float, exits: int
) -> None:
    watch = watch_over(SHOES, clock=clock, hit_log=hit_log)
    hear(watch, clock, SHOES)
    for _ in range(int(SILENCE_ALLOWED - silent + 1)):
        clock.advance(1)
        watch.take(HEADPHONES, -60)
        watch.sweep()
    for _ in range(int(silent)):
        clock.advance(1)
        watch.sweep()
    assert len(watch.recent) == 1 + exits


async def test_a_gateway_that_was_held_up_itself_takes_nobody_with_it(clock: ManualClock, hit_log: FakeHitLog) -> None:
    watch = watch_over(SHOES, clock=clock, hit_log=hit_log)
    hear(watch, clock, SHOES)
    watch.sweep()
    watch.take(HEADPHONES, -60)
    clock.advance(600)  # the whole process stood still; what was on the air meanwhile comes after the sweep
    watch.sweep()
    assert [logged.hit.kind for logged in watch.recent] == [HitKind.ENTER]


async def test_a_beacon_taken_out_of_the_files_leaves_under_the_name_it_had(
    clock: ManualClock, hit_log: FakeHitLog
) -> None:
    watch = watch_over(SHOES, WATCHES, clock=clock, hit_log=hit_log)
    hear(watch, clock, SHOES, WATCHES)
    watch.use(store_of(WATCHES, revision="d4e5f6"))
    await watch.journal.flush()
    removed = hit_log.hits[-1]
    assert (removed.hit.kind, removed.hit.reason) == (HitKind.EXIT, ExitReason.REMOVED)
    assert (removed.beacon, removed.floor, removed.revision) == ("shoes", "F2", "a1b2c3")
    hear(watch, clock, SHOES, WATCHES, times=10)
    assert len(watch.recent) == 3


async def test_a_reload_that_keeps_a_beacon_says_nothing_of_it(clock: ManualClock, hit_log: FakeHitLog) -> None:
    watch = watch_over(SHOES, clock=clock, hit_log=hit_log)
    hear(watch, clock, SHOES)
    watch.use(store_of(SHOES, WATCHES, revision="d4e5f6"))
    hear(watch, clock, SHOES, WATCHES)
    assert [(logged.beacon, logged.revision) for logged in watch.recent] == [("shoes", "a1b2c3"), ("watches", "d4e5f6")]


# Writing


async def test_nothing_is_written_while_nothing_happens(clock: ManualClock, hit_log: FakeHitLog) -> None:
    watch = watch_over(SHOES, WATCHES, clock=clock, hit_log=hit_log)
    await watch.journal.flush()
    assert hit_log.attempts == 0
    hear(watch, clock, SHOES, WATCHES, rssi=-80)
    await watch.journal.flush()
    for _ in range(600):
        clock.advance(1)
        hear(watch, clock, SHOES, WATCHES, times=1, rssi=-80)
        watch.sweep()
        await watch.journal.flush()
    assert [sum(isinstance(record, LoggedHit) for record in batch) for batch in hit_log.batches[:1]] == [2]
    # Afterwards once a minute: who was heard in it.
    assert 9 <= len(hit_log.batches[1:]) <= 11
    assert all(isinstance(record, LoggedMinute) for batch in hit_log.batches[1:] for record in batch)


async def test_what_could_not_be_written_is_written_later_in_order_and_once(
    clock: ManualClock, hit_log: FakeHitLog
) -> None:
    watch = watch_over(SHOES, WATCHES, clock=clock, hit_log=hit_log)
    hit_log.failure = OSError("disk full")
    with capture_logs() as logs:
        hear(watch, clock, SHOES)
        await watch.journal.flush()
        clock.advance(1)
        hear(watch, clock, WATCHES)
        await watch.journal.flush()
    assert [(line["event"], line["waiting"], line["reason"]) for line in logs] == [
        ("journal.not_written", 1, "disk full"),  # once, however often it is tried
    ]
    hit_log.failure = None
    await watch.journal.flush()
    await watch.journal.flush()
    assert [logged.beacon for logged in hit_log.hits] == ["shoes", "watches"]
    [again] = [record for record in hit_log.others if isinstance(record, Event)]
    assert (again.kind, again.details["what"], again.details["lost"]) == (EventKind.LOG, "written-again", "0")
    assert hit_log.hits == list(watch.recent)
    assert watch.journal.dropped == 0


def crowd(watch: BeaconMonitor, clock: ManualClock, times: int) -> int:
    """Let a thousand beacons come and go so often; return how many hits that makes."""
    keys = [BeaconKey(UUID_OF_STORE, 1, minor) for minor in range(1000)]
    store, nobody = store_of(*keys), store_of()
    for _ in range(times):
        watch.use(store)
        hear(watch, clock, *keys)
        watch.use(nobody)
    return 2 * len(keys) * times


async def test_hits_beyond_the_bound_push_out_the_oldest_and_are_counted(
    clock: ManualClock, hit_log: FakeHitLog
) -> None:
    watch = watch_over(clock=clock, hit_log=hit_log)
    hit_log.failure = OSError("disk full")
    came = crowd(watch, clock, 15)
    await watch.journal.flush()
    assert watch.journal.dropped == 0
    newest_of_full = watch.recent[-1]
    came += crowd(watch, clock, 2)
    hit_log.failure = None
    await watch.journal.flush()
    rows = len(hit_log.hits) + sum(1 + len(logged.heard) for logged in hit_log.minutes)
    assert rows <= MAX_BACKLOG_ROWS < rows + 1001  # a minute goes as a whole
    assert watch.hits.total() == came
    assert 0 < came - len(hit_log.hits) < watch.journal.dropped
    assert hit_log.hits[-4001] == newest_of_full
    assert hit_log.hits[-20:] == list(watch.recent)


async def test_hits_that_come_while_a_full_queue_is_written_are_not_taken_for_written(clock: ManualClock) -> None:
    class BusyHitLog(FakeHitLog):
        async def append(self, records: Sequence[Record], segments: Sequence[ClockSegment]) -> None:
            await super().append(records, segments)
            if self.attempts == 1:
                watch.use(store_of(SHOES))
                hear(watch, clock, SHOES)

    watch = watch_over(clock=clock, hit_log=(hit_log := BusyHitLog()))
    came = crowd(watch, clock, 16)
    await watch.journal.flush()
    await watch.journal.flush()
    assert len(hit_log.hits) == came + 1
    assert hit_log.hits[-1].beacon == "shoes"


# The receiver's own offset


@pytest.mark.parametrize("offset", [-6, 0, 10])
@pytest.mark.parametrize("rssi", [-67, -108, -3])
def test_a_receivers_offset_is_part_of_every_level_that_is_judged(
    offset: int, rssi: int, clock: ManualClock, hit_log: FakeHitLog
) -> None:
    shifted, plain = (
        BeaconMonitor(
            floor="F3",
            clock=clock,
            journal=Journal(gateway="gw-f3", boot="boot-1", clock=clock, log=hit_log, commit_every=0),
            offset=of_receiver,
        )
        for of_receiver in (offset, 0)
    )
    for watch in (shifted, plain):
        watch.use(store_of(SHOES))
    for _ in range(60):
        shifted.take(advertisement(SHOES), rssi)
        shifted.take(advertisement(CART), rssi)
        plain.take(advertisement(SHOES), min(max(rssi + offset, -110), -1))
        plain.take(advertisement(CART), min(max(rssi + offset, -110), -1))
        clock.advance(1)
    assert list(shifted.states()) == list(plain.states())
    assert list(shifted.strangers) == list(plain.strangers)
    assert [logged.hit for logged in shifted.recent] == [logged.hit for logged in plain.recent]


def test_a_receiver_without_an_offset_pays_nothing_for_those_that_have_one() -> None:
    hear = Tracker().hear
    assert with_offset(hear, 0) is hear


# Changes of zone


@pytest.mark.parametrize(("logged", "fixed"), [(True, ["enter", "zone"]), (False, ["enter"])])
def test_changes_of_zone_of_fixed_beacons_are_logged_if_wished_and_those_of_tags_always(
    clock: ManualClock, hit_log: FakeHitLog, *, logged: bool, fixed: list[str]
) -> None:
    journal = Journal(gateway="gw-f3", boot="boot-1", clock=clock, log=hit_log, commit_every=0)
    watch = BeaconMonitor(floor="F3", clock=clock, journal=journal, log_zones=logged)
    watch.use(store_of(SHOES, CART))
    hear(watch, clock, SHOES, CART, times=30, rssi=-67)
    hear(watch, clock, SHOES, CART, times=30, rssi=-90)
    assert [one.hit.kind for one in watch.recent if one.beacon == "shoes"] == fixed
    assert [one.hit.kind for one in watch.recent if one.beacon == "cart"] == ["enter", "zone"]
    assert watch.hits.total() == len(fixed) + 2
    assert [state.zone for state in watch.states()] == [Proximity.FAR] * 2
