"""Sums by hour and day, so that a report need not read millions of rows.

Rows are *folded* into the sums once, in the order of their ids; what is not folded yet is added up when somebody asks.
A row whose clock may still be set right in this boot waits, and all after it. Rows of an earlier boot whose clock never
was are counted, and are in no hour: which is not known.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final
from uuid import UUID

from beacon_gateway.core.log.tallies import BeaconDay, FloorHour, GatewayHour
from beacon_gateway.core.model.ibeacon import BeaconKey

MAX_ROWS_SUMMED: Final = 20_000
"""Rows that one transaction folds at most: on a Pi some hundred milliseconds, for which new rows wait."""

_EPOCH: Final = date(1970, 1, 1)
_AT: Final = "CAST(offset + monotonic / 1000.0 AS INTEGER)"
_HOUR: Final = "at - (at + :zone) % 3600"
_DAY: Final = "(at + :zone) / 86400"
_GONE: Final = "reason IN (0, 1)"  # the beacon left; nobody took it out of the files or stopped the gateway

# CROSS JOIN keeps SQLite from turning the order of the loops around: the rows first, each with its few names.
_HITS: Final = f"""
    SELECT {_AT} AS at, named.id AS named, floor, kind, CASE WHEN {_GONE} THEN dwell END AS dwell, 0 AS heard
    FROM hit CROSS JOIN clock ON clock.id = hit.clock CROSS JOIN named ON named.id = hit.named
    WHERE hit.id > :after_hit AND hit.id <= :to_hit AND known"""
_PRESENCE: Final = f"""
    SELECT {_AT} AS at, named.id AS named, floor, NULL AS kind, NULL AS dwell, MIN(seconds, 600) AS heard
    FROM presence CROSS JOIN minute ON minute.id = presence.minute CROSS JOIN clock ON clock.id = minute.clock
    CROSS JOIN named ON named.id = presence.named
    WHERE presence.id > :after_presence AND presence.id <= :to_presence AND known"""
_ROWS: Final = f"{_HITS} UNION ALL {_PRESENCE}"
_FLOOR_HOURS: Final = f"""
    SELECT {_HOUR} AS hour, floor, TOTAL(kind = 0) AS enters, TOTAL(kind = 2) AS zones, TOTAL(kind = 1) AS exits,
        TOTAL(dwell) AS dwell, COUNT(dwell) AS dwells, TOTAL(heard) AS heard
    FROM ({_ROWS}) GROUP BY 1, 2"""
_BEACON_DAYS: Final = f"""
    SELECT {_DAY} AS day, named, TOTAL(heard) AS heard, TOTAL(kind = 0) AS enters FROM ({_ROWS}) GROUP BY 1, 2"""
_GATEWAY_HOURS: Final = f"""
    SELECT {_HOUR} AS hour, TOTAL(seconds) AS seconds, TOTAL(deaf) AS deaf
    FROM (SELECT {_AT} AS at, seconds, deaf FROM minute CROSS JOIN clock ON clock.id = minute.clock
        WHERE minute.id > :after_minute AND minute.id <= :to_minute AND known) GROUP BY 1"""

_KINDS: Final = ("hit", "minute", "presence")


@dataclass(frozen=True, slots=True)
class Period:
    """From when (aware, included) until when (excluded), by the clock of which zone."""

    first: datetime
    last: datetime
    zone: tzinfo

    def seconds(self) -> dict[str, int]:
        return {
            "first": int(self.first.timestamp()),
            "last": int(self.last.timestamp()),
            "zone": zone_seconds(self.zone, self.first),
        }


def zone_seconds(zone: tzinfo, at: datetime) -> int:
    """Return by how much a zone's clock is ahead of UTC."""
    return round((at.astimezone(zone).utcoffset() or timedelta()).total_seconds())


def fold(db: sqlite3.Connection, boot: str, zone: int, step: int = MAX_ROWS_SUMMED) -> int:
    """Fold some rows, and give how many. `boot` is the one whose clock may still be set; `zone` seconds before UTC."""
    bounds = _bounds(db)
    for kind in _KINDS:
        bounds[f"to_{kind}"] = min(
            bounds[f"to_{kind}"], bounds[f"after_{kind}"] + step, _first_waiting(db, kind, bounds, boot) - 1
        )
    folded = sum(max(0, bounds[f"to_{kind}"] - bounds[f"after_{kind}"]) for kind in _KINDS)
    if not folded:
        return 0
    parameters = {**bounds, "zone": zone}
    db.execute(
        f"INSERT INTO floor_hour {_FLOOR_HOURS} ON CONFLICT DO UPDATE SET enters = enters + excluded.enters, "
        "zones = zones + excluded.zones, exits = exits + excluded.exits, dwell = dwell + excluded.dwell, "
        "dwells = dwells + excluded.dwells, heard = heard + excluded.heard",
        parameters,
    )
    db.execute(
        f"INSERT INTO beacon_day {_BEACON_DAYS} ON CONFLICT DO UPDATE SET heard = heard + excluded.heard, "
        "enters = enters + excluded.enters",
        parameters,
    )
    db.execute(
        f"INSERT INTO gateway_hour {_GATEWAY_HOURS} ON CONFLICT DO UPDATE SET "
        "seconds = seconds + excluded.seconds, deaf = deaf + excluded.deaf",
        parameters,
    )
    db.execute(
        "UPDATE clock SET untimed = untimed + (SELECT COUNT(*) FROM hit WHERE hit.clock = clock.id "
        "AND hit.id > :after_hit AND hit.id <= :to_hit) WHERE NOT known",
        parameters,
    )
    db.executemany("INSERT OR REPLACE INTO folded VALUES (?, ?)", [(kind, bounds[f"to_{kind}"]) for kind in _KINDS])
    return folded


