"""Shakes as rows, and how many they were. Of the person there are eight bytes, made with a key that is gone.

People are told apart within a day, so rows become sums a whole day at a time; until then they are counted as asked for.
"""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any, Final

from beacon_gateway.adapters.database.log.dictionary import Dictionary
from beacon_gateway.adapters.database.log.sums import Period, utc, zone_seconds
from beacon_gateway.adapters.database.milliseconds import milliseconds
from beacon_gateway.core.log.logged import LoggedShake
from beacon_gateway.core.log.tallies import FloorShakes

DAY_S: Final = 86_400

_SHAKES: Final = (
    "COUNT(*) AS shakes, COUNT(DISTINCT person) AS people FROM shake CROSS JOIN named ON named.id = shake.named "
    "WHERE created >= :first AND created < :last GROUP BY 1, 2"
)
_HOURS: Final = f"SELECT created - (created + :zone) % 3600 AS start, floor, {_SHAKES}"
_DAYS: Final = f"SELECT (created + :zone) / 86400 * 86400 AS start, floor, {_SHAKES}"
"""A day is named by its midnight, as if the store's clock were UTC."""


def insert(db: sqlite3.Connection, numbers: Dictionary, shakes: Sequence[LoggedShake]) -> None:
    db.executemany(
        "INSERT INTO shake (clock, monotonic, created, named, revision, person, around) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [_row(db, numbers, logged) for logged in shakes],
    )


def _row(db: sqlite3.Connection, numbers: Dictionary, logged: LoggedShake) -> tuple[object, ...]:
    shake = logged.shake
    return (
        numbers.clock(db, logged.segment),
        milliseconds(logged.when),
        int(shake.created.timestamp()),
        numbers.named(db, shake.key, shake.beacon, shake.floor, shake.gateway),
        numbers.revision(db, shake.revision),
        shake.person,
        shake.around,
    )


def hours(db: sqlite3.Connection, period: Period) -> list[FloorShakes]:
    """Return shakes and people by floor and hour, oldest first."""
    return [FloorShakes(utc(hour), *counts) for hour, *counts in _sums(db, "shake_hour", _HOURS, period)]


def days(db: sqlite3.Connection, period: Period) -> list[FloorShakes]:
    """Return shakes and people by floor and day, oldest first."""
    zone = period.seconds()["zone"]
    return [FloorShakes(utc(day - zone), *counts) for day, *counts in _sums(db, "shake_day", _DAYS, period)]


def expire(db: sqlite3.Connection, before: datetime, zone: tzinfo) -> int:
    """Keep of the oldest day that is over before then only how many shook; return how many rows that were."""
    ahead = zone_seconds(zone, before)
    oldest = db.execute("SELECT MIN(created) FROM shake").fetchone()[0]
    if oldest is None:
        return 0
    first = oldest - (oldest + ahead) % DAY_S
    if first + DAY_S > before.timestamp():
        return 0
    within = {"first": first, "last": first + DAY_S, "zone": ahead}
    for table, sums in (("shake_hour", _HOURS), ("shake_day", _DAYS)):
        db.execute(
            f"INSERT INTO {table} {sums} ON CONFLICT DO UPDATE SET shakes = shakes + excluded.shakes, "
            "people = people + excluded.people",
            within,
        )
    return db.execute("DELETE FROM shake WHERE created >= :first AND created < :last", within).rowcount


def _sums(db: sqlite3.Connection, table: str, sums: str, period: Period) -> list[tuple[Any, ...]]:
    seconds = period.seconds()
    begins = "start + :zone" if table == "shake_hour" else "start"
    return db.execute(
        f"SELECT start, floor, SUM(shakes), SUM(people) FROM (SELECT * FROM {table} UNION ALL {sums}) "
        f"WHERE {begins} >= :first + :zone AND {begins} < :last + :zone GROUP BY start, floor ORDER BY start, floor",
        seconds,
    ).fetchall()
