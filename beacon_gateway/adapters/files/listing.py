"""What lies in a store's folder: the files that are read, what is left out, and the folders that cannot be listed."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from beacon_gateway.core.file_names import (
    FLOORS_FOLDER,
    ICONS_FOLDER,
    PAGES_FILE,
    LeftOut,
    NotRead,
    is_leftover,
    is_read,
    sort_floor_names,
    sort_store_names,
    wanted_name,
)

MAX_ENTRIES: Final = 10_000
"""Of one folder; a folder with more is no store's."""
MAX_TOLD: Final = 100
"""Files that are not read and told, of one folder."""


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A folder that cannot be listed now, "" for the store's own, and why."""

    folder: str
    error: OSError


@dataclass(frozen=True, slots=True)
class Listing:
    pages: Path
    floors: Sequence[Path]
    icons: Sequence[Path]
    left_out: Sequence[tuple[str, NotRead]]
    """The folder's name below the store's, "" for its own, and what is not read in it."""
    unlisted: Sequence[Unlisted]

    @property
    def files(self) -> list[Path]:
        """Return every file that counts, whether or not it can be read."""
        return [self.pages, *self.floors, *self.icons]


def list_store(store: Path) -> Listing:
    """List a store's folder; never raises. A folder that is not there is empty; one that cannot be listed is not."""
    unlisted: list[Unlisted] = []
    left_out: list[tuple[str, NotRead]] = []
    left_out += (("", item) for item in sort_store_names(_names(store, "", unlisted)[0]))
    names, folders = _names(store, FLOORS_FOLDER, unlisted)
    floors, others = sort_floor_names(names)
    left_out += ((FLOORS_FOLDER, item) for item in others if item.name not in folders)
    left_out += ((FLOORS_FOLDER, item) for item in _in_folders(store / FLOORS_FOLDER, folders - {*floors}))
    icons = sorted(_names(store, ICONS_FOLDER, unlisted)[0])
    return Listing(
        store / PAGES_FILE,
        [store / FLOORS_FOLDER / name for name in floors],
        [store / ICONS_FOLDER / name for name in icons],
        left_out[:MAX_TOLD],
        unlisted,
    )


def _names(store: Path, folder: str, unlisted: list[Unlisted]) -> tuple[set[str], set[str]]:
    """Return the names in a folder, and those of them that are folders."""
    names: set[str] = set()
    folders: set[str] = set()
    try:
        with os.scandir(store / folder) as entries:
            for entry in entries:
                names.add(entry.name)
                if entry.is_dir(follow_symlinks=False):
                    folders.add(entry.name)
                if len(names) >= MAX_ENTRIES:
                    break
    except FileNotFoundError:
        return set(), set()
    except OSError as error:
        unlisted.append(Unlisted(folder, error))
        return set(), set()
    return names, folders


def _in_folders(floors: Path, folders: set[str]) -> list[NotRead]:
    """Return the floors' files that lie one folder too deep."""
    found: list[NotRead] = []
    for folder in sorted(folders):
        if is_leftover(folder):
            continue
        try:
            names = sorted(path.name for path in islice((floors / folder).iterdir(), MAX_ENTRIES))
        except OSError:
            continue
        found += (
            NotRead(f"{folder}/{name}", LeftOut.FOLDER, wanted_name(name))
            for name in names
            if is_read(name) or name.casefold().endswith((".yaml", ".yml"))
        )
    return found
