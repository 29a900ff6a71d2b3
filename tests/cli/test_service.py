"""The daemon as a service of systemd: ready when it may be called so, fed, and gone in order."""

import asyncio
import json
import signal
import socket
from pathlib import Path

import pytest

from beacon_gateway import __version__
from tests.bluez.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.bluez.fake_bluez import FakeBluez
from tests.bluez.private_bus import PrivateBus
from tests.cli.command import start, start_service
from tests.cli.test_run import write_files
from tests.heartbeat.ears import PATIENCE, Ears


async def test_it_is_ready_once_it_scans(
    bus: PrivateBus,  # noqa: F811
    bluez: FakeBluez,  # noqa: F811
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
    bus: PrivateBus,  # noqa: F811
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
    bus: PrivateBus,  # noqa: F811
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
    bus: PrivateBus,  # noqa: F811
    tmp_path: Path,
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = write_files(tmp_path, web=f"127.0.0.1:{port}")
    daemon = await start_service(config, bus)
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                break
            except ConnectionRefusedError:
                await asyncio.sleep(0.02)
    writer.write(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    said = (await reader.read()).decode()
    writer.close()
    daemon.send_signal(signal.SIGTERM)
    _, err = await daemon.communicate()
    assert daemon.returncode == 0, err
    assert 'beacon_gateway_beacons{floor="F6"} 1.0\n' in said
    assert "beacon_gateway_process_memory_bytes" in said
