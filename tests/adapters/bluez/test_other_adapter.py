"""A machine with several adapters: the one that receives is found, and said, and begun with again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from beacon_gateway.adapters.bluez.radio import BluezRadio
from beacon_gateway.adapters.state.adapter_file import FILE, AdapterFile
from beacon_gateway.core.model.settings import RadioSettings
from beacon_gateway.core.radio.adapters import ChosenAdapter
from beacon_gateway.core.radio.escalation import RecoveryAction
from tests.adapters.bluez.bluetoothd.fake_adapter import FakeAdapter
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.adapters.bluez.listening import BEACON, FRAME, IMPATIENT, QUICK, WAITS, Station, listening
from tests.patience import HANG_S

FIRST, SECOND = "F0:00:00:00:00:01", "F0:00:00:00:00:02"
"""Seconds; what takes longer on a busy machine never comes."""


@asynccontextmanager
async def on_the_air(bluez: FakeBluez) -> AsyncIterator[None]:
    """A beacon that every adapter would hear, for the length of the block."""

    async def advertise() -> None:
        while True:
            for name in list(bluez.adapters):
                await bluez.advertise(BEACON, manufacturer_data=FRAME, rssi=-60, adapter=name)
            await asyncio.sleep(0.002)  # as beacons do between two advertisements

    advertising = asyncio.create_task(advertise())
    try:
        yield
    finally:
        advertising.cancel()
        await asyncio.wait({advertising})


async def receives(station: Station, adapter: str, bluez: FakeBluez) -> None:
    """Return when the station says that it receives, and with this adapter; asked with each advertisement."""

    def does() -> bool:
        health = station.listen.health
        return (health.state, health.adapter) == ("listening", adapter)

    await bluez.until(does)


def deaf_and_good() -> list[FakeAdapter]:
    return [FakeAdapter("hci0", FIRST, deaf=True), FakeAdapter("hci1", SECOND)]


async def test_where_the_first_adapter_receives_nothing_the_second_is_taken_and_said(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=deaf_and_good()) as bluez, on_the_air(bluez):
        station = Station(patience=QUICK)
        async with station.listening():
            await receives(station, "hci1", bluez)
            health = station.listen.health
    assert station.notes.actions == ["new-scanner", "power-cycle", "other-adapter"]
    assert station.notes[-2][1] == {"rung": "other-adapter", "cause": "silent", "adapter": "hci1"}
    assert (health.address, health.instead_of) == (SECOND, FIRST)


async def test_what_was_found_holds_for_later_scans(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=deaf_and_good()) as bluez, on_the_air(bluez):
        station = Station(patience=QUICK)
        async with station.listening():
            await receives(station, "hci1", bluez)
            taken = station.listen.escalation.attempts[RecoveryAction.OTHER_ADAPTER]
            await bluez.start()  # a restart of bluetoothd ends every scan
            await bluez.until(lambda: station.notes.states[-2:] == ["recovering", "listening"])
            await receives(station, "hci1", bluez)
    assert station.listen.escalation.attempts[RecoveryAction.OTHER_ADAPTER] == taken


async def test_an_adapter_that_gateway_yaml_names_is_never_left(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=deaf_and_good()) as bluez, on_the_air(bluez):
        station = Station(RadioSettings(adapter=FIRST), QUICK)
        async with station.listening():
            await bluez.until(lambda: station.listen.escalation.attempts[RecoveryAction.RESTART_BLUETOOTHD] >= 2)
    assert station.listen.escalation.attempts[RecoveryAction.OTHER_ADAPTER] == 0
    assert not bluez.adapters["hci1"].discovering
    assert station.notes.states[-1] == "deaf"


@pytest.mark.parametrize(
    "other", [FakeAdapter("hci1", SECOND, powered=False), FakeAdapter("hci1", SECOND, roles=("peripheral",))]
)
async def test_an_adapter_without_power_or_that_cannot_scan_is_no_other(bus: PrivateBus, other: FakeAdapter) -> None:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0", FIRST, deaf=True), other]) as bluez:
        station = Station(patience=QUICK)
        async with on_the_air(bluez), station.listening():
            await bluez.until(lambda: station.listen.escalation.attempts[RecoveryAction.RESTART_BLUETOOTHD] >= 2)
    assert station.listen.escalation.attempts[RecoveryAction.OTHER_ADAPTER] == 0


async def test_a_scan_that_one_adapter_refuses_is_begun_on_the_other(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0", FIRST), FakeAdapter("hci1", SECOND)]) as bluez:
        bluez.fail("StartDiscovery", "org.bluez.Error.Failed", times=IMPATIENT.starts * 3)
        station = Station()
        async with on_the_air(bluez), station.listening():
            await receives(station, "hci1", bluez)
    assert "other-adapter" in station.notes.actions


async def test_an_adapter_beyond_the_eighth_is_found(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci19", SECOND)]) as bluez:
        for number in range(200):  # passers-by, who are not asked for
            await bluez.advertise(f"C0:00:00:00:01:{number:02X}", manufacturer_data=FRAME, adapter="hci19")
        radio = BluezRadio(RadioSettings(adapter=SECOND), WAITS)
        heard: list[int] = []
        async with listening(radio, lambda _, rssi: heard.append(rssi)) as scan:
            await bluez.advertise(BEACON, manufacturer_data=FRAME, rssi=-60, adapter="hci19")
            await bluez.delivered()
    assert (scan.adapter, heard) == ("hci19", [-60])


async def test_an_adapter_of_any_number_that_gets_power_is_a_reason_to_try_again_at_once(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=[]) as bluez:
        await bluez.plug(FakeAdapter("hci19", SECOND, powered=False))
        waiting = asyncio.create_task(BluezRadio(RadioSettings(), WAITS).changed())
        async with asyncio.timeout(HANG_S):
            while not waiting.done():  # whether it listens already, it does not say
                await bluez.power("hci19", on=not bluez.adapters["hci19"].powered)
        await waiting


# Without a level


async def test_an_adapter_that_gives_no_signal_strength_is_called_so_and_the_other_taken_at_once(
    bus: PrivateBus,
) -> None:
    adapters = [FakeAdapter("hci0", FIRST, measures=False), FakeAdapter("hci1", SECOND)]
    async with FakeBluez.on(bus.address, adapters=adapters) as bluez, on_the_air(bluez):
        station = Station(patience=replace(QUICK, silence=1.0))
        async with station.listening():
            await receives(station, "hci1", bluez)
    assert station.notes.states == ["no-level", "listening"]
    assert station.notes.actions == ["other-adapter"]


async def test_where_it_is_the_only_one_it_is_called_so_as_long_as_it_is(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0", FIRST, measures=False)]) as bluez:
        station = Station(patience=replace(QUICK, silence=1.0))
        async with on_the_air(bluez), station.listening():
            await bluez.until(lambda: station.steps >= 2)
    assert station.notes.states == ["no-level"]
    assert station.heard == []


async def test_levels_that_are_taken_away_at_one_moment_are_no_sign_of_an_adapter_without_any(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0", FIRST)]) as bluez:
        station = Station(patience=replace(QUICK, silence=1.0))
        async with station.listening():
            await bluez.until(lambda: bluez.discovering)
            for number in range(2):
                await bluez.advertise(f"C0:00:00:00:00:0{number}", manufacturer_data=FRAME)
            for number in range(2):
                bluez.invalidate_rssi(f"C0:00:00:00:00:0{number}")
            await bluez.until(lambda: station.steps)
    assert station.radio.phantoms == 2
    assert "no-level" not in station.notes.states


# Over a restart


async def test_a_restart_begins_with_the_adapter_that_received(bus: PrivateBus, tmp_path: Path) -> None:
    async with FakeBluez.on(bus.address, adapters=deaf_and_good()) as bluez, on_the_air(bluez):
        station = Station(patience=QUICK)
        station.listen.adapter_memory = AdapterFile(tmp_path)
        async with station.listening():
            await bluez.until(lambda: AdapterFile(tmp_path).read() is not None)
        remembered = AdapterFile(tmp_path).read()
        assert remembered == ChosenAdapter(SECOND, FIRST)
        async with listening(BluezRadio(RadioSettings(), WAITS, remembered=remembered), lambda *_: None) as scan:
            assert scan.adapter == "hci1"


async def test_with_one_adapter_nothing_is_written(bus: PrivateBus, tmp_path: Path) -> None:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0", FIRST)]) as bluez, on_the_air(bluez):
        station = Station(patience=QUICK)
        station.listen.adapter_memory = AdapterFile(tmp_path)
        async with station.listening():
            await receives(station, "hci0", bluez)
    assert not (tmp_path / FILE).exists()


async def test_a_folder_that_cannot_be_written_keeps_no_radio_from_receiving(bus: PrivateBus, tmp_path: Path) -> None:
    async with FakeBluez.on(bus.address, adapters=deaf_and_good()) as bluez, on_the_air(bluez):
        station = Station(patience=QUICK)
        station.listen.adapter_memory = AdapterFile(tmp_path / "missing")
        async with station.listening():
            await receives(station, "hci1", bluez)
            heard = len(station.heard)
            await bluez.until(lambda: len(station.heard) >= heard + 20)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"address": 1, "instead_of": ""}', b'{"address": "hci0", "instead_of": ""}', b"\xff"],
)
def test_a_file_that_makes_no_sense_remembers_nothing_and_is_written_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert AdapterFile(tmp_path).read() is None
    AdapterFile(tmp_path).keep(ChosenAdapter(SECOND, FIRST))
    assert AdapterFile(tmp_path).read() == ChosenAdapter(SECOND, FIRST)


def test_what_stands_there_already_costs_the_card_nothing(tmp_path: Path) -> None:
    file = AdapterFile(tmp_path)
    file.keep(ChosenAdapter(SECOND))
    before = (tmp_path / FILE).stat()
    file.keep(ChosenAdapter(SECOND))
    assert (tmp_path / FILE).stat() == before
    file.keep(ChosenAdapter(FIRST))
    assert file.read() == ChosenAdapter(FIRST)
