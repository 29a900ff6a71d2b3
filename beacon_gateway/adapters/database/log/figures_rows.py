"""WeChat's statistics by day, as rows."""

import sqlite3
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.wechat.figures import DayFigures, Figures

TABLES: Final = """
    CREATE TABLE figures_day (
        day TEXT PRIMARY KEY,       -- of Beijing, as ISO 8601 writes it
        final INTEGER NOT NULL,
        fetched REAL NOT NULL       -- UTC, Unix seconds
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE beacon_figures (
        day TEXT NOT NULL, uuid BLOB NOT NULL, major INTEGER NOT NULL, minor INTEGER NOT NULL,
        shakes INTEGER NOT NULL, shakers INTEGER NOT NULL, clicks INTEGER NOT NULL, clickers INTEGER NOT NULL,
        PRIMARY KEY (day, uuid, major, minor)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE page_figures (
        day TEXT NOT NULL, ref TEXT NOT NULL,
        shakes INTEGER NOT NULL, shakers INTEGER NOT NULL, clicks INTEGER NOT NULL, clickers INTEGER NOT NULL,
        PRIMARY KEY (day, ref)
    ) STRICT, WITHOUT ROWID
    """


def days(db: sqlite3.Connection) -> Mapping[date, bool]:
    """Return the days of which there are figures, and whether they are final."""
    return {date.fromisoformat(day): bool(final) for day, final in db.execute("SELECT day, final FROM figures_day")}


def keep(db: sqlite3.Connection, figures: DayFigures, *, final: bool, fetched: datetime) -> None:
    """Replace a day as a whole."""
    day = figures.day.isoformat()
    for table in ("beacon_figures", "page_figures"):
        db.execute(f"DELETE FROM {table} WHERE day = ?", (day,))
    db.execute("INSERT OR REPLACE INTO figures_day VALUES (?, ?, ?)", (day, final, fetched.timestamp()))
    db.executemany(
        "INSERT INTO beacon_figures VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(day, key.uuid.bytes, key.major, key.minor, *_counts(counts)) for key, counts in figures.beacons.items()],
    )
    db.executemany(
        "INSERT INTO page_figures VALUES (?, ?, ?, ?, ?, ?)",
        [(day, ref, *_counts(counts)) for ref, counts in figures.pages.items()],
    )


def shakes_and_clicks(db: sqlite3.Connection, day: date) -> tuple[int, int]:
    """Add a day up over all beacons; people cannot be added."""
    query = "SELECT coalesce(sum(shakes), 0), coalesce(sum(clicks), 0) FROM beacon_figures WHERE day = ?"
    shakes, clicks = db.execute(query, (day.isoformat(),)).fetchone()
    return shakes, clicks


def select(db: sqlite3.Connection, first: date, last: date) -> list[DayFigures]:
    """Return the days from the first to the last, both included, of which there are figures; oldest first."""
    span = (first.isoformat(), last.isoformat())
    beacons: dict[str, dict[BeaconKey, Figures]] = {}
    for day, uuid, major, minor, *counts in db.execute("SELECT * FROM beacon_figures WHERE day BETWEEN ? AND ?", span):
        beacons.setdefault(day, {})[BeaconKey(UUID(bytes=uuid), major, minor)] = Figures(*counts)
    pages: dict[str, dict[PageRef, Figures]] = {}
    for day, ref, *counts in db.execute("SELECT * FROM page_figures WHERE day BETWEEN ? AND ?", span):
        pages.setdefault(day, {})[PageRef(ref)] = Figures(*counts)
    found = db.execute("SELECT day FROM figures_day WHERE day BETWEEN ? AND ? ORDER BY day", span)
    return [DayFigures(date.fromisoformat(day), beacons.get(day, {}), pages.get(day, {})) for (day,) in found]


def _counts(figures: Figures) -> tuple[int, int, int, int]:
    return figures.shakes, figures.shakers, figures.clicks, figures.clickers
