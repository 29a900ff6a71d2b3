"""The log's rows that are no hits: events, and the minutes in which the gateway was deaf."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from beacon_gateway.core.event import Event, EventKind
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.radio.deafness import DeafMinute

TABLES: Final = """
    CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        at REAL NOT NULL,           -- UTC, Unix seconds
        boot TEXT NOT NULL,
        monotonic REAL NOT NULL,    -- seconds since that boot
        gateway TEXT NOT NULL,
        kind TEXT NOT NULL,
        beacon TEXT NOT NULL,       -- '' where the event is the radio's own
        uuid BLOB,
        major INTEGER,
        minor INTEGER,
        details TEXT NOT NULL       -- a JSON object of texts
    ) STRICT;
    CREATE TABLE deaf_minute (
        id INTEGER PRIMARY KEY,
        minute INTEGER NOT NULL,    -- UTC, Unix seconds of its beginning; twice if the gateway was started anew in it
        seconds REAL NOT NULL
    ) STRICT
    """


def insert_events(connection: sqlite3.Connection, events: Sequence[Event]) -> None:
    connection.executemany(
        "INSERT INTO event (at, boot, monotonic, gateway, kind, beacon, uuid, major, minor, details) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_event_row(event) for event in events],
    )


def select_events(connection: sqlite3.Connection, since: datetime | None, limit: int) -> list[Event]:
    """Give the newest so many, oldest first."""
    rows = connection.execute(
        "SELECT at, boot, monotonic, gateway, kind, beacon, uuid, major, minor, details FROM event "
        "WHERE (:since IS NULL OR at >= :since) ORDER BY id DESC LIMIT :limit",
        {"since": since.timestamp() if since else None, "limit": limit},
    ).fetchall()
    return [_event(row) for row in reversed(rows)]


def insert_minutes(connection: sqlite3.Connection, minutes: Sequence[DeafMinute]) -> None:
    connection.executemany(
        "INSERT INTO deaf_minute (minute, seconds) VALUES (?, ?)",
        [(int(minute.minute.timestamp()), round(minute.seconds, 1)) for minute in minutes],
    )


def select_minutes(connection: sqlite3.Connection, since: datetime | None, limit: int) -> list[DeafMinute]:
    """Give the newest so many, oldest first."""
    rows = connection.execute(
        "SELECT minute, seconds FROM deaf_minute WHERE (:since IS NULL OR minute >= :since) "
        "ORDER BY id DESC LIMIT :limit",
        {"since": since.timestamp() if since else None, "limit": limit},
    ).fetchall()
    return [DeafMinute(datetime.fromtimestamp(minute, UTC), seconds) for minute, seconds in reversed(rows)]


def _event_row(event: Event) -> tuple[object, ...]:
    key = event.key
    return (
        event.at.timestamp(),
        event.boot,
        event.when,
        event.gateway,
        event.kind.value,
        event.beacon,
        key.uuid.bytes if key else None,
        key.major if key else None,
        key.minor if key else None,
        json.dumps(dict(event.details), ensure_ascii=False),
    )


def _event(row: tuple[Any, ...]) -> Event:  # the table is STRICT: its types are the columns'
    at, boot, when, gateway, kind, beacon, uuid, major, minor, details = row
    return Event(
        kind=EventKind(kind),
        when=when,
        at=datetime.fromtimestamp(at, UTC),
        boot=boot,
        gateway=gateway,
        key=BeaconKey(UUID(bytes=uuid), major, minor) if uuid else None,
        beacon=beacon,
        details=json.loads(details),
    )
