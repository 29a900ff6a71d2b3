"""The recorded frames go all the way: over the bus, through bleak, into the file."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from beacon_gateway.adapters.bluez.radio import BluezRadio
from beacon_gateway.adapters.database.hit_log import HitLogFile, Wanted
from beacon_gateway.core.hit import HitKind, LoggedHit
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.settings import Radio
from beacon_gateway.core.store import Beacon, Floor, Store
from beacon_gateway.services.journal import Journal
from beacon_gateway.services.watch import Watch
from beacon_gateway.simulator.radio import Heard as Recorded
from beacon_gateway.simulator.radio import RecordedRadio
from tests.bluez.fake_bluez import FakeBluez
from tests.watch.hit_logs import FakeHitLog
from tests.watch.manual_clock import ManualClock

from .captures import Capture, captures
from .listening import listening

IBEACONS = captures("ibeacon")
OTHERS = captures("lookalike", "foreign")
KEYS = {capture.key for capture in IBEACONS if capture.key}
STORE = Store(
    floors={"F1": Floor("F1", "F1")},
    beacons={key: Beacon(key, slug=str(key), name="", floor="F1") for key in KEYS},
    pages={},
    revision="r1",
)


def watch_with(hit_log: HitLogFile | FakeHitLog, clock: ManualClock) -> Watch:
    journal = Journal(gateway="gw", boot="boot", clock=clock, log=hit_log, commit_every=3600)
    watch = Watch(floor="F1", clock=clock, journal=journal)
    watch.use(STORE)
    return watch


def on_air(frames: Iterable[Capture], *, start: float, rounds: int = 3) -> list[Recorded]:
    """Give what is on the air when each frame is sent once a second by a sender of its own."""
    frames = list(frames)
    return [
        Recorded(start + number + place / len(frames), frame.manufacturer_data, frame.rssi or -60)
        for number in range(rounds)
        for place, frame in enumerate(frames)
    ]


async def send(air: list[Recorded], senders: int, bluez: FakeBluez, clock: ManualClock) -> None:
    """Put it all on the air, each at its time by the clock; every `senders`-th comes from the same address."""
    await bluez.until(lambda: bluez.discovering)
    for number, recorded in enumerate(air):
        clock.advance_to(recorded.after)
        address = f"C0:00:00:00:00:{number % senders:02X}"
        await bluez.advertise(address, manufacturer_data=dict(recorded.manufacturer_data), rssi=recorded.rssi)
        await bluez.delivered()


async def logged_over_the_bus(frames: list[Capture], bluez: FakeBluez, folder: Path) -> tuple[Watch, list[LoggedHit]]:
    """Send each frame three times to a gateway; give its watch and what is in its file."""
    clock = ManualClock()
    async with HitLogFile(folder) as file:
        watch = watch_with(file, clock)
        async with listening(BluezRadio(Radio()), watch.take):
            await send(on_air(frames, start=clock.monotonic()), len(frames), bluez, clock)
        await watch.journal.flush()
        return watch, await file.find(Wanted())


async def test_every_recorded_ibeacon_becomes_one_enter(bluez: FakeBluez, tmp_path: Path) -> None:
    watch, hits = await logged_over_the_bus(IBEACONS, bluez, tmp_path)
    assert len(KEYS) > 25
    assert Counter(logged.hit.key for logged in hits) == dict.fromkeys(KEYS, 1)
    assert {logged.hit.kind for logged in hits} == {HitKind.ENTER}
    assert watch.adverts == 3 * len(IBEACONS)


async def test_ibeacons_are_found_among_all_else_that_was_recorded(bluez: FakeBluez, tmp_path: Path) -> None:
    watch, hits = await logged_over_the_bus(captures("foreign", "ibeacon", "lookalike"), bluez, tmp_path)
    assert Counter(logged.hit.key for logged in hits) == dict.fromkeys(KEYS, 1)
    assert watch.adverts == 3 * len(IBEACONS + OTHERS)


async def test_lookalikes_and_foreign_frames_give_nothing(bluez: FakeBluez, tmp_path: Path) -> None:
    watch, hits = await logged_over_the_bus(OTHERS, bluez, tmp_path)
    assert hits == []
    assert watch.adverts == 3 * len(OTHERS)
    truncated = [frame for frame in OTHERS if frame.name.startswith("truncated-")]
    assert (watch.reception.malformed, watch.reception.unknown) == (3 * len(truncated), 0)


@pytest.mark.parametrize("frame", IBEACONS, ids=lambda frame: frame.name)
async def test_a_store_of_other_beacons_logs_none_of_them(frame: Capture) -> None:
    clock, hit_log = ManualClock(), FakeHitLog()
    watch = watch_with(hit_log, clock)
    assert frame.key
    others: dict[BeaconKey, Beacon] = {key: beacon for key, beacon in STORE.beacons.items() if key != frame.key}
    watch.use(Store(STORE.floors, others, {}, "r2"))
    for recorded in on_air([frame], start=clock.monotonic()):
        clock.advance_to(recorded.after)
        watch.take(recorded.manufacturer_data, recorded.rssi)
    assert not watch.recent
    assert watch.reception.unknown == 3


async def test_a_recording_played_back_gives_the_hits_that_the_bus_gave(bluez: FakeBluez) -> None:
    frames = captures("foreign", "ibeacon", "lookalike")
    start = ManualClock().monotonic()
    # Half a minute near, half a minute far, so that zones change as well.
    air = on_air(frames, start=start, rounds=15)
    air += [Recorded(heard.after + 15, heard.manufacturer_data, -89) for heard in air]

    clock, over_the_bus = ManualClock(), FakeHitLog()
    watch = watch_with(over_the_bus, clock)
    async with listening(BluezRadio(Radio()), watch.take):
        await send(air, len(frames), bluez, clock)
    await watch.journal.flush()

    clock, played_back = ManualClock(), FakeHitLog()
    watch = watch_with(played_back, clock)
    playing = asyncio.create_task(RecordedRadio(air, clock.advance_to).listen(watch.take))
    await asyncio.sleep(0)  # it plays all of it at once
    await watch.journal.flush()
    playing.cancel()

    assert watch.adverts == len(air)
    assert played_back.hits == over_the_bus.hits
    assert {logged.hit.kind for logged in played_back.hits} == {HitKind.ENTER, HitKind.ZONE}
