"""A copy of the store's files as they were when they were last sound, in the gateway's state folder."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from beacon_gateway.adapters.files.icons import LARGEST_ICON
from beacon_gateway.adapters.files.reading import read_limited
from beacon_gateway.adapters.files.replacing import sync_folder
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.core.problems import Problem, is_sound
from beacon_gateway.core.store import OwnPage, Store


class LastGoodCopy:
    """Written after each sound edit; read when the gateway starts and finds the files faulty."""

    def __init__(self, files: StoreFiles, folder: Path) -> None:
        self._files, self._folder = files, folder

    def keep(self, store: Store) -> None:
        """Copy the files that `store` was read from, if they still mean that. Raise OSError.

        The copy is made beside the old one, down to the card, and read as it would be at a start. Only one that means
        the same is swapped in: somebody may have saved again meanwhile, and then the next reading has it. At any moment
        one of the two is whole.
        """
        fresh, stale = self._beside(".new"), self._beside(".old")
        if not self._folder.exists() and stale.exists():  # the plug was pulled between the two renames
            stale.rename(self._folder)
        for left_over in (fresh, stale):
            _remove(left_over)
        icons = {self._files.folder / page.icon for page in store.pages.values() if isinstance(page, OwnPage)}
        for path in sorted({self._files.pages, *self._files.floor_files(), *icons}):
            content, _ = read_limited(path, LARGEST_ICON, within=self._files.folder)
            _write(fresh / path.relative_to(self._files.folder), content)
        copied, problems = StoreFiles(fresh, self._files.zone).read()
        if not is_sound(problems) or copied.revision != store.revision:
            _remove(fresh)
            return
        for folder in (*(path for path in fresh.iterdir() if path.is_dir()), fresh):
            sync_folder(folder)
        if self._folder.exists():
            self._folder.rename(stale)
        fresh.rename(self._folder)
        sync_folder(self._folder.parent)
        _remove(stale)

    def read(self) -> tuple[Store, list[Problem]]:
        """Read the copy as if it were the store's folder."""
        stale = self._beside(".old")
        folder = self._folder if self._folder.exists() else stale
        return StoreFiles(folder, self._files.zone).read()

    def _beside(self, suffix: str) -> Path:
        return self._folder.with_name(self._folder.name + suffix)


def _write(path: Path, content: bytes) -> None:
    """Write a new file down to the card."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _remove(path: Path) -> None:
    """Remove a folder, or what stands in its place, as far as that is possible."""
    shutil.rmtree(path, ignore_errors=True)
    with suppress(OSError):
        path.unlink()
