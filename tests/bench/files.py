"""What reading a large store's files costs, beside libyaml's bare loader on the same texts.

Run as a module with the name of a path and a number of rounds, it prints CPU seconds for each reading; valgrind counts
instructions around the same.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.core.model.settings import STORE_ZONE
from tests.bench.store import BEACONS, PAGES, write_store

Read = Callable[[], None]


def ours(folder: Path) -> Read:
    """As on a reload: the pages' icons were seen before."""
    files = StoreFiles(folder, STORE_ZONE)
    return lambda: _read(files)


def ours_anew(folder: Path) -> Read:
    """As at the start: every icon is read."""
    return lambda: _read(StoreFiles(folder, STORE_ZONE))


def libyaml(folder: Path) -> Read:
    """The same texts as dictionaries and lists: no places, no checks; of two equal keys the last wins."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.yaml"))]

    def load() -> None:
        for text in texts:
            yaml.load(text, Loader=yaml.CSafeLoader)

    return load


def _read(files: StoreFiles) -> None:
    store, problems = files.read()
    if problems or (len(store.beacons), len(store.pages)) != (BEACONS, PAGES):
        raise RuntimeError(f"{len(store.beacons)} beacons, {len(store.pages)} pages, {len(problems)} problems")


PATHS = {"ours": ours, "ours anew": ours_anew, "libyaml": libyaml}


def main() -> None:
    path, rounds = sys.argv[1], int(sys.argv[2])
    with TemporaryDirectory() as name:
        write_store(Path(name))
        read = PATHS[path](Path(name))
        read()
        start = time.process_time()
        for _ in range(rounds):
            read()
        print((time.process_time() - start) / max(rounds, 1))


if __name__ == "__main__":
    main()
