"""A copy of the store's files as they were when they were last sound, in the gateway's state folder."""

import shutil
from pathlib import Path

from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.core.problems import Problem
from beacon_gateway.core.store import Store


class LastGoodCopy:
    """Written after each sound edit; read when the gateway starts and finds the files faulty."""

    def __init__(self, files: StoreFiles, folder: Path) -> None:
        self._files, self._folder = files, folder

    def keep(self) -> None:
        """Copy the files beside the old copy, then swap: at any moment one of them is whole. Raises OSError."""
        fresh = self._folder.with_name(self._folder.name + ".new")
        stale = self._folder.with_name(self._folder.name + ".old")
        for left_over in (fresh, stale):
            shutil.rmtree(left_over, ignore_errors=True)
        for path in self._files.everything():
            if path.is_file():
                target = fresh / path.relative_to(self._files.folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        if self._folder.exists():
            self._folder.rename(stale)
        fresh.rename(self._folder)
        shutil.rmtree(stale, ignore_errors=True)

    def read(self) -> tuple[Store, list[Problem]]:
        """Read the copy as if it were the store's folder."""
        stale = self._folder.with_name(self._folder.name + ".old")
        folder = self._folder if self._folder.exists() else stale
        return StoreFiles(folder, self._files.zone).read()
