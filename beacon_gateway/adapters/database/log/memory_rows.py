"""What the gateway remembers of each beacon while it is off: one row a beacon, replaced as a whole."""

import sqlite3
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from beacon_gateway.core.health.beacon_health import RememberedBeacon
from beacon_gateway.core.model.ibeacon import BeaconKey

TABLE: Final = """
    CREATE TABLE beacon_memory (
        uuid BLOB NOT NULL, major INTEGER NOT NULL, minor INTEGER NOT NULL,
        heard REAL NOT NULL,        -- UTC, Unix seconds
        level REAL,                 -- dBm
        interval REAL,              -- seconds between two samples
        absent INTEGER NOT NULL,
        PRIMARY KEY (uuid, major, minor)
    ) STRICT, WITHOUT ROWID
    """


def replace(connection: sqlite3.Connection, beacons: Sequence[RememberedBeacon]) -> None:
    connection.execute("DELETE FROM beacon_memory")
    connection.executemany(
        "INSERT INTO beacon_memory VALUES (?, ?, ?, ?, ?, ?, ?)", [_row(beacon) for beacon in beacons]
    )


def select(connection: sqlite3.Connection) -> list[RememberedBeacon]:
    rows = connection.execute("SELECT uuid, major, minor, heard, level, interval, absent FROM beacon_memory")
    return [
        RememberedBeacon(BeaconKey(UUID(bytes=uuid), major, minor), heard, level, interval, bool(absent))
        for uuid, major, minor, heard, level, interval, absent in rows
    ]


def _row(beacon: RememberedBeacon) -> tuple[object, ...]:
    key = beacon.key
    return key.uuid.bytes, key.major, key.minor, beacon.heard, beacon.level, beacon.interval, int(beacon.absent)
