"""What the supervisor makes of a radio and of the ear that listens to it; the radio is a fake."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

from structlog.testing import capture_logs

from beacon_gateway.adapters.machine.clock import SystemClock
from beacon_gateway.core.health.clones import SenderReport
from beacon_gateway.core.model.advertisement import Take
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.radio.adapters import AdapterChoice
from beacon_gateway.core.radio.escalation import ActionTimeouts
from beacon_gateway.core.radio.trouble import RadioCause, RadioTrouble
from beacon_gateway.services.tracking.radio_supervisor import RadioSupervisor
from tests.adapters.bluez.listening import QUICK, Heard, Notes, Systemd
from tests.patience import until

KEY = BeaconKey(UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825"), 10006, 1)


class FakeScan:
    adapter = "hci7"
    address = "F0:00:00:00:00:07"
    monitored = True

    async def lost(self, within: float) -> RadioCause | None:
        await asyncio.sleep(within)
        return None

    def looks(self) -> Iterable[SenderReport]:
        return [SenderReport("C0:00:00:00:00:01", KEY, -60)]


class FakeRadio:
    """Scans and hears nothing, unless it is in trouble."""

    phantoms = 0
    faults = 0

    def __init__(self) -> None:
        self.adapters = AdapterChoice()
        self.trouble: RadioTrouble | None = None
        self.scans = self.cycles = 0
        self.bug: Exception | None = None
        self.open = 0
        self.restless = False
        """Always has a reason to try again."""

    @asynccontextmanager
    async def scanning(self, _take: Take) -> AsyncIterator[FakeScan]:
        self.scans += 1
        if failure := self.trouble or self.bug:
            raise failure
        self.open += 1
        yield FakeScan()
        self.open -= 1

    async def power_cycle(self) -> None:
        self.cycles += 1
        if self.bug:
            raise self.bug

    async def changed(self) -> None:
        if not self.restless:
            await asyncio.Event().wait()


class MissingCanaries(Heard):
    """Hears strangers, and misses the floor's own beacons since the start."""

    def silence(self, now: float) -> tuple[RadioCause, float] | None:
        self.last = now
        self.adverts += 1
        return None if self.believed else (RadioCause.CANARIES, 0.0)


@asynccontextmanager
async def supervised(
    radio: FakeRadio, ear: Heard, patience: ActionTimeouts = QUICK
) -> AsyncIterator[tuple[RadioSupervisor, Notes]]:
    notes = Notes()
    listen = RadioSupervisor(
        radio=radio,
        ear=ear,
        notes=notes,
        service=Systemd(),
        clock=SystemClock(),
        patience=patience,
        check_every=0.01,
        look_every=0.02,
    )
    task = asyncio.create_task(listen.listen(ear))
    try:
        yield listen, notes
    finally:
        task.cancel()
        await asyncio.wait({task})


async def test_missed_canaries_climb_one_round_and_are_then_believed_gone() -> None:
    radio, ear = FakeRadio(), MissingCanaries()
    async with supervised(radio, ear) as (listen, notes):
        await until(lambda: listen.health.state == "listening" and ear.believed)
        assert notes.actions == ["new-scanner", "power-cycle", "restart-bluetoothd", "believe"]
        assert ear.believed == 1
        assert notes.states == ["recovering", "listening"]


async def test_what_nobody_expects_of_a_radio_is_told_once_and_does_not_end_it() -> None:
    radio = FakeRadio()
    radio.bug = KeyError("a device that was there a moment ago")
    with capture_logs() as told:
        async with supervised(radio, Heard()) as (listen, notes):
            await until(lambda: radio.cycles >= 2)
            assert listen.health.reason == "KeyError"
            radio.bug = None
            await until(lambda: radio.open == 1)
        assert notes.states[0] == "recovering"
    assert [entry["event"] for entry in told].count("radio.unexpected") == 1


async def test_the_ear_is_shown_who_sends_what_from_time_to_time() -> None:
    ear = Heard()
    async with supervised(FakeRadio(), ear, replace(QUICK, silence=3600)):
        await until(lambda: len(ear.looks) >= 3)
    assert ear.looks[0] == [SenderReport("C0:00:00:00:00:01", KEY, -60)]


async def test_reasons_to_try_again_that_never_end_do_not_make_it_spin() -> None:
    radio = FakeRadio()
    radio.trouble, radio.restless = RadioTrouble(RadioCause.ADAPTER_GONE, "none"), True
    now = asyncio.get_running_loop().time
    async with supervised(radio, Heard(), replace(QUICK, first_pause=0.02, longest_pause=3600)):
        start = now()
        await until(lambda: radio.scans >= 10)
        assert now() - start >= 9 * 0.02


async def test_one_long_trouble_is_written_down_once() -> None:
    radio = FakeRadio()
    radio.trouble = RadioTrouble(RadioCause.ADAPTER_GONE, "x" * 1000)
    async with supervised(radio, Heard()) as (_, notes):
        await until(lambda: radio.scans >= 50)
    assert (notes.states, notes.actions) == (["no-adapter"], ["new-scanner"])
    [reason] = [details["reason"] for _, details in notes if "reason" in details]
    assert len(reason) == 300
