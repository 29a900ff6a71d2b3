"""How many rows of each kind the log holds, and since when."""

import sqlite3
from typing import Final

from beacon_gateway.adapters.database.log.sums import utc
from beacon_gateway.core.log.holdings import Holding

_BY_CLOCK: Final = (
    "SELECT MIN(offset + {table}.monotonic / 1000.0) FROM {table} JOIN clock ON clock.id = clock WHERE known"
)
_HITS: Final = (
    "SELECT offset + monotonic / 1000.0 FROM (SELECT * FROM hit ORDER BY id LIMIT 1) "
    "JOIN clock ON clock.id = clock WHERE known"
)
_PRESENCE: Final = (
    "SELECT offset + minute.monotonic / 1000.0 FROM (SELECT minute FROM presence ORDER BY id LIMIT 1) AS first "
    "JOIN minute ON minute.id = first.minute JOIN clock ON clock.id = clock WHERE known"
)
_OLDEST: Final = {
    # Of the two that may have millions of rows the first, which is the oldest unless the clock jumped.
    "hits": ("hit", _HITS),
    "presence": ("presence", _PRESENCE),
    "minutes": ("minute", _BY_CLOCK.format(table="minute")),
    "events": ("event", _BY_CLOCK.format(table="event")),
    "shakes": ("shake", "SELECT MIN(created) FROM shake"),
    "sums": ("floor_hour", "SELECT MIN(hour) FROM floor_hour"),
    "figures": ("beacon_figures", "SELECT CAST(strftime('%s', MIN(day)) AS INTEGER) FROM figures_day"),
}


def select(db: sqlite3.Connection) -> list[Holding]:
    return [_holding(db, kind, table, oldest) for kind, (table, oldest) in _OLDEST.items()]


def _holding(db: sqlite3.Connection, kind: str, table: str, oldest: str) -> Holding:
    # Rows are added and deleted in order: the ids tell how many there are, and counting millions would take long.
    count = "COUNT(*)" if kind in {"sums", "figures"} else "COALESCE(MAX(id) - MIN(id) + 1, 0)"
    rows = db.execute(f"SELECT {count} FROM {table}").fetchone()[0]
    found = db.execute(oldest).fetchone()
    since = utc(found[0]) if found and found[0] is not None else None
    return Holding(kind, int(rows), since)
