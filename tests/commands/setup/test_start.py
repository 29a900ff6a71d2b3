"""The end of `setup`: the service is started and tells how it is. systemctl is a stand-in, the daemon the real one."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from beacon_gateway.adapters.systemd.systemctl import Systemctl, SystemctlError, SystemctlTimeout
from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.commands.command import Done, run
from tests.commands.setup.places import SECRET, answers

SYSTEMCTL = f"""\
#!/bin/sh
# Stands in for systemd's: notes how it was called, and starts the real daemon.
here=$(dirname "$0")
echo "$*" >> "$here/calls"
env >> "$here/environment"
case "$*" in
  *is-system-running) echo running ;;
  *restart*)
    if [ -e "$here/hang" ]; then exec sleep 60; fi
    if [ -e "$here/refusal" ]; then cat "$here/refusal" >&2; exit 1; fi
    if [ ! -e "$here/unmet" ]; then
      {sys.executable} -m beacon_gateway run > "$here/journal" 2>&1 < /dev/null & echo $! > "$here/pid"
    fi ;;
  *show*) cat "$here/state" ;;
esac
"""
RUNS = "ActiveState=active\nResult=success\nExecMainStatus=0\nConditionResult=yes\n"
NO_BUS = "unix:path=/nonexistent/bus"
OWN_FOLDERS = "gateway: f6-east\nfloor: F6\nlanguage: en\nstate: state\nruntime: run\nweb: {listen: off}\n"


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Path]:
    """A folder with a systemctl in it, and what it notes; what it started is ended."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "systemctl").write_text(SYSTEMCTL)
    (folder / "systemctl").chmod(0o755)
    (folder / "state").write_text(RUNS)
    yield folder
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int((folder / "pid").read_text()), signal.SIGTERM)


async def start(folder: Path, systemd: Path, bus: str = NO_BUS) -> Done:  # noqa: F811 - the fixture
    card = answers(folder / "boot", config=OWN_FOLDERS)
    config = str(folder / "etc" / "gateway.yaml")
    path = f"{systemd}:{os.environ['PATH']}"
    words = ("setup", "--unattended", "--answers", str(card), "--language", "en")
    return await run(*words, PATH=path, BEACON_GATEWAY_CONFIG=config, DBUS_SYSTEM_BUS_ADDRESS=bus)


async def test_it_ends_with_the_status_of_the_service(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    systemd: Path,
    tmp_path: Path,
) -> None:
    done = await start(tmp_path, systemd, bus.address)
    assert (done.code, done.err) == (0, "")
    assert "Gateway f6-east (F6)" in done.out
    assert "Beacons: 0 of 1 on this floor heard" in done.out
    calls = [line.removeprefix("--no-pager --no-ask-password ") for line in _lines(systemd / "calls")]
    assert calls[:3] == ["is-system-running", "enable beacon-gateway.service", "restart beacon-gateway.service"]
    assert calls[3].startswith("show ")
    assert bluez.discovering
    assert SECRET not in (systemd / "calls").read_text() + (systemd / "environment").read_text()
    assert SECRET not in (systemd / "journal").read_text()


async def test_a_service_that_has_a_trouble_gives_2_and_says_which(systemd: Path, tmp_path: Path) -> None:
    done = await start(tmp_path, systemd)
    assert done.code == 2
    assert "Radio: " in done.out


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (
            "ActiveState=failed\nResult=exit-code\nExecMainStatus=78\nConditionResult=yes\n",
            "Its configuration is invalid.",
        ),
        ("ActiveState=failed\nResult=watchdog\nExecMainStatus=6\nConditionResult=yes\n", "Job for it failed."),
    ],
)
async def test_a_service_that_does_not_start_is_told_with_what_to_do(
    systemd: Path, tmp_path: Path, state: str, said: str
) -> None:
    (systemd / "refusal").write_text("Job for it failed.\nSee more.\n")
    (systemd / "state").write_text(state)
    done = await start(tmp_path, systemd)
    assert done.code == 1
    assert said in done.err
    assert "journalctl -u beacon-gateway -n 50" in done.err
    assert "sudo beacon-gateway doctor" in done.err


async def test_a_service_whose_condition_is_not_met_was_not_started(systemd: Path, tmp_path: Path) -> None:
    (systemd / "unmet").touch()
    (systemd / "state").write_text("ActiveState=inactive\nResult=success\nExecMainStatus=0\nConditionResult=no\n")
    done = await start(tmp_path, systemd)
    assert done.code == 1
    assert "/etc/beacon-gateway/gateway.yaml" in done.err


async def test_where_systemd_does_not_run_it_says_how_by_hand(systemd: Path, tmp_path: Path) -> None:
    (systemd / "systemctl").write_text("#!/bin/sh\necho offline\nexit 1\n")
    done = await start(tmp_path, systemd)
    assert (done.code, done.err) == (0, "")
    assert f"beacon-gateway run --config {tmp_path}/etc/gateway.yaml" in done.out


async def test_no_start_asks_systemd_nothing(systemd: Path, tmp_path: Path) -> None:
    card = answers(tmp_path / "boot", config=OWN_FOLDERS)
    words = ("setup", "--unattended", "--no-start", "--answers", str(card), "--config", str(tmp_path / "gateway.yaml"))
    done = await run(*words, PATH=f"{systemd}:{os.environ['PATH']}")
    assert done.code == 0
    assert not (systemd / "calls").exists()


async def test_faulty_files_start_nothing(systemd: Path, tmp_path: Path) -> None:
    card = answers(tmp_path / "boot", config=OWN_FOLDERS + "colour: red\n")
    words = ("setup", "--unattended", "--answers", str(card), "--config", str(tmp_path / "gateway.yaml"))
    done = await run(*words, PATH=f"{systemd}:{os.environ['PATH']}")
    assert done.code == 78
    assert not (systemd / "calls").exists()


async def test_systemctl_is_never_waited_for_too_long(systemd: Path) -> None:
    (systemd / "hang").touch()
    with pytest.raises(SystemctlTimeout):
        Systemctl(0.2, program=str(systemd / "systemctl")).restart("x.service")


async def test_without_systemctl_nothing_is_in_charge(tmp_path: Path) -> None:
    missing = Systemctl(program=str(tmp_path / "systemctl"))
    assert not missing.is_in_charge()
    with pytest.raises(SystemctlError):
        missing.enable("x.service")


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines()
