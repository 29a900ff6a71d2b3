"""A beacon of the store that is in no file is told once; a flood of them tells little."""

from beacon_gateway.core.health.beacon_event import BeaconEventKind
from beacon_gateway.core.health.unregistered import MAX_EVENTS_PER_HOUR, MAX_UNREGISTERED, UnregisteredBeacons
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.tracking.strangers import Stranger
from tests.core.air import KEY, OTHER, STORE, declared
from tests.core.post import Post, Sender

DAY = 86400.0


def test_it_is_told_once_however_long_it_is_heard() -> None:
    it = Post(declared(KEY))
    it.listen(3600, Sender(OTHER, rssi=-70))
    (event,) = it.events
    assert (event.kind, event.key) == (BeaconEventKind.UNREGISTERED, OTHER)
    assert event.when <= 4
    assert event.details == {"rssi": "-70", "samples": "4"}


def test_two_stray_frames_are_nothing() -> None:
    it = Post(declared(KEY))
    it.listen(2, Sender(OTHER))
    it.listen(3600)
    assert not it.events


def test_one_that_is_reported_once_in_10_s_is_told() -> None:
    it = Post(declared(KEY))
    it.listen(60, Sender(OTHER, every=10.24))
    assert it.told == [BeaconEventKind.UNREGISTERED]


def test_it_is_told_again_only_after_a_day_of_silence() -> None:
    it = Post(declared(KEY))
    for silence in (3600.0, DAY - 60, DAY + 60):
        it.listen(10, Sender(OTHER))
        assert len(it.events) == 1
        it.listen(silence)
    it.listen(10, Sender(OTHER))
    assert len(it.events) == 2


def test_one_that_is_declared_is_told_no_more() -> None:
    it = Post(declared(KEY))
    it.use(declared(KEY, OTHER))
    it.listen(60, Sender(OTHER))
    assert not it.events


def arrived(number: int, at: float) -> Stranger:
    return Stranger(BeaconKey(STORE, 1, number), samples=3, heard=at, rssi=-70, arrived=at)


def test_a_flood_is_told_in_part_and_remembered_in_part() -> None:
    unregistered = UnregisteredBeacons()
    told = 0
    for number in range(60_000):
        told += len(unregistered.sweep([arrived(number, float(number * 10))], number * 10.0))
    hours = 60_000 * 10 / 3600
    assert told <= MAX_EVENTS_PER_HOUR * (hours + 1)
    assert len(unregistered._heard) <= MAX_UNREGISTERED


def test_who_was_not_told_in_a_flood_is_told_later() -> None:
    unregistered = UnregisteredBeacons()
    unregistered.sweep([arrived(number, 0) for number in range(100)], 0)
    assert not unregistered.sweep([arrived(999, 1800)], 1800)
    assert unregistered.sweep([arrived(999, 3700)], 3700)