def folded_up_to(db: sqlite3.Connection, kind: str) -> int:
    """Return the id of the last `hit`, `minute` or `presence` that is in the sums; 0 for none."""
    row = db.execute("SELECT id FROM folded WHERE name = ?", (kind,)).fetchone()
    return int(row[0]) if row else 0


def floor_hours(db: sqlite3.Connection, period: Period) -> list[FloorHour]:
    """Return what was logged by floor and hour, oldest first."""
    rows = db.execute(
        "SELECT hour, floor, SUM(enters), SUM(zones), SUM(exits), SUM(dwell), SUM(dwells), SUM(heard) FROM ("
        f"SELECT * FROM floor_hour WHERE hour >= :first AND hour < :last UNION ALL SELECT * FROM ({_FLOOR_HOURS})) "
        "WHERE hour >= :first AND hour < :last GROUP BY hour, floor ORDER BY hour, floor",
        {**_bounds(db), **period.seconds()},
    )
    hours: dict[int, datetime] = {}
    floors: dict[str, str] = {}
    found = []
    for hour, name, enters, zones, exits, dwell, dwells, heard in rows:  # many rows share their hour and floor
        start, floor = hours.get(hour) or hours.setdefault(hour, utc(hour)), floors.setdefault(name, name)
        counts = int(enters), int(zones), int(exits)
        found.append(FloorHour(start, floor, *counts, dwell / 1000, int(dwells), round(heard / 600)))
    return found


def gateway_hours(db: sqlite3.Connection, period: Period) -> list[GatewayHour]:
    """Return how long the gateway listened in each hour, oldest first."""
    rows = db.execute(
        "SELECT hour, SUM(seconds), SUM(deaf) FROM ("
        f"SELECT * FROM gateway_hour WHERE hour >= :first AND hour < :last UNION ALL SELECT * FROM ({_GATEWAY_HOURS})) "
        "WHERE hour >= :first AND hour < :last GROUP BY hour ORDER BY hour",
        {**_bounds(db), **period.seconds()},
    )
    return [GatewayHour(utc(hour), seconds / 10, deaf / 10) for hour, seconds, deaf in rows]


def beacon_days(db: sqlite3.Connection, period: Period) -> list[BeaconDay]:
    """Return what was logged of each beacon on each day, oldest first."""
    rows: Iterable[tuple[Any, ...]] = db.execute(
        "SELECT day, uuid, major, minor, slug, floor, SUM(heard), SUM(enters) FROM ("
        f"SELECT * FROM beacon_day UNION ALL SELECT * FROM ({_BEACON_DAYS})) AS days "
        "JOIN named ON named.id = days.named WHERE day >= (:first + :zone) / 86400 AND day * 86400 < :last + :zone "
        "GROUP BY day, uuid, major, minor, slug, floor ORDER BY day, floor, slug",
        {**_bounds(db), **period.seconds()},
    )
    dates: dict[int, date] = {}
    names: dict[tuple[Any, ...], tuple[BeaconKey, str, str]] = {}
    found = []
    # Tens of thousands of rows share their days and beacons: alone, each would be four times as large.
    for day, uuid, major, minor, slug, floor, heard, enters in rows:
        name = (uuid, major, minor, slug, floor)
        if name not in names:
            names[name] = BeaconKey(UUID(bytes=uuid), major, minor), slug, floor
        if day not in dates:
            dates[day] = _EPOCH + timedelta(days=day)
        found.append(BeaconDay(dates[day], *names[name], round(heard / 600), int(enters)))
    return found


def untimed(db: sqlite3.Connection) -> int:
    """Return the hits whose hour is not known."""
    folded = db.execute("SELECT TOTAL(untimed) FROM clock WHERE NOT known").fetchone()[0]
    waiting = db.execute(
        "SELECT COUNT(*) FROM hit CROSS JOIN clock ON clock.id = hit.clock WHERE hit.id > ? AND NOT known",
        (folded_up_to(db, "hit"),),
    ).fetchone()[0]
    return int(folded) + int(waiting)


def _bounds(db: sqlite3.Connection) -> dict[str, int]:
    """Give, of each kind of row, up to which id it is folded, and the last id that there is."""
    bounds = {}
    for kind in _KINDS:
        bounds[f"after_{kind}"] = folded_up_to(db, kind)
        bounds[f"to_{kind}"] = db.execute(f"SELECT COALESCE(MAX(id), 0) FROM {kind}").fetchone()[0]
    return bounds


def _first_waiting(db: sqlite3.Connection, kind: str, bounds: dict[str, int], boot: str) -> int:
    """Return the id of the first row whose clock may still be set right; beyond the last if there is none."""
    none = bounds[f"to_{kind}"] + 1
    if not db.execute("SELECT 1 FROM clock WHERE boot = ? AND NOT known", (boot,)).fetchone():
        return none
    via = "CROSS JOIN minute ON minute.id = presence.minute " if kind == "presence" else ""
    row = db.execute(
        f"SELECT {kind}.id FROM {kind} {via}CROSS JOIN clock ON clock.id = clock "
        f"WHERE {kind}.id > ? AND boot = ? AND NOT known ORDER BY {kind}.id LIMIT 1",
        (bounds[f"after_{kind}"], boot),
    ).fetchone()
    return int(row[0]) if row else none


def utc(seconds: float) -> datetime:
    """Return the moment of Unix seconds (aware)."""
    return datetime.fromtimestamp(seconds, UTC)
