"""What the running daemon says of itself: `status` and `events`, on a real bus."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from beacon_gateway import __version__
from beacon_gateway.adapters.state.status_file import status_text
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, Frame
from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.adapters.web.pages.test_metrics import whole_status
from tests.commands.command import run, start_service
from tests.commands.test_run import FLOOR, KEY, write_files
from tests.patience import HANG_S


@asynccontextmanager
async def daemon(config: str, bus: PrivateBus) -> AsyncIterator[None]:  # noqa: F811 - the fixture
    process = await start_service(config, bus)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = await process.communicate()
    assert process.returncode == 0, err


async def told(folder: Path, claim: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Return the first status of which the claim is true."""
    file = folder / "run" / "status.json"
    async with asyncio.timeout(HANG_S):
        while True:
            if file.exists():
                status: dict[str, Any] = json.loads(file.read_text())
                if claim(status):
                    return status
            await asyncio.sleep(0.05)


async def hear(bluez: FakeBluez) -> None:  # noqa: F811 - the fixture
    for _ in range(3):
        await bluez.advertise(
            "C0:00:00:00:00:01", manufacturer_data={APPLE_COMPANY_ID: Frame(KEY, -59).payload()}, rssi=-65
        )
    await bluez.delivered()


async def test_the_status_tells_the_radio_and_each_beacon_and_goes_with_the_daemon(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path, FLOOR + f"  desk: {{uuid: {KEY.uuid}, major: 1, minor: 1, timeout: 10m}}\n")
    async with daemon(config, bus):
        await hear(bluez)
        await told(tmp_path, lambda status: bool(status["radio"]["state"] == "listening" and status["hits"]))
        done = await run("status", "--config", config, "--json")
        text = await run("status", "--config", config)
        beacons = await run("status", "--config", config, "--beacons")
        chinese = await run("status", "--config", config, "--language", "zh")
    status = json.loads(done.out)
    assert (done.code, status["schema"], status["gateway"], status["floor"]) == (0, 1, "f6-east", "F6")
    assert datetime.fromisoformat(status["expires"]) - datetime.fromisoformat(status["written"]) == timedelta(
        seconds=20
    )
    radio = status["radio"]
    assert (radio["state"], radio["adapter"], radio["mode"], radio["monitor"]) == ("listening", "hci0", "active", False)
    assert (radio["advertisements"], radio["rungs"], radio["deaf_seconds"]) == (3, {}, 0.0)
    escalator, desk = status["beacons"]
    assert (escalator["beacon"], escalator["present"], escalator["zone"]) == ("escalator", True, "near")
    assert (escalator["rssi"], escalator["samples"], escalator["timeout"]) == (-65.0, 3, 30.0)
    assert (escalator["verdict"], desk["verdict"]) == ("healthy", "unknown")
    assert (desk["present"], desk["rssi"], desk["silent_seconds"], desk["timeout"]) == (False, None, None, 600.0)

    lines = text.out.splitlines()
    assert text.code == 0
    assert lines[1:4] == [
        "Radio: Receiving.",
        "Beacons: 1 of 2 on this floor heard; not heard: desk",
        "Log: 1 hit since the start; 0 records queued, 0 lost",
    ] or lines[3].startswith("Log: 1 hit")
    assert len(lines) == len(chinese.out.splitlines())
    # Whether this machine's clock was set by a time service is its own affair.
    assert [line for line in lines[5:] if not line.startswith("! The clock has not been set by a time service")] == []
    assert "监听中。" in chinese.out
    worst, well = beacons.out.splitlines()[len(lines) :]
    assert "This gateway has not received it long enough to judge." in worst
    assert well.split()[:4] == ["F6", "escalator", "-65", "dBm"]
    assert well.endswith("Fine. Nothing to do.")

    gone = await run("status", "--config", config)
    assert (gone.code, gone.out) == (1, "")
    assert "is not running" in gone.err


async def test_what_happened_to_the_radio_is_told_and_stays_in_the_log(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path)
    async with daemon(config, bus):
        await hear(bluez)
        await told(tmp_path, lambda status: bool(status["radio"]["state"] == "listening"))
        await bluez.unplug("hci0")
        status = await told(tmp_path, lambda status: bool(status["radio"]["state"] == "no-adapter"))
        done = await run("status", "--config", config)
    assert "no Bluetooth adapter" in status["radio"]["reason"]
    assert done.code == 1
    assert "Plug it in and run: bluetoothctl list; `adapter` in gateway.yaml must be one " in done.out
    events = [json.loads(line) for line in (await run("events", "--config", config, "--json")).out.splitlines()]
    assert [(event["kind"], event["details"].get("state", event["details"].get("rung"))) for event in events] == [
        ("radio.state", "listening"),
        ("radio.state", "no-adapter"),
        ("radio.rung", "new-scanner"),
    ]
    assert {event["gateway"] for event in events} == {"f6-east"}
    words = (await run("events", "--config", config, "--since", "1h", "--language", "zh")).out.splitlines()
    assert ["监听中。" in words[0], "找不到蓝牙适配器" in words[1], "重新开始扫描" in words[2]] == [True, True, True]


async def test_without_events_it_says_so(tmp_path: Path) -> None:
    done = await run("events", "--config", write_files(tmp_path))
    assert (done.code, done.out, done.err) == (0, "", "No events.\n")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"schema": 99}', "format 99; this program supports 1"),
        ("[]", "is not running"),
        ("{", "is not running"),
        ("", "is not running"),
    ],
)
async def test_a_status_file_of_somebody_else_is_not_believed(tmp_path: Path, content: str, sentence: str) -> None:
    config = write_files(tmp_path)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "status.json").write_text(content)
    done = await run("status", "--config", config)
    assert (done.code, done.out) == (1, "")
    assert sentence in done.err


@pytest.mark.parametrize(
    "spoil",
    [
        lambda status: {**status, "radio": None},
        lambda status: {**status, "beacons": 7},
        lambda status: {**status, "judgement": {}},
        lambda status: {**status, "expires": "soon"},
        lambda status: {name: value for name, value in status.items() if name != "hits"},
    ],
)
@pytest.mark.parametrize(
    ("version", "said"), [(__version__, "is incomplete or was changed."), ("0.0.1", "another version, 0.0.1")]
)
async def test_a_status_that_is_not_understood_is_blamed_on_another_version_only_where_it_is_of_one(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], dict[str, Any]], version: str, said: str
) -> None:
    config = write_files(tmp_path)
    status = json.loads(status_text(replace(whole_status(), version=version)))
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "status.json").write_text(json.dumps(spoil(status)))
    done = await run("status", "--config", config)
    assert (done.code, done.out) == (1, "")
    assert said in done.err
    assert "Traceback" not in done.err


async def test_a_pipe_in_place_of_the_status_is_not_waited_for(tmp_path: Path) -> None:
    config = write_files(tmp_path)
    (tmp_path / "run").mkdir()
    os.mkfifo(tmp_path / "run" / "status.json")
    done = await run("status", "--config", config)
    assert done.code == 1
    assert "cannot be read" in done.err


@pytest.mark.usefixtures("bluez")
async def test_a_daemon_that_hangs_is_told_by_its_status_that_expired(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path)
    file = tmp_path / "run" / "status.json"
    async with daemon(config, bus):
        status = await told(tmp_path, lambda _: True)
    file.write_text(json.dumps({**status, "expires": "2026-01-01T00:00:00+00:00"}))
    done = await run("status", "--config", config)
    assert done.code == 1
    assert "has not reported since" in done.err
