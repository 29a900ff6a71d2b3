"""The radio hears again after whatever happened to BlueZ."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from beacon_gateway.adapters.radio import BluezRadio
from beacon_gateway.core.settings import Radio, ScanMode
from tests.bluez.fake_adapter import FakeAdapter
from tests.bluez.fake_bluez import FakeBluez
from tests.bluez.private_bus import PrivateBus

from .listening import BEACON, IMPATIENT, QUICK, Heard, advertise, listening

SOON = 3.0  # s; what takes longer on the same machine never comes
DONGLE = "F0:00:00:00:00:02"


async def hears(bluez: FakeBluez, heard: Heard, *, adapter: str = "hci0") -> None:
    """Let a beacon advertise until the radio hears it."""
    before = len(heard)
    async with asyncio.timeout(SOON):
        while len(heard) == before:
            await advertise(bluez, -60, adapter=adapter)
            await asyncio.sleep(0)  # nothing above waits while nobody listens


async def failed(radio: BluezRadio, *, times: int) -> None:
    """Return when the radio has tried in vain so often."""
    tried = radio.restarts + times
    async with asyncio.timeout(SOON):
        while radio.restarts < tried:
            await asyncio.sleep(0)


async def given_up(radio: BluezRadio) -> None:
    """Return, with nobody on the air, when the radio has given its scan up."""
    await failed(radio, times=1)


# A start that does not succeed


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("StartDiscovery", "org.bluez.Error.InProgress"),
        ("StartDiscovery", "org.bluez.Error.NotReady"),
        ("StartDiscovery", "org.bluez.Error.Failed"),
        ("SetDiscoveryFilter", "org.bluez.Error.NotReady"),
        ("GetManagedObjects", "org.freedesktop.DBus.Error.ServiceUnknown"),
    ],
)
async def test_a_start_that_is_refused_is_tried_again(bluez: FakeBluez, call: str, error: str) -> None:
    bluez.fail(call, error, times=3)
    radio = BluezRadio(Radio(), IMPATIENT)
    with capture_logs() as logs:
        async with listening(radio, heard := Heard()):
            await hears(bluez, heard)
    assert radio.restarts == 3
    assert [line["event"] for line in logs] == ["radio.scan_failed"] * 3 + ["radio.listening"]


async def test_a_start_without_an_answer_is_given_up_and_tried_again(bluez: FakeBluez) -> None:
    bluez.hang("StartDiscovery")
    async with listening(BluezRadio(Radio(), IMPATIENT), heard := Heard()):
        await bluez.until(lambda: bluez.calls["StartDiscovery"] >= 2)
        bluez.unhang("StartDiscovery")
        await hears(bluez, heard)


@pytest.mark.parametrize(
    "adapter",
    [
        None,
        FakeAdapter("hci0").address,
    ],
)
async def test_a_bluetoothd_that_lists_nothing_is_given_up_and_asked_again(
    bluez: FakeBluez, adapter: str | None
) -> None:
    bluez.hang("GetManagedObjects")
    async with listening(BluezRadio(Radio(adapter=adapter), IMPATIENT), heard := Heard()):
        await bluez.until(lambda: bluez.calls["GetManagedObjects"] >= 2, within=SOON)
        bluez.unhang("GetManagedObjects")
        await hears(bluez, heard)


@pytest.mark.parametrize(
    "adapter",
    [None, DONGLE],
)
@pytest.mark.parametrize("answer", [b"REJECTED EXTERNAL\r\n", b""], ids=["rejected", "closed"])
async def test_a_bus_that_lets_nobody_in_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, adapter: str | None, answer: bytes
) -> None:
    refused = 0

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal refused
        await reader.readuntil(b"\r\n")
        writer.write(answer)
        writer.close()
        refused += 1

    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'bus'}")
    radio = BluezRadio(Radio(adapter=adapter), IMPATIENT)
    async with await asyncio.start_unix_server(refuse, tmp_path / "bus"), listening(radio, Heard()) as task:
        async with asyncio.timeout(SOON):
            while refused < 3 and not task.done():
                await asyncio.sleep(0)
        assert not task.done()


async def test_the_reason_of_a_failure_is_logged_in_plain_words(bluez: FakeBluez) -> None:
    await bluez.power("hci0", on=False)
    radio = BluezRadio(Radio(), IMPATIENT)
    with capture_logs() as logs:
        async with listening(radio, Heard()):
            await failed(radio, times=1)
    assert logs[0]["reason"] == "No powered Bluetooth adapters found. Turn on Bluetooth and try again."


async def test_the_reason_that_bluetoothd_gives_is_logged_with_its_words(bluez: FakeBluez) -> None:
    bluez.fail("StartDiscovery", "org.bluez.Error.Failed", text="the controller is busy")
    with capture_logs() as logs:
        async with listening(BluezRadio(Radio(), IMPATIENT), heard := Heard()):
            await hears(bluez, heard)
    assert logs[0]["reason"] == "[org.bluez.Error.Failed] the controller is busy"


# A scan that dies without a word


async def test_a_silent_scan_is_begun_anew_with_another_scanner(bluez: FakeBluez) -> None:
    radio = BluezRadio(Radio(), QUICK)
    async with listening(radio, heard := Heard()):
        await hears(bluez, heard)
        await given_up(radio)
        await hears(bluez, heard)
    assert bluez.calls["StopDiscovery"] == radio.restarts + 1


async def test_whoever_is_heard_keeps_the_scan_going(bluez: FakeBluez) -> None:
    patience = replace(QUICK, check=0.1, silent_checks=5)
    radio = BluezRadio(Radio(), patience)
    now = asyncio.get_running_loop().time
    async with listening(radio, heard := Heard()):
        await hears(bluez, heard)
        long_enough = now() + 2 * patience.check * patience.silent_checks
        while now() < long_enough:
            await bluez.advertise("C0:00:00:00:00:02", manufacturer_data={0x0075: b"\x42"})
            await bluez.delivered()
    assert (bluez.calls["StartDiscovery"], radio.restarts) == (1, 0)


async def test_phantoms_do_not_keep_a_dead_scan_going(bluez: FakeBluez) -> None:
    radio = BluezRadio(Radio(), QUICK)
    async with listening(radio, heard := Heard()):
        await hears(bluez, heard)
        taking = asyncio.create_task(given_up(radio))
        while not taking.done():
            bluez.invalidate_rssi(BEACON)
            await bluez.delivered()
        await taking
        assert radio.phantoms > 0
        await hears(bluez, heard)


@pytest.mark.parametrize("adapter", [None, FakeAdapter("hci0").address])
async def test_after_a_crash_of_bluetoothd_it_hears_again(bluez: FakeBluez, adapter: str | None) -> None:
    radio = BluezRadio(Radio(adapter=adapter), QUICK)
    async with listening(radio, heard := Heard()):
        await hears(bluez, heard)
        bluez.crash()
        await given_up(radio)
        await failed(radio, times=3)
        await bluez.start()
        await hears(bluez, heard)


@pytest.mark.parametrize("adapter", [None, FakeAdapter("hci0").address])
async def test_after_the_power_was_off_it_hears_again(bluez: FakeBluez, adapter: str | None) -> None:
    radio = BluezRadio(Radio(adapter=adapter), QUICK)
    async with listening(radio, heard := Heard()):
        await hears(bluez, heard)
        await bluez.power("hci0", on=False)
        await given_up(radio)
        await failed(radio, times=3)
        await bluez.power("hci0", on=True)
        await hears(bluez, heard)


async def test_an_adapter_that_comes_back_under_another_name_is_found_by_its_address(bus: PrivateBus) -> None:
    adapters = [FakeAdapter("hci0", DONGLE)]
    async with FakeBluez.on(bus.address, adapters=adapters) as bluez:
        radio = BluezRadio(Radio(adapter=DONGLE), QUICK)
        async with listening(radio, heard := Heard()):
            await hears(bluez, heard)
            await bluez.unplug("hci0")
            await given_up(radio)
            await failed(radio, times=3)
            await bluez.plug(FakeAdapter("hci0", "F0:00:00:00:00:01"))
            await bluez.plug(FakeAdapter("hci1", DONGLE))
            await hears(bluez, heard, adapter="hci1")
            assert not bluez.adapters["hci0"].discovering


@pytest.mark.parametrize("adapter", [None, FakeAdapter("hci0").address])
async def test_after_a_restart_of_the_bus_it_hears_again(
    bus: PrivateBus, bluez: FakeBluez, adapter: str | None
) -> None:
    radio = BluezRadio(Radio(adapter=adapter), QUICK)
    async with listening(radio, heard := Heard()):
        await hears(bluez, heard)
        await bus.kill()
        await given_up(radio)
        await failed(radio, times=3)
        await bus.start()
        await bluez.start()
        await hears(bluez, heard)


# What bluetoothd still holds for us


async def scans(logs: Sequence[Mapping[str, object]], *, times: int) -> None:
    """Return when so many scans have begun. Hearing proves none: bleak listens while it still asks for one."""
    async with asyncio.timeout(SOON):
        while [line["event"] for line in logs].count("radio.listening") < times:
            await asyncio.sleep(0)


async def test_a_stop_without_an_answer_does_not_bar_the_next_start(bluez: FakeBluez) -> None:
    radio = BluezRadio(Radio(), QUICK)
    with capture_logs() as logs:
        async with listening(radio, heard := Heard()):
            await hears(bluez, heard)
            bluez.hang("StopDiscovery")
            await given_up(radio)
            bluez.unhang("StopDiscovery")
            await scans(logs, times=2)
            await hears(bluez, heard)


async def test_a_start_that_succeeds_after_it_was_given_up_does_not_bar_the_next(bluez: FakeBluez) -> None:
    bluez.hang("StartDiscovery")
    radio = BluezRadio(Radio(), IMPATIENT)
    with capture_logs() as logs:
        async with listening(radio, heard := Heard()):
            await given_up(radio)
            adapter = bluez.adapters["hci0"]
            for client in adapter._filters:
                adapter.start_discovery(client)
            bluez.unhang("StartDiscovery")
            await scans(logs, times=1)
            await hears(bluez, heard)


# Passive


async def test_a_passive_scan_that_died_with_bluetoothd_is_begun_anew(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")], experimental=True) as bluez:
        radio = BluezRadio(Radio(mode=ScanMode.PASSIVE), QUICK)
        async with listening(radio, heard := Heard()):
            await hears(bluez, heard)
            bluez.crash()
            await bluez.start()
            await given_up(radio)
            await hears(bluez, heard)
