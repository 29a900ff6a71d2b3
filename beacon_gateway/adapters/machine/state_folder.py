"""Looks at each file of the state folder, without changing any."""

import os
import sqlite3
import stat
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.machine.access import READ, SEARCH, WRITE, User
from beacon_gateway.core.doctor.state import FileFlaw, FlawedFile, StateFolder

MAX_FILES: Final = 5000
MAX_DEPTH: Final = 4
MAX_CHECKED_BYTES: Final = 8 << 20
"""Of a database that is read as a whole; of a larger one, only its first pages are."""
BUSY_DATABASE_TIMEOUT_S: Final = 1.0
FOLDERS: Final = frozenset({"last-good", "earlier"})
DATABASE: Final = ".db"
DAMAGED_ASIDE: Final = ".damaged-"
NEWER_ASIDE: Final = ".newer-"

_DAMAGE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def look_at_state(folder: Path, user: User, formats: Mapping[str, int]) -> StateFolder:
    """Look at a state folder as its service uses it. `formats` is the newest known of each database.

    Raises OSError where it is not there, or cannot be looked at.
    """
    found = list(islice(_below(folder, MAX_DEPTH), MAX_FILES))
    closed = user.closed_on_the_way(folder, READ | WRITE)
    flawed = [FlawedFile(str(closed), FileFlaw.CLOSED)] if closed else []
    aside: dict[str, list[str]] = {DAMAGED_ASIDE: [], NEWER_ASIDE: []}
    for path in found:
        if kind := next((kind for kind in aside if kind in path.name), ""):
            aside[kind] += [str(path)] if not path.name.endswith(("-wal", "-shm")) else []
        elif flaw := _flaw(path, user, formats, at_top=path.parent == folder):
            flawed.append(FlawedFile(str(path), flaw))
    return StateFolder(str(folder), user.name, len(found), flawed, aside[DAMAGED_ASIDE], aside[NEWER_ASIDE])


def _below(folder: Path, depth: int) -> Iterator[Path]:
    """Yield what lies in a folder and in those below it, in order; links are not followed."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = folder / entry.name
            yield path
            if depth > 1 and entry.is_dir(follow_symlinks=False):
                yield from _below(path, depth - 1)


def _flaw(path: Path, user: User, formats: Mapping[str, int], *, at_top: bool) -> FileFlaw | None:
    try:
        found = path.stat()
    except FileNotFoundError:  # a file that came and went, or a link that leads nowhere
        return FileFlaw.WRONG_TYPE if path.is_symlink() else None
    is_folder = stat.S_ISDIR(found.st_mode)
    if not (is_folder or stat.S_ISREG(found.st_mode)):
        return FileFlaw.WRONG_TYPE
    is_database = at_top and path.name.endswith(DATABASE)
    belongs_folder = at_top and path.name in FOLDERS
    if (is_database and is_folder) or (belongs_folder and not is_folder):
        return FileFlaw.WRONG_TYPE
    if not user.may(found, READ | WRITE | (SEARCH if is_folder else 0)):
        return FileFlaw.CLOSED
    if is_database:
        return _flaw_of_database(path, found.st_size, formats.get(path.name))
    return None


def _flaw_of_database(path: Path, size: int, newest: int | None) -> FileFlaw | None:
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_DATABASE_TIMEOUT_S)
        ) as database:
            (form,) = database.execute("PRAGMA user_version").fetchone()
            if newest is not None and form > newest:
                return FileFlaw.NEWER
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if size <= MAX_CHECKED_BYTES and database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return FileFlaw.DAMAGED
    except sqlite3.Error as error:  # what is merely busy, or closed to the caller, has no flaw that is known
        return FileFlaw.DAMAGED if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE else None
    return None
