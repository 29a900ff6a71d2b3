"""What lies in a store's folder: the files that are read, what is left out, and the folders that cannot be listed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.files.reading import names_in
from beacon_gateway.core.files.file_names import (
    FLOORS_FOLDER,
    ICONS_FOLDER,
    PAGES_FILE,
    PossibleCopy,
    SkippedFile,
    SkipReason,
    is_leftover,
    sort_floor_names,
    sort_icon_names,
    sort_store_names,
    wanted_name,
)

MAX_REPORTED_FILES: Final = 100
"""Files that are not read and reported, in all."""
MAX_FOLDERS: Final = 20
"""Folders below `floors/` that are looked into."""


@dataclass(frozen=True, slots=True)
class UnlistedFolder:
    """A folder that cannot be listed now, "" for the store's own, and why."""

    folder: str
    error: OSError


@dataclass(frozen=True, slots=True)
class FolderListing:
    pages: Path
    floors: Sequence[Path]
    copies: Mapping[str, PossibleCopy]
    """Names of floors that may be copies of others."""
    icons: Sequence[Path]
    left_out: Sequence[tuple[str, SkippedFile]]
    """The folder's name below the store's, "" for its own, and what is not read in it."""
    unlisted: Sequence[UnlistedFolder]

    @property
    def files(self) -> list[Path]:
        """Return every file that counts, whether or not it can be read."""
        return [self.pages, *self.floors, *self.icons]


def list_store(store: Path) -> FolderListing:
    """List a store's folder; never raises. A folder that is not there is empty; one that cannot be listed is not."""
    unlisted: list[UnlistedFolder] = []
    beside = _names(store, "", unlisted)
    in_floors = _names(store, FLOORS_FOLDER, unlisted)
    in_icons = _names(store, ICONS_FOLDER, unlisted)
    floors = sort_floor_names(in_floors)
    folders = {name for name, is_folder in in_floors.items() if is_folder}
    left_out = [
        *(("", item) for item in sort_store_names(beside)),
        *((FLOORS_FOLDER, item) for item in floors.left_out if item.name not in folders),
        *((FLOORS_FOLDER, item) for item in _in_folders(store, sorted(folders - {*floors.read}))),
        *((ICONS_FOLDER, item) for item in sort_icon_names(in_icons)),
    ]
    return FolderListing(
        store / PAGES_FILE,
        [store / FLOORS_FOLDER / name for name in floors.read],
        floors.copies,
        [store / ICONS_FOLDER / name for name in sorted(in_icons)],
        left_out[:MAX_REPORTED_FILES],
        unlisted,
    )


def _names(store: Path, folder: str, unlisted: list[UnlistedFolder]) -> dict[str, bool]:
    try:
        return names_in(store / folder, within=store)
    except FileNotFoundError:
        return {}
    except OSError as error:
        unlisted.append(UnlistedFolder(folder, error))
        return {}


def _in_folders(store: Path, folders: Sequence[str]) -> Iterator[SkippedFile]:
    """Yield the floors' files that lie one folder too deep."""
    for folder in [name for name in folders if not is_leftover(name)][:MAX_FOLDERS]:
        try:
            names = names_in(store / FLOORS_FOLDER / folder, within=store)
        except OSError:
            continue  # what is too deep may be closed as well
        for item in sort_icon_names(names):
            yield SkippedFile(f"{folder}/{item.name}", SkipReason.FOLDER, wanted_name(item.name))
