"""What reaches the gateway's code of what BlueZ says, and what does not."""

import asyncio
from collections.abc import Mapping

import pytest
from bleak import BleakScanner
from structlog.testing import capture_logs

from beacon_gateway.adapters.radio import BluezRadio
from beacon_gateway.core.settings import Radio, ScanMode
from tests.bluez.fake_adapter import FakeAdapter
from tests.bluez.fake_bluez import FakeBluez, Rules
from tests.bluez.fake_device import Report
from tests.bluez.private_bus import PrivateBus
from tests.watch.hit_logs import FakeHitLog
from tests.watch.manual_clock import ManualClock
from tests.watch.shop import SHOES, advertisement, watch_over

from .listening import BEACON, FRAME, IMPATIENT, Heard, advertise, listening

FIRST, SECOND = "F0:00:00:00:00:01", "F0:00:00:00:00:02"
PASSIVE = Radio(mode=ScanMode.PASSIVE)


@pytest.mark.parametrize("rules", ["every", "threshold"])
async def test_a_beacon_that_stands_still_is_heard_each_time(bus: PrivateBus, rules: Rules) -> None:
    clock = ManualClock()
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")], rules=rules) as bluez:
        watch = watch_over(SHOES, clock=clock, hit_log=FakeHitLog())
        async with listening(BluezRadio(Radio()), watch.take):
            await bluez.until(lambda: bluez.discovering)
            assert bluez.adapters["hci0"].discovery_filter == {
                "Transport": "le",
                "RSSI": -127,
                "DuplicateData": False,
            }
            await bluez.advertise_many([Report(BEACON, advertisement(SHOES), rssi=-67)] * 200)
    assert watch.adverts == 200
    assert [state.samples for state in watch.states()] == [200]


async def test_the_frame_and_its_strength_are_handed_over_as_they_were_sent(bluez: FakeBluez) -> None:
    heard: list[tuple[dict[int, bytes], int]] = []
    async with listening(BluezRadio(Radio()), lambda data, rssi: heard.append((dict(data), rssi))):
        await bluez.until(lambda: bluez.discovering)
        await advertise(bluez, -60, -1, -110)
    assert heard == [(FRAME, -60), (FRAME, -1), (FRAME, -110)]


async def test_a_phantom_is_counted_and_never_taken(bluez: FakeBluez) -> None:
    radio, heard = BluezRadio(Radio()), Heard()
    async with listening(radio, heard):
        await bluez.until(lambda: bluez.discovering)
        await advertise(bluez, -60)
        bluez.invalidate_rssi(BEACON)
        await advertise(bluez, -61)
    assert heard == [-60, -61]
    assert radio.phantoms == 1


@pytest.mark.parametrize("rssi", [127, 0, -111, -127])
async def test_a_strength_that_no_radio_can_mean_is_a_phantom(bluez: FakeBluez, rssi: int) -> None:
    radio, heard = BluezRadio(Radio()), Heard()
    async with listening(radio, heard):
        await bluez.until(lambda: bluez.discovering)
        await advertise(bluez, rssi)
    assert (heard, radio.phantoms) == ([], 1)


async def test_a_bug_in_our_own_code_is_counted_logged_once_and_the_next_is_heard(bluez: FakeBluez) -> None:
    radio, heard = BluezRadio(Radio()), Heard()

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
        async with listening(BluezRadio(Radio(adapter=SECOND)), heard := Heard()):
            await bluez.until(lambda: bluez.adapters["hci1"].discovering)
            assert not bluez.adapters["hci0"].discovering
            await advertise(bluez, -60, adapter="hci1")
        assert heard == [-60]


async def test_without_an_address_the_first_powered_adapter_is_used(bus: PrivateBus) -> None:
    adapters = [FakeAdapter("hci0", FIRST, powered=False), FakeAdapter("hci1", SECOND)]
    async with FakeBluez.on(bus.address, adapters=adapters) as bluez:
        async with listening(BluezRadio(Radio()), heard := Heard()):
            await bluez.until(lambda: bluez.discovering)
            await advertise(bluez, -60, adapter="hci1")
        assert heard == [-60]


async def test_an_adapter_that_is_not_there_is_waited_for(bluez: FakeBluez) -> None:
    with capture_logs() as logs:
        async with listening(BluezRadio(Radio(adapter=SECOND), patience=IMPATIENT), heard := Heard()):
            await bluez.until(lambda: bluez.calls["GetManagedObjects"] >= 3)
            assert not bluez.discovering
            await bluez.plug(FakeAdapter("hci1", SECOND))
            await bluez.until(lambda: bluez.adapters["hci1"].discovering)
            await advertise(bluez, -60, adapter="hci1")
    assert heard == [-60]
    assert {line["reason"] for line in logs if line["event"] == "radio.scan_failed"} == {
        f"there is no Bluetooth adapter with the address {SECOND}"
    }


# Passive


async def test_a_passive_scan_hears_ibeacons_without_a_discovery(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")], experimental=True) as bluez:
        async with listening(BluezRadio(PASSIVE), heard := Heard()):
            await bluez.until(lambda: bluez.monitoring)
            await bluez.advertise(BEACON, manufacturer_data={0x004C: b"\x10\x05"})
            await advertise(bluez, -60)
            assert not bluez.discovering
        assert heard == [-60]
        assert not bluez.monitoring


async def test_a_passive_scan_that_bluez_does_not_offer_is_tried_again_and_its_reason_logged(bluez: FakeBluez) -> None:
    with capture_logs() as logs:
        async with listening(BluezRadio(PASSIVE, patience=IMPATIENT), Heard()):
            await bluez.until(lambda: bluez.calls["RegisterMonitor"] >= 3)
    reasons = {line["reason"] for line in logs if line["event"] == "radio.scan_failed"}
    assert len(reasons) == 1
    assert "--experimental" in reasons.pop()


# The end


async def test_cancellation_stops_the_scan_and_leaves_no_task(bluez: FakeBluez) -> None:
    async with BleakScanner():  # bleak keeps its connection, and a task that watches it, for as long as the loop
        before = asyncio.all_tasks()
    async with listening(BluezRadio(Radio()), heard := Heard()) as task:
        await bluez.until(lambda: bluez.discovering)
        await advertise(bluez, -60)
        assert heard == [-60]
    assert task.cancelled()
    assert not bluez.discovering
    assert asyncio.all_tasks() == before


async def test_cancellation_ends_a_passive_scan(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")], experimental=True) as bluez:
        async with listening(BluezRadio(PASSIVE), Heard()) as task:
            await bluez.until(lambda: bluez.monitoring)
        assert task.cancelled()
        assert not bluez.monitoring


@pytest.mark.parametrize("call", ["StartDiscovery", "StopDiscovery"])
async def test_cancellation_is_obeyed_while_bluez_does_not_answer(bluez: FakeBluez, call: str) -> None:
    bluez.hang(call)
    async with listening(BluezRadio(Radio(), patience=IMPATIENT), Heard()) as task:
        await bluez.until(lambda: bluez.calls["StartDiscovery"])
    assert task.cancelled()


async def test_cancellation_is_obeyed_in_the_pause_after_a_failure(bluez: FakeBluez) -> None:
    await bluez.power("hci0", on=False)
    async with listening(BluezRadio(Radio()), Heard()) as task:
        await bluez.until(lambda: bluez.calls["GetManagedObjects"])
        await bluez.delivered()
    assert task.cancelled()
