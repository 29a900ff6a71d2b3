"""What is told of a beacon's health, one claim at a time, through the real tracker."""

import random

import pytest

from beacon_gateway.core.health.beacon_event import BeaconEventKind as Kind
from beacon_gateway.core.health.beacon_health import (
    ABSENT_AFTER_S,
    CALM_AFTER_S,
    MIN_HEARD_S,
    NEWS_FOR_S,
    BeaconHealth,
    RememberedBeacon,
)
from beacon_gateway.core.health.clones import SenderReport
from beacon_gateway.core.model.store import Beacon
from beacon_gateway.core.tracking.tuning import Tuning
from tests.core.air import KEY, OTHER, declared
from tests.core.post import HERE, POST_SWEEPS_EVERY, Post, Sender

HOUR = 3600.0
TAG = {KEY: Beacon(KEY, "trolley", "Trolley", HERE, mobile=True)}


def post(*, timeout: float | None = None, seconds: float = MIN_HEARD_S + 20, every: float = 1.0) -> Post:
    """Return a post that has heard one beacon for a while, and somebody else, who goes on."""
    it = Post(declared(KEY, timeout=timeout))
    it.listen(seconds, Sender(every=every))
    assert not it.events
    return it


# Absent, and back


def test_a_beacon_that_falls_silent_is_absent_after_five_minutes() -> None:
    it = post()
    last = it.now - 1
    it.listen(ABSENT_AFTER_S + 60)
    (event,) = it.events
    assert (event.kind, event.key) == (Kind.ABSENT, KEY)
    assert ABSENT_AFTER_S < event.when - last <= ABSENT_AFTER_S + POST_SWEEPS_EVERY
    assert event.details == {"minutes": "5", "timeout": "300"}
    assert it.condition().absent


def test_an_absence_is_told_once() -> None:
    it = post()
    it.listen(72 * HOUR)
    assert it.told == [Kind.ABSENT]


def test_a_silence_of_less_than_five_minutes_is_no_absence() -> None:
    it = post()
    for _ in range(20):
        it.listen(ABSENT_AFTER_S - 5)
        it.listen(60, Sender())
    assert not it.events


def test_who_is_heard_again_is_back_within_seconds() -> None:
    it = post()
    it.listen(HOUR)
    it.listen(10, Sender(rssi=-71))
    assert it.told == [Kind.ABSENT, Kind.BACK]
    assert it.events[1].details == {"minutes": "60", "rssi": "-71"}
    assert it.events[1].when <= it.now
    assert not it.condition().absent


def test_two_stray_frames_bring_nobody_back() -> None:
    it = post()
    it.listen(HOUR)
    it.listen(2, Sender())
    it.listen(HOUR)
    assert it.told == [Kind.ABSENT]


@pytest.mark.parametrize("timeout", [30.0, 60.0, 1800.0])
def test_a_time_out_in_the_files_is_kept_exactly(timeout: float) -> None:
    it = post(timeout=timeout)
    last = it.now - 1
    it.listen(2 * HOUR)
    (event,) = it.events
    assert timeout < event.when - last <= timeout + POST_SWEEPS_EVERY
    assert it.condition().timeout == timeout


def test_nobody_is_absent_before_it_left() -> None:
    assert Tuning().silence_ceiling < ABSENT_AFTER_S


def test_who_was_never_heard_is_never_absent() -> None:
    it = Post(declared(KEY, OTHER))
    it.listen(24 * HOUR, Sender(OTHER))
    assert not it.events
    assert it.condition().heard_ago is None
    assert not it.condition().missed


def test_who_was_heard_for_a_minute_only_is_not_missed() -> None:
    """Several gateways share a floor: an open lift door lets one hear what is not its own."""
    it = Post(declared(KEY))
    it.listen(60, Sender())
    it.listen(24 * HOUR)
    assert not it.events


def test_a_tag_may_go_where_it_likes() -> None:
    it = Post(TAG)
    it.listen(HOUR, Sender())
    it.listen(HOUR)
    it.listen(HOUR, Sender(rssi=-90))
    assert not it.events
    assert not it.condition().missed
    assert not it.health.remembered()


def test_a_tag_of_another_floor_may_stay_here() -> None:
    it = Post({KEY: Beacon(KEY, "trolley", "Trolley", "F5", mobile=True)})
    it.listen(HOUR, Sender(rssi=-50))
    assert not it.events


