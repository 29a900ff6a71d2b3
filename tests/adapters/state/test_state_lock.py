"""One state folder, one daemon."""

import getpass
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from beacon_gateway.adapters.state.state_lock import FILE, LockHolder, StateInUse, StateLock
from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.as_nobody import NOBODY_ID, as_nobody
from tests.commands.command import run, start_service
from tests.commands.test_run import write_files

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
HOLD = """
import sys, pathlib, datetime
from beacon_gateway.adapters.state.state_lock import StateLock
with StateLock(pathlib.Path(sys.argv[1]), "f6-east", lambda: datetime.datetime.now(datetime.UTC)) as lock:
    lock.take()
    print("held", flush=True)
    sys.stdin.read()
"""


def lock(folder: Path, gateway: str = "f6-east") -> StateLock:
    return StateLock(folder, gateway, lambda: NOON)


def test_a_second_one_is_told_who_is_there(tmp_path: Path) -> None:
    with lock(tmp_path) as first, lock(tmp_path, "f1-west") as second:
        first.take()
        with pytest.raises(StateInUse) as raised:
            second.take()
        assert (first.is_held, second.is_held) == (True, False)
    holder = raised.value.holder
    assert (holder.gateway, holder.since) == ("f6-east", NOON)
    assert holder.pid > 1


def test_it_is_free_when_the_first_one_ends(tmp_path: Path) -> None:
    with lock(tmp_path) as first:
        first.take()
    with lock(tmp_path) as second:
        second.take()
        assert second.is_held


def test_it_is_free_when_the_first_one_is_killed_though_its_words_stay(tmp_path: Path) -> None:
    holding = subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holding.stdout
    assert holding.stdin
    assert holding.stdout.readline() == b"held\n"
    with lock(tmp_path) as second, pytest.raises(StateInUse) as raised:
        second.take()
    assert raised.value.holder.pid == holding.pid
    holding.kill()
    holding.communicate()
    assert (tmp_path / FILE).exists()
    with lock(tmp_path) as second:
        second.take()
        assert second.is_held


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def deleted(file: Path) -> None:
    file.unlink()


def nonsense(file: Path) -> None:
    file.write_bytes(b"\xff[[[")


def other_json(file: Path) -> None:
    file.write_text('{"pid": "x", "since": 7}')


def folder_there(file: Path) -> None:
    file.unlink()
    file.mkdir()


def link_there(file: Path) -> None:
    file.unlink()
    file.symlink_to("/etc/passwd")


@pytest.mark.parametrize("spoil", [emptied, deleted, nonsense, other_json, folder_there, link_there])
def test_what_the_file_says_is_for_people_only(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    with lock(tmp_path) as first:
        first.take()
        spoil(tmp_path / FILE)
        with lock(tmp_path) as second, pytest.raises(StateInUse) as raised:
            second.take()
        assert raised.value.holder == LockHolder()
    with lock(tmp_path) as third:  # whatever lies there
        third.take()
        assert third.is_held


def test_a_place_that_is_no_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with lock(tmp_path / "state") as first, pytest.raises(OSError, match="File exists"):
        first.take()
    assert not first.is_held


def test_a_folder_of_somebody_elses_is_locked_and_known_not_to_be_writable(open_folder: Path) -> None:
    open_folder.chmod(0o555)
    with as_nobody(), lock(open_folder) as first, lock(open_folder) as second:
        first.take()
        assert (first.is_held, first.is_writable) == (True, False)
        with pytest.raises(StateInUse):
            second.take()


def test_what_root_writes_there_belongs_to_the_folders_owner(open_folder: Path) -> None:
    if os.geteuid() == 0:
        os.chown(open_folder, NOBODY_ID, NOBODY_ID)
    with lock(open_folder) as first:
        first.take()
    assert (open_folder / FILE).stat().st_uid == open_folder.stat().st_uid


@pytest.mark.usefixtures("bluez")
async def test_a_folder_that_cannot_be_used_is_named_with_whose_rights_were_tried(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path)
    (tmp_path / "state").write_text("a file where the folder should be")
    daemon = await start_service(config, bus)
    daemon.send_signal(signal.SIGTERM)
    _, err = await daemon.communicate()
    assert daemon.returncode == 0, err
    assert f"{getpass.getuser()} cannot write to the state folder {tmp_path / 'state'}" in err.decode()


@pytest.mark.usefixtures("bluez")
async def test_a_second_run_says_who_is_there_and_ends(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path)
    daemon = await start_service(config, bus)
    second = await run("run", "--config", config, DBUS_SYSTEM_BUS_ADDRESS=bus.address)
    assert second.code == 1
    assert f"f6-east, process {daemon.pid}, since 20" in second.err
    assert "systemctl stop beacon-gateway" in second.err
    assert "{" not in second.err  # neither did it begin to scan, nor says its log that it started
    chinese = await run("run", "--language", "zh", "--config", config, DBUS_SYSTEM_BUS_ADDRESS=bus.address)
    assert f"进程号 {daemon.pid}" in chinese.err
    # Commands that only read, and the daemon itself, go on.
    assert (await run("hits", "--config", config)).code == 0
    assert (await run("status", "--config", config)).out
    assert json.loads((tmp_path / "state" / FILE).read_text())["pid"] == daemon.pid
    daemon.send_signal(signal.SIGTERM)
    _, err = await daemon.communicate()
    assert daemon.returncode == 0, err
