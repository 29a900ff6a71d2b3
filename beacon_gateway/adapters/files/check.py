"""All files of a gateway at once, as `check` looks at them."""

from pathlib import Path

from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.core.file_names import PAGES_FILE
from beacon_gateway.core.problems import Problem, in_reading_order
from beacon_gateway.core.settings import STORE_ZONE, Settings
from beacon_gateway.core.store import Store


def check(path: Path) -> tuple[Path, Settings | None, Store, list[Problem]]:
    """Check a gateway.yaml with its store, or a folder that holds one, or a store's folder alone.

    Give the folder that the problems' paths start from, what was read, and every problem of every file.
    """
    if path.is_dir() and not (path / "gateway.yaml").exists():
        nested = path / "store"
        folder = nested if not (path / PAGES_FILE).exists() and nested.is_dir() else path
        store, problems = StoreFiles(folder, STORE_ZONE).read()
        return folder.resolve().parent, None, store, problems
    file = path / "gateway.yaml" if path.is_dir() else path
    settings, floor_place, problems = read_settings(file)
    if settings is None:
        # Its store is checked all the same, where it usually is.
        folder = file.parent / "store"
        if not folder.is_dir():
            return file.parent, None, Store({}, {}, {}), problems
        store, more = StoreFiles(folder, STORE_ZONE).read()
        return file.parent, None, store, in_reading_order([*problems, *more])
    store, more = StoreFiles(settings.store, settings.timezone).read()
    problems = [*problems, *more]
    if store.floors and settings.floor not in store.floors:
        details = {"found": settings.floor, "known": " · ".join(sorted(store.floors))}
        problems.append(Problem(floor_place, "floor.unknown", details))
    return file.parent, settings, store, in_reading_order(problems)
