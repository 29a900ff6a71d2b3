"""Where descriptors run out, the pages refuse; radio, log and heartbeat go on."""

import asyncio
import json
import signal
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest

from beacon_gateway.adapters.machine.descriptors import RESERVED_DESCRIPTORS, highest_descriptor
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, Frame
from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.commands.command import run, start_service
from tests.commands.test_run import KEY, write_files
from tests.commands.test_service import asked, free_port
from tests.patience import HANG_S, until

ROW = "Max open files            {soft:<20} {hard:<20} files     \n"


@pytest.mark.parametrize(
    ("content", "highest"),
    [
        ("Limit   Soft Limit  Hard Limit  Units\n" + ROW.format(soft=1024, hard=524288), 1024 - RESERVED_DESCRIPTORS),
        (ROW.format(soft=16, hard=16), 0),
        (ROW.format(soft="unlimited", hard="unlimited"), None),
        ("Max processes 1 2 processes\n", None),
        ("Max open files\n", None),
        ("", None),
    ],
)
def test_the_limit_is_the_kernels_less_what_is_reserved(tmp_path: Path, content: str, highest: int | None) -> None:
    (tmp_path / "limits").write_text(content)
    assert highest_descriptor(tmp_path / "limits") == highest


def test_without_the_kernels_file_there_is_no_limit(tmp_path: Path) -> None:
    assert highest_descriptor(tmp_path / "limits") is None


def test_the_kernel_of_this_machine_is_understood() -> None:
    highest = highest_descriptor()
    assert highest is None or highest >= 0


@pytest.mark.parametrize("limit", [RESERVED_DESCRIPTORS + 8, 2 * RESERVED_DESCRIPTORS])
async def test_a_flood_of_connections_ends_nothing(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
    limit: int,
) -> None:
    port = free_port()
    config = write_files(tmp_path, web=f"127.0.0.1:{port}")
    daemon = await start_service(config, bus, prefix=("prlimit", f"--nofile={limit}:{limit}"))
    async with AsyncExitStack() as stack:
        flood = asyncio.create_task(connect(port, 200, stack))
        for _ in range(3):
            await bluez.advertise(
                "C0:00:00:00:00:01", manufacturer_data={APPLE_COMPANY_ID: Frame(KEY, -59).payload()}, rssi=-65
            )
        await bluez.delivered()
        await flood
        before = status_of(tmp_path)
        await until(lambda: status_of(tmp_path)["written"] != before["written"], every_s=0.1)  # the heart beats on
        assert status_of(tmp_path)["hits"] == {"F6": 1}
    if limit > 2 * RESERVED_DESCRIPTORS - 1:  # when they are gone, there is room again
        async with asyncio.timeout(HANG_S):
            while not await answers(port):
                await asyncio.sleep(0.1)
    daemon.send_signal(signal.SIGTERM)
    _, err = await daemon.communicate()
    assert daemon.returncode == 0, err
    assert "web.crowded" in err.decode()
    found = await run("hits", "--config", config, "--json")
    assert [json.loads(line)["kind"] for line in found.out.splitlines()] == ["enter", "exit"]


async def answers(port: int) -> bool:
    try:
        return "200 OK" in await asked(port, "/healthz")
    except OSError:
        return False


def status_of(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "run" / "status.json").read_text())
    return found


async def connect(port: int, count: int, stack: AsyncExitStack) -> None:
    """Open so many connections that say nothing, as soon as somebody listens."""
    opened = 0
    async with asyncio.timeout(HANG_S):
        while opened < count:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                stack.callback(writer.close)
                opened += 1
            await asyncio.sleep(0)
