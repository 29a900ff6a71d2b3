"""D-Bus, bluetoothd and the adapter, on a real bus; and what is heard."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest

from beacon_gateway.adapters.bluez.inspection import inspect
from beacon_gateway.core.doctor.bluetooth import BluezEvidence
from beacon_gateway.core.doctor.finding import Unavailable
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey, Frame
from beacon_gateway.core.radio.trouble import RadioCause
from tests.adapters.bluez.bluetoothd.fake_adapter import FakeAdapter
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.adapters.bluez.test_other_adapter import on_the_air
from tests.commands.doctor.pi import CONFIG, FLOOR, Pi, Report
from tests.commands.doctor.test_daemon import tell
from tests.commands.test_run import KEY

OTHER = bytes.fromhex("0215b9407f30f5f8466eaff925556b57fe6ded4e8931b6")
CHECKS = ("dbus", "bluetoothd", "adapter", "adapter-power", "monitors")


@pytest.fixture
def pi(pi: Pi, bus: PrivateBus, monkeypatch: pytest.MonkeyPatch) -> Pi:
    """Return a Pi on the test's bus, which need not have a bluetoothd."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
    return pi


def levels(report: Report) -> list[str]:
    return [report.level(check) for check in CHECKS]


async def test_a_bus_without_bluetoothd_is_said_so(pi: Pi) -> None:
    report = await pi.looked_at()
    assert levels(report) == ["ok", "fail", "unseen", "unseen", "unseen"]
    assert report.fix("bluetoothd").startswith("sudo systemctl enable --now bluetooth")
    assert report.level("air") == "unseen"


async def test_as_debian_installs_it_only_the_monitors_are_missing(pi: Pi, bluez: FakeBluez) -> None:
    pi.scan_seconds = 0.1
    assert levels(await pi.looked_at()) == ["ok", "ok", "ok", "ok", "warn"]
    assert bluez.running


async def test_experimental_is_seen_and_without_it_a_passive_scan_fails(pi: Pi, bus: PrivateBus) -> None:
    pi.config(CONFIG + "radio: {mode: passive}\n")
    pi.scan_seconds = 0.1
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")], experimental=True):
        assert (await pi.looked_at()).level("monitors") == "ok"
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")]):
        assert (await pi.looked_at()).level("monitors") == "fail"


@pytest.mark.parametrize(("extended", "level"), [(True, "warn"), (False, "ok")])
async def test_a_passive_scan_is_told_what_it_does_not_hear_and_of_a_bluetoothd_that_may_end(
    pi: Pi, bus: PrivateBus, *, extended: bool, level: str
) -> None:
    pi.config(CONFIG + "radio: {mode: passive}\n")
    pi.program("bluetoothd", "echo 5.82", at="usr/libexec/bluetooth")
    pi.scan_seconds = 0.1
    adapters = [FakeAdapter("hci0", extended=extended)]
    async with FakeBluez.on(bus.address, adapters=adapters, experimental=True):
        report = await pi.looked_at()
    assert report.level("bluetoothd-version") == level
    assert (report.level("passive"), "the kernel listens 50 % of the time" in report["passive"]) == ("warn", True)
    assert r"printf '\n[LE]\nScanInterval" in report.fix("passive")


async def test_a_missing_adapter_is_said_with_what_is_there(pi: Pi, bluez: FakeBluez) -> None:
    pi.config(CONFIG + "radio: {adapter: 'AA:BB:CC:DD:EE:FF'}\n")
    report = await pi.looked_at()
    assert "AA:BB:CC:DD:EE:FF (there is: F0:F1:F2:F3:F4:F5)" in report["adapter"]
    await bluez.unplug("hci0")
    assert levels(await pi.looked_at()) == ["ok", "ok", "fail", "unseen", "unseen"]


TWO = (FakeAdapter("hci0", "F0:00:00:00:00:01"), FakeAdapter("hci12", "F0:00:00:00:00:12", powered=False))


async def test_all_adapters_are_listed_with_what_they_can_do(pi: Pi, bus: PrivateBus) -> None:
    pi.scan_seconds = 0.1
    unable = FakeAdapter("hci3", "F0:00:00:00:00:03", roles=("peripheral",))
    async with FakeBluez.on(bus.address, adapters=[*TWO, unable]):
        said = (await pi.looked_at())["adapter"]
    assert "hci0 (F0:00:00:00:00:01)" in said
    assert said.endswith("hci3 (F0:00:00:00:00:03, cannot scan), hci12 (F0:00:00:00:00:12, off).")


async def test_an_adapter_without_signal_strengths_is_called_so_and_not_silent(pi: Pi, bus: PrivateBus) -> None:
    pi.scan_seconds = 1.0
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0", measures=False)]) as bluez:
        report = await heard(pi, bluez, *[OTHER] * 12)
    assert report.level("air") == "fail"
    assert "no report had a signal strength" in report["air"]


async def test_one_whose_reports_the_kernel_drops_for_want_of_a_level_is_called_so_too(pi: Pi, bus: PrivateBus) -> None:
    pi.scan_seconds = 3.0
    async with (
        FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0", measures=False, unmeasured=127)]) as bluez,
        on_the_air(bluez),
    ):
        report = await pi.looked_at()
    assert report.level("air") == "fail"
    assert "no report had a signal strength" in report["air"]


