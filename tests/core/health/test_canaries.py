"""When all canaries fall silent at once, the radio is suspected; a beacon that dies alone is not the radio."""

import math

import pytest

from beacon_gateway.core.health.canaries import (
    CANARY_PROBATION_S,
    MAX_CANARY_PROBATION_S,
    SUSPECT_RADIO_AFTER_S,
    Canaries,
)
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.model.store import Beacon
from beacon_gateway.core.tracking.tracker import BeaconState
from beacon_gateway.core.tracking.tuning import Tuning
from tests.core.air import KEY, OTHER, STORE, declared
from tests.core.post import HERE, POST_SWEEPS_EVERY, Post, Sender

pytestmark = pytest.mark.slow

THIRD = BeaconKey(STORE, 10006, 3)
ALL = [Sender(KEY), Sender(OTHER), Sender(THIRD)]
LONG_ENOUGH = CANARY_PROBATION_S + 20


def post() -> Post:
    """Return a post that has three canaries."""
    it = Post(declared(KEY, OTHER, THIRD))
    it.listen(LONG_ENOUGH, *ALL)
    assert len(it.canaries) == 3
    return it


def test_suspicion_comes_before_anybody_can_leave() -> None:
    assert Tuning().silence_floor > SUSPECT_RADIO_AFTER_S + POST_SWEEPS_EVERY


def test_all_silent_at_once_is_suspected_within_seconds() -> None:
    it = post()
    last = it.now - 1  # the last sample
    it.listen(60)
    assert SUSPECT_RADIO_AFTER_S < it.suspected[0] - last <= SUSPECT_RADIO_AFTER_S + POST_SWEEPS_EVERY
    assert it.canaries.silent_since(it.now) == last


def test_while_one_canary_is_heard_nothing_is_suspected() -> None:
    it = post()
    it.listen(3600, Sender(THIRD))
    assert not it.suspected


def test_a_beacon_that_died_alone_is_no_canary_any_more() -> None:
    it = post()
    it.listen(60, Sender(KEY), Sender(OTHER))
    assert len(it.canaries) == 2
    it.listen(60, Sender(KEY))
    assert len(it.canaries) == 1
    it.listen(600)
    assert not it.suspected  # the last one alone proves nothing


def test_beacons_that_die_one_after_the_other_are_not_the_radio() -> None:
    it = post()
    for heard in (ALL[:2], ALL[:1], []):
        it.listen(30, *heard)
    it.listen(600)
    assert not it.suspected


def test_who_was_not_heard_for_five_minutes_is_no_canary() -> None:
    it = Post(declared(KEY, OTHER))
    it.listen(CANARY_PROBATION_S - 20, *ALL[:2])
    it.listen(600)
    assert not it.suspected


def test_who_is_heard_now_and_then_is_no_canary() -> None:
    it = Post(declared(KEY, OTHER))
    it.listen(3600, Sender(KEY, every=10.24), Sender(OTHER, every=10.24))
    assert len(it.canaries) == 0


def test_tags_and_beacons_of_other_floors_are_no_canaries() -> None:
    tag = Beacon(KEY, "trolley", "Trolley", HERE, mobile=True)
    it = Post({KEY: tag} | declared(OTHER, floor="F5") | declared(THIRD))
    it.listen(3600, *ALL)
    assert len(it.canaries) == 1


def test_the_lights_are_suspected_once_and_then_believed() -> None:
    it = post()
    it.listen(60)
    assert it.suspected
    it.canaries.accept_silence()
    it.suspected.clear()
    it.listen(12 * 3600)
    assert not it.suspected
    it.listen(2 * LONG_ENOUGH, *ALL)
    assert len(it.canaries) == 3


def test_a_radio_that_hears_again_is_suspected_no_more() -> None:
    it = post()
    it.listen(60)
    assert it.canaries.silent_since(it.now) is not None
    it.listen(10, *ALL)
    assert it.canaries.silent_since(it.now) is None
    assert len(it.canaries) == 3


def test_senders_that_play_dead_again_and_again_are_suspected_ever_more_rarely() -> None:
    it = Post(declared(KEY, OTHER))
    suspicions = 0
    for _ in range(24 * 4):
        it.suspected.clear()
        it.listen(14 * 60, *ALL[:2])
        it.listen(60)
        if it.suspected:
            suspicions += 1
            it.canaries.accept_silence()
    assert suspicions == 2
    it.listen(MAX_CANARY_PROBATION_S + 20, *ALL[:2])
    assert len(it.canaries) == 2


def test_who_is_taken_out_of_the_files_is_forgotten() -> None:
    it = post()
    it.use(declared(KEY))
    assert len(it.canaries) == 1
    it.listen(60)
    assert not it.suspected


def test_a_process_that_was_held_up_suspects_nobody() -> None:
    canaries = Canaries(HERE)
    canaries.use(declared(KEY, OTHER))

    def sweep(now: float, heard: float) -> float | None:
        canaries.sweep([BeaconState(key, True, Proximity.NEAR, -65, heard, 9) for key in (KEY, OTHER)], now)
        return canaries.silent_since(now)

    for now in range(0, 400, 2):
        assert sweep(now, now - 0.5) is None
    assert sweep(1000, 397.5) is None
    assert sweep(1002, 1001) is None
    for now in range(1004, 1022, 2):
        assert sweep(now, 1001) is None
    assert sweep(1022, 1001) == 1001


def test_who_was_never_heard_is_nothing() -> None:
    it = Post(declared(KEY, OTHER))
    it.listen(3600)
    assert not it.suspected
    assert it.canaries.silent_since(math.inf) is None
