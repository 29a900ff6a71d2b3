"""Which rows are older than they may be, and their end, in small steps.

Time by the rows' order, not by their dates: a clock that jumped years ahead and back again dates rows wrongly, and one
that was never set dates them 1970. A stretch that began before the limit makes all before it old. Sums stay.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from beacon_gateway.adapters.database.sums import folded_up_to

STEP: Final = 5_000
"""Rows that one transaction deletes at most."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What is older goes."""

    boot: str
    """This one."""
    monotonic: float
    """Seconds of this boot: its rows before that are old, whatever the wall clock says. Mostly negative."""
    at: datetime | None
    """Aware UTC; None while the time is not known."""


def expire(db: sqlite3.Connection, limit: Limit) -> int:
    """Delete some rows that are too old; give how many."""
    edge = _edge(db, limit)
    if edge is None:
        return 0
    return sum(_expire_rows(db, table, edge) for table in ("hit", "event")) + _expire_minutes(db, edge)


_Edge = tuple[int, float]
"""A stretch's number, and its milliseconds from which on rows are young."""


def _edge(db: sqlite3.Connection, limit: Limit) -> _Edge | None:
    row = db.execute(
        "SELECT id, CASE WHEN known AND :at IS NOT NULL THEN (:at - offset) * 1000 ELSE :monotonic * 1000 END AS edge "
        "FROM clock WHERE since < edge AND ((known AND :at IS NOT NULL) OR boot = :boot) ORDER BY id DESC LIMIT 1",
        {
            "at": limit.at.timestamp() if limit.at else None,
            "boot": limit.boot,
            "monotonic": limit.monotonic,
        },
    ).fetchone()
    return (int(row[0]), float(row[1])) if row else None


def _expire_rows(db: sqlite3.Connection, table: str, edge: _Edge) -> int:
    last = folded_up_to(db, table) if table == "hit" else None
    return db.execute(
        f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE :last IS NULL OR id <= :last "
        "ORDER BY id LIMIT :step) AND (clock < :clock OR (clock = :clock AND monotonic < :edge))",
        {"last": last, "step": STEP, "clock": edge[0], "edge": edge[1]},
    ).rowcount


def _expire_minutes(db: sqlite3.Connection, edge: _Edge) -> int:
    """Delete the gateway's minutes and what was heard in them; that first, so that none is left without its minute."""
    parameters = {
        "minute": folded_up_to(db, "minute"),
        "presence": folded_up_to(db, "presence"),
        "step": STEP,
        "clock": edge[0],
        "edge": edge[1],
    }
    old = "id <= :minute AND (clock < :clock OR (clock = :clock AND monotonic < :edge))"
    gone = db.execute(
        "DELETE FROM presence WHERE id IN (SELECT id FROM presence WHERE id <= :presence ORDER BY id LIMIT :step) "
        f"AND minute IN (SELECT id FROM minute WHERE {old} ORDER BY id LIMIT :step)",
        parameters,
    ).rowcount
    return (
        gone
        + db.execute(
            f"DELETE FROM minute WHERE id IN (SELECT id FROM minute WHERE {old} ORDER BY id LIMIT :step) "
            "AND id < (SELECT COALESCE(MIN(minute), :minute + 1) FROM presence WHERE id IN "
            "(SELECT id FROM presence ORDER BY id LIMIT 1))",
            parameters,
        ).rowcount
    )
