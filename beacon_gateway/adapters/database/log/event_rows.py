"""Events as rows."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from beacon_gateway.adapters.database.log.dictionary import Dictionary
from beacon_gateway.adapters.database.milliseconds import milliseconds
from beacon_gateway.core.log.event import Event, EventKind
from beacon_gateway.core.log.log_filter import LogFilter
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.ibeacon import BeaconKey

TABLE: Final = """
    CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        clock INTEGER NOT NULL, monotonic INTEGER NOT NULL,
        gateway TEXT NOT NULL,
        kind TEXT NOT NULL,
        beacon TEXT NOT NULL,       -- '' where the event is the gateway's own
        uuid BLOB, major INTEGER, minor INTEGER,
        details TEXT NOT NULL       -- a JSON object of texts
    ) STRICT
    """


def insert(db: sqlite3.Connection, numbers: Dictionary, events: Sequence[Event]) -> None:
    db.executemany(
        "INSERT INTO event (clock, monotonic, gateway, kind, beacon, uuid, major, minor, details) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(numbers.clock(db, event.segment), *_row(event)) for event in events],
    )


def select(db: sqlite3.Connection, wanted: LogFilter) -> list[Event]:
    """Return the newest so many, oldest first."""
    rows = db.execute(
        "SELECT boot, since, offset, known, monotonic, gateway, kind, beacon, uuid, major, minor, details "
        "FROM event CROSS JOIN clock ON clock.id = event.clock "
        "WHERE kind IN (SELECT value FROM json_each(:kinds)) "
        "AND (:since IS NULL OR offset + monotonic / 1000.0 >= :since) "
        "AND (:until IS NULL OR offset + monotonic / 1000.0 < :until) ORDER BY event.id DESC LIMIT :limit",
        {"kinds": json.dumps([kind.value for kind in sorted(wanted.events)]), **wanted.times()},
    ).fetchall()
    return [_event(row) for row in reversed(rows)]


def _row(event: Event) -> tuple[object, ...]:
    key = event.key
    return (
        milliseconds(event.when),
        event.gateway,
        event.kind.value,
        event.beacon,
        key.uuid.bytes if key else None,
        key.major if key else None,
        key.minor if key else None,
        json.dumps(dict(event.details), ensure_ascii=False),
    )


def _event(row: tuple[Any, ...]) -> Event:  # the tables are STRICT: the types are the columns'
    boot, since, offset, known, when, gateway, kind, beacon, uuid, major, minor, details = row
    return Event(
        kind=EventKind(kind),
        when=when / 1000,
        segment=ClockSegment(boot, since / 1000, offset, bool(known)),
        gateway=gateway,
        key=BeaconKey(UUID(bytes=uuid), major, minor) if uuid else None,
        beacon=beacon,
        details=json.loads(details),
    )
