"""Whose the store's folders are when the gateway starts: its own to write, unless somebody said otherwise."""

import grp
import os
import stat
import subprocess
from pathlib import Path

import pytest
from tree import HERE

GROUP = grp.getgrgid(1).gr_name
"""Some group that is not root's."""
OTHER = grp.getgrgid(2).gr_name

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders away")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for folder in ("store", "store/floors", "store/.git"):
        (tmp_path / folder).mkdir(mode=0o755)
        os.chown(tmp_path / folder, 0, 0)
    return tmp_path.resolve()


def share(home: Path) -> None:
    subprocess.run(["sh", HERE / "share-store", home, GROUP], check=True)


def look(folder: Path) -> tuple[str, int]:
    """Return group and mode."""
    status = folder.stat()
    return grp.getgrgid(status.st_gid).gr_name, stat.S_IMODE(status.st_mode)


def test_folders_of_root_are_the_gateways_to_write(home: Path) -> None:
    share(home)
    share(home)
    assert look(home / "store") == look(home / "store" / "floors") == (GROUP, 0o2775)
    assert look(home / "store" / ".git") == ("root", 0o755)


def test_so_is_one_that_root_made_within(home: Path) -> None:
    share(home)
    (home / "store" / "floors").rmdir()
    (home / "store" / "floors").mkdir(mode=0o755)  # of its parent's group, but not the group's to write
    share(home)
    assert look(home / "store" / "floors") == (GROUP, 0o2775)


def test_a_group_that_somebody_chose_stays(home: Path) -> None:
    os.chown(home / "store" / "floors", 0, 2)
    share(home)
    assert look(home / "store" / "floors") == (OTHER, 0o755)


def test_a_store_whose_files_come_from_elsewhere_is_not_the_gateways(home: Path) -> None:
    share(home)
    (home / "store.managed").touch()
    share(home)
    assert look(home / "store") == look(home / "store" / "floors") == ("root", 0o755)


def test_a_link_leads_nowhere(home: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    (home / "store" / "floors").rmdir()
    (home / "store" / "floors").symlink_to(outside)
    share(home)
    assert look(outside) == ("root", 0o755)


def test_without_a_store_there_is_nothing_to_do(tmp_path: Path) -> None:
    share(tmp_path)


def test_the_unit_lets_the_gateway_write_there_and_nowhere_else() -> None:
    unit = (HERE.parent / "systemd" / "beacon-gateway.service").read_text(encoding="utf-8")
    assert "\nExecStartPre=-+/opt/beacon-gateway/libexec/share-store\n" in unit
    assert [line for line in unit.splitlines() if line.startswith("ReadWritePaths")] == [
        "ReadWritePaths=-/etc/beacon-gateway/store"
    ]