def test_while_the_radio_is_deaf_nobody_is_absent_and_afterwards_all_get_the_full_time() -> None:
    it = post()
    it.listen(10 * HOUR, listening=False)
    deaf_until = it.now
    it.listen(ABSENT_AFTER_S + 60)
    (event,) = it.events
    assert event.when - deaf_until >= ABSENT_AFTER_S - POST_SWEEPS_EVERY


def test_a_process_that_was_held_up_misses_nobody() -> None:
    it = post()
    it.now += HOUR
    it._next_sweep = it.now
    it.listen(ABSENT_AFTER_S - 10)
    assert not it.events


def test_a_beacon_at_the_edge_of_hearing_does_not_come_and_go_all_day() -> None:
    it = post()
    for _ in range(3 * 24 * 6):
        it.listen(7 * 60)
        it.listen(3 * 60, Sender(rssi=-85))
    assert len(it.of(Kind.ABSENT)) <= 6
    assert len(it.of(Kind.ABSENT)) - len(it.of(Kind.BACK)) in {0, 1}


def test_after_a_calm_day_a_beacon_is_given_no_more_time_than_others() -> None:
    it = post()
    it.listen(HOUR)
    it.listen(60, Sender())
    assert it.condition().timeout == 2 * ABSENT_AFTER_S
    it.listen(CALM_AFTER_S + 120, Sender(every=4))
    assert it.condition().timeout == ABSENT_AFTER_S


def test_who_is_taken_out_of_the_files_is_forgotten() -> None:
    it = post()
    it.use({})
    it.listen(HOUR)
    assert not it.events
    it.use(declared(KEY))
    it.listen(HOUR)
    assert not it.events


# Rhythm


@pytest.mark.parametrize("every", [0.1, 1.0, 5.0, 10.24])
def test_the_interval_is_learned(every: float) -> None:
    it = post(every=every, seconds=HOUR)
    assert it.condition().interval == pytest.approx(every, rel=0.1)


def test_neither_silence_nor_deafness_spoils_the_interval() -> None:
    it = post(seconds=HOUR + 30, every=10)
    it.listen(HOUR)
    it.listen(HOUR, listening=False)
    assert it.condition().interval == pytest.approx(10, rel=0.1)
    it.listen(10 * 60, Sender(every=10))
    assert it.condition().interval == pytest.approx(10, rel=0.25)


def test_a_condition_says_when_it_was_heard() -> None:
    it = post()
    it.listen(30)
    assert it.condition().heard_ago == 31


# Moved: the level's own tests are in test_level_history


def test_a_moved_beacon_is_told_once_and_shown_for_a_day() -> None:
    it = post(seconds=HOUR)
    it.listen(HOUR, Sender(rssi=-80))
    (event,) = it.events
    assert (event.kind, event.details) == (Kind.MOVED, {"before": "-65", "after": "-80", "step": "-15"})
    assert it.condition().moved
    it.listen(NEWS_FOR_S, Sender(rssi=-80, every=4))
    assert not it.condition().moved
    assert len(it.events) == 1


def test_a_falling_level_is_a_trend() -> None:
    it = Post(declared(KEY))
    it.listen(2 * HOUR, Sender(rssi=lambda at: -60 - round(at / 900)))
    trend = it.condition().trend
    assert trend == pytest.approx(-4, abs=0.5)


# Strayed


@pytest.mark.parametrize("rssi", [-50, -65])
def test_a_beacon_of_another_floor_that_stays_close_has_strayed(rssi: int) -> None:
    it = Post(declared(KEY, floor="F5"))
    it.listen(HOUR, Sender(rssi=rssi))
    (event,) = it.events
    assert event.kind is Kind.STRAYED
    assert 60 <= event.when <= 70
    assert event.details["floor"] == "F5"
    assert it.condition().strayed


def test_through_the_ceiling_nobody_strays() -> None:
    it = Post(declared(KEY, floor="F5"))
    it.listen(HOUR, Sender(rssi=-82))
    assert not it.events


def test_passing_by_is_no_straying() -> None:
    it = Post(declared(KEY, floor="F5"))
    for _ in range(20):
        it.listen(40, Sender(rssi=-60))
        it.listen(120, Sender(rssi=-90))
    assert not it.events


