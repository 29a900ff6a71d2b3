"""Where most levels change together it is the receiver's doing; where one changes, the beacon's."""

import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

import pytest

from beacon_gateway.core.health.beacon_event import BeaconEventKind as Kind
from beacon_gateway.core.health.level_history import LevelHistory
from beacon_gateway.core.health.receiver_level import common_step, receiver_change
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import Beacon
from tests.core.air import STORE, declared
from tests.core.crowd import BUSY, EMPTY, Crowd, among_people
from tests.core.post import HERE, Post, Sender

pytestmark = pytest.mark.slow

HOUR: Final = 3600.0
AT: Final = 1.2 * HOUR
"""When what is told of happens: enough is known by then."""
NOISE: Final = 4.0
KEYS: Final = [BeaconKey(STORE, 10006, minor) for minor in range(1, 21)]

Change = Callable[[int], float]
"""By how many dB the level of the beacon with this number changes."""


def floor_that_changes(
    change: Change, *, count: int = 20, seed: int = 1, every: float = 10.0, hours: float = 2, tags: int = 0
) -> Post:
    """Hear so many beacons of a floor, some of which change their levels; the last `tags` of them are carried about."""
    rng = random.Random(seed)
    keys = KEYS[:count]
    beacons = dict(declared(*keys))
    beacons |= {key: Beacon(key, f"tag-{key.minor}", "Tag", HERE, mobile=True) for key in keys[count - tags :]}
    post = Post(beacons)

    def level(mean: float, number: int) -> Callable[[float], int]:
        return lambda at: min(max(round(rng.gauss(mean + (change(number) if at >= AT else 0), NOISE)), -110), -1)

    senders = [Sender(key, rssi=level(rng.uniform(-80, -60), number), every=every) for number, key in enumerate(keys)]
    post.listen(hours * HOUR, *senders)
    return post


def moved(post: Post) -> set[int]:
    """Return the numbers of the beacons that count as moved."""
    told = {event.key for event in post.of(Kind.MOVED)}
    assert told == {key for key in post.tracker_keys if post.condition(key).moved}
    return {KEYS.index(key) for key in told}


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("step", [-12, 12])
def test_levels_that_all_step_together_are_one_event_about_the_receiver(step: int, seed: int) -> None:
    post = floor_that_changes(lambda _: step, seed=seed)
    (change,) = post.receiver_changes
    assert not post.events
    assert not moved(post)
    assert 9 * 60 <= change.when - AT <= 15 * 60
    assert int(change.details["step"]) == pytest.approx(step, abs=2)
    assert change.details["known"] == "20"
    assert int(change.details["beacons"]) >= 18


@pytest.mark.parametrize("step", [-14, 14])
def test_three_beacons_are_enough_to_tell(step: int) -> None:
    post = floor_that_changes(lambda _: step, count=3)
    (change,) = post.receiver_changes
    assert (change.details["beacons"], change.details["known"]) == ("3", "3")
    assert not post.events


@pytest.mark.parametrize("seed", range(3))
def test_a_gateway_that_hangs_elsewhere_hears_some_louder_and_some_fainter(seed: int) -> None:
    rng = random.Random(seed)
    by_beacon = [rng.choice([-1, 1]) * rng.uniform(6, 18) for _ in KEYS]
    post = floor_that_changes(lambda number: by_beacon[number], seed=seed)
    (change,) = post.receiver_changes
    assert not post.events
    assert int(change.details["lowest"]) < 0 < int(change.details["highest"])


@pytest.mark.parametrize("count", [1, 2, 3, 20])
@pytest.mark.parametrize("step", [-12, 12])
def test_a_single_beacon_that_moves_is_found_as_ever(step: int, count: int) -> None:
    post = floor_that_changes(lambda number: step if number == 0 else 0, count=count)
    assert moved(post) == {0}
    assert not post.receiver_changes
    assert 9 * 60 <= post.events[0].when - AT <= 15 * 60


def test_a_shelf_of_beacons_that_moves_is_not_the_receivers_while_more_stay() -> None:
    post = floor_that_changes(lambda number: 14 if number < 5 else 0, count=12)
    assert moved(post) == set(range(5))
    assert not post.receiver_changes


def test_two_beacons_alone_tell_nothing_of_the_receiver() -> None:
    post = floor_that_changes(lambda _: -12, count=2)
    assert moved(post) == {0, 1}
    assert not post.receiver_changes


def test_tags_that_are_carried_about_have_no_say() -> None:
    post = floor_that_changes(lambda number: -14 if number != 0 else 0, count=8, tags=7)
    assert not post.receiver_changes
    assert not post.events


def test_a_beacon_that_moves_an_hour_after_the_receiver_changed_is_found() -> None:
    post = floor_that_changes(lambda _: -12)
    assert len(post.receiver_changes) == 1
    post.listen(HOUR, *(Sender(key, rssi=-80 if key != KEYS[3] else -60, every=6) for key in KEYS))
    post.listen(HOUR, *(Sender(key, rssi=-80, every=6) for key in KEYS))
    assert {event.key for event in post.of(Kind.MOVED)} >= {KEYS[3]}


