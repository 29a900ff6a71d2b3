"""The gateway's minutes, and who was heard in them, as rows."""

import sqlite3
from collections.abc import Sequence

from beacon_gateway.adapters.database.log.dictionary import Dictionary
from beacon_gateway.adapters.database.log.hit_rows import ZONE_NUMBER
from beacon_gateway.adapters.database.milliseconds import milliseconds
from beacon_gateway.core.log.logged import LoggedMinute, NamedPresence


def insert(db: sqlite3.Connection, numbers: Dictionary, minutes: Sequence[LoggedMinute]) -> None:
    for logged in minutes:
        minute = logged.minute
        number = db.execute(
            "INSERT INTO minute (clock, monotonic, revision, seconds, deaf) VALUES (?, ?, ?, ?, ?)",
            (
                numbers.clock(db, logged.segment),
                milliseconds(minute.when),
                numbers.revision(db, logged.revision),
                round(minute.seconds * 10),
                round(minute.deaf * 10),
            ),
        ).lastrowid
        db.executemany(
            "INSERT INTO presence (minute, named, samples, weakest, median, strongest, zone) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(number, *_presence_row(db, numbers, heard)) for heard in logged.heard],
        )


def _presence_row(db: sqlite3.Connection, numbers: Dictionary, heard: NamedPresence) -> tuple[int | None, ...]:
    presence = heard.presence
    return (
        numbers.named(db, presence.key, heard.beacon, heard.floor, heard.gateway),
        presence.samples,
        presence.weakest,
        presence.median,
        presence.strongest,
        None if presence.zone is None else ZONE_NUMBER[presence.zone],
    )
