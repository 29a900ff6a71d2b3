"""Counts of calls on their way to the file, where they are added to what others counted.

A commit that failed may be there all the same (`uncertain_commit`), and must not be added once more: each has a number,
which stands in the file beside the name of the process that wrote it.
"""

import sqlite3
from collections import Counter
from datetime import date
from typing import Final

Counts = Counter[tuple[date, str]]
"""By day of Beijing and path."""

TABLE: Final = """
    CREATE TABLE saved (
        process TEXT PRIMARY KEY,
        number INTEGER NOT NULL,    -- of its last commit
        day TEXT NOT NULL           -- of Beijing, the newest in that
    ) STRICT, WITHOUT ROWID
    """


class UnsavedCalls:
    """Of one process, which has a name that no other process has."""

    def __init__(self, process: str) -> None:
        self._process = process
        self._new: Counts = Counter()
        self._tried: Counts = Counter()
        """What the last commit was of, as long as it may not be there."""
        self._tried_last: Counts | None = None
        self._number = 0

    def __bool__(self) -> bool:
        return bool(self._new or self._tried)

    def count(self, day: date, path: str) -> None:
        self._new[day, path] += 1

    def take(self) -> Counts:
        """Return what was counted since; to be given to `write`, then `saved` or `failed`."""
        taken, self._new = self._new, Counter()
        return taken

    def write(self, db: sqlite3.Connection, taken: Counts) -> None:
        """Add it in the file, and what the last commit was of where that is not there. Called in its thread."""
        row = db.execute("SELECT number FROM saved WHERE process = ?", (self._process,)).fetchone()
        counts = taken if row and row[0] == self._number else taken + self._tried
        number = self._number + 1
        if counts:
            newest = max(day for day, _ in counts).isoformat()
            db.executemany(
                "INSERT INTO calls VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET calls = calls + excluded.calls",
                [(day.isoformat(), path, count) for (day, path), count in counts.items()],
            )
            db.execute("INSERT OR REPLACE INTO saved VALUES (?, ?, ?)", (self._process, number, newest))
        self._tried, self._tried_last, self._number = counts, taken, number

    def saved(self) -> None:
        """Note that the last commit is there."""
        self._tried = Counter()

    def failed(self, taken: Counts) -> None:
        """Note that it cannot be told whether the last commit is there, or whether one was tried at all."""
        if self._tried_last is not taken:
            self._new.update(taken)
