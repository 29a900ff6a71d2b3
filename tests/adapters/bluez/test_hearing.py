"""What reaches the gateway's code of what BlueZ says, and what does not."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import pytest
from bleak import BleakScanner
from bleak.args.bluez import BlueZDiscoveryFilters
from structlog.testing import capture_logs

from beacon_gateway.adapters.bluez.radio import FILTER, WITHOUT_RSSI, BluezRadio
from beacon_gateway.core.model.settings import RadioSettings, ScanMode
from tests.adapters.bluez.bluetoothd.fake_adapter import FakeAdapter
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez, Rules
from tests.adapters.bluez.bluetoothd.fake_device import Report
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.adapters.bluez.captures import captures
from tests.adapters.bluez.listening import BEACON, FRAME, IMPATIENT, Heard, Station, advertise, listening
from tests.services.tracking.hit_logs import FakeHitLog
from tests.services.tracking.manual_clock import ManualClock
from tests.services.tracking.shop import SHOES, advertisement, watch_over

TWIN = "C0:00:00:00:00:02"
FIRST, SECOND = "F0:00:00:00:00:01", "F0:00:00:00:00:02"
PASSIVE = RadioSettings(mode=ScanMode.PASSIVE)


@pytest.mark.parametrize("rules", ["every", "threshold"])
async def test_a_beacon_that_stands_still_is_heard_each_time(bus: PrivateBus, rules: Rules) -> None:
    clock = ManualClock()
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")], rules=rules) as bluez:
        watch = watch_over(SHOES, clock=clock, hit_log=FakeHitLog())
        async with listening(BluezRadio(RadioSettings()), watch.take):
            await bluez.until(lambda: bluez.discovering)
            assert bluez.adapters["hci0"].discovery_filter == {
                "Transport": "le",
                "RSSI": -127,
                "DuplicateData": True,
                "Pattern": "",
            }
            await bluez.advertise_many([Report(BEACON, advertisement(SHOES), rssi=-67)] * 200)
    assert watch.adverts == 200
    assert [state.samples for state in watch.states()] == [200]


async def test_the_frame_and_its_strength_are_handed_over_as_they_were_sent(bluez: FakeBluez) -> None:
    heard: list[tuple[dict[int, bytes], int]] = []
    async with listening(BluezRadio(RadioSettings()), lambda data, rssi: heard.append((dict(data), rssi))):
        await bluez.until(lambda: bluez.discovering)
        await advertise(bluez, -60, -1, -110)
    assert heard == [(FRAME, -60), (FRAME, -1), (FRAME, -110)]


async def test_a_phantom_is_counted_and_never_taken(bluez: FakeBluez) -> None:
    radio, heard = BluezRadio(RadioSettings()), Heard()
    async with listening(radio, heard):
        await bluez.until(lambda: bluez.discovering)
        await advertise(bluez, -60)
        bluez.invalidate_rssi(BEACON)
        await advertise(bluez, -61)
    assert heard == [-60, -61]
    assert radio.phantoms == 1


@pytest.mark.parametrize(
    ("rssi", "filters"), [(127, WITHOUT_RSSI), (0, FILTER), (-111, FILTER), (-127, FILTER)], ids=str
)
async def test_a_strength_that_no_radio_can_mean_is_a_phantom(
    bluez: FakeBluez, rssi: int, filters: BlueZDiscoveryFilters
) -> None:
    radio, heard = BluezRadio(RadioSettings(), filters=filters), Heard()
    async with listening(radio, heard):
        await bluez.until(lambda: bluez.discovering)
        await advertise(bluez, rssi)
    assert (heard, radio.phantoms) == ([], 1)


async def test_a_bug_in_our_own_code_is_counted_logged_once_and_the_next_is_heard(bluez: FakeBluez) -> None:
    radio, heard = BluezRadio(RadioSettings()), Heard()

    def take(manufacturer_data: Mapping[int, bytes], rssi: int) -> None:
        if rssi == -66:
            raise LookupError("a bug")
        heard(manufacturer_data, rssi)

    with capture_logs() as logs:
        async with listening(radio, take):
            await bluez.until(lambda: bluez.discovering)
            await advertise(bluez, -60, -66, -61, -66, -62)
    assert heard == [-60, -61, -62]
    assert radio.faults == 2
    assert [line["event"] for line in logs].count("radio.receiver_failed") == 1


# Which adapter


async def test_of_two_adapters_the_one_with_the_address_is_used(bus: PrivateBus) -> None:
    adapters = [FakeAdapter("hci0", FIRST), FakeAdapter("hci1", SECOND)]
    async with FakeBluez.on(bus.address, adapters=adapters) as bluez:
        async with listening(BluezRadio(RadioSettings(adapter=SECOND)), heard := Heard()):
            await bluez.until(lambda: bluez.adapters["hci1"].discovering)
            assert not bluez.adapters["hci0"].discovering
            await advertise(bluez, -60, adapter="hci1")
        assert heard == [-60]


async def test_without_an_address_the_first_powered_adapter_is_used(bus: PrivateBus) -> None:
    adapters = [FakeAdapter("hci0", FIRST, powered=False), FakeAdapter("hci1", SECOND)]
    async with FakeBluez.on(bus.address, adapters=adapters) as bluez:
        async with listening(BluezRadio(RadioSettings()), heard := Heard()):
            await bluez.until(lambda: bluez.discovering)
            await advertise(bluez, -60, adapter="hci1")
        assert heard == [-60]


async def test_an_adapter_that_is_not_there_is_waited_for(bluez: FakeBluez) -> None:
    station = Station(RadioSettings(adapter=SECOND))
    async with station.listening():
        await bluez.until(lambda: station.steps >= 3 and not bluez.discovering)
        assert station.notes.states == ["no-adapter"]
        assert "there is no adapter with the address F0:00:00:00:00:02" in station.listen.health.reason
        await bluez.plug(FakeAdapter("hci1", SECOND))
        await bluez.until(lambda: bluez.adapters["hci1"].discovering)
        await advertise(bluez, -60, adapter="hci1")
        assert station.listen.health.adapter == "hci1"
    assert station.heard == [-60]


# A controller that drops repeated reports


async def test_a_monitor_beside_the_scan_keeps_a_controller_from_dropping_reports(bus: PrivateBus) -> None:
    adapter = FakeAdapter("hci0", drops_duplicates=True)
    async with FakeBluez.on(bus.address, adapters=[adapter], experimental=True) as bluez:
        async with listening(BluezRadio(RadioSettings()), heard := Heard()) as scan:
            assert scan.monitored
            await bluez.advertise_many([Report(BEACON, FRAME, rssi=-67)] * 50)
        assert heard == [-67] * 50
        await bluez.until(lambda: not bluez.monitoring)


async def test_without_monitors_such_a_controller_is_heard_as_often_as_it_reports(bus: PrivateBus) -> None:
    adapter = FakeAdapter("hci0", drops_duplicates=True)
    async with FakeBluez.on(bus.address, adapters=[adapter], clock=ManualClock().monotonic) as bluez:
        async with listening(BluezRadio(RadioSettings()), heard := Heard()) as scan:
            assert not scan.monitored
            await bluez.advertise_many([Report(BEACON, FRAME, rssi=-67)] * 50)
        assert heard == [-67]


async def test_the_monitor_matches_nobody_and_costs_no_call(bus: PrivateBus) -> None:
    async with (
        FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")], experimental=True) as bluez,
        listening(BluezRadio(RadioSettings()), Heard()),
    ):
        [monitor] = bluez.adapters["hci0"].monitors.values()
        air = [Report(BEACON, capture.manufacturer_data) for capture in captures("ibeacon", "lookalike", "foreign")]
        assert not any(monitor.matches(report) for report in air)


async def test_a_monitor_that_bluetoothd_refuses_leaves_the_scan_alone(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")], experimental=True) as bluez:
        bluez.fail("RegisterMonitor", "org.bluez.Error.Failed")
        with capture_logs() as logs:
            async with listening(BluezRadio(RadioSettings()), heard := Heard()) as scan:
                assert not scan.monitored
                await advertise(bluez, -60)
        assert heard == [-60]
        assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["radio.no_monitor"]


# Who sends


async def test_a_look_tells_each_radio_address_that_sends_an_ibeacon(bluez: FakeBluez) -> None:
    async with listening(BluezRadio(RadioSettings()), Heard()) as scan:
        await bluez.advertise(BEACON, manufacturer_data=FRAME, rssi=-60)
        await bluez.advertise(TWIN, manufacturer_data=FRAME, rssi=-80)
        await bluez.advertise("C0:00:00:00:00:03", manufacturer_data={0x0075: b"\x42"}, rssi=-50)
        await bluez.delivered()
        looks = list(scan.looks())
        assert {(look.sender, look.rssi) for look in looks} == {(BEACON, -60), (TWIN, -80)}
        assert len({look.key for look in looks}) == 1
        await bluez.forget(TWIN)
        await bluez.advertise(BEACON, manufacturer_data=FRAME, rssi=-60)
        await bluez.delivered()
        assert [look.sender for look in scan.looks()] == [BEACON]


# Passive


@pytest.fixture
async def experimental(bus: PrivateBus) -> AsyncIterator[FakeBluez]:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")], experimental=True) as bluez:
        yield bluez


async def test_a_passive_scan_hears_ibeacons_without_a_discovery(experimental: FakeBluez) -> None:
    async with listening(BluezRadio(PASSIVE), heard := Heard()):
        await experimental.until(lambda: experimental.monitoring)
        await experimental.advertise(BEACON, manufacturer_data={0x004C: b"\x10\x05"})
        await advertise(experimental, -60)
        assert not experimental.discovering
    assert heard == [-60]
    await experimental.until(lambda: not experimental.monitoring)


async def test_a_passive_scan_counts_each_report_of_a_beacon_that_stands_still(experimental: FakeBluez) -> None:
    # bluetoothd signals steps of 8 dB only; a monitor is told of each report.
    async with listening(BluezRadio(PASSIVE), heard := Heard()):
        await experimental.until(lambda: experimental.monitoring)
        await experimental.advertise_many([Report(BEACON, FRAME, rssi=-67)] * 50)
        await experimental.advertise_many([Report(BEACON, FRAME, rssi=-59)] * 2)
    assert heard == [-67] * 50 + [-59] * 2


async def test_a_passive_scan_that_bluez_does_not_offer_is_waited_for_and_says_what_it_needs(bluez: FakeBluez) -> None:
    station = Station(PASSIVE)
    async with station.listening():
        await bluez.until(lambda: station.steps >= 3)
    assert station.notes.states == ["deaf"]
    assert "--experimental" in station.listen.health.reason


# The end


async def test_cancellation_stops_the_scan_and_leaves_no_task(bluez: FakeBluez) -> None:
    async with BleakScanner():  # bleak keeps its connection, and a task that watches it, for as long as the loop
        before = asyncio.all_tasks()
    station = Station()
    async with station.listening() as task:
        await bluez.until(lambda: bluez.discovering)
        await advertise(bluez, -60)
        assert station.heard == [-60]
    assert task.cancelled()
    assert not bluez.discovering
    assert asyncio.all_tasks() == before


async def test_cancellation_ends_a_passive_scan(experimental: FakeBluez) -> None:
    async with Station(PASSIVE).listening() as task:
        await experimental.until(lambda: experimental.monitoring)
    assert task.cancelled()
    await experimental.until(lambda: not experimental.monitoring)


@pytest.mark.parametrize("call", ["StartDiscovery", "StopDiscovery"])
async def test_cancellation_is_obeyed_while_bluez_does_not_answer(bluez: FakeBluez, call: str) -> None:
    bluez.hang(call)
    async with Station().listening() as task:
        await bluez.until(lambda: bluez.calls["StartDiscovery"])
    assert task.cancelled()


async def test_cancellation_is_obeyed_in_the_pause_after_a_failure(bluez: FakeBluez) -> None:
    station = Station(RadioSettings(adapter=SECOND), replace(IMPATIENT, first_pause=3600))
    async with station.listening() as task:
        await bluez.until(lambda: station.steps)
        await bluez.delivered()
    assert task.cancelled()
