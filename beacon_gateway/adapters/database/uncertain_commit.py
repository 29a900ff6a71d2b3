"""A commit that failed, and may be there all the same.

Where a card refuses the flush, SQLite says that the commit failed, and has written all of it: whoever opens the file
next finds it. What is written again then would be there twice.
"""

import sqlite3
from collections.abc import Sequence

from beacon_gateway.core.log.logged import Record

Marks = tuple[int | None, ...]
"""The highest number of each table: rows are only added at the end, and by one process."""

_MARKS = ", ".join(f"(SELECT max(id) FROM {table})" for table in ("hit", "event", "minute", "shake"))


class UncertainCommit:
    """Knows which records of the last commits that failed are there. Used in the database's thread, but `committed`."""

    def __init__(self) -> None:
        self._marks: Marks | None = None
        """As they are if the last commit happened; None where it is not in doubt."""
        self._tried: Sequence[Record] = ()
        self._there: dict[int, Record] = {}
        """By identity: two hits may be equal."""

    def not_there(self, db: sqlite3.Connection, records: Sequence[Record]) -> list[Record]:
        """Return those that are to be written."""
        if self._marks is not None and self._marks == _marks_of(db):
            self._there |= {id(record): record for record in self._tried}
        self._marks, self._tried = None, ()
        return [record for record in records if id(record) not in self._there]

    def about_to_commit(self, db: sqlite3.Connection, records: Sequence[Record]) -> None:
        """Note what the commit is of, at the end of its transaction."""
        self._marks, self._tried = _marks_of(db), records

    def committed(self, records: Sequence[Record]) -> None:
        """Note that all of these are there, and are not asked for again."""
        self._marks, self._tried = None, ()
        for record in records:
            self._there.pop(id(record), None)


def _marks_of(db: sqlite3.Connection) -> Marks:
    marks: Marks = db.execute(f"SELECT {_MARKS}").fetchone()
    return marks
