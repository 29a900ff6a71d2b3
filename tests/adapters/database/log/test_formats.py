"""Logs of earlier versions: what they hold is all there."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from beacon_gateway.adapters.database.log.hit_log import FILE, HitLogFile, LogFilter
from beacon_gateway.adapters.database.log.log_schema import FIRST, MIGRATIONS, SECOND
from beacon_gateway.core.log.event import EventKind
from tests.adapters.database.hits import KEY, NOON, STRETCH, hit

EVERYTHING = LogFilter(limit=1_000)
AT = NOON.timestamp()
ROWS = [
    # at, boot, monotonic, gateway, floor, beacon, kind, zone, rssi, distance, dwell, reason, revision
    (AT, "boot-1", 100.0, "gw", "F6", "lift", "enter", "near", -71.5, 2.25, None, None, "r1"),
    (AT + 60.25, "boot-1", 160.25, "gw", "F6", "lift", "exit", "far", -88.1, 12.0, 60.25, "timeout", "r1"),
    (
        AT - 9e7,
        "boot-2",
        5.0,
        "gw",
        "F6",
        "lift",
        "zone",
        "immediate",
        -40.0,
        0.2,
        1.0,
        None,
        "r2",
    ),  # before it was set
    (AT + 90, "boot-2", 15.0, "gw", "F1", "门口", "exit", "near", -60.0, 1.0, 3.5, "shutdown", ""),
]


def old_file(folder: Path, version: int) -> None:
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        for script in (FIRST, SECOND)[:version]:
            db.executescript(script)
        db.execute(f"PRAGMA user_version = {version}")
        db.executemany(
            f"INSERT INTO hit VALUES (NULL, ?, ?, ?, ?, ?, ?, x'{KEY.uuid.hex}', 10006, 1, ?, ?, ?, ?, ?, ?, ?)",
            ROWS,
        )
        if version > 1:
            db.execute(
                "INSERT INTO event VALUES (NULL, ?, 'boot-1', 130.0, 'gw', 'radio.state', '', NULL, NULL, NULL, ?)",
                (AT + 30, '{"state": "deaf"}'),
            )
            db.execute("INSERT INTO deaf_minute VALUES (NULL, ?, 45.5)", (int(AT),))
            db.execute(f"INSERT INTO beacon_memory VALUES (x'{KEY.uuid.hex}', 10006, 1, ?, -70.0, 0.5, 1)", (AT,))
        db.commit()


@pytest.mark.parametrize("version", [1, 2])
async def test_the_hits_of_an_older_file_are_all_there(tmp_path: Path, version: int) -> None:
    old_file(tmp_path, version)
    async with HitLogFile(tmp_path) as log:
        found = await log.find(EVERYTHING)
        expected = [datetime.fromtimestamp(row[0], UTC) for row in ROWS]
        for logged, at in zip(found, expected, strict=True):
            assert abs(logged.at - at) < timedelta(milliseconds=2)
        assert [
            (
                one.segment.boot, one.hit.when, one.gateway, one.floor, one.beacon, one.hit.kind.value,
                one.hit.zone.value, one.hit.rssi, one.hit.distance, one.hit.dwell,
                one.hit.reason and one.hit.reason.value, one.revision,
            )
            for one in found
        ] == [row[1:] for row in ROWS]  # fmt: skip
        assert {one.hit.key for one in found} == {KEY}
        await log.append([hit(1)], [STRETCH])
        assert len(await log.find(EVERYTHING)) == len(ROWS) + 1


async def test_events_deafness_and_memory_of_an_older_file_are_there(tmp_path: Path) -> None:
    old_file(tmp_path, 2)
    async with HitLogFile(tmp_path) as log:
        [event] = await log.events(EVERYTHING)
        assert (event.kind, event.details, event.at) == (
            EventKind.STATE,
            {"state": "deaf"},
            NOON + timedelta(seconds=30),
        )
        [memory] = await log.recall()
        assert (memory.key, memory.absent) == (KEY, True)
        tallies = await log.tallies(NOON - timedelta(hours=4), NOON + timedelta(hours=4), UTC)
    assert [hour.deaf for hour in tallies.listening] == [45.5]


async def test_an_older_file_is_not_changed_by_a_reader_who_says_what_to_do(tmp_path: Path) -> None:
    old_file(tmp_path, 2)
    with pytest.raises(OSError, match="start the gateway once"):
        async with HitLogFile(tmp_path, read_only=True):
            pass


async def test_a_new_file_has_the_newest_format(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        version = await log.run(lambda db: db.execute("PRAGMA user_version").fetchone()[0])
        tables = await log.run(lambda db: {row[0] for row in db.execute("SELECT name FROM sqlite_schema")})
    assert version == len(MIGRATIONS)
    assert not {name for name in tables if name.startswith("old_")}
