"""The radio hears again after whatever happened to BlueZ."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from beacon_gateway.core.model.settings import RadioSettings, ScanMode
from beacon_gateway.core.radio.escalation import RecoveryAction
from beacon_gateway.services.tracking.radio_supervisor import GaveUp
from tests.adapters.bluez.bluetoothd.fake_adapter import FakeAdapter
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.adapters.bluez.listening import BEACON, IMPATIENT, QUICK, Station, advertise
from tests.as_nobody import as_nobody, folder_for_nobody
from tests.patience import HANG_S, until

DONGLE = "F0:00:00:00:00:02"
ANY_OR_BY_ADDRESS = pytest.mark.parametrize("adapter", [None, FakeAdapter("hci0").address])


async def hears(bluez: FakeBluez, station: Station, *, adapter: str = "hci0") -> None:
    """Let a beacon advertise until the radio hears it, and says so."""
    before = len(station.heard)
    async with asyncio.timeout(HANG_S):
        while len(station.heard) == before or station.listen.health.state != "listening":
            await advertise(bluez, -60, adapter=adapter)
            await asyncio.sleep(0)  # nothing above waits while nobody listens


async def does(station: Station, *actions: str) -> None:
    """Return, with nobody on the air, when the radio has taken these actions."""
    await until(lambda: station.notes.actions[-len(actions) :] == list(actions))


async def tries(station: Station, *, times: int) -> None:
    """Return when the radio has tried so often."""
    tried = station.steps + times
    await until(lambda: station.steps >= tried)


# A start that does not succeed


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("StartDiscovery", "org.bluez.Error.InProgress"),
        ("StartDiscovery", "org.bluez.Error.NotReady"),
        ("StartDiscovery", "org.bluez.Error.Failed"),
        ("StartDiscovery", "org.freedesktop.DBus.Error.NoReply"),
        ("SetDiscoveryFilter", "org.bluez.Error.NotReady"),
        ("GetAll", "org.freedesktop.DBus.Error.ServiceUnknown"),
    ],
)
async def test_a_start_that_is_refused_is_tried_again(bluez: FakeBluez, call: str, error: str) -> None:
    bluez.fail(call, error, times=3)
    station = Station()
    async with station.listening():
        await hears(bluez, station)
    assert station.steps
    assert station.notes.states == ["recovering", "listening"]


async def test_a_start_without_an_answer_is_given_up_and_tried_again(bluez: FakeBluez) -> None:
    bluez.hang("StartDiscovery")
    station = Station()
    async with station.listening():
        await bluez.until(lambda: bluez.calls["StartDiscovery"] >= 2)
        bluez.unhang("StartDiscovery")
        await hears(bluez, station)


@ANY_OR_BY_ADDRESS
async def test_a_bluetoothd_that_answers_nothing_is_given_up_and_asked_again(
    bluez: FakeBluez, adapter: str | None
) -> None:
    silent = ("Introspect", "GetAll", "GetManagedObjects")
    for call in silent:
        bluez.hang(call)
    station = Station(RadioSettings(adapter=adapter))
    async with station.listening():
        await bluez.until(lambda: bluez.calls["Introspect"] > 1)
        for call in silent:
            bluez.unhang(call)
        await hears(bluez, station)


@pytest.mark.parametrize("answer", [b"REJECTED EXTERNAL\r\n", b""], ids=["rejected", "closed"])
async def test_a_bus_that_lets_nobody_in_is_told_as_a_lack_of_permission_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    refused = 0

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal refused
        await reader.readuntil(b"\r\n")
        writer.write(answer)
        writer.close()
        refused += 1

    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'bus'}")
    station = Station()
    async with await asyncio.start_unix_server(refuse, tmp_path / "bus"), station.listening() as task:
        await until(lambda: refused >= 3 and station.steps)
        assert not task.done()
    assert station.notes.states == ["no-permission"]


async def test_a_bus_whose_socket_is_closed_to_us_is_told_as_a_lack_of_permission(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def never(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    with folder_for_nobody() as folder:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={folder / 'bus'}")
        station = Station()
        async with await asyncio.start_unix_server(never, folder / "bus"):
            (folder / "bus").chmod(0o600)
            with as_nobody():
                async with station.listening():
                    await tries(station, times=3)
    assert station.notes.states == ["no-permission"]


async def test_a_bus_that_is_not_there_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'bus'}")
    station = Station()
    async with station.listening():
        await tries(station, times=20)
    assert station.notes.states == ["recovering", "no-bluetoothd"]
    assert set(station.notes.actions) == {"new-scanner"}


async def test_the_reason_that_bluetoothd_gives_is_kept_with_its_words(bluez: FakeBluez) -> None:
    bluez.fail("StartDiscovery", "org.bluez.Error.Failed", text="the controller is busy")
    station = Station()
    async with station.listening():
        await hears(bluez, station)
    [(_, details), *_] = station.notes
    assert details["reason"] == "[org.bluez.Error.Failed] the controller is busy"


# What is lost at once: nobody waits for silence


@pytest.fixture
async def station(bluez: FakeBluez) -> AsyncIterator[Station]:
    """One that hears, and would wait an hour in silence."""
    station = Station()
    async with station.listening():
        await hears(bluez, station)
        yield station


async def test_a_crash_of_bluetoothd_is_noticed_at_once(bluez: FakeBluez, station: Station) -> None:
    bluez.crash()
    await tries(station, times=3)
    assert station.notes.states[-1] == "recovering"
    await bluez.start()
    await hears(bluez, station)


async def test_a_bluetoothd_that_was_restarted_in_a_moment_is_noticed_too(bluez: FakeBluez, station: Station) -> None:
    await bluez.start()
    await hears(bluez, station)


async def test_an_adapter_that_was_switched_off_is_switched_on_again(bluez: FakeBluez, station: Station) -> None:
    await bluez.power("hci0", on=False)
    await bluez.until(lambda: bluez.adapters["hci0"].powered and bluez.discovering)
    await hears(bluez, station)
    assert station.notes.actions == ["power-cycle"]


async def test_an_adapter_that_cannot_be_switched_on_is_blocked_in_the_end(bluez: FakeBluez, station: Station) -> None:
    bluez.fail("Powered", "org.bluez.Error.Blocked", times=1000)
    await bluez.power("hci0", on=False)
    await tries(station, times=12)
    assert station.notes.states[-1] == "blocked"
    assert station.listen.escalation.attempts[RecoveryAction.POWER_CYCLE] == IMPATIENT.power_cycles
    await bluez.power("hci0", on=True)  # as a person does it
    await hears(bluez, station)


async def test_a_discovery_that_bluetoothd_ended_is_begun_anew(bluez: FakeBluez, station: Station) -> None:
    adapter = bluez.adapters["hci0"]
    with bluez.changing("hci0"):
        adapter.forget_all()
    await hears(bluez, station)
    assert station.notes.states[-2:] == ["recovering", "listening"]


async def test_the_pause_between_two_discovery_cycles_is_no_end(bluez: FakeBluez, station: Station) -> None:
    adapter = bluez.adapters["hci0"]
    with bluez.changing("hci0"):
        [client] = adapter._discoverers
        adapter.stop_discovery(client)
    with bluez.changing("hci0"):
        adapter.start_discovery(client)
    await bluez.delivered()
    await hears(bluez, station)
    assert not station.steps


async def test_an_adapter_that_comes_back_under_another_name_is_found_by_its_address(bus: PrivateBus) -> None:
    adapters = [FakeAdapter("hci0", DONGLE)]
    async with FakeBluez.on(bus.address, adapters=adapters) as bluez:
        station = Station(RadioSettings(adapter=DONGLE), replace(IMPATIENT, longest_pause=3600, first_pause=0.01))
        async with station.listening():
            await hears(bluez, station)
            await bluez.unplug("hci0")
            await tries(station, times=1)
            assert station.notes.states[-1] == "no-adapter"
            await bluez.plug(FakeAdapter("hci0", "F0:00:00:00:00:01"))
            await bluez.plug(FakeAdapter("hci1", DONGLE))
            await hears(bluez, station, adapter="hci1")
            assert not bluez.adapters["hci0"].discovering


@ANY_OR_BY_ADDRESS
async def test_after_a_restart_of_the_bus_it_hears_again(
    bus: PrivateBus, bluez: FakeBluez, adapter: str | None
) -> None:
    station = Station(RadioSettings(adapter=adapter))
    async with station.listening():
        await hears(bluez, station)
        await bus.kill()
        await tries(station, times=3)
        await bus.start()
        await bluez.start()
        await hears(bluez, station)


# A scan that dies without a word


async def test_a_silent_scan_is_begun_anew_with_another_scanner(bluez: FakeBluez) -> None:
    station = Station(patience=QUICK)
    async with station.listening():
        await hears(bluez, station)
        await does(station, "new-scanner")
        await hears(bluez, station)
    assert bluez.calls["StopDiscovery"] == station.steps + 1


async def test_what_stays_silent_climbs_the_ladder_to_its_end(bluez: FakeBluez) -> None:
    station = Station(patience=replace(QUICK, rounds=2))
    listening = asyncio.create_task(station.listen.listen(station.heard))
    await hears(bluez, station)
    await asyncio.wait({listening}, timeout=HANG_S)
    assert isinstance(listening.exception(), GaveUp)
    round_of_rungs = ["new-scanner", "power-cycle", "restart-bluetoothd"]
    assert station.notes.actions == [*round_of_rungs, *round_of_rungs, "exit"]
    assert station.notes.states == ["listening", "recovering", "deaf"]
    assert station.systemd.asked.is_set()
    assert bluez.calls["Powered"] == 4


async def test_a_power_cycle_that_is_refused_and_a_restart_nobody_does_end_nothing(bluez: FakeBluez) -> None:
    bluez.fail("Powered", "org.bluez.Error.Failed", times=100)
    station = Station(patience=QUICK)
    station.systemd.failure = OSError("no such folder")
    async with station.listening():
        await hears(bluez, station)
        await does(station, "power-cycle", "restart-bluetoothd", "new-scanner")
        await hears(bluez, station)


async def test_whoever_is_heard_keeps_the_scan_going(bluez: FakeBluez) -> None:
    station = Station(patience=replace(QUICK, silence=0.5))
    now = asyncio.get_running_loop().time
    async with station.listening():
        await hears(bluez, station)
        long_enough = now() + 1.0
        while now() < long_enough:
            await bluez.advertise("C0:00:00:00:00:02", manufacturer_data={0x0075: b"\x42"})
            await bluez.delivered()
    assert (bluez.calls["StartDiscovery"], station.steps) == (1, 0)


async def test_phantoms_do_not_keep_a_dead_scan_going(bluez: FakeBluez) -> None:
    station = Station(patience=QUICK)
    async with station.listening():
        await hears(bluez, station)
        trying = asyncio.create_task(tries(station, times=1))
        while not trying.done():
            bluez.invalidate_rssi(BEACON)
            await bluez.delivered()
        await trying
        assert station.radio.phantoms > 0
        await hears(bluez, station)


# What bluetoothd still holds for us


async def scans(bluez: FakeBluez, station: Station) -> None:
    """Return when a scan is on. Hearing proves none: bleak listens while it still asks for one."""
    await bluez.until(lambda: bluez.discovering)
    await hears(bluez, station)


async def test_a_stop_without_an_answer_does_not_bar_the_next_start(bluez: FakeBluez) -> None:
    station = Station(patience=QUICK)
    async with station.listening():
        await hears(bluez, station)
        bluez.hang("StopDiscovery")
        await does(station, "new-scanner")
        bluez.unhang("StopDiscovery")
        await tries(station, times=1)
        await scans(bluez, station)


async def test_a_start_that_succeeds_after_it_was_given_up_does_not_bar_the_next(bluez: FakeBluez) -> None:
    bluez.hang("StartDiscovery")
    station = Station()
    async with station.listening():
        await tries(station, times=1)
        adapter = bluez.adapters["hci0"]
        for client in adapter._filters:
            adapter.start_discovery(client)
        bluez.unhang("StartDiscovery")
        await scans(bluez, station)


# Passive


async def test_a_passive_scan_that_died_with_bluetoothd_is_begun_anew(bus: PrivateBus) -> None:
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")], experimental=True) as bluez:
        station = Station(RadioSettings(mode=ScanMode.PASSIVE))
        async with station.listening():
            await hears(bluez, station)
            bluez.crash()
            await bluez.start()
            await hears(bluez, station)
