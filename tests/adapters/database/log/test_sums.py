"""What the log adds up to: the same before it is folded into sums, after, and half-way."""

import asyncio
import tempfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from beacon_gateway.adapters.database.log import sums
from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.core.log.logged import Record
from beacon_gateway.core.log.tallies import BeaconDay, FloorHour, FloorShakes, GatewayHour, Tallies
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.tracking.hit import ExitReason
from tests.adapters.database.days import BOOT, DAY, HOUR, MIDNIGHT, SHANGHAI, enter, hour_of, key, left, minute, shake

A_WEEK_LATER = MIDNIGHT + timedelta(days=7)


async def fold(log: HitLogFile, boot: str = BOOT.boot, rows: int = sums.MAX_ROWS_SUMMED) -> int:
    folded, zone = 0, sums.zone_seconds(SHANGHAI, MIDNIGHT)
    while step := await log.run(lambda db: sums.fold(db, boot, zone, rows)):
        folded += step
    return folded


async def week(log: HitLogFile) -> Tallies:
    return await log.tallies(MIDNIGHT, A_WEEK_LATER, SHANGHAI)


async def test_a_day_is_told_by_floor_and_hour_and_beacon(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await log.append(
            [
                enter(10 * HOUR),
                left(10.5 * HOUR, dwell=1800),
                left(10.6 * HOUR, dwell=99, reason=ExitReason.SHUTDOWN),
                enter(10.7 * HOUR, 2, floor="F1"),
                *hour_of(1, 2, begins=10 * HOUR),
                minute(11 * HOUR, seconds=60, deaf=45),
            ],
            [BOOT],
        )
        for _ in range(2):
            tallies = await week(log)
            ten = MIDNIGHT + timedelta(hours=10)
            assert tallies.hours == [
                FloorHour(ten, "F1", 1, 0, 0, 0.0, 0, 0),
                FloorHour(ten, "F6", 1, 0, 2, 1800.0, 1, 120),
            ]
            assert tallies.listening == [
                GatewayHour(ten, 3600, 0),
                GatewayHour(ten + timedelta(hours=1), 60, 45),
            ]
            day = date(2026, 11, 20)
            assert tallies.days == [
                BeaconDay(day, key(2), "corner-2", "F1", 0, 1),
                BeaconDay(day, key(1), "corner-1", "F6", 60, 1),
                BeaconDay(day, key(2), "corner-2", "F6", 60, 0),
            ]
            assert tallies.untimed == 0
            await fold(log)
        assert await fold(log) == 0


async def test_a_period_ends_where_it_says(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await log.append([enter(-1), enter(0), enter(DAY - 1), enter(DAY)], [BOOT])
        for _ in range(2):
            tallies = await log.tallies(MIDNIGHT, MIDNIGHT + timedelta(days=1), SHANGHAI)
            assert sum(hour.enters for hour in tallies.hours) == 2
            assert [day.enters for day in tallies.days] == [2]
            await fold(log)


async def test_hours_and_days_are_those_of_the_store_s_clock(tmp_path: Path) -> None:
    kolkata = ZoneInfo("Asia/Kolkata")  # 5:30 ahead of UTC
    midnight = datetime(2026, 11, 20, tzinfo=kolkata)
    segment = ClockSegment("b", 0.0, midnight.timestamp(), known=True)
    async with HitLogFile(tmp_path) as log:
        await log.append([enter(-1, segment=segment), enter(1, segment=segment)], [segment])
        tallies = await log.tallies(midnight, midnight + timedelta(days=1), kolkata)
        await log.fold("b", kolkata, midnight)
        assert await log.tallies(midnight, midnight + timedelta(days=1), kolkata) == tallies
    assert [(hour.start, hour.enters) for hour in tallies.hours] == [(midnight, 1)]
    assert [(day.day, day.enters) for day in tallies.days] == [(date(2026, 11, 20), 1)]


async def test_rows_of_a_clock_that_is_not_set_wait_until_it_is(tmp_path: Path) -> None:
    unset = ClockSegment("pi", 5.0, 0.0, known=False)
    async with HitLogFile(tmp_path) as log:
        await log.append([enter(10, segment=unset), minute(10, 1, segment=unset)], [unset])
        assert await fold(log, "pi") == 0
        tallies = await week(log)
        assert (tallies.hours, tallies.listening, tallies.untimed) == ([], [], 1)
        await log.append([], [replace(unset, offset=MIDNIGHT.timestamp(), known=True)])
        before = await week(log)
        assert await fold(log, "pi") == 3
        for tallies in (before, await week(log)):
            assert [(hour.start, hour.enters, hour.beacon_minutes) for hour in tallies.hours] == [(MIDNIGHT, 1, 1)]
            assert tallies.untimed == 0


async def test_rows_of_a_clock_that_never_was_set_hold_up_nothing_and_are_counted(tmp_path: Path) -> None:
    never = ClockSegment("old-boot", 5.0, 0.0, known=False)
    async with HitLogFile(tmp_path) as log:
        await log.append([enter(10, segment=never), enter(20, segment=never)], [never])
        await log.append([enter(DAY)], [BOOT])
        for _ in range(2):
            tallies = await week(log)
            assert ([hour.enters for hour in tallies.hours], tallies.untimed) == ([1], 2)
            await fold(log)


async def test_people_are_counted_once_a_day_and_once_an_hour_on_a_floor(tmp_path: Path) -> None:
    shakes = [
        shake(10 * HOUR, 1),
        shake(10.1 * HOUR, 1),
        shake(10.2 * HOUR, 2),
        shake(11 * HOUR, 1),
        shake(11 * HOUR, 1, floor="F1"),
        shake(DAY + HOUR, 1),
    ]
    hours, days = (MIDNIGHT + timedelta(hours=number) for number in (10, 11)), MIDNIGHT
    ten, eleven = hours
    async with HitLogFile(tmp_path) as log:
        await log.append(shakes, [BOOT])
        for _ in range(2):
            tallies = await week(log)
            assert tallies.shake_hours == [
                FloorShakes(ten, "F6", 3, 2),
                FloorShakes(eleven, "F1", 1, 1),
                FloorShakes(eleven, "F6", 1, 1),
                FloorShakes(MIDNIGHT + timedelta(days=1, hours=1), "F6", 1, 1),
            ]
            assert tallies.shake_days == [
                FloorShakes(days, "F1", 1, 1),
                FloorShakes(days, "F6", 4, 2),
                FloorShakes(days + timedelta(days=1), "F6", 1, 1),
            ]
            # A whole day at a time, when it is over.
            assert await log.expire_shakes(MIDNIGHT + timedelta(hours=23), SHANGHAI) == 0
            await log.expire_shakes(MIDNIGHT + timedelta(days=1), SHANGHAI)
        left_over = await log.run(lambda db: db.execute("SELECT COUNT(*) FROM shake").fetchone()[0])
    assert left_over == 1


EVENTS = st.lists(
    st.one_of(
        st.builds(enter, st.floats(0, 3 * DAY), st.integers(1, 3), floor=st.sampled_from(["F1", "F6"])),
        st.builds(left, st.floats(0, 3 * DAY), st.integers(0, 9999).map(float), st.integers(1, 3)),
        st.builds(minute, st.floats(0, 3 * DAY), st.integers(1, 3), deaf=st.floats(0, 60)),
    ),
    max_size=40,
)


@given(EVENTS, st.integers(1, 7), st.lists(st.integers(0, 39), max_size=3))
@settings(max_examples=60, deadline=None)
def test_folded_whenever_and_in_whatever_steps_it_adds_up_to_the_same(
    records: list[Record], step: int, folds: list[int]
) -> None:
    async def tallies(*, folded: bool) -> Tallies:
        with tempfile.TemporaryDirectory() as folder:
            async with HitLogFile(Path(folder)) as log:
                for number, record in enumerate(records):
                    await log.append([record], [BOOT])
                    if folded and number in folds:
                        await fold(log, rows=step)
                if folded:
                    await fold(log, rows=step)
                return await log.tallies(MIDNIGHT - timedelta(days=1), A_WEEK_LATER, SHANGHAI)

    assert asyncio.run(tallies(folded=True)) == asyncio.run(tallies(folded=False))
