"""The fake bluetoothd does to the real bleak what the real bluetoothd does."""

import asyncio

import pytest
from bleak import BleakScanner
from bleak.args.bluez import BlueZDiscoveryFilters, OrPattern
from bleak.assigned_numbers import AdvertisementDataType
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from tests.adapters.bluez.bluetoothd.fake_adapter import DISCOVERY_CYCLE, FakeAdapter
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.fake_device import Report
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus, private_bus

BEACON = "C0:00:00:00:00:01"
FRAME = {0x004C: bytes.fromhex("0215 fda50693a4e24fb1afcfc6eb07647825 0001 0002 c5")}
EVERY_IBEACON = OrPattern(0, AdvertisementDataType.MANUFACTURER_SPECIFIC_DATA, bytes.fromhex("4c00 0215"))
NO_RSSI = -127  # what bleak says when bluetoothd has taken the RSSI away


class Heard(list[int]):
    """The RSSI of every callback."""

    def __call__(self, _device: BLEDevice, data: AdvertisementData) -> None:
        self.append(data.rssi)


def passive(heard: Heard) -> BleakScanner:
    return BleakScanner(heard, scanning_mode="passive", bluez={"or_patterns": [EVERY_IBEACON]})


def filtered(heard: Heard, filters: BlueZDiscoveryFilters) -> BleakScanner:
    return BleakScanner(heard, bluez={"filters": filters})


async def hear(bluez: FakeBluez, *rssis: int) -> None:
    for rssi in rssis:
        await bluez.advertise(BEACON, manufacturer_data=FRAME, rssi=rssi)
    await bluez.delivered()


async def call(client: MessageBus, member: str) -> Message:
    return await client.call(Message("org.bluez", "/org/bluez/hci0", "org.bluez.Adapter1", member))


# Reports


async def test_each_report_is_one_callback_with_its_frame(bluez: FakeBluez) -> None:
    heard = []
    async with BleakScanner(lambda device, data: heard.append((device.address, data.rssi, data.manufacturer_data))):
        await hear(bluez, -60, -60, -61)
    assert heard == [(BEACON, -60, FRAME), (BEACON, -60, FRAME), (BEACON, -61, FRAME)]


