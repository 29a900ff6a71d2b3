"""The daemon as a service of systemd: ready when it may be called so, fed, and gone in order."""

import asyncio
import json
import shutil
import signal
import socket
from pathlib import Path

import pytest

import beacon_gateway
from beacon_gateway import __version__
from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.commands.command import start, start_service
from tests.commands.test_run import write_files
from tests.patience import HANG_S
from tests.services.status.ears import Ears

PACKAGE = Path(beacon_gateway.__file__).parent


async def test_it_is_ready_once_it_scans(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path)
    with Ears.somewhere() as ears:
        daemon = await start("run", "--config", config, DBUS_SYSTEM_BUS_ADDRESS=bus.address, NOTIFY_SOCKET=ears.name)
        words = await ears.until(lambda words: "READY=1" in words)
        assert bluez.discovering
        assert (tmp_path / "run" / "status.json").exists()
        assert "WATCHDOG=1" in words
        daemon.send_signal(signal.SIGTERM)
        _, err = await daemon.communicate()
        assert ears.heard()[-1] == "STOPPING=1"
    assert daemon.returncode == 0, err
    started = next(line for line in map(json.loads, err.splitlines()) if line["event"] == "daemon.started")
    assert started["beacon-gateway"] == __version__
    assert {"Python", "bleak", "dbus-fast", "kernel"} <= set(started)


async def test_without_any_bluetoothd_it_is_ready_too_and_says_why_it_hears_nothing(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path)
    with Ears.somewhere() as ears:
        daemon = await start("run", "--config", config, DBUS_SYSTEM_BUS_ADDRESS=bus.address, NOTIFY_SOCKET=ears.name)
        words = await ears.until(lambda words: "READY=1" in words)
        state = [word for word in words if word.startswith("STATUS=")][-1]
        daemon.send_signal(signal.SIGTERM)
        await daemon.communicate()
    assert state.startswith("STATUS=radio recovering")


@pytest.mark.usefixtures("bluez")
async def test_what_a_watchdog_ends_says_where_it_stood(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path)
    daemon = await start_service(config, bus)
    daemon.send_signal(signal.SIGABRT)
    _, err = await daemon.communicate()
    assert daemon.returncode == -signal.SIGABRT
    assert b"Fatal Python error: Aborted" in err
    assert b"asyncio" in err


@pytest.mark.usefixtures("bluez")
async def test_monitors_are_answered_once_it_scans(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    port = free_port()
    config = write_files(tmp_path, web=f"127.0.0.1:{port}")
    daemon = await start_service(config, bus)
    said = await asked(port, "/metrics")
    daemon.send_signal(signal.SIGTERM)
    _, err = await daemon.communicate()
    assert daemon.returncode == 0, err
    assert 'beacon_gateway_beacons{floor="F6"} 1.0\n' in said
    assert "beacon_gateway_process_memory_bytes" in said


@pytest.mark.usefixtures("bluez")
async def test_its_own_page_and_its_data_are_those_of_the_daemon_that_runs(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    port = free_port()
    config = write_files(tmp_path, web=f"127.0.0.1:{port}")
    daemon = await start_service(config, bus)
    page = await asked(port, "/gateway?language=en")
    events = await asked(port, "/gateway/log?language=en")
    answers = {
        what: await asked(port, f"/api/{what}") for what in ("status", "check", "hits", "report", "openapi.json")
    }
    no_plan = await asked(port, "/api/plan")
    daemon.send_signal(signal.SIGTERM)
    _, err = await daemon.communicate()
    assert daemon.returncode == 0, err
    assert b"Traceback" not in err
    assert "Radio events of the last 7 days" in page
    assert f"beacon-gateway {__version__}" in page
    assert 'action="/gateway/bundle"' not in page  # who came by no link may be a stranger, behind a proxy
    assert events.startswith("HTTP/1.1 403")
    assert "daemon.started" not in events
    for what, answer in answers.items():
        assert answer.startswith("HTTP/1.1 200"), what
        assert json.loads(answer.partition("\r\n\r\n")[2]) is not None
    assert no_plan.startswith("HTTP/1.1 404")


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("adapters/web/static/pages.css", "FileNotFoundError"),
        ("adapters/web/server/frame.py", "ModuleNotFoundError"),
    ],
)
@pytest.mark.usefixtures("bluez")
async def test_an_installation_whose_pages_are_broken_listens_all_the_same(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
    file: str,
    reason: str,
) -> None:
    broken = tmp_path / "installed"
    shutil.copytree(PACKAGE, broken / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    (broken / PACKAGE.name / file).unlink()
    config = write_files(tmp_path, web=f"127.0.0.1:{free_port()}")
    with Ears.somewhere() as ears:
        daemon = await start(
            *("run", "--config", config),
            folder=broken,
            DBUS_SYSTEM_BUS_ADDRESS=bus.address,
            NOTIFY_SOCKET=ears.name,
        )
        assert daemon.stderr
        lines: list[dict[str, str]] = []
        async with asyncio.timeout(HANG_S):
            while not lines or lines[-1]["event"] != "web.closed":
                lines.append(json.loads(await daemon.stderr.readline()))
        await ears.until(lambda words: words.count("WATCHDOG=1") > 1)  # and goes on
        daemon.send_signal(signal.SIGTERM)
        _, err = await daemon.communicate()
    assert daemon.returncode == 0, err
    assert lines[-1]["reason"].startswith(reason)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def asked(port: int, path: str) -> str:
    """Ask as soon as somebody answers; return head and body."""
    async with asyncio.timeout(HANG_S):
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                break
            except ConnectionRefusedError:
                await asyncio.sleep(0.02)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        said = (await reader.read()).decode()
        writer.close()
    return said