async def test_so_is_that_of_a_daemon_that_is_deaf(pi: Pi, bus: PrivateBus) -> None:
    pi.scan_seconds = 3.0
    tell(pi, radio={"state": "deaf", "reason": ""})
    async with (
        FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0", measures=False, unmeasured=127)]) as bluez,
        on_the_air(bluez),
    ):
        report = await pi.looked_at()
    assert "no report had a signal strength" in report["air"]


async def test_a_deaf_daemon_whose_adapter_measures_is_left_what_it_is(pi: Pi, bluez: FakeBluez) -> None:
    pi.scan_seconds = 0.4
    tell(pi, radio={"state": "deaf", "reason": ""})
    async with on_the_air(bluez):
        report = await pi.looked_at()
    assert report.level("air") == "fail"
    assert "signal strength" not in report["air"]


async def test_an_adapter_that_is_off_is_switched_on_by_a_command(pi: Pi, bluez: FakeBluez) -> None:
    await bluez.power("hci0", on=False)
    report = await pi.looked_at()
    assert (report.level("adapter-power"), report.fix("adapter-power")) == ("fail", "bluetoothctl power on")
    assert report.level("air") == "unseen"


@pytest.mark.usefixtures("pi")
async def test_a_bluetoothd_that_does_not_answer_is_stuck(bluez: FakeBluez) -> None:
    bluez.hang("GetAll")
    found = await inspect(None, within=0.2)
    assert isinstance(found, BluezEvidence)
    assert (found.running, found.stuck) == (True, True)
    bluez.unhang("GetAll")
    bluez.fail("GetAll", "org.freedesktop.DBus.Error.AccessDenied", times=99)
    refused = await inspect(None, within=1)
    assert not isinstance(refused, Unavailable)
    assert refused.refused is RadioCause.NO_PERMISSION


async def test_a_bus_that_shuts_the_door_refuses_us(pi: Pi, monkeypatch: pytest.MonkeyPatch) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bus"

        async def shut(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

        async with await asyncio.start_unix_server(shut, path):
            monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={path}")
            report = await pi.looked_at()
    assert report.level("dbus") == "fail"
    assert "access denied" in report["dbus"]
    assert "usermod -aG bluetooth" in report.fix("dbus")


def test_without_a_bus_there_is_no_bluetooth(pi: Pi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    assert levels(pi.look()) == ["fail", "unseen", "unseen", "unseen", "unseen"]


async def heard(pi: Pi, bluez: FakeBluez, *payloads: bytes) -> Report:
    looking = asyncio.create_task(pi.looked_at())
    await bluez.until(lambda: bluez.discovering)
    for number, payload in enumerate(payloads):
        await bluez.advertise(f"C0:00:00:00:00:{number:02X}", manufacturer_data={APPLE_COMPANY_ID: payload}, rssi=-65)
    return await looking


async def test_a_scan_ends_as_soon_as_a_beacon_of_the_files_is_heard(pi: Pi, bluez: FakeBluez) -> None:
    pi.scan_seconds = 50.0
    report = await heard(pi, bluez, Frame(KEY, -59).payload())
    assert report.level("air") == "ok"
    assert "1 of 1 declared beacon" in report["air"]


async def test_only_foreign_ones_are_a_fault_and_other_numbers_of_the_store_another(pi: Pi, bluez: FakeBluez) -> None:
    foreign = await heard(pi, bluez, OTHER)
    assert foreign.level("air") == "fail"
    assert "all from other devices" in foreign["air"]
    stranger = Frame(BeaconKey(KEY.uuid, 10_006, 77), -59).payload()
    assert "1 beacon heard under the store's UUIDs" in (await heard(pi, bluez, OTHER, stranger))["air"]


async def test_of_one_that_was_set_up_wrongly_it_says_how_to_burn_it_anew(pi: Pi, bluez: FakeBluez) -> None:
    reversed_uuid = BeaconKey(UUID(bytes=KEY.uuid.bytes[::-1]), KEY.major, KEY.minor)
    report = await heard(pi, bluez, Frame(reversed_uuid, -59).payload())
    assert report.level("air") == "fail"
    assert f"the bytes of the UUID are reversed: phones do not recognise it. Reprogram it: {KEY}" in report["air"]


async def test_silence_is_a_fault(pi: Pi, bluez: FakeBluez) -> None:
    pi.scan_seconds = 0.2
    report = await pi.looked_at()
    assert (report.level("air"), report.fix("air")) == ("fail", "beacon-gateway scan --seconds 60")
    assert "not even from other devices." in report["air"]
    assert bluez.calls["StartDiscovery"] == 2  # the second for reports without a level


async def test_files_without_beacons_leave_nothing_to_log(pi: Pi, bluez: FakeBluez) -> None:
    pi.store(FLOOR.splitlines()[0] + "\n")
    report = await heard(pi, bluez, OTHER)
    assert report.level("air") == "warn"
