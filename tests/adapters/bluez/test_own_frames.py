"""A beacon is heard when its iBeacon frame is: not when its device sends something else, which bluetoothd hands over
together with the iBeacon that it sent before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from beacon_gateway.adapters.bluez.handover import Handover
from beacon_gateway.adapters.bluez.own_frames import MIN_SENDERS_TO_PRUNE, OwnFrames
from beacon_gateway.adapters.bluez.radio import BluezRadio
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID
from beacon_gateway.core.model.settings import RadioSettings
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.fake_device import Report
from tests.adapters.bluez.listening import BEACON, Heard, listening
from tests.services.tracking.hit_logs import FakeHitLog
from tests.services.tracking.manual_clock import ManualClock
from tests.services.tracking.shop import SHOES, WATCHES, advertisement, watch_over

EDDYSTONE = "0000feaa-0000-1000-8000-00805f9b34fb"
TLM = {EDDYSTONE: bytes.fromhex("20000bb8190000000064000003e8")}
MINEW = {0x0639: bytes.fromhex("a10864c0ffee")}
"""Another maker's data, as sensors send them in a slot of their own."""
CONTINUITY = {APPLE_COMPANY_ID: bytes.fromhex("10050b1c2d3e4f")}
IBEACON = advertisement(SHOES)
TURNS = 100


@dataclass(frozen=True, slots=True)
class Kind:
    """What one device sends in turn, and how often each turn says that a beacon is there."""

    turn: Sequence[Report]
    shoes: int = 1
    watches: int = 0


def at(rssi: int, data: dict[int, bytes] | None = None, service_data: dict[str, bytes] | None = None) -> Report:
    return Report(BEACON, data or {}, rssi, service_data=service_data or {})


