"""Lines of the audit log whose commit failed, and may be there all the same (`uncertain_commit`).

What is tried again is noted again, by another plan and at another time: then it would stand there twice, done once.
"""

import sqlite3
from collections.abc import Sequence

from beacon_gateway.core.bindings.history.audit import AuditLine

_Deed = tuple[int, str, str]
"""Run, change and outcome."""


class DoubtfulLines:
    """Knows which lines of the last commits that failed are there. Used in the database's thread, but `committed`."""

    def __init__(self) -> None:
        self._tried: frozenset[_Deed] = frozenset()
        self._before = 0
        """The number of the last line before those."""
        self._there: set[_Deed] = set()

    def not_there(self, db: sqlite3.Connection, lines: Sequence[AuditLine]) -> list[AuditLine]:
        """Return those that are to be written."""
        if self._tried:
            found = db.execute("SELECT run, change, outcome FROM audit WHERE id > ?", (self._before,))
            self._there |= self._tried & frozenset(found.fetchall())
            self._tried = frozenset()
        return [line for line in lines if _deed_of(line) not in self._there]

    def about_to_write(self, db: sqlite3.Connection, lines: Sequence[AuditLine]) -> None:
        """Note what is written next."""
        (last,) = db.execute("SELECT coalesce(max(id), 0) FROM audit").fetchone()
        self._tried, self._before = frozenset(map(_deed_of, lines)), last

    def committed(self, lines: Sequence[AuditLine]) -> None:
        """Note that all of these are there: the next like them are of another deed."""
        self._tried = frozenset()
        self._there.difference_update(map(_deed_of, lines))


def _deed_of(line: AuditLine) -> _Deed:
    return line.run, line.change, line.outcome
