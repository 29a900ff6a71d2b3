"""The daemon as systemd starts it, with what can be wrong from the first moment on: `status` and `doctor` say so."""

import asyncio
import json
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey, Frame
from beacon_gateway.simulator.wechat import InjectedFault
from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.commands.command import Done, run, start
from tests.commands.test_run import write_files
from tests.commands.test_shake_events import free_port
from tests.commands.test_status import told
from tests.core.monitoring.judgement.surfaces import Setup, files_for
from tests.services.bindings.scene import BIND, SECRET, SETTINGS, UUID_OF_ALL, wechat_side
from tests.services.status.ears import Ears

pytestmark = pytest.mark.outside


@asynccontextmanager
async def daemon(config: str, bus: PrivateBus, secret: str = SECRET) -> AsyncIterator[list[str]]:  # noqa: F811 - the fixture
    """Run it for the block; what it wrote to standard error is in the list afterwards."""
    with Ears.somewhere() as ears:
        process = await start(
            "run",
            "--config",
            config,
            DBUS_SYSTEM_BUS_ADDRESS=bus.address,
            NOTIFY_SOCKET=ears.name,
            BEACON_GATEWAY_WECHAT_SECRET=secret,
        )
        await ears.until(lambda said: "READY=1" in said)
    ending = asyncio.create_task(process.communicate())  # reads what it says all the while, or it stands still
    said: list[str] = []
    try:
        yield said
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = await ending
        said.append(err.decode())
    assert process.returncode == 0, err


async def typed(config: str, bus: PrivateBus, *words: str) -> Done:  # noqa: F811 - the fixture
    return await run(*words, "--config", config, DBUS_SYSTEM_BUS_ADDRESS=bus.address)


@pytest.mark.usefixtures("bluez")
async def test_a_recalled_account_is_said_from_the_first_attempt_on(bus: PrivateBus, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    async with wechat_side(replace(SETTINGS, recalled=48001)) as wechat:
        config = str(files_for(tmp_path, wechat.url, "off", Setup()))
        async with daemon(config, bus):
            await told(tmp_path, lambda status: bool(status["targets"]["wechat"]["state"] == "operator"))
            done = await typed(config, bus, "status")
    assert done.code == 4
    assert "WeChat: the account needs IT" in done.out
    assert "! The account or its secret needs IT; hits are logged meanwhile." in done.out


@pytest.mark.usefixtures("bluez")
async def test_what_wechat_refuses_is_said_with_its_name_and_is_not_called_done(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    async with wechat_side() as wechat:
        wechat.devices(*range(1, 9))
        wechat.emulator.faults.add(BIND, InjectedFault.error(9001024, "no"))
        config = str(files_for(tmp_path, wechat.url, "off", Setup()))
        async with daemon(config, bus):
            await told(tmp_path, lambda status: bool(status["targets"]["wechat"]["state"] == "refused"))
            done = await typed(config, bus, "status")
    assert done.code == 2
    assert "WeChat: 1 change rejected by WeChat" in done.out
    assert "WeChat rejected 1 change (1 号)" in done.out


@pytest.mark.usefixtures("bluez")
async def test_a_port_that_another_program_has_is_said_by_status_and_doctor_with_how_to_find_it(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        config = write_files(tmp_path, web=f"127.0.0.1:{port}")
        async with daemon(config, bus):
            await told(tmp_path, lambda status: bool(status["pages"]["cause"] == "taken"))
            done = await typed(config, bus, "status")
            doctor = await typed(config, bus, "doctor", "--offline", "--json")
    assert done.code == 2
    assert f"! The pages are unavailable: another program uses 127.0.0.1:{port}." in done.out
    (pages,) = (one for one in json.loads(doctor.out)["findings"] if one["check"] == "pages")
    assert pages["level"] == "fail"
    assert pages["text"].startswith(f"Pages: another program uses 127.0.0.1:{port}.")
    assert pages["fix"] == f"sudo ss -ltnp 'sport = :{port}'"


async def test_without_any_secret_hits_are_logged_and_what_is_missing_is_said_until_it_is_there(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    async with wechat_side() as wechat:
        wechat.devices(*range(1, 9))
        events = f", events: {{basis: 公众号隐私政策第 3 条, listen: '127.0.0.1:{free_port()}'}}"
        config = str(files_for(tmp_path, wechat.url, "off", Setup(options=events)))
        async with daemon(config, bus, secret="") as lines:
            await told(tmp_path, lambda status: bool(status["targets"]["wechat"]["code"] == "no-secret"))
            status = await told(tmp_path, lambda status: bool((status["shakes"] or {}).get("cause") == "no-secret"))
            assert status["targets"]["wechat"]["state"] == "operator"
            frame = Frame(BeaconKey(UUID_OF_ALL, 10006, 1), -59).payload()
            for _ in range(3):
                await bluez.advertise("C0:00:00:00:00:01", manufacturer_data={APPLE_COMPANY_ID: frame}, rssi=-65)
            await told(tmp_path, lambda status: bool(status["hits"] == {"F6": 1}))
            done = await typed(config, bus, "status")
            (tmp_path / "wechat-secret").write_text(SECRET)
            floor = tmp_path / "store" / "floors" / "F6.yaml"
            floor.write_text(floor.read_text(encoding="utf-8").replace("1 号", "一号"), encoding="utf-8")
            await told(tmp_path, lambda status: bool(status["targets"]["wechat"]["state"] == "in-sync"))
    assert done.code == 4
    assert "No usable AppSecret." in done.out
    assert "No shakes are received: the callback's token or EncodingAESKey cannot be used" in done.out
    [said] = lines
    assert said.count("The account's secret is missing: the systemd credential wechat-secret is not there") == 1
    assert said.count("No shakes are received: ") == 1
    assert SECRET not in said