@pytest.mark.parametrize("seed", range(2))
def test_a_floor_on_which_nothing_changes_gives_no_event(seed: int) -> None:
    post = floor_that_changes(lambda _: 0, seed=seed, hours=6)
    assert not post.receiver_changes
    assert not post.events


def test_a_receiver_that_was_changed_while_it_was_off_is_found_by_what_is_remembered() -> None:
    before = floor_that_changes(lambda _: 0, hours=1.5)
    after = Post(declared(*KEYS), remembered=before.health.remembered(), start=10 * HOUR)
    levels = {memory.key: memory.level or 0.0 for memory in before.health.remembered()}
    after.listen(HOUR, *(Sender(key, rssi=round(level) - 12, every=6) for key, level in levels.items()))
    (change,) = after.receiver_changes
    assert change.details["step"] == "-12"
    assert not after.events


# A step that is smaller than one beacon's fading


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("step", "count"), [(-8, 6), (8, 6), (-8, 20), (8, 20)])
def test_a_step_of_8_db_that_all_make_is_the_receivers(step: int, count: int, seed: int) -> None:
    post = floor_that_changes(lambda _: step, count=count, seed=seed)
    (change,) = post.receiver_changes
    assert not post.events
    assert 8 * 60 <= change.when - AT <= 15 * 60
    assert int(change.details["step"]) == pytest.approx(step, abs=2)


def test_five_beacons_with_a_small_step_in_common_tell_nothing() -> None:
    post = floor_that_changes(lambda _: -7, count=5)
    assert not post.receiver_changes


def test_beacons_that_go_different_ways_by_little_tell_nothing() -> None:
    post = floor_that_changes(lambda number: -7 if number % 2 else 7, count=12)
    assert not post.receiver_changes


FLOOR: Final = (-62, -65, -68, -71, -75, -79)
"""dBm in the empty shop."""
RUSH: Final = replace(BUSY, bodies_an_hour=100)
"""A crowd four times as thick."""


def common_steps(*parts: tuple[float, Crowd], seed: int) -> list[float]:
    """Return when six beacons' levels had a step in common, while so many hours of these people follow each other."""
    rng = random.Random(seed)
    histories = [LevelHistory() for _ in FLOOR]
    found, start = [], 0.0
    for hours, crowd in parts:
        seconds = hours * HOUR
        air = [deque(among_people(rng, rate=0.2, mean=m, seconds=seconds, start=start, crowd=crowd)) for m in FLOOR]
        for minute in range(1, int(seconds / 60) + 1):
            now = start + minute * 60.0
            for level, samples in zip(histories, air, strict=True):
                while samples and samples[0].at <= now:
                    level.add(samples.popleft().rssi)
                level.end_minute(now)
            if common_step(histories, now):
                found.append(now)
        start += seconds
    return found


@pytest.mark.parametrize("seed", range(2))
def test_people_make_no_step_in_common_in_a_whole_day(seed: int) -> None:
    assert not common_steps((10, EMPTY), (12, BUSY), (2, EMPTY), seed=seed)


@pytest.mark.parametrize("seed", range(2))
def test_nor_does_a_crowd_that_comes_in_at_once_when_the_shop_opens(seed: int) -> None:
    assert not common_steps((2, EMPTY), (2, RUSH), seed=seed)


# One beacon is proven earlier than the others


def history(levels: Iterable[float]) -> LevelHistory:
    of_one = LevelHistory()
    for minute, level in enumerate(levels):
        of_one.add(level)
        of_one.end_minute(minute * 60.0)
    return of_one


def test_a_change_is_suspected_some_minutes_before_it_is_sure() -> None:
    levels = [history([-60.0] * 60 + [-72.0] * 4) for _ in range(5)]
    assert receiver_change(levels, 63 * 60.0) is None
    assert receiver_change(levels, 63 * 60.0, 3) is not None


def test_a_beacon_that_was_fading_already_waits_for_the_others_and_is_not_accused() -> None:
    """Its step is proven six minutes after the receiver's, when half of the others' minutes are still old."""
    early = [Sender(key, rssi=-70, every=6) for key in KEYS[:6]]
    post = Post(declared(*KEYS[:6]))
    post.listen(HOUR, *early)
    fading = Sender(KEYS[0], rssi=-77, every=6)
    post.listen(5 * 60, fading, *early[1:])
    post.listen(HOUR, *(Sender(key, rssi=-82, every=6) for key in KEYS[:6]))
    assert len(post.receiver_changes) == 1
    assert not post.events


def test_a_beacon_that_was_not_heard_when_the_receiver_changed_is_learned_anew_when_it_comes_back() -> None:
    post = Post(declared(*KEYS[:6]))
    post.listen(2 * HOUR, *(Sender(key, rssi=-65, every=6) for key in KEYS[:6]))
    post.listen(HOUR, *(Sender(key, rssi=-78, every=6) for key in KEYS[:5]))
    post.listen(2 * HOUR, *(Sender(key, rssi=-78, every=6) for key in KEYS[:6]))
    assert len(post.receiver_changes) == 1
    assert post.told == [Kind.ABSENT, Kind.BACK]
