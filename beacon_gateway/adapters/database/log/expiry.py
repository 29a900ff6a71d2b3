"""Which rows are older than they may be, and their end, in small steps. Sums stay.

A row goes by its date, if that was known and is not in the future. A wrong or unknown date says nothing, so such a row
is as old as what came after it: it goes when a later segment of the clock began before the limit. No jump of the clock
can make a young row old.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from beacon_gateway.adapters.database.log.sums import folded_up_to

MAX_ROWS_DELETED: Final = 5_000
"""Rows that one transaction deletes at most."""

_IS_OLD: Final = """
    SELECT 1 FROM clock WHERE clock.id = clock AND (
        (boot = :boot AND monotonic < :monotonic)
        OR (known AND offset + monotonic / 1000.0 < :limit)
        OR ((NOT known OR offset + monotonic / 1000.0 > :now) AND clock.id < :later)
    )"""


@dataclass(frozen=True, slots=True)
class RetentionLimit:
    """What is older goes."""

    boot: str
    """This one."""
    monotonic: float
    """Seconds of this boot: its rows before that are old, whatever the wall clock says. Mostly negative."""
    at: datetime | None
    """Aware UTC; None while the time is not known."""
    now: datetime


def expire(db: sqlite3.Connection, limit: RetentionLimit) -> int:
    """Delete some rows that are too old; return how many."""
    old = _parameters(db, limit)
    gone = _expire_rows(db, "hit", old) + _expire_rows(db, "event", old) + _expire_minutes(db, old)
    for kind in ("hit", "minute", "presence"):
        # SQLite counts on from the highest id that is left: where the newest row went, the next ones would bear the ids
        # of rows that are in the sums already, and never get there.
        db.execute(f"UPDATE folded SET id = min(id, (SELECT coalesce(max(id), 0) FROM {kind})) WHERE name = ?", (kind,))
    return gone


_Parameters = dict[str, float | str | None]


def _parameters(db: sqlite3.Connection, limit: RetentionLimit) -> _Parameters:
    """Return the parameters of `_IS_OLD`. A limit that is not known is NULL, and nothing is before that."""
    parameters: _Parameters = {
        "boot": limit.boot,
        "monotonic": limit.monotonic * 1000,
        "limit": limit.at.timestamp() if limit.at else None,
        "now": limit.now.timestamp(),
        "step": MAX_ROWS_DELETED,
    }
    later = db.execute(
        "SELECT MAX(id) FROM clock WHERE (known AND offset + since / 1000.0 < :limit) "
        "OR (boot = :boot AND since < :monotonic)",
        parameters,
    ).fetchone()
    return {**parameters, "later": later[0]}


def _expire_rows(db: sqlite3.Connection, table: str, old: _Parameters) -> int:
    last = folded_up_to(db, table) if table == "hit" else None
    return db.execute(
        f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE :last IS NULL OR id <= :last "
        f"ORDER BY id LIMIT :step) AND EXISTS ({_IS_OLD})",
        {**old, "last": last},
    ).rowcount


def _expire_minutes(db: sqlite3.Connection, old: _Parameters) -> int:
    """Delete the gateway's minutes and what was heard in them; that first, so that none is left without its minute."""
    parameters = {**old, "minute": folded_up_to(db, "minute"), "presence": folded_up_to(db, "presence")}
    minutes = (
        "SELECT id FROM (SELECT * FROM minute WHERE id <= :minute ORDER BY id LIMIT :step) AS minute "
        f"WHERE EXISTS ({_IS_OLD})"
    )
    heard = db.execute(
        "DELETE FROM presence WHERE id IN (SELECT id FROM presence WHERE id <= :presence ORDER BY id LIMIT :step) "
        f"AND minute IN ({minutes})",
        parameters,
    ).rowcount
    # Rows of one minute follow each other: the minutes before that of the first one left have nobody.
    alone = db.execute(
        f"DELETE FROM minute WHERE id IN ({minutes}) AND id < COALESCE("
        "(SELECT minute FROM presence ORDER BY id LIMIT 1), :minute + 1)",
        parameters,
    ).rowcount
    return heard + alone