async def test_by_threshold_a_constant_rssi_is_heard_once_and_8_db_more_is_heard_again(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")], rules="threshold") as bluez:
        async with BleakScanner(heard := Heard()):
            await hear(bluez, -60, -60, -67, -68)
        assert heard == [-60, -68]


@pytest.mark.parametrize("filters", [{"RSSI": -127}, {"DuplicateData": True}], ids=["RSSI", "DuplicateData"])
async def test_by_threshold_a_filter_makes_every_report_heard(bus: PrivateBus, filters: BlueZDiscoveryFilters) -> None:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")], rules="threshold") as bluez:
        async with filtered(heard := Heard(), filters):
            assert bluez.adapters["hci0"].discovery_filter.items() >= filters.items()
            await hear(bluez, -60, -60, -60)
        assert heard == [-60, -60, -60]


async def test_a_lost_rssi_is_a_phantom_callback(bluez: FakeBluez) -> None:
    async with BleakScanner(heard := Heard()):
        await hear(bluez, -60)
        bluez.invalidate_rssi(BEACON)
        await bluez.delivered()
    assert heard == [-60, NO_RSSI]


async def test_a_forgotten_device_is_heard_once_when_it_returns(bluez: FakeBluez) -> None:
    async with BleakScanner(heard := Heard()) as scanner:
        await hear(bluez, -60)
        await bluez.forget(BEACON)
        await bluez.delivered()
        assert scanner.discovered_devices == []
        await hear(bluez, -61)
    assert heard == [-60, -61]


async def test_no_report_is_lost_however_fast_they_come(bluez: FakeBluez) -> None:
    reports = [Report(f"C0:00:00:00:00:{n % 50:02X}", FRAME, rssi=-40 - n % 60) for n in range(5_000)]
    async with BleakScanner(heard := Heard()):
        assert await bluez.advertise_many(reports) == len(reports)
    assert heard == [report.rssi for report in reports]


async def test_nobody_hears_without_a_scan(bluez: FakeBluez) -> None:
    assert not await bluez.advertise(BEACON, manufacturer_data=FRAME)


# Discovery


async def test_a_second_active_scanner_in_a_process_is_in_progress(bluez: FakeBluez) -> None:
    async with BleakScanner():
        with pytest.raises(BleakDBusError, match="InProgress"):
            await BleakScanner().start()
    assert bluez.calls["StartDiscovery"] == 2
    assert not bluez.discovering


async def test_a_client_that_leaves_the_bus_loses_its_discovery_and_no_other(bus: PrivateBus, bluez: FakeBluez) -> None:
    client = await MessageBus(bus_address=bus.address).connect()
    async with BleakScanner(heard := Heard()):
        assert (await call(client, "StartDiscovery")).message_type is MessageType.METHOD_RETURN
        client.disconnect()
        await hear(bluez, -60)
    assert heard == [-60]
    client = await MessageBus(bus_address=bus.address).connect()
    await call(client, "StartDiscovery")
    client.disconnect()
    await bluez.until(lambda: not bluez.discovering)


async def test_a_failure_ordered_is_a_failure_delivered_so_many_times(bluez: FakeBluez) -> None:
    bluez.fail("StartDiscovery", "org.bluez.Error.InProgress", times=2)
    for _ in range(2):
        with pytest.raises(BleakDBusError, match="InProgress"):
            await BleakScanner().start()
    async with BleakScanner():
        assert bluez.discovering


async def test_a_hanging_start_can_be_timed_out_and_tried_again(bluez: FakeBluez) -> None:
    bluez.hang("StartDiscovery")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await BleakScanner().start()
    bluez.unhang("StartDiscovery")
    async with BleakScanner(heard := Heard()):
        await hear(bluez, -60)
    assert heard == [-60]


# Passive scans


async def test_a_passive_scan_needs_the_experimental_interfaces(bluez: FakeBluez) -> None:
    with pytest.raises(BleakError, match="--experimental"):
        await passive(Heard()).start()
    assert not bluez.monitoring


async def test_a_passive_scan_hears_what_its_pattern_matches(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")], experimental=True) as bluez:
        async with passive(heard := Heard()):
            await bluez.until(lambda: bluez.monitoring)
            await bluez.advertise(BEACON, manufacturer_data={0x004C: b"\x10\x05"})
            await hear(bluez, -60)
        assert heard == [-60]
        assert not bluez.monitoring


async def test_a_passive_scan_goes_on_after_a_power_cycle(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")], experimental=True) as bluez:
        async with passive(heard := Heard()):
            await bluez.until(lambda: bluez.monitoring)
            await bluez.power("hci0", False)
            await hear(bluez, -60)
            await bluez.power("hci0", True)
            await hear(bluez, -61)
        assert heard == [-61]


async def test_a_monitor_beside_an_active_scan_lifts_the_duplicate_filter_of_the_controller(bus: PrivateBus) -> None:
    now = 0.0
    adapters = [FakeAdapter("hci0", drops_duplicates=True)]
    async with FakeBluez.on(bus.address, adapters=adapters, experimental=True, clock=lambda: now) as bluez:
        async with BleakScanner(heard := Heard()):
            await hear(bluez, -60, -61)
            now += DISCOVERY_CYCLE
            await hear(bluez, -62, -63)
            assert heard == [-60, -62]
            async with passive(Heard()):
                await bluez.until(lambda: bluez.monitoring)
                await hear(bluez, -64, -65)
        assert heard == [-60, -62, -64, -65]


# Trouble


async def test_after_a_crash_callbacks_stop_and_a_new_scanner_starts_them_again(bluez: FakeBluez) -> None:
    scanner = BleakScanner(before := Heard())
    await scanner.start()
    await hear(bluez, -60)
    bluez.crash()
    await hear(bluez, -61)
    await bluez.start()
    await hear(bluez, -62)
    with pytest.raises(BleakDBusError, match="No discovery started"):
        await scanner.stop()
    async with BleakScanner(after := Heard()):
        await hear(bluez, -63)
    assert (before, after) == ([-60], [-63])


async def test_while_bluetoothd_is_dead_a_scan_neither_stops_nor_starts(bluez: FakeBluez) -> None:
    scanner = BleakScanner()
    await scanner.start()
    bluez.crash()
    for attempt in (scanner.stop, BleakScanner().start):
        with pytest.raises(BleakDBusError, match=r"ServiceUnknown|NameHasNoOwner|NoReply"):
            await attempt()


async def test_after_a_restart_of_the_bus_stop_finds_its_connection_gone(bus: PrivateBus, bluez: FakeBluez) -> None:
    scanner = BleakScanner()
    await scanner.start()
    await bus.restart()
    assert not await bluez.advertise(BEACON, manufacturer_data=FRAME)
    with pytest.raises(OSError, match="Bad file descriptor"):
        await scanner.stop()
    await bluez.start()
    async with BleakScanner(heard := Heard()):
        await hear(bluez, -60)
    assert heard == [-60]


async def test_after_a_power_cycle_the_old_scan_is_dead_and_a_new_one_works(bluez: FakeBluez) -> None:
    scanner = BleakScanner(before := Heard())
    await scanner.start()
    await hear(bluez, -60)
    await bluez.power("hci0", False)
    with pytest.raises(BleakBluetoothNotAvailableError) as unavailable:
        await BleakScanner().start()
    assert unavailable.value.reason is BleakBluetoothNotAvailableReason.POWERED_OFF
    await bluez.power("hci0", True)
    await hear(bluez, -61)
    with pytest.raises(BleakDBusError, match="No discovery started"):
        await scanner.stop()
    async with BleakScanner(after := Heard()):
        await hear(bluez, -62)
    assert (before, after) == ([-60, NO_RSSI], [-62])


async def test_any_client_can_power_cycle_the_adapter(bus: PrivateBus, bluez: FakeBluez) -> None:
    client = await MessageBus(bus_address=bus.address).connect()
    for on in (False, True):
        await client.call(
            Message(
                destination="org.bluez",
                path="/org/bluez/hci0",
                interface="org.freedesktop.DBus.Properties",
                member="Set",
                signature="ssv",
                body=["org.bluez.Adapter1", "Powered", Variant("b", on)],
            )
        )
        assert bluez.adapters["hci0"].powered is on
    assert bluez.calls["Powered"] == 2
    client.disconnect()


async def test_an_unplugged_adapter_is_missed_and_found_again_under_another_name(bluez: FakeBluez) -> None:
    scanner = BleakScanner(before := Heard())
    await scanner.start()
    await hear(bluez, -60)
    await bluez.unplug("hci0")
    await hear(bluez, -61)
    with pytest.raises(BleakBluetoothNotAvailableError) as unavailable:
        await BleakScanner().start()
    assert unavailable.value.reason is BleakBluetoothNotAvailableReason.NO_BLUETOOTH
    with pytest.raises(BleakDBusError, match="UnknownObject"):
        await scanner.stop()
    await bluez.plug(FakeAdapter("hci1"))
    async with BleakScanner(after := Heard()):
        await bluez.advertise(BEACON, manufacturer_data=FRAME, rssi=-62, adapter="hci1")
        await bluez.delivered()
    assert (before, after) == ([-60], [-62])


async def test_without_dbus_daemon_the_package_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FileNotFoundError, match="apt install dbus-daemon"):
        async with private_bus():
            pass
