"""The hit log: what went in comes out, in order, and nothing half."""

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beacon_gateway.adapters.database.log.hit_log import FILE, HitLogFile, LogFilter
from beacon_gateway.core.health.batteries import BatteryCharge, BatteryDay, BatteryUnit
from beacon_gateway.core.log.logged import LoggedHit
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.tracking.hit import ExitReason, Hit, HitKind
from tests.adapters.database.days import BOOT, HOUR, MIDNIGHT, SHANGHAI, enter, shake
from tests.adapters.database.hits import KEY, NOON, STRETCH, hit

T = TypeVar("T")
EVERYTHING = LogFilter(limit=10_000)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PORTS = st.integers(0, 65535)

LOGGED = st.builds(
    LoggedHit,
    st.builds(
        Hit,
        kind=st.sampled_from(HitKind),
        key=st.builds(BeaconKey, st.uuids(), PORTS, PORTS),
        when=st.integers(0, 10**12).map(lambda milliseconds: milliseconds / 1000),
        zone=st.sampled_from(Proximity),
        rssi=st.integers(-1270, 0).map(lambda tenths: tenths / 10),
        distance=st.integers(0, 5000).map(lambda centimetres: centimetres / 100),
        dwell=st.none() | st.integers(0, 10**9).map(lambda milliseconds: milliseconds / 1000),
        reason=st.none() | st.sampled_from(ExitReason),
    ),
    segment=st.just(STRETCH),
    gateway=WORDS,
    floor=WORDS,
    beacon=WORDS,
    revision=WORDS,
)


@given(st.lists(LOGGED, max_size=5))
@settings(max_examples=40, deadline=None)
def test_every_field_comes_back_as_it_went_in(hits: list[LoggedHit]) -> None:
    async def there_and_back() -> list[LoggedHit]:
        async with HitLogFile(Path(folder)) as log:
            await log.append(hits, [STRETCH])
            return await log.find(EVERYTHING)

    with tempfile.TemporaryDirectory() as folder:
        assert asyncio.run(there_and_back()) == hits


async def test_strengths_and_distances_are_kept_as_finely_as_they_mean_something(tmp_path: Path) -> None:
    exact = Hit(HitKind.EXIT, KEY, 1.0, Proximity.FAR, -71.26, 2.2549, dwell=3.14159, reason=ExitReason.WEAK)
    async with HitLogFile(tmp_path) as log:
        await log.append([LoggedHit(exact, STRETCH, "g", "F6", "x", "r")], [STRETCH])
        (found,) = await log.find(EVERYTHING)
    assert (found.hit.rssi, found.hit.distance, found.hit.dwell) == (-71.3, 2.25, 3.142)


async def test_an_hour_of_another_zone_is_the_same_moment(tmp_path: Path) -> None:
    shanghai = timezone(timedelta(hours=8))
    first = hit(0)
    async with HitLogFile(tmp_path) as log:
        await log.append([first], [STRETCH])
        assert await log.find(LogFilter(since=NOON.astimezone(shanghai))) == [first]


async def test_hits_come_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    """The clock of a Pi may jump backwards: the order of writing is the one that can be trusted."""
    written = [hit(5), hit(9), hit(1), hit(7)]
    async with HitLogFile(tmp_path) as log:
        for one in written:
            await log.append([one], [STRETCH])
        assert await log.find(EVERYTHING) == written


async def test_a_floor_a_time_and_a_number_narrow_what_is_found(tmp_path: Path) -> None:
    hits = [hit(number, floor="F1" if number % 2 else "F6") for number in range(20)]
    async with HitLogFile(tmp_path) as log:
        await log.append(hits, [STRETCH])
        assert await log.find(LogFilter(floor="F1")) == hits[1::2]
        assert await log.find(LogFilter(floor="f1")) == []
        assert await log.find(LogFilter(since=hits[12].at)) == hits[12:]
        assert await log.find(LogFilter(limit=3)) == hits[-3:]
        assert await log.find(LogFilter(floor="F6", since=hits[3].at, limit=2)) == [hits[16], hits[18]]
        assert await log.find(LogFilter(limit=0)) == []


