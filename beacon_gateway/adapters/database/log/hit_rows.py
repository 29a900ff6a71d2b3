"""Hits as rows."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from beacon_gateway.adapters.database.log.dictionary import Dictionary
from beacon_gateway.adapters.database.milliseconds import milliseconds
from beacon_gateway.core.log.log_filter import LogFilter
from beacon_gateway.core.log.logged import LoggedHit
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.tracking.hit import ExitReason, Hit, HitKind

KINDS: Final = (HitKind.ENTER, HitKind.EXIT, HitKind.ZONE)
ZONES: Final = (Proximity.IMMEDIATE, Proximity.NEAR, Proximity.FAR)
REASONS: Final = (ExitReason.TIMEOUT, ExitReason.WEAK, ExitReason.REMOVED, ExitReason.SHUTDOWN)
ZONE_NUMBER: Final = {zone: number for number, zone in enumerate(ZONES)}
_KIND_NUMBER: Final = {kind: number for number, kind in enumerate(KINDS)}
_REASON_NUMBER: Final = {reason: number for number, reason in enumerate(REASONS)} | {None: None}


def insert(db: sqlite3.Connection, numbers: Dictionary, hits: Sequence[LoggedHit]) -> None:
    db.executemany(
        "INSERT INTO hit (clock, monotonic, named, revision, kind, zone, rssi, distance, dwell, reason) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_row(db, numbers, logged) for logged in hits],
    )


def select(db: sqlite3.Connection, wanted: LogFilter) -> list[LoggedHit]:
    """Return the newest so many, oldest first."""
    rows = db.execute(
        "SELECT boot, since, offset, known, monotonic, gateway, floor, slug, uuid, major, minor, kind, zone, rssi, "
        "distance, dwell, reason, revision.text "
        "FROM hit CROSS JOIN clock ON clock.id = hit.clock CROSS JOIN named ON named.id = hit.named "
        "CROSS JOIN revision ON revision.id = hit.revision "
        "WHERE (:floor IS NULL OR floor = :floor) AND (:beacon IS NULL OR slug = :beacon) "
        "AND (:kind IS NULL OR kind = :kind) AND (:since IS NULL OR offset + monotonic / 1000.0 >= :since) "
        "AND (:until IS NULL OR offset + monotonic / 1000.0 < :until) ORDER BY hit.id DESC LIMIT :limit",
        {
            "floor": wanted.floor,
            "beacon": wanted.beacon,
            "kind": _KIND_NUMBER[wanted.kind] if wanted.kind else None,
            **wanted.times(),
        },
    ).fetchall()
    return [_logged(row) for row in reversed(rows)]


def _row(db: sqlite3.Connection, numbers: Dictionary, logged: LoggedHit) -> tuple[object, ...]:
    hit = logged.hit
    return (
        numbers.clock(db, logged.segment),
        milliseconds(hit.when),
        numbers.named(db, hit.key, logged.beacon, logged.floor, logged.gateway),
        numbers.revision(db, logged.revision),
        _KIND_NUMBER[hit.kind],
        ZONE_NUMBER[hit.zone],
        round(hit.rssi * 10),
        round(hit.distance * 100),
        None if hit.dwell is None else milliseconds(hit.dwell),
        _REASON_NUMBER[hit.reason],
    )


def _logged(row: tuple[Any, ...]) -> LoggedHit:  # the tables are STRICT: the types are the columns'
    (boot, since, offset, known, when, gateway, floor, beacon, uuid, major, minor, *measured, revision) = row
    kind, zone, rssi, distance, dwell, reason = measured
    return LoggedHit(
        Hit(
            kind=KINDS[kind],
            key=BeaconKey(UUID(bytes=uuid), major, minor),
            when=when / 1000,
            zone=ZONES[zone],
            rssi=rssi / 10,
            distance=distance / 100,
            dwell=None if dwell is None else dwell / 1000,
            reason=None if reason is None else REASONS[reason],
        ),
        segment=ClockSegment(boot, since / 1000, offset, bool(known)),
        gateway=gateway,
        floor=floor,
        beacon=beacon,
        revision=revision,
    )
