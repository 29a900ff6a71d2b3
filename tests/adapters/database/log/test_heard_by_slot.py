"""Who was heard in which half hour, read from a real log."""

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.database.log import heard_by_slot
from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.core.log.logged import LoggedMinute
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.monitoring.heartbeat_bar import SLOTS_PER_DAY, Day
from tests.adapters.database.days import BOOT, DAY, HOUR, MIDNIGHT, enter, hour_of, key, minute

ALL: Final = [key(1), key(2)]


async def day(log: HitLogFile, keys: Collection[BeaconKey] = ALL, begins: datetime = MIDNIGHT) -> Day:
    return await log.run(lambda db: heard_by_slot.select(db, begins, keys))


def slots(**others: float) -> list[float]:
    """Return nothing but in some half hours: `slots(_20=30)`."""
    found = [0.0] * SLOTS_PER_DAY
    for place, value in others.items():
        found[int(place[1:])] = value
    return found


async def test_an_empty_log_tells_nothing(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        assert await day(log) == Day(MIDNIGHT, None, slots(), slots(), {})


async def test_minutes_are_counted_in_the_half_hour_in_which_they_began(tmp_path: Path) -> None:
    rows = [*hour_of(1, 2, begins=10 * HOUR), *hour_of(1, begins=11 * HOUR), minute(12 * HOUR, deaf=45.0)]
    async with HitLogFile(tmp_path) as log:
        await log.append([*rows, enter(12 * HOUR)], [BOOT])
        found = await day(log)
    assert found.heard == {key(1): slots(_20=30, _21=30, _22=30, _23=30), key(2): slots(_20=30, _21=30)}
    assert found.worked == slots(_20=1800, _21=1800, _22=1800, _23=1800, _24=60)
    assert found.deaf == slots(_24=45)
    assert found.told == MIDNIGHT + timedelta(hours=12, minutes=1)


async def test_what_is_before_or_after_is_in_no_half_hour(tmp_path: Path) -> None:
    moments = (-30.0, 0.0, DAY - 1, DAY)
    async with HitLogFile(tmp_path) as log:
        await log.append([minute(when, 1) for when in moments], [BOOT])
        found = await day(log)
    assert found.heard == {key(1): slots(_0=1, _47=1)}
    assert found.worked == slots(_0=60, _47=60)


async def test_deafness_that_came_out_later_belongs_to_its_own_half_hour(tmp_path: Path) -> None:
    half = 10.5 * HOUR
    rows = [
        minute(half - 60, 1),
        minute(half - 40, seconds=0.0, deaf=40.0),
        minute(half, 1, deaf=5.0),
    ]
    async with HitLogFile(tmp_path) as log:
        await log.append(rows, [BOOT])
        found = await day(log)
    assert found.deaf == slots(_20=40, _21=5)
    assert found.heard == {key(1): slots(_20=1, _21=1)}


async def test_rows_whose_time_is_not_known_are_in_no_half_hour_until_it_is(tmp_path: Path) -> None:
    blind = ClockSegment("other-boot", 0.0, (MIDNIGHT - timedelta(days=200)).timestamp(), known=False)
    rows = [minute(60.0 * number, 1, segment=blind) for number in range(10)]
    async with HitLogFile(tmp_path) as log:
        await log.append([*hour_of(1, begins=10 * HOUR)], [BOOT])
        await log.append(rows, [blind])
        assert (await day(log)).heard == {key(1): slots(_20=30, _21=30)}
        right = replace(blind, offset=(MIDNIGHT + timedelta(hours=12)).timestamp(), known=True)
        await log.append([], [right])
        found = await day(log)
    assert found.heard == {key(1): slots(_20=30, _21=30, _24=10)}
    assert found.told == MIDNIGHT + timedelta(hours=12, minutes=10)


async def test_a_clock_that_was_set_back_leaves_each_row_where_it_was_said_to_be(tmp_path: Path) -> None:
    back = ClockSegment(BOOT.boot, 11 * HOUR, BOOT.offset - 3600, known=True)
    rows: Sequence[LoggedMinute] = [*hour_of(1, begins=10 * HOUR)]
    async with HitLogFile(tmp_path) as log:
        await log.append(rows, [BOOT])
        await log.append([minute(11 * HOUR, 1, segment=back)], [back])
        assert (await day(log)).heard == {key(1): slots(_20=31, _21=30)}


async def test_only_those_are_counted_who_were_asked_for_under_whatever_name(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await log.append([minute(10 * HOUR, 1, 2), minute(10 * HOUR + 60, 1, floor="F1")], [BOOT])
        assert (await day(log, [key(1)])).heard == {key(1): slots(_20=2)}
        assert (await day(log, [])).heard == {}


async def test_minutes_in_which_nobody_was_heard_are_told_all_the_same(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await log.append([*hour_of(begins=10 * HOUR), minute(11 * HOUR, 1), *hour_of(begins=12 * HOUR)], [BOOT])
        found = await day(log)
    assert found.heard == {key(1): slots(_22=1)}
    assert found.worked == slots(_20=1800, _21=1800, _22=60, _24=1800, _25=1800)


async def test_the_days_before_cost_nothing(tmp_path: Path) -> None:
    """What is compared are the steps of SQLite's machine, which are the same on every computer."""

    async def steps(folder: str, days: int) -> int:
        fill = f"""
            WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {days * 1440 - 1})
            INSERT INTO minute (clock, monotonic, revision, seconds, deaf) SELECT 1, n * 60000, 1, 600, 0 FROM counted;
            INSERT INTO presence (minute, named, samples, weakest, median, strongest, zone)
                SELECT minute.id, named.id, 55, -80, -71, -64, 1 FROM minute CROSS JOIN named WHERE minute.id > 1;
            """
        async with HitLogFile(tmp_path / folder) as log:
            await log.append([minute(0.0, *range(10))], [BOOT])
            await log.run(lambda db: db.executescript(fill))
            counted, found = await log.run(lambda db: _counted(db, MIDNIGHT + timedelta(days=days - 1)))
        assert found.heard == {key(number): [30] * SLOTS_PER_DAY for number in range(10)}
        return counted

    few, many = await steps("few", 3), await steps("many", 60)
    assert many < 1.2 * few


def _counted(db: sqlite3.Connection, begins: datetime) -> tuple[int, Day]:
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    db.set_progress_handler(step, 100)
    found = heard_by_slot.select(db, begins, [key(number) for number in range(10)])
    db.set_progress_handler(None, 0)
    return steps, found
