"""Boots that have the kernel's boot id of a later one: kept apart from it in the log.

A Pi may draw its boot id before it has any randomness, and then has the same one again and again. Monotonic seconds of
one boot never go back, so what stands later than a moment that begins only now is of an earlier boot.
"""

import sqlite3

from beacon_gateway.adapters.database.milliseconds import milliseconds
from beacon_gateway.core.log.timeline import ClockSegment

_TABLES = ("hit", "event", "minute", "shake")


class EarlierBoots:
    """Renames earlier boots when a segment of a later one is written."""

    def __init__(self) -> None:
        self._begun: dict[str, set[int]] = {}
        """By boot id: where segments of this process begin."""
        self._is_certain = True

    def look_again(self) -> None:
        """Look at the file with the next segment, new or not: a transaction failed, and with it perhaps a new name."""
        self._is_certain = False

    def keep_apart(self, db: sqlite3.Connection, segment: ClockSegment) -> None:
        """Rename what has the boot id of a segment that is to be written and cannot be of its boot."""
        boot, since = segment.boot, milliseconds(segment.since)
        begun = self._begun.setdefault(boot, set())
        if since not in begun and not _is_written(db, segment):
            latest = _latest(db, boot)
            if latest is not None and latest > since:
                _rename(db, boot, keep=set())
                begun.clear()
        elif (
            since in begun
            and not self._is_certain
            and (latest := _latest(db, boot, but=begun)) is not None
            and latest > min(begun)
        ):
            _rename(db, boot, keep=begun)
        begun.add(since)
        self._is_certain = True


def _is_written(db: sqlite3.Connection, segment: ClockSegment) -> bool:
    where = (segment.boot, milliseconds(segment.since), segment.offset)
    return db.execute("SELECT 1 FROM clock WHERE (boot, since, offset) = (?, ?, ?)", where).fetchone() is not None


def _latest(db: sqlite3.Connection, boot: str, *, but: frozenset[int] | set[int] = frozenset()) -> int | None:
    """Return the last moment (milliseconds) in the log of a boot id; segments that begin at `but` are left out.

    Of rows the last of each table stands for all, since they are written in their order.
    """
    begins = [since for (since,) in db.execute("SELECT since FROM clock WHERE boot = ?", (boot,)) if since not in but]
    newest = [
        db.execute(
            f"SELECT boot, since, monotonic FROM {table} CROSS JOIN clock ON clock.id = clock "
            f"ORDER BY {table}.id DESC LIMIT 1"
        ).fetchone()
        for table in _TABLES
    ]
    moments = [row[2] for row in newest if row and row[0] == boot and row[1] not in but]
    return max((*begins, *moments), default=None)


def _rename(db: sqlite3.Connection, boot: str, *, keep: set[int]) -> None:
    """Rename the segments of a boot id that do not begin at `keep`: a name that no boot has, of the id and a number."""
    rows = db.execute("SELECT id, since FROM clock WHERE boot = ?", (boot,)).fetchall()
    earlier = [number for number, since in rows if since not in keep]
    name = f"{boot}#{max(earlier)}"
    db.executemany("UPDATE clock SET boot = ? WHERE id = ?", [(name, number) for number in earlier])