KINDS = {
    "plain": Kind([at(-60, IBEACON)]),
    "with TLM": Kind([at(-60, IBEACON), at(-72, service_data=TLM)]),
    "with three TLM": Kind([at(-60, IBEACON), *[at(-72, service_data=TLM)] * 3]),
    "with another maker's frame": Kind([at(-60, IBEACON), at(-84, MINEW)]),
    "second section after": Kind([at(-60, IBEACON | MINEW)]),
    "second section before": Kind([at(-60, MINEW | IBEACON)]),
    "two triples": Kind([at(-60, IBEACON), at(-60, advertisement(WATCHES))], watches=1),
    "iPhone": Kind([at(-60, IBEACON), at(-72, CONTINUITY)]),
    "trailing byte": Kind([at(-60, {APPLE_COMPANY_ID: IBEACON[APPLE_COMPANY_ID] + b"\x64"})]),
    "only flags between": Kind([at(-60, IBEACON), at(-72)]),
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
async def test_a_beacon_counts_once_for_each_of_its_frames_at_that_frames_level(bluez: FakeBluez, kind: Kind) -> None:
    clock = ManualClock()
    watch = watch_over(SHOES, WATCHES, clock=clock, hit_log=FakeHitLog())
    async with listening(BluezRadio(RadioSettings()), watch.take):
        await bluez.until(lambda: bluez.discovering)
        await bluez.advertise_many([*kind.turn] * TURNS)
    states = {state.key: state for state in watch.states()}
    assert watch.adverts == TURNS * len(kind.turn)
    assert states[SHOES].samples == TURNS * kind.shoes
    assert states[SHOES].rssi == -60
    assert (states[WATCHES].samples if WATCHES in states else 0) == TURNS * kind.watches


async def test_an_address_that_changes_does_not_change_the_count(bluez: FakeBluez) -> None:
    watch = watch_over(SHOES, clock=ManualClock(), hit_log=FakeHitLog())
    async with listening(BluezRadio(RadioSettings()), watch.take):
        await bluez.until(lambda: bluez.discovering)
        for number in range(20):
            address = f"C0:00:00:00:01:{number:02X}"
            await bluez.advertise_many([Report(address, IBEACON), Report(address, {}, service_data=TLM)] * 10)
    assert [state.samples for state in watch.states()] == [200]


@pytest.mark.parametrize("rest", [at(-60, service_data=TLM), at(-60, MINEW), at(-60, CONTINUITY)], ids=str)
async def test_a_beacon_whose_ibeacon_ends_is_gone_though_its_device_goes_on(bluez: FakeBluez, rest: Report) -> None:
    clock, log = ManualClock(), FakeHitLog()
    watch = watch_over(SHOES, clock=clock, hit_log=log)
    async with listening(BluezRadio(RadioSettings()), watch.take):
        await bluez.until(lambda: bluez.discovering)
        for _ in range(10):
            clock.advance(1)
            await bluez.advertise_many([at(-60, IBEACON)])
        assert [state.present for state in watch.states()] == [True]
        for _ in range(90):
            clock.advance(1)
            await bluez.advertise_many([rest])
            watch.sweep()
    assert [(state.present, state.samples) for state in watch.states()] == [(False, 10)]
    assert watch.silence(clock.monotonic()) is None


async def test_a_look_tells_of_ibeacons_that_were_sent_since_the_last_one(bluez: FakeBluez) -> None:
    async with listening(BluezRadio(RadioSettings()), Heard()) as scan:
        await bluez.until(lambda: bluez.discovering)
        await bluez.advertise_many([at(-60, IBEACON), at(-80, service_data=TLM)])
        assert [(look.sender, look.rssi) for look in scan.looks()] == [(BEACON, -60)]
        await bluez.advertise_many([at(-80, service_data=TLM)])
        assert not list(scan.looks())


async def test_a_look_brings_what_the_device_says_of_its_battery(bluez: FakeBluez) -> None:
    with_byte = {APPLE_COMPANY_ID: IBEACON[APPLE_COMPANY_ID] + b"\x57"}
    async with listening(BluezRadio(RadioSettings()), Heard()) as scan:
        await bluez.until(lambda: bluez.discovering)
        await bluez.advertise_many([at(-60, service_data=TLM), at(-60, with_byte)])
        assert [(look.trailing, look.eddystone) for look in scan.looks()] == [(b"\x57", TLM[EDDYSTONE])]
        await bluez.advertise_many([at(-60, IBEACON)])  # no TLM came since
        assert [(look.trailing, look.eddystone) for look in scan.looks()] == [(b"", b"")]
        await bluez.advertise_many([at(-60, service_data=TLM), at(-60, IBEACON)])
        assert [look.eddystone for look in scan.looks()] == [TLM[EDDYSTONE]]


async def test_another_programs_pattern_does_not_deafen_the_gateway(bluez: FakeBluez) -> None:
    heard = Heard()
    async with listening(BluezRadio(RadioSettings()), heard):
        await bluez.until(lambda: bluez.discovering)
        adapter = bluez.adapters["hci0"]
        adapter.set_filter(":another.program", {"Pattern": "lamp"})
        adapter.start_discovery(":another.program")
        await bluez.advertise_many([at(-60, IBEACON)] * 5)
        assert heard == [-60] * 5


BEACON_ADDRESS = "beacon"


class Air:
    """What bleak hands over of devices, and which of them bluetoothd still knows."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.taken = 0
        self.frames = OwnFrames(Handover(self._take), lambda: self.known)

    def _take(self, data: object, _rssi: int) -> None:
        self.taken += bool(data)

    def hear(self, address: str, announced: dict[int, bytes]) -> None:
        self.known.add(address)
        advertisement = AdvertisementData(
            None,
            announced,
            {},
            [],
            None,
            -60,
            (address, {"Address": address, "RSSI": -60, "ManufacturerData": announced}),
        )
        self.frames.note(BLEDevice(address, None, {}), advertisement)


def test_passing_phones_are_forgotten_and_what_a_beacon_sent_is_not() -> None:
    air, sent = Air(), dict(IBEACON)
    air.hear(BEACON_ADDRESS, sent)
    for number in range(10 * MIN_SENDERS_TO_PRUNE):
        air.hear(f"phone {number}", {APPLE_COMPANY_ID: IBEACON[APPLE_COMPANY_ID]})
        if number % 100 == 0:
            air.known = {BEACON_ADDRESS}
    assert len(list(air.frames.looks())) < 3 * MIN_SENDERS_TO_PRUNE
    air.taken = 0
    air.hear(BEACON_ADDRESS, sent)
    assert air.taken == 0
