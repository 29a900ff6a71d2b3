"""The recorded frames go all the way: over the bus, through bleak, into the file."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

from beacon_gateway.adapters.bluez.radio import BluezRadio
from beacon_gateway.adapters.database.log.hit_log import HitLogFile, LogFilter
from beacon_gateway.adapters.recording.header import Header
from beacon_gateway.adapters.recording.recorder import Recorder
from beacon_gateway.adapters.recording.recording import Recording
from beacon_gateway.core.log.logged import LoggedHit
from beacon_gateway.core.model.advertisement import RecordedAdvertisement
from beacon_gateway.core.model.clocks import Clock
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.settings import RadioSettings
from beacon_gateway.core.model.store import Beacon, Floor, Store
from beacon_gateway.core.tracking.hit import HitKind
from beacon_gateway.services.log.journal import Journal
from beacon_gateway.services.tracking.beacon_monitor import BeaconMonitor
from beacon_gateway.services.tracking.replay import RecordedClock, Replay
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.captures import Capture, captures
from tests.adapters.bluez.listening import listening
from tests.services.tracking.hit_logs import FakeHitLog
from tests.services.tracking.manual_clock import ManualClock

IBEACONS = captures("ibeacon")
OTHERS = captures("lookalike", "foreign")
KEYS = {capture.key for capture in IBEACONS if capture.key}
STORE = Store(
    floors={"F1": Floor("F1", "F1")},
    beacons={key: Beacon(key, slug=str(key), name="", floor="F1") for key in KEYS},
    pages={},
    revision="r1",
)


def watch_with(hit_log: HitLogFile | FakeHitLog, clock: Clock) -> BeaconMonitor:
    journal = Journal(gateway="gw", boot="boot", clock=clock, log=hit_log, commit_every=3600)
    watch = BeaconMonitor(floor="F1", clock=clock, journal=journal)
    watch.use(STORE)
    return watch


def on_air(frames: Iterable[Capture], *, start: float, rounds: int = 3) -> list[RecordedAdvertisement]:
    """Return what is on the air when each frame is sent once a second by a sender of its own."""
    frames = list(frames)
    return [
        RecordedAdvertisement(start + number + place / len(frames), frame.manufacturer_data, frame.rssi or -60)
        for number in range(rounds)
        for place, frame in enumerate(frames)
    ]


async def send(
    air: list[RecordedAdvertisement],
    senders: int,
    bluez: FakeBluez,
    clock: ManualClock,
    each_second: Callable[[], None] = lambda: None,
) -> None:
    """Put it all on the air, each at its time by the clock; every `senders`-th comes from the same address."""
    await bluez.until(lambda: bluez.discovering)
    second = clock.monotonic() + 1
    for number, recorded in enumerate(air):
        while second <= recorded.after:
            clock.advance_to(second)
            each_second()
            second += 1
        clock.advance_to(recorded.after)
        address = f"C0:00:00:00:00:{number % senders:02X}"
        await bluez.advertise(address, manufacturer_data=dict(recorded.manufacturer_data), rssi=recorded.rssi)
        await bluez.delivered()


async def logged_over_the_bus(
    frames: list[Capture], bluez: FakeBluez, folder: Path
) -> tuple[BeaconMonitor, list[LoggedHit]]:
    """Send each frame three times to a gateway; return its watch and what is in its file."""
    clock = ManualClock()
    async with HitLogFile(folder) as file:
        watch = watch_with(file, clock)
        async with listening(BluezRadio(RadioSettings()), watch.take):
            await send(on_air(frames, start=clock.monotonic()), len(frames), bluez, clock)
        await watch.journal.flush()
        return watch, await file.find(LogFilter())


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


async def test_a_recording_played_back_gives_the_hits_that_the_bus_gave(bluez: FakeBluez, tmp_path: Path) -> None:
    frames = captures("foreign", "ibeacon", "lookalike")
    clock, over_the_bus = ManualClock(), FakeHitLog()
    start = clock.monotonic()
    # Half a minute near, half a minute far, so that zones change as well.
    air = on_air(frames, start=start, rounds=15)
    air += [RecordedAdvertisement(heard.after + 15, heard.manufacturer_data, -89) for heard in air]

    watch = watch_with(over_the_bus, clock)
    header = Header("gw", clock.utc(), start, "boot", "0.1.0")
    async with Recorder(tmp_path / "air", header, limit=1_000_000) as recorder:

        def take(manufacturer_data: Mapping[int, bytes], rssi: int) -> None:
            watch.take(manufacturer_data, rssi)
            recorder.hear(manufacturer_data, rssi, clock.monotonic())

        async with listening(BluezRadio(RadioSettings()), take):
            await send(air, len(frames), bluez, clock, each_second=watch.sweep)
            for _ in range(45):  # the beacons fall silent, somebody else does not
                clock.advance(1)
                watch.sweep()
                await bluez.advertise("C0:00:00:00:01:00", manufacturer_data={0x0075: b"\x42"}, rssi=-70)
                await bluez.delivered()
    await watch.journal.flush()

    played_back = FakeHitLog()
    with Recording(tmp_path / "air") as recording:
        recorded_clock = RecordedClock(recording.header.started, recording.header.monotonic)
        watch = watch_with(played_back, recorded_clock)
        await Replay(watch, recorded_clock).play(recording)

    assert watch.adverts == len(air) + 45
    assert [words(logged) for logged in played_back.hits] == [words(logged) for logged in over_the_bus.hits]
    # Times are recorded in milliseconds, and levels follow from times.
    for played, logged in zip(played_back.hits, over_the_bus.hits, strict=True):
        assert figures(played) == pytest.approx(figures(logged), rel=0, abs=0.01)
    kinds = Counter(logged.hit.kind for logged in played_back.hits)
    assert (kinds[HitKind.ENTER], kinds[HitKind.EXIT]) == (len(KEYS), len(KEYS))
    assert kinds[HitKind.ZONE] > 0


def words(logged: LoggedHit) -> tuple[object, ...]:
    return logged.hit.key, logged.hit.kind, logged.hit.zone, logged.hit.reason, logged.segment.boot, logged.floor


def figures(logged: LoggedHit) -> list[float]:
    hit = logged.hit
    return [hit.when, logged.at.timestamp(), hit.rssi, hit.distance, hit.dwell or 0.0]