async def test_a_batch_of_nothing_is_written_as_nothing(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await log.append([], [STRETCH])
        assert await log.find(EVERYTHING) == []


async def test_a_batch_that_fails_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await log.append([hit(0)], [STRETCH])
        await log.run(
            lambda db: db.execute(
                "CREATE TRIGGER no BEFORE INSERT ON hit WHEN NEW.rssi = -10 BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        )
        poison = replace(hit(3), hit=replace(hit(3).hit, rssi=-1.0))
        with pytest.raises(OSError, match=FILE):
            await log.append([hit(1), hit(2), poison, hit(4)], [STRETCH])
        assert await log.find(EVERYTHING) == [hit(0)]
        await log.append([hit(5)], [STRETCH])
        assert await log.find(EVERYTHING) == [hit(0), hit(5)]


async def test_hits_outlive_the_process(tmp_path: Path) -> None:
    for number in range(3):
        async with HitLogFile(tmp_path) as log:
            await log.append([hit(number)], [STRETCH])
    async with HitLogFile(tmp_path, read_only=True) as log:
        assert await log.find(EVERYTHING) == [hit(0), hit(1), hit(2)]


async def test_two_read_while_one_writes(tmp_path: Path) -> None:
    async with (
        HitLogFile(tmp_path) as writer,
        HitLogFile(tmp_path, read_only=True) as one,
        HitLogFile(tmp_path, read_only=True) as two,
    ):
        await writer.append([hit(0)], [STRETCH])
        with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as another:
            another.execute("BEGIN IMMEDIATE")
            another.execute("DELETE FROM hit")
            assert await one.find(EVERYTHING) == await two.find(EVERYTHING) == [hit(0)]
            another.execute("ROLLBACK")
        writes = asyncio.gather(*(writer.append([hit(number)], [STRETCH]) for number in range(1, 30)))
        seen = []
        while not writes.done():
            seen.append(await asyncio.gather(one.find(EVERYTHING), two.find(EVERYTHING)))
        await writes
        everything = [hit(number) for number in range(30)]
        for found in (rows for pair in seen for rows in pair):
            assert found == everything[: len(found)]
        assert await one.find(EVERYTHING) == await two.find(EVERYTHING) == everything


async def test_a_key_is_kept_whole(tmp_path: Path) -> None:
    keys = [BeaconKey(UUID(int=0), 0, 0), BeaconKey(UUID(int=(1 << 128) - 1), 65535, 65535)]
    hits = [LoggedHit(Hit(HitKind.ZONE, key, 0.0, Proximity.FAR, -99.0, 50.0), STRETCH, "", "", "", "") for key in keys]
    async with HitLogFile(tmp_path) as log:
        await log.append(hits, [STRETCH])
        assert [found.hit.key for found in await log.find(EVERYTHING)] == keys


class FlushRefused(HitLogFile):
    """Its commits are written, and said to have failed, as where a card refuses the flush."""

    refuses = False

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        result = super()._transact(work)
        if self.refuses:
            self.forget()
            self._close()
            raise OSError("disk I/O error")
        return result


async def test_a_commit_that_failed_and_is_there_all_the_same_is_not_written_twice(tmp_path: Path) -> None:
    first, second, third, fourth = (hit(number) for number in range(4))
    async with FlushRefused(tmp_path) as log:
        await log.append([first], [STRETCH])
        log.refuses = True
        for records in ([second], [second, third], [second, third]):
            with pytest.raises(OSError, match="disk"):
                await log.append(records, [STRETCH])
        log.refuses = False
        await log.append([second, third, fourth], [STRETCH])
        await log.append([fourth], [STRETCH])  # asked for once more, it is another one
        assert await log.find(EVERYTHING) == [first, second, third, fourth, fourth]


async def test_what_was_added_up_or_deleted_by_a_commit_in_doubt_counts_once(tmp_path: Path) -> None:
    async with FlushRefused(tmp_path) as log:
        await log.append([*(enter(number * HOUR) for number in range(48)), shake(HOUR, 1), shake(2 * HOUR, 2)], [BOOT])
        for refuses in (True, True, False):
            log.refuses = refuses
            with pytest.raises(OSError, match="disk") if refuses else nullcontext():
                await log.fold(BOOT.boot, SHANGHAI, MIDNIGHT)
            with pytest.raises(OSError, match="disk") if refuses else nullcontext():
                await log.expire_shakes(MIDNIGHT + timedelta(days=2), SHANGHAI)
            with pytest.raises(OSError, match="disk") if refuses else nullcontext():
                await log.keep_batteries([BatteryDay(KEY, MIDNIGHT.date(), BatteryCharge(80, BatteryUnit.PERCENT))])
        tallies = await log.tallies(MIDNIGHT, MIDNIGHT + timedelta(days=4), SHANGHAI)
        assert sum(hour.enters for hour in tallies.hours) == 48
        assert [(day.shakes, day.people) for day in tallies.shake_days] == [(2, 2)]
        assert len(await log.recall_batteries()) == 1
