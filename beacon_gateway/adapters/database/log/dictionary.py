"""Small numbers for what the log's rows repeat: segments of the clock, beacons by their names, revisions."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from beacon_gateway.adapters.database.log.earlier_boots import EarlierBoots
from beacon_gateway.adapters.database.milliseconds import milliseconds
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.ibeacon import BeaconKey

MAX_CACHED_NUMBERS: Final = 20_000
"""Numbers kept in memory; a store has a few thousand beacons at most, and its files change a few times a day."""


class Dictionary:
    """Numbers values; a new one gets a row. To be forgotten when a transaction fails."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self._segment: tuple[ClockSegment, int] | None = None
        self._named: dict[tuple[str, str], tuple[BeaconKey, str, int]] = {}
        """The last that was asked for of each floor and slug: to hash a key costs as much as the rest of a hit."""
        self._boots = EarlierBoots()

    def forget(self) -> None:
        self._numbers.clear()
        self._named.clear()
        self._segment = None
        self._boots.look_again()

    def set_clock(self, db: sqlite3.Connection, segments: Sequence[ClockSegment]) -> None:
        """Write segments, as `services.log.journal.LogStore` says."""
        for segment in segments:
            self._boots.keep_apart(db, segment)
            db.execute(
                "INSERT INTO clock (boot, since, offset, known) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET offset = excluded.offset, known = excluded.known",
                (segment.boot, milliseconds(segment.since), segment.offset, segment.known),
            )
            if segment.known:
                db.execute(
                    "UPDATE clock SET offset = ?, known = 1 WHERE boot = ? AND NOT known",
                    (segment.offset, segment.boot),
                )

    def clock(self, db: sqlite3.Connection, segment: ClockSegment) -> int:
        if self._segment and self._segment[0] is segment:
            return self._segment[1]
        where = (segment.boot, milliseconds(segment.since))
        row = db.execute("SELECT id FROM clock WHERE (boot, since) = (?, ?)", where).fetchone()
        if row is None:  # in another file than the one it was written to: that one was put aside
            self.set_clock(db, [segment])
            return self.clock(db, segment)
        self._segment = (segment, int(row[0]))
        return self._segment[1]

    def named(self, db: sqlite3.Connection, key: BeaconKey, slug: str, floor: str, gateway: str) -> int:
        last = self._named.get((floor, slug))
        if last and last[0] is key and last[1] == gateway:
            return last[2]
        what = (key, slug, floor, gateway)
        number = self._numbers.get(what)
        if number is None:
            row = (key.uuid.bytes, key.major, key.minor, slug, floor, gateway)
            db.execute(
                "INSERT OR IGNORE INTO named (uuid, major, minor, slug, floor, gateway) VALUES (?, ?, ?, ?, ?, ?)", row
            )
            found = db.execute(
                "SELECT id FROM named WHERE (uuid, major, minor, slug, floor, gateway) = (?, ?, ?, ?, ?, ?)", row
            )
            number = self._keep(what, found.fetchone()[0])
        self._named[floor, slug] = (key, gateway, number)
        return number

    def revision(self, db: sqlite3.Connection, text: str) -> int:
        number = self._numbers.get(text)
        if number is None:
            db.execute("INSERT OR IGNORE INTO revision (text) VALUES (?)", (text,))
            number = self._keep(text, db.execute("SELECT id FROM revision WHERE text = ?", (text,)).fetchone()[0])
        return number

    def _keep(self, what: object, number: int) -> int:
        if len(self._numbers) >= MAX_CACHED_NUMBERS:
            self.forget()
        self._numbers[what] = number
        return number
