"""What is too old goes, in small steps and whatever the clock did; what it adds up to stays."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from beacon_gateway.adapters.database.log import expiry
from beacon_gateway.adapters.database.log.hit_log import HitLogFile, LogFilter
from beacon_gateway.core.log.logged import Record
from beacon_gateway.core.log.timeline import ClockSegment
from tests.adapters.database.days import BOOT, DAY, HOUR, MIDNIGHT, SHANGHAI, enter, hour_of, minute

EVERYTHING = LogFilter(limit=1_000_000)
NOW = MIDNIGHT + timedelta(days=31)


async def filled(log: HitLogFile, records: Sequence[Record], *segments: ClockSegment) -> None:
    await log.append(records, segments or [BOOT])
    while await log.fold(BOOT.boot, SHANGHAI, MIDNIGHT):
        pass


async def expire(
    log: HitLogFile,
    at: datetime | None,
    *,
    boot: str = BOOT.boot,
    monotonic: float = float("-inf"),
    now: datetime = NOW,
) -> int:
    rows = 0
    while step := await log.expire(boot, monotonic=monotonic, at=at, now=now):
        rows += step
    return rows


async def count(log: HitLogFile, table: str) -> int:
    return int(await log.run(lambda db: db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]))


async def test_what_is_older_goes_and_what_it_adds_up_to_stays(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await filled(log, [*(enter(number * HOUR) for number in range(48)), *hour_of(1, 2, begins=10 * HOUR)])
        before = await log.tallies(MIDNIGHT, MIDNIGHT + timedelta(days=7), SHANGHAI)
        assert await expire(log, MIDNIGHT + timedelta(days=1)) == 24 + 60 + 120
        assert [hit.hit.when for hit in await log.find(EVERYTHING)] == [number * HOUR for number in range(24, 48)]
        assert (await count(log, "minute"), await count(log, "presence")) == (0, 0)
        assert await log.tallies(MIDNIGHT, MIDNIGHT + timedelta(days=7), SHANGHAI) == before
        assert await expire(log, MIDNIGHT + timedelta(days=1)) == 0


async def test_it_goes_in_small_steps(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await filled(log, [enter(number) for number in range(expiry.MAX_ROWS_DELETED + 10)])
        later = MIDNIGHT + timedelta(days=3)
        assert await log.expire(BOOT.boot, monotonic=0, at=later, now=NOW) == expiry.MAX_ROWS_DELETED
        assert await log.expire(BOOT.boot, monotonic=0, at=later, now=NOW) == 10


async def test_a_minute_outlives_who_was_heard_in_it(tmp_path: Path) -> None:
    beacons = range(300)
    async with HitLogFile(tmp_path) as log:
        await filled(log, [minute(60.0 * number, *beacons) for number in range(50)])
        while await log.expire(BOOT.boot, monotonic=0, at=MIDNIGHT + timedelta(minutes=40), now=NOW):
            orphans = await log.run(
                lambda db: db.execute("SELECT COUNT(*) FROM presence WHERE minute NOT IN (SELECT id FROM minute)")
            )
            assert orphans.fetchone()[0] == 0
        assert (await count(log, "minute"), await count(log, "presence")) == (10, 3000)


async def test_rows_that_are_in_no_sum_yet_are_kept(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await log.append([enter(1), *hour_of(1, begins=0)], [BOOT])
        assert await expire(log, MIDNIGHT + timedelta(days=100)) == 0


async def test_while_the_time_is_not_known_nothing_goes_by_its_date(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await filled(log, [enter(1)])
        assert await expire(log, None) == 0
        assert await expire(log, None, monotonic=-5.0) == 0


async def test_monotonic_time_needs_no_date(tmp_path: Path) -> None:
    """A machine that never meets a time service does not fill its card for all that."""
    never = ClockSegment(BOOT.boot, 0.0, 0.0, known=False)
    before = ClockSegment("an earlier boot", 0.0, 0.0, known=False)
    async with HitLogFile(tmp_path) as log:
        await log.append(
            [enter(7 * DAY, segment=before), enter(1, segment=never), enter(9 * DAY, segment=never)], [before, never]
        )
        while await log.fold("no boot that may be set", SHANGHAI, MIDNIGHT):
            pass
        assert await expire(log, None, monotonic=DAY) == 2
        assert [hit.hit.when for hit in await log.find(EVERYTHING)] == [9 * DAY]


async def test_wrong_dates_between_right_ones_are_as_old_as_their_neighbours(tmp_path: Path) -> None:
    ahead = ClockSegment("b2", 0.0, MIDNIGHT.timestamp() + 3650 * DAY, known=True)
    long_ago = ClockSegment("b3", 0.0, 0.0, known=False)
    today = ClockSegment("b4", 0.0, MIDNIGHT.timestamp() + 30 * DAY, known=True)
    async with HitLogFile(tmp_path) as log:
        await log.append([enter(1, 1)], [BOOT])
        await log.append([enter(1, 2, segment=ahead)], [ahead])
        await log.append([enter(1, 3, segment=long_ago)], [long_ago])
        await log.append([enter(1, 4, segment=today)], [today])
        while await log.fold("b4", SHANGHAI, MIDNIGHT):
            pass
        # Between the first and the last: only the first is known to be older.
        assert await expire(log, MIDNIGHT + timedelta(days=10), boot="b4") == 1
        assert [hit.beacon for hit in await log.find(EVERYTHING)] == ["corner-2", "corner-3", "corner-4"]
        assert await expire(log, MIDNIGHT + timedelta(days=31), boot="b4") == 3


async def test_a_clock_that_goes_back_makes_nothing_old(tmp_path: Path) -> None:
    years_back = ClockSegment("b2", 0.0, MIDNIGHT.timestamp() - 3650 * DAY, known=True)
    async with HitLogFile(tmp_path) as log:
        await filled(log, [enter(29 * DAY)])
        await log.append([enter(1, 2, segment=years_back)], [years_back])
        while await log.fold("b2", SHANGHAI, MIDNIGHT):
            pass
        assert await expire(log, MIDNIGHT + timedelta(days=10), boot="b2") == 1
        assert [hit.beacon for hit in await log.find(EVERYTHING)] == ["corner-1"]


async def test_what_comes_after_everything_has_gone_is_in_the_sums_too(tmp_path: Path) -> None:
    later = MIDNIGHT + timedelta(days=40)
    boot = ClockSegment("after-a-long-holiday", 0.0, later.timestamp(), known=True)
    async with HitLogFile(tmp_path) as log:
        await filled(log, [*(enter(number * HOUR) for number in range(5)), *hour_of(1, 2, begins=10 * HOUR)])
        await expire(log, later - timedelta(days=30), now=later)
        assert [await count(log, table) for table in ("hit", "minute", "presence")] == [0, 0, 0]
        await log.append([enter(number, segment=boot) for number in range(3)], [boot])
        await log.append([minute(60.0 * number, 1, segment=boot) for number in range(3)], [])
        waiting = await log.tallies(later, later + timedelta(days=1), SHANGHAI)
        while await log.fold(boot.boot, SHANGHAI, later):
            pass
        folded = await log.tallies(later, later + timedelta(days=1), SHANGHAI)
    for found in (waiting, folded):
        assert sum(hour.enters for hour in found.hours) == 3
        assert sum(day.minutes for day in found.days) == 3
