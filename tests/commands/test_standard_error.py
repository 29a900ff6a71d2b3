"""The daemon with a standard error that takes nothing: journald crashed, the card is full, it was closed."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, Frame
from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.commands.command import run, start_service
from tests.commands.test_run import KEY, write_files

CLOSED = ("sh", "-c", 'exec "$@" 2>&-', "sh")
TWO_PAGES = f"floor: F1\nbeacons:\n  door: {{uuid: {KEY.uuid}, major: 1, minor: 1, pages: [a, b]}}\n"


def left_pipe() -> int:
    reader, writer = os.pipe()
    os.close(reader)
    return writer


def full_card() -> int:
    return os.open("/dev/full", os.O_WRONLY)


def empty_place() -> int:
    return os.open(os.devnull, os.O_WRONLY)


@pytest.mark.parametrize(
    ("place", "prefix"), [(left_pipe, ()), (full_card, ()), (empty_place, CLOSED)], ids=["pipe", "full", "closed"]
)
async def test_hits_are_logged_all_the_same(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
    place: Callable[[], int],
    prefix: tuple[str, ...],
) -> None:
    config = write_files(tmp_path)
    (tmp_path / "store" / "floors" / "F1.yaml").write_text(TWO_PAGES)  # a reminder, which is printed at the start
    (tmp_path / "store" / "pages.yaml").write_text("pages:\n  a: {wechat_page_id: 1}\n  b: {wechat_page_id: 2}\n")
    descriptor = place()
    daemon = await start_service(config, bus, prefix=prefix, stderr=descriptor)
    os.close(descriptor)
    for _ in range(3):
        await bluez.advertise(
            "C0:00:00:00:00:01", manufacturer_data={APPLE_COMPANY_ID: Frame(KEY, -59).payload()}, rssi=-65
        )
    await bluez.delivered()
    daemon.send_signal(signal.SIGTERM)
    await daemon.communicate()
    assert daemon.returncode == 0
    found = await run("hits", "--config", config, "--json")
    assert [json.loads(line)["kind"] for line in found.out.splitlines()] == ["enter", "exit"]
