"""The daemon as systemd starts it: a process of its own, on a real bus, until SIGTERM."""

import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey, Frame
from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.commands.command import run, start_service

KEY = BeaconKey(UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825"), 10006, 1)
FLOOR = f"floor: F6\nbeacons:\n  escalator: {{uuid: {KEY.uuid}, major: {KEY.major}, minor: {KEY.minor}}}\n"


def write_files(folder: Path, floor: str = FLOOR, *, web: str = "off") -> str:
    (folder / "store" / "floors").mkdir(parents=True)
    (folder / "store" / "pages.yaml").write_text("pages:\n")
    (folder / "store" / "floors" / "F6.yaml").write_text(floor)
    path = folder / "gateway.yaml"
    folders = "state: state\nruntime: run\n"
    path.write_text(f"gateway: f6-east\nfloor: F6\nlanguage: en\n{folders}web: {{listen: {web}}}\n")
    return str(path)


async def hears_a_beacon_and_ends(config: str, bus: PrivateBus, bluez: FakeBluez) -> bytes:  # noqa: F811 - the fixtures
    """Run the service until a beacon has arrived, and end it in order; return what it said."""
    daemon = await start_service(config, bus)
    for _ in range(3):
        await bluez.advertise(
            "C0:00:00:00:00:01", manufacturer_data={APPLE_COMPANY_ID: Frame(KEY, -59).payload()}, rssi=-65
        )
    await bluez.delivered()
    daemon.send_signal(signal.SIGTERM)
    _, err = await daemon.communicate()
    assert daemon.returncode == 0, err
    return err


async def test_what_the_radio_hears_stands_in_the_log_of_its_floor(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path)
    err = await hears_a_beacon_and_ends(config, bus, bluez)
    assert b"Traceback" not in err
    found = await run("hits", "--config", config, "--floor", "F6", "--since", "1h", "--json")
    hits = [json.loads(line) for line in found.out.splitlines()]
    assert [(hit["kind"], hit["beacon"], hit["major"], hit["gateway"]) for hit in hits] == [
        ("enter", "escalator", 10006, "f6-east"),
        ("exit", "escalator", 10006, "f6-east"),
    ]
    assert not (await run("hits", "--config", config, "--floor", "F1", "--json")).out
    assert "escalator" in (await run("hits", "--config", config)).out


@pytest.mark.usefixtures("bluez")
async def test_faulty_store_files_are_told_and_do_not_keep_the_daemon_from_running(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path, FLOOR.replace("major: 10006", "major: 70000"))
    daemon = await start_service(config, bus)
    daemon.send_signal(signal.SIGTERM)
    _, err = await daemon.communicate()

    assert daemon.returncode == 0, err
    assert "F6.yaml:3:" in err.decode()
    assert "65535" in err.decode()


async def test_a_card_that_cannot_be_written_does_not_keep_the_daemon_from_listening(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path)
    (tmp_path / "state").write_text("a file where the folder should be")
    daemon = await start_service(config, bus)
    for _ in range(3):
        await bluez.advertise(
            "C0:00:00:00:00:01", manufacturer_data={APPLE_COMPANY_ID: Frame(KEY, -59).payload()}, rssi=-65
        )
    await bluez.delivered()
    (tmp_path / "state").unlink()  # mended before the next commit
    daemon.send_signal(signal.SIGTERM)
    _, err = await daemon.communicate()

    assert daemon.returncode == 0, err
    assert b"Traceback" not in err
    found = await run("hits", "--config", config, "--json")
    assert [json.loads(line)["kind"] for line in found.out.splitlines()] == ["enter", "exit"]


async def test_a_log_of_a_newer_version_is_kept_aside_and_hits_go_on(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path)
    (tmp_path / "state").mkdir()
    with closing(sqlite3.connect(tmp_path / "state" / "hits.db")) as log:
        log.execute("PRAGMA user_version = 99")
    newer = (tmp_path / "state" / "hits.db").read_bytes()
    refused = await run("hits", "--config", config)
    assert refused.code
    assert "written by a newer beacon-gateway (format 99" in refused.err
    await hears_a_beacon_and_ends(config, bus, bluez)
    assert (tmp_path / "state" / "hits.db.newer-1").read_bytes() == newer
    found = await run("hits", "--config", config, "--json")
    assert [json.loads(line)["kind"] for line in found.out.splitlines()] == ["enter", "exit"]
    told = await run("events", "--config", config)
    assert "hits.db was written by a newer beacon-gateway (format 99" in told.out
    assert "it was kept as hits.db.newer-1" in told.out
