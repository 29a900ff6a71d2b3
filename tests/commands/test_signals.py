"""What ends a command, what does not, and that it says good-bye."""

import asyncio
import json
import os
import re
import signal
from pathlib import Path

import pytest

from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, Frame
from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.commands.command import launch, run, start, start_service
from tests.commands.test_run import KEY, write_files
from tests.patience import HANG_S, until
from tests.places import PROJECT


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_daemon_at_a_terminal_says_good_bye_whatever_ends_it(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
    number: signal.Signals,
) -> None:
    config = write_files(tmp_path)
    daemon = await start("run", "--config", config, DBUS_SYSTEM_BUS_ADDRESS=bus.address, NOTIFY_SOCKET="")
    await until(lambda: bluez.discovering and (tmp_path / "run" / "status.json").exists(), every_s=0.02)
    for _ in range(3):
        await bluez.advertise(
            "C0:00:00:00:00:01", manufacturer_data={APPLE_COMPANY_ID: Frame(KEY, -59).payload()}, rssi=-65
        )
    await bluez.delivered()
    daemon.send_signal(number)
    _, err = await daemon.communicate()
    assert daemon.returncode == 0, err
    assert b"Traceback" not in err
    found = await run("hits", "--config", config, "--json")
    assert [json.loads(line)["kind"] for line in found.out.splitlines()] == ["enter", "exit"]
    assert not (tmp_path / "run" / "status.json").exists()


@pytest.mark.usefixtures("bluez")
async def test_a_service_reads_the_files_at_once_when_it_is_told_to_reload(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path)
    daemon = await start_service(config, bus)
    floor = tmp_path / "store" / "floors" / "F6.yaml"
    before = floor.stat()
    text = floor.read_text()
    floor.write_text(text.replace("minor: 1", "minor: 9"))
    os.utime(floor, ns=(before.st_atime_ns, before.st_mtime_ns))
    daemon.send_signal(signal.SIGHUP)
    assert daemon.stderr
    revisions: set[str] = set()
    async with asyncio.timeout(HANG_S):
        while len(revisions) < 2:
            line = json.loads(await daemon.stderr.readline())
            if line["event"] == "files.in_force":
                revisions.add(line["revision"])
    daemon.send_signal(signal.SIGTERM)
    _, err = await daemon.communicate()
    assert daemon.returncode == 0, err


def test_the_unit_reloads_by_a_hang_up() -> None:
    unit = (PROJECT / "deploy" / "raspberry-pi" / "systemd" / "beacon-gateway.service").read_text(encoding="utf-8")
    assert "\nExecReload=/bin/sh -c 'kill -HUP $MAINPID'\n" in unit


def with_account(folder: Path, api_base: str) -> str:
    config = Path(write_files(folder))
    account = f"wechat: {{appid: wx0123456789abcdef, api_base: '{api_base}'}}\n"
    config.write_text(config.read_text() + account)
    return str(config)


async def began(emulator: asyncio.subprocess.Process) -> str:
    """Read until it listens; return its address."""
    assert emulator.stdout
    async with asyncio.timeout(HANG_S):
        while True:
            line = (await emulator.stdout.readline()).decode()
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                return found[0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_an_emulator_ends_in_order(number: signal.Signals) -> None:
    emulator = await start("emulator", "--port", "0")
    await began(emulator)
    emulator.send_signal(number)
    out, err = await emulator.communicate()
    assert (emulator.returncode, err) == (0, b"")
    assert out.strip()


async def test_nohup_is_respected() -> None:
    emulator = await launch("emulator", "--port", "0", prefix=("nohup",), environment={})
    await began(emulator)
    emulator.send_signal(signal.SIGHUP)
    emulator.send_signal(signal.SIGTERM)
    await emulator.communicate()
    assert emulator.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_command_in_the_middle_of_a_call_ends_in_order(tmp_path: Path, number: signal.Signals) -> None:
    asked = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()  # until the other side is gone
        writer.close()

    async with await asyncio.start_server(hang, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        config = with_account(tmp_path, f"http://127.0.0.1:{port}")
        plan = await start("plan", "--config", config, BEACON_GATEWAY_WECHAT_SECRET="s3cret" * 5)
        await asked.wait()
        plan.send_signal(number)
        out, err = await plan.communicate()
    assert plan.returncode == 1
    assert (out, err) == (b"", b"")
