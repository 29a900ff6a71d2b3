"""What root makes in a service's folder belongs to the service."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from beacon_gateway.adapters.machine.owner import work_as_owner_of

NOBODY = 65534
WORK = """
import sys
from pathlib import Path
from beacon_gateway.adapters.machine.owner import work_as_owner_of
folder = Path(sys.argv[1])
work_as_owner_of(folder)
(folder / "ledger.db").write_text("")
"""
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")


FOR_A_WHILE = (
    WORK.replace("work_as_owner_of(folder)", "with as_owner_of(folder):")
    .replace("(folder /", "    (folder /")
    .replace("work_as_owner_of", "as_owner_of")
    + """
(folder.parent / "burn.csv").write_text("")
"""
)


def work_in(folder: Path, work: str = WORK) -> int:
    """Make a file there, in a process of its own; return whose it is."""
    # The program's path first: the other user may not read where the tests are.
    subprocess.run([sys.executable, "-c", work, str(folder)], check=True)  # noqa: S603 - our own words
    return (folder / "ledger.db").stat().st_uid


@needs_root
def test_root_in_a_services_folder_works_as_the_service() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chown(folder, NOBODY, NOBODY)
        assert work_in(folder) == NOBODY


@needs_root
def test_root_is_root_again_after_it_worked_as_the_service_for_a_while() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "state"
        folder.mkdir()
        Path(name).chmod(0o711)
        os.chown(folder, NOBODY, NOBODY)
        assert work_in(folder, FOR_A_WHILE) == NOBODY
        assert (Path(name) / "burn.csv").stat().st_uid == 0


def test_whoever_owns_the_folder_stays_who_they_are(tmp_path: Path) -> None:
    assert work_in(tmp_path) == os.geteuid()


def test_a_folder_that_is_not_there_yet_changes_nobody(tmp_path: Path) -> None:
    work_as_owner_of(tmp_path / "later")
    assert os.geteuid() == tmp_path.stat().st_uid
