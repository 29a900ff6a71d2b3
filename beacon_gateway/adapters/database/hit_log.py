"""The log: one row a hit, an event or a deaf minute, in the order in which they were written."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from beacon_gateway.adapters.database import event_rows, memory_rows
from beacon_gateway.adapters.database.connection import Database
from beacon_gateway.core.event import Event, Record
from beacon_gateway.core.health.beacon_health import Remembered
from beacon_gateway.core.hit import ExitReason, Hit, HitKind, LoggedHit
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.proximity import Proximity
from beacon_gateway.core.radio.deafness import DeafMinute

FILE: Final = "hits.db"

# No index but the row id: one touched at random costs an SD card more bytes than the rows themselves.
MIGRATIONS: Final = (
    """
    CREATE TABLE hit (
        id INTEGER PRIMARY KEY,
        at REAL NOT NULL,           -- UTC, Unix seconds
        boot TEXT NOT NULL,
        monotonic REAL NOT NULL,    -- seconds since that boot
        gateway TEXT NOT NULL,
        floor TEXT NOT NULL,
        beacon TEXT NOT NULL,
        uuid BLOB NOT NULL,
        major INTEGER NOT NULL,
        minor INTEGER NOT NULL,
        kind TEXT NOT NULL,
        zone TEXT NOT NULL,
        rssi REAL NOT NULL,         -- filtered, dBm
        distance REAL NOT NULL,     -- metres
        dwell REAL,                 -- seconds since `enter`
        reason TEXT,
        revision TEXT NOT NULL
    ) STRICT
    """,
    f"{event_rows.TABLES}; {memory_rows.TABLE}",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows to read; only hits have a floor."""

    floor: str | None = None
    since: datetime | None = None
    limit: int = 1000
    """The newest so many."""


class HitLogFile(Database):
    """hits.db in the gateway's state folder."""

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        super().__init__(folder / FILE, MIGRATIONS, read_only=read_only)

    async def append(self, records: Sequence[Record]) -> None:
        """Write all of them in one commit, or none. Raises OSError."""
        hits = [_row(record) for record in records if isinstance(record, LoggedHit)]
        events = [record for record in records if isinstance(record, Event)]
        minutes = [record for record in records if isinstance(record, DeafMinute)]

        def insert(connection: sqlite3.Connection) -> None:
            _insert(connection, hits)
            event_rows.insert_events(connection, events)
            event_rows.insert_minutes(connection, minutes)

        await self.run(insert)

    async def remember(self, beacons: Sequence[Remembered]) -> None:
        """Replace what is remembered of the beacons. Raises OSError."""
        await self.run(lambda connection: memory_rows.replace(connection, beacons))

    async def recall(self) -> list[Remembered]:
        """Give what is remembered of the beacons. Raises OSError."""
        return await self.run(memory_rows.select)

    async def find(self, wanted: Wanted) -> list[LoggedHit]:
        """Give the newest hits that match, oldest first. Raises OSError."""
        return await self.run(lambda connection: _select(connection, wanted))

    async def events(self, wanted: Wanted) -> list[Event]:
        """Give the newest events that match, oldest first. Raises OSError."""
        return await self.run(lambda connection: event_rows.select_events(connection, wanted.since, wanted.limit))

    async def deaf_minutes(self, wanted: Wanted) -> list[DeafMinute]:
        """Give the newest deaf minutes that match, oldest first. Raises OSError."""
        return await self.run(lambda connection: event_rows.select_minutes(connection, wanted.since, wanted.limit))


def _insert(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> None:
    connection.executemany(
        "INSERT INTO hit (at, boot, monotonic, gateway, floor, beacon, uuid, major, minor, kind, zone, rssi, distance, "
        "dwell, reason, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _select(connection: sqlite3.Connection, wanted: Wanted) -> list[LoggedHit]:
    rows = connection.execute(
        "SELECT at, boot, monotonic, gateway, floor, beacon, uuid, major, minor, kind, zone, rssi, distance, dwell, "
        "reason, revision FROM hit WHERE (:floor IS NULL OR floor = :floor) AND (:since IS NULL OR at >= :since) "
        "ORDER BY id DESC LIMIT :limit",
        {
            "floor": wanted.floor,
            "since": wanted.since.timestamp() if wanted.since else None,
            "limit": wanted.limit,
        },
    ).fetchall()
    return [_logged(row) for row in reversed(rows)]


def _row(logged: LoggedHit) -> tuple[object, ...]:
    hit = logged.hit
    return (
        logged.at.timestamp(),
        logged.boot,
        hit.when,
        logged.gateway,
        logged.floor,
        logged.beacon,
        hit.key.uuid.bytes,
        hit.key.major,
        hit.key.minor,
        hit.kind.value,
        hit.zone.value,
        round(hit.rssi, 1),
        round(hit.distance, 2),
        None if hit.dwell is None else round(hit.dwell, 3),
        hit.reason.value if hit.reason else None,
        logged.revision,
    )


def _logged(row: tuple[Any, ...]) -> LoggedHit:  # the table is STRICT: its types are the columns'
    (at, boot, when, gateway, floor, beacon, uuid, major, minor, kind, zone, rssi, distance, dwell, reason, rev) = row
    return LoggedHit(
        Hit(
            kind=HitKind(kind),
            key=BeaconKey(UUID(bytes=uuid), major, minor),
            when=when,
            zone=Proximity(zone),
            rssi=rssi,
            distance=distance,
            dwell=dwell,
            reason=ExitReason(reason) if reason else None,
        ),
        at=datetime.fromtimestamp(at, UTC),
        boot=boot,
        gateway=gateway,
        floor=floor,
        beacon=beacon,
        revision=rev,
    )
