"""The bench reads what it says: a large store without a fault, and libyaml the same texts."""

from pathlib import Path

import pytest

from tests.bench.files import PATHS
from tests.bench.store import write_store


@pytest.mark.parametrize("path", PATHS)
def test_every_path_reads_the_store_again_and_again(path: str, tmp_path: Path) -> None:
    write_store(tmp_path)
    read = PATHS[path](tmp_path)
    read()
    read()


def test_a_store_with_a_fault_is_not_measured(tmp_path: Path) -> None:
    write_store(tmp_path)
    (tmp_path / "icons" / "page-0.png").unlink()
    with pytest.raises(RuntimeError, match="1 problems"):
        PATHS["ours"](tmp_path)()
