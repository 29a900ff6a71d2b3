"""What beacons said of their batteries, by the day: one row a beacon and day, for a month."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from beacon_gateway.core.health.batteries import BATTERY_HISTORY_DAYS, BatteryCharge, BatteryDay, BatteryUnit
from beacon_gateway.core.model.ibeacon import BeaconKey

TABLE: Final = """
    CREATE TABLE battery_day (
        day INTEGER NOT NULL,       -- UTC, as Python's date.toordinal
        uuid BLOB NOT NULL, major INTEGER NOT NULL, minor INTEGER NOT NULL,
        unit TEXT NOT NULL, value INTEGER NOT NULL,
        PRIMARY KEY (day, uuid, major, minor)
    ) STRICT, WITHOUT ROWID
    """


def keep(connection: sqlite3.Connection, days: Sequence[BatteryDay]) -> None:
    """Add these, and delete what is older than a month by the newest."""
    connection.executemany("INSERT OR REPLACE INTO battery_day VALUES (?, ?, ?, ?, ?, ?)", [_row(one) for one in days])
    connection.execute(
        "DELETE FROM battery_day WHERE day <= (SELECT MAX(day) FROM battery_day) - ?", (BATTERY_HISTORY_DAYS,)
    )


def select(connection: sqlite3.Connection) -> list[BatteryDay]:
    rows = connection.execute("SELECT day, uuid, major, minor, unit, value FROM battery_day ORDER BY day")
    return [
        BatteryDay(
            BeaconKey(UUID(bytes=uuid), major, minor), date.fromordinal(day), BatteryCharge(value, BatteryUnit(unit))
        )
        for day, uuid, major, minor, unit, value in rows
    ]


def _row(one: BatteryDay) -> tuple[object, ...]:
    key, charge = one.key, one.charge
    return one.day.toordinal(), key.uuid.bytes, key.major, key.minor, charge.unit.value, charge.value
