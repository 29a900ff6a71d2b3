"""Who was heard in which half hour of the last day, read from the newest minutes.

Both tables are in the order in which they were written, and have no index. So the newest minutes are read, each is put
into its half hour, and what was heard in a row of them is counted as one range of ids, whose ends are found by halving.
"""

import sqlite3
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

from beacon_gateway.adapters.database.log.sums import utc
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.monitoring.heartbeat_bar import SLOT, SLOTS_PER_DAY, Day

MAX_MINUTE_ROWS: Final = 3000
"""Rows; a day has 1,440. Starts of the program and losses of reception that came out later add some."""

_Run = tuple[int, int, int]
"""A half hour, and the first and the last id of minutes that follow each other in it."""


def select(db: sqlite3.Connection, begins: datetime, keys: Collection[BeaconKey]) -> Day:
    """Return what the log tells of these beacons in the half hours from then (aware) on."""
    first, width = begins.timestamp(), SLOT.total_seconds()
    worked, deaf = [0.0] * SLOTS_PER_DAY, [0.0] * SLOTS_PER_DAY
    told = 0.0
    placed: list[tuple[int | None, int]] = []
    rows = db.execute(
        "SELECT minute.id, offset + monotonic / 1000.0, known, seconds, deaf "
        "FROM (SELECT * FROM minute ORDER BY id DESC LIMIT ?) AS minute CROSS JOIN clock ON clock.id = minute.clock "
        "ORDER BY minute.id",
        (MAX_MINUTE_ROWS,),
    )
    for number, at, known, seconds, without in rows:
        slot = int((at - first) // width)
        is_inside = bool(known) and 0 <= slot < SLOTS_PER_DAY
        if is_inside:
            worked[slot] += seconds / 10
            deaf[slot] += without / 10
            told = max(told, at + seconds / 10)
        if seconds:  # else it is of an earlier minute without reception, and of no beacon
            placed.append((slot if is_inside else None, number))
    runs = [
        (slot, group[0][1], group[-1][1])
        for slot, members in groupby(placed, key=lambda row: row[0])
        if slot is not None and (group := list(members))
    ]
    return Day(begins, utc(told) if told else None, worked, deaf, _heard(db, runs, keys))


def _heard(db: sqlite3.Connection, runs: list[_Run], keys: Collection[BeaconKey]) -> dict[BeaconKey, list[int]]:
    """Count the minutes of each beacon, by half hour."""
    wanted = set(keys)
    named = {number: key for number, key in _named(db) if key in wanted}
    ids = ",".join(map(str, named))
    heard: dict[BeaconKey, list[int]] = {}
    # Two questions: both in one would have SQLite read the whole table.
    (low,) = db.execute("SELECT COALESCE(MIN(id), 0) FROM presence").fetchone()
    (high,) = db.execute("SELECT COALESCE(MAX(id), -1) + 1 FROM presence").fetchone()
    for slot, first, last in runs:
        begin = _first_of(db, first, low, high)
        end = low = _first_of(db, last + 1, begin, high)
        counted = db.execute(
            "SELECT named, COUNT(*) FROM presence WHERE id >= ? AND id < ? "
            "AND named IN (SELECT value FROM json_each(?)) GROUP BY named",
            (begin, end, f"[{ids}]"),
        )
        for number, minutes in counted:
            heard.setdefault(named[number], [0] * SLOTS_PER_DAY)[slot] += minutes
    return heard


def _named(db: sqlite3.Connection) -> Iterator[tuple[int, BeaconKey]]:
    """Return every beacon that the log names: one may have had several names."""
    for number, uuid, major, minor in db.execute("SELECT id, uuid, major, minor FROM named"):
        yield number, BeaconKey(UUID(bytes=uuid), major, minor)


def _first_of(db: sqlite3.Connection, minute: int, low: int, high: int) -> int:
    """Return the id of the first row of this minute or a later one, between these; `high` if there is none."""
    while low < high:
        middle = (low + high) // 2
        row = db.execute("SELECT id, minute FROM presence WHERE id >= ? ORDER BY id LIMIT 1", (middle,)).fetchone()
        if row is None or row[1] >= minute:
            high = middle
        else:
            low = row[0] + 1
    return low