def test_it_strays_anew_only_after_it_left() -> None:
    it = Post(declared(KEY, floor="F5"))
    for rssi in (-60, -90, -60):
        it.listen(300, Sender(rssi=rssi))
    assert it.told == [Kind.STRAYED]
    it.listen(200)
    assert not it.condition().strayed
    it.listen(300, Sender(rssi=-60))
    assert len(it.of(Kind.STRAYED)) == 2


# Cloned


def test_two_powers_in_turns_are_two_senders() -> None:
    it = Post(declared(KEY))
    it.listen(6 * 60, Sender(powers=(-59, -65)))
    (event,) = it.events
    assert (event.kind, event.details) == (Kind.CLONED, {"sign": "powers"})
    assert it.condition().cloned


def test_a_copy_is_told_once_a_day_at_most() -> None:
    it = Post(declared(KEY))
    it.listen(3 * 24 * HOUR, Sender(powers=(-59, -65), every=5))
    assert it.told == [Kind.CLONED]
    it.listen(NEWS_FOR_S + 60, Sender(every=5))
    assert not it.condition().cloned


def test_a_reconfigured_beacon_is_no_copy() -> None:
    it = Post(declared(KEY))
    for power in (-59, -65, -59):
        it.listen(120, Sender(powers=(power,)))
    assert not it.events


def test_two_senders_in_two_places_are_copies() -> None:
    health = BeaconHealth(HERE)
    health.use(declared(KEY), 0)
    events = [
        event
        for minute in range(10)
        for event in health.look([SenderReport("one", KEY, -50), SenderReport("other", KEY, -80)], minute * 60.0)
    ]
    assert [(event.kind, event.key, event.when) for event in events] == [(Kind.CLONED, KEY, 180)]
    assert not any("one" in value or "other" in value for event in events for value in event.details.values())
    assert health.condition(KEY, 600).cloned


# A restart


def test_who_died_while_the_gateway_was_off_is_absent_after_the_usual_time() -> None:
    kept = post(seconds=HOUR).health.remembered()
    it = Post(declared(KEY), remembered=kept, start=10 * HOUR)
    it.listen(HOUR)
    (event,) = it.events
    assert event.kind is Kind.ABSENT
    assert 0 <= event.when - 10 * HOUR - ABSENT_AFTER_S <= POST_SWEEPS_EVERY
    assert event.details == {"minutes": "545", "timeout": "300", "level": "-65"}


def test_who_was_absent_before_a_restart_is_not_told_again_but_comes_back() -> None:
    before = post()
    before.listen(HOUR)
    it = Post(declared(KEY), remembered=before.health.remembered(), start=-50.0)
    it.listen(HOUR)
    assert it.told == []
    assert it.condition().absent
    it.listen(10, Sender())
    assert it.told == [Kind.BACK]


def test_who_was_put_elsewhere_while_the_gateway_was_off_has_moved() -> None:
    kept = post(seconds=HOUR).health.remembered()
    it = Post(declared(KEY), remembered=kept, start=10 * HOUR)
    it.listen(15 * 60, Sender(rssi=-80))
    assert it.told == [Kind.MOVED]


def test_only_who_is_missed_is_remembered_with_plain_values() -> None:
    it = Post(declared(KEY, OTHER))
    it.listen(HOUR, Sender())
    (memory,) = it.health.remembered()
    assert memory.interval == pytest.approx(1, rel=0.05)
    assert memory == RememberedBeacon(KEY, heard=HOUR - 1, level=-65, interval=memory.interval, absent=False)


def test_what_is_remembered_of_others_is_left_alone() -> None:
    it = Post(declared(OTHER), remembered=[RememberedBeacon(KEY, 0, -60, 1, absent=False)])
    it.listen(HOUR)
    assert not it.events


# Whole days


@pytest.mark.parametrize("seed", range(2))
def test_a_healthy_floor_gives_no_event_in_a_day(seed: int) -> None:
    rng = random.Random(seed)
    it = Post(declared(KEY, OTHER))
    senders = [
        Sender(KEY, rssi=lambda _: round(rng.gauss(-68, 6)), every=3),
        Sender(OTHER, rssi=lambda _: min(round(rng.gauss(-84, 6)), -1), every=10.24),
    ]
    it.listen(24 * HOUR, *senders)
    assert not it.events
    assert not it.suspected
