"""All files of a gateway at once, as `check` looks at them."""

import os
from pathlib import Path

from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.core.files.draft import unknown_floor
from beacon_gateway.core.files.file_names import PAGES_FILE
from beacon_gateway.core.model.problems import Located, Problem, in_reading_order
from beacon_gateway.core.model.settings import STORE_ZONE, Settings
from beacon_gateway.core.model.store import Store


def check(path: Path) -> tuple[Path, Settings | None, Store, list[Problem]]:
    """Check a gateway.yaml with its store, or a folder that holds one, or a store's folder alone.

    Return the folder that the problems' paths start from, what was read, and every problem of every file.
    """
    is_folder = _is_folder(path)
    if is_folder and not os.path.lexists(path / "gateway.yaml"):
        nested = path / "store"
        folder = nested if not os.path.lexists(path / PAGES_FILE) and _is_folder(nested) else path
        store, problems = StoreFiles(folder, STORE_ZONE).read()
        return Path(os.path.realpath(folder)).parent, None, store, problems
    file = path / "gateway.yaml" if is_folder else path
    settings, floor_place, problems = read_settings(file)
    if settings is None:
        # Its store is checked all the same, where it usually is.
        folder = file.parent / "store"
        if not _is_folder(folder):
            return file.parent, None, Store({}, {}, {}), problems
        store, more = StoreFiles(folder, STORE_ZONE).read()
        return file.parent, None, store, in_reading_order([*problems, *more])
    files = StoreFiles(settings.store, settings.timezone)
    store, more = files.read()
    problems = [*problems, *more, *unknown_floor(Located(settings.floor, floor_place), store, len(files.floor_files()))]
    return file.parent, settings, store, in_reading_order(problems)


def _is_folder(path: Path) -> bool:
    """True if a folder stands there; what cannot be looked at is taken for a file, and said to be unreadable as one."""
    try:
        return path.is_dir()
    except OSError:
        return False
