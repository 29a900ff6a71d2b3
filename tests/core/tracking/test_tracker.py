"""From sightings to hits, one claim at a time."""

import math
import random
import tracemalloc
from collections.abc import Iterable
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beacon_gateway.core.model.ibeacon import IBEACON_TYPE, BeaconKey, Frame
from beacon_gateway.core.model.proximity import Proximity, distance
from beacon_gateway.core.tracking.hit import ExitReason, Hit, HitKind
from beacon_gateway.core.tracking.strangers import MAX_STRANGERS
from beacon_gateway.core.tracking.tracker import FrameCounters, Tracker
from beacon_gateway.core.tracking.tuning import Tuning
from tests.core.air import KEY, OTHER, POWER, STORE, Ear, Sample, declared

ZONES = [Proximity.IMMEDIATE, Proximity.NEAR, Proximity.FAR]
ABOUT_A_SWEEP = 3.0


def present(*, rssi: int = -65, seconds: float = 20, every: float = 1.0) -> Ear:
    ear = Ear(KEY)
    ear.steadily(rssi, seconds=seconds, every=every)
    assert [hit.kind for hit in ear.hits] == [HitKind.ENTER]
    return ear


# Arrival


def test_one_arrival_is_one_hit_however_often_it_is_heard() -> None:
    ear = Ear(KEY)
    ear.steadily(-65, seconds=600, every=0.1)
    assert [hit.kind for hit in ear.hits] == [HitKind.ENTER]
    assert ear.state().samples == 6000


def test_two_samples_are_no_arrival() -> None:
    ear = Ear(KEY)
    ear.steadily(-50, seconds=2)
    assert not ear.hits
    assert not ear.state().present


def test_stray_frames_far_apart_are_no_arrival() -> None:
    ear = Ear(KEY)
    ear.steadily(-50, seconds=600, every=15.5)
    assert not ear.hits


def test_a_beacon_that_is_reported_once_in_10_s_arrives_even_if_one_report_is_lost() -> None:
    for lost in range(1, 4):
        ear = Ear(KEY)
        ear.listen(Sample(cycle * 10.24, -65) for cycle in range(5) if cycle != lost)
        assert [hit.when for hit in ear.of(HitKind.ENTER)] == [0]


@pytest.mark.parametrize("stray", [0.0, 25.0, 35.0])
def test_a_stray_sample_before_does_not_change_the_time_of_a_quick_arrival(stray: float) -> None:
    ear = Ear(KEY)
    ear.listen([Sample(stray, -65), *(Sample(40 + number, -65) for number in range(3))])
    assert [hit.when for hit in ear.hits] == [40 if stray < 35 else 35]


def test_three_samples_within_ten_seconds_are_an_arrival() -> None:
    ear = Ear(KEY)
    ear.listen([Sample(0, -65), Sample(5, -65), Sample(10, -65)])
    assert len(ear.of(HitKind.ENTER)) == 1


def test_weak_beacon_never_arrives() -> None:
    ear = Ear(KEY)
    ear.steadily(-92, seconds=600, every=0.5)
    assert not ear.hits
    assert ear.state().samples == 1200


def test_a_weak_beacon_that_comes_nearer_arrives() -> None:
    ear = Ear(KEY)
    ear.steadily(-100, seconds=30)
    ear.steadily(-70, seconds=30)
    assert len(ear.of(HitKind.ENTER)) == 1


def test_enter_carries_the_time_of_the_first_sample() -> None:
    ear = Ear(KEY)
    ear.listen([Sample(100.25, -65), Sample(101, -65), Sample(102, -65)])
    (hit,) = ear.hits
    assert hit.when == 100.25
    assert hit.dwell is None
    assert hit.reason is None


def test_a_stray_sample_long_before_is_no_part_of_the_arrival() -> None:
    ear = Ear(KEY)
    ear.listen([Sample(0, -65), Sample(100, -65), Sample(101, -65), Sample(102, -65)])
    assert [hit.when for hit in ear.hits] == [100]


def test_enter_says_how_near() -> None:
    ear = present(rssi=-65)
    (hit,) = ear.hits
    assert hit.zone is Proximity.NEAR
    assert hit.rssi == -65
    assert hit.distance == distance(-65, POWER)


def test_bytes_after_the_frame_do_not_hide_a_beacon() -> None:
    tracker = Tracker(declared(KEY))
    payloads = [Frame(KEY, POWER).payload() + bytes([battery]) for battery in (100, 99, 98)]
    hits = [tracker.hear(payload, -65, float(when)) for when, payload in enumerate(payloads)]
    assert [hit.key for hit in hits if hit] == [KEY]


# Departure


def test_silence_is_an_exit_at_the_last_sample_with_dwell() -> None:
    ear = present(seconds=20)
    ear.wait(60)
    (hit,) = ear.of(HitKind.EXIT)
    assert (hit.when, hit.dwell, hit.reason) == (19, 19, ExitReason.TIMEOUT)
    assert not ear.state().present


def test_a_beacon_is_given_30_s_of_silence_at_least() -> None:
    ear = present(seconds=20, every=0.1)
    ear.wait_until(49.5)
    assert not ear.exits
    ear.wait_until(51)
    assert ear.exits == [(KEY, ExitReason.TIMEOUT)]


def test_a_departure_is_reported_once() -> None:
    ear = present()
    ear.wait(3600)
    assert len(ear.exits) == 1


def test_a_slow_beacon_is_given_more_silence() -> None:
    ear = present(seconds=4.5 * 70, every=4.5)
    assert ear.tracker.silence_allowed(KEY) == 45
    ear.wait_until(ear.state().heard + 44)
    assert not ear.exits
    ear.wait_until(ear.state().heard + 45 + ABOUT_A_SWEEP)
    assert ear.exits == [(KEY, ExitReason.TIMEOUT)]


def test_a_rare_long_gap_teaches_nothing() -> None:
    ear = present(seconds=100)
    ear.wait(25)
    ear.steadily(-65, seconds=100)
    assert ear.tracker.silence_allowed(KEY) == 30


def test_frequent_long_gaps_are_this_beacons_way() -> None:
    ear = present(seconds=20)
    for _ in range(30):
        ear.steadily(-65, seconds=4)
        ear.wait(8)
    assert ear.tracker.silence_allowed(KEY) == pytest.approx(90)


def test_no_beacon_is_given_more_than_three_minutes() -> None:
    ear = present(seconds=20)
    for _ in range(30):
        ear.wait(25)
        ear.steadily(-65, seconds=1)
    assert ear.tracker.silence_allowed(KEY) == 180
    assert not ear.exits
    ear.wait(180 + ABOUT_A_SWEEP)
    assert ear.exits == [(KEY, ExitReason.TIMEOUT)]


def test_the_files_may_say_how_much_silence_a_beacon_is_given() -> None:
    ear = Ear(KEY, timeout=600)
    ear.steadily(-65, seconds=20)
    assert ear.tracker.silence_allowed(KEY) == 600
    ear.wait_until(ear.state().heard + 600)
    assert not ear.exits
    ear.wait(ABOUT_A_SWEEP)
    assert ear.exits == [(KEY, ExitReason.TIMEOUT)]


def test_a_time_out_in_the_files_wins_over_the_rhythm_until_it_is_taken_out() -> None:
    ear = Ear(KEY, timeout=30)
    ear.steadily(-65, seconds=700, every=10.24)
    assert ear.tracker.silence_allowed(KEY) == 30
    ear.tracker.declare(declared(KEY), ear.now)
    assert ear.tracker.silence_allowed(KEY) == pytest.approx(102.4)


def test_who_was_never_heard_never_leaves() -> None:
    ear = Ear(KEY)
    ear.wait(3600)
    assert not ear.hits
    assert ear.state().heard == -math.inf
    assert ear.tracker.silence_allowed(KEY) == 30


def test_who_comes_back_enters_anew() -> None:
    ear = present(seconds=20)
    ear.wait_until(500)
    ear.steadily(-50, seconds=10)
    assert [hit.kind for hit in ear.hits] == [HitKind.ENTER, HitKind.EXIT, HitKind.ENTER]
    assert ear.hits[2].when == 500
    assert ear.hits[2].rssi == -50  # nothing of the first visit is mixed in


def test_after_15_s_of_silence_the_level_starts_anew() -> None:
    ear = present(rssi=-65, seconds=20)
    ear.wait(16)
    ear.hear(-50, at=ear.now)
    assert ear.state().rssi == -50


def test_departures_come_in_the_order_in_which_they_happened() -> None:
    ear = Ear(KEY, OTHER)
    for when in range(10):
        ear.hear(-65, at=when + 0.5, key=OTHER)
        ear.hear(-65, at=when + 0.75, key=KEY)
    ear.hear(-65, at=10, key=OTHER)
    hits = ear.tracker.sweep(1000)
    assert [(hit.key, hit.when) for hit in hits] == [(KEY, 9.75), (OTHER, 10)]


def test_fading_below_hearing_for_20_s_is_a_weak_exit() -> None:
    ear = present(rssi=-80, seconds=20)
    ear.steadily(-105, seconds=60)
    (hit,) = ear.of(HitKind.EXIT)
    assert hit.reason is ExitReason.WEAK
    assert hit.rssi < -98
    assert 40 <= hit.when <= 50  # it takes the level some seconds to fall
    assert hit.dwell == hit.when


def test_fading_below_hearing_for_a_moment_is_none() -> None:
    ear = present(rssi=-80, seconds=20)
    for _ in range(20):
        ear.steadily(-105, seconds=15)
        ear.steadily(-80, seconds=10)
    assert not ear.exits


def test_a_slow_beacon_is_given_more_time_to_recover_from_fading() -> None:
    ear = present(rssi=-80, seconds=200, every=10.24)
    ear.steadily(-105, seconds=45, every=10.24)
    assert not ear.exits
    ear.steadily(-105, seconds=45, every=10.24)
    assert ear.exits == [(KEY, ExitReason.WEAK)]


def test_between_arriving_and_fading_levels_a_beacon_stays() -> None:
    ear = present(rssi=-80, seconds=20)
    ear.steadily(-96, seconds=600)
    assert not ear.exits


# A radio that hears nobody


def test_deaf_radio_takes_nobody_with_it() -> None:
    ear = present()
    ear.wait(3600, listening=False)
    assert not ear.exits
    assert ear.state().present


def test_after_deafness_everybody_gets_a_full_time_out_anew() -> None:
    ear = present(seconds=20)
    ear.wait_until(100.5, listening=False)
    ear.wait_until(129.5)
    assert not ear.exits
    ear.wait_until(132)
    assert ear.exits == [(KEY, ExitReason.TIMEOUT)]
    assert ear.of(HitKind.EXIT)[0].when == 19


def test_who_is_heard_after_deafness_never_left() -> None:
    ear = present(seconds=20)
    ear.wait_until(600, listening=False)
    ear.steadily(-65, seconds=60)
    assert [hit.kind for hit in ear.hits] == [HitKind.ENTER]


def test_deafness_is_no_fading() -> None:
    ear = present(rssi=-80, seconds=20)
    ear.steadily(-105, seconds=15)
    ear.wait(600, listening=False)
    ear.wait(5)
    assert not ear.exits


def test_silence_is_no_fading() -> None:
    """A weak exit says that the beacon is still heard. After the last sample only the time-out can take it."""
    ear = present(rssi=-80, seconds=20)
    ear.steadily(-105, seconds=10)
    ear.wait(25)
    assert not ear.exits
    ear.wait(30)
    assert ear.exits == [(KEY, ExitReason.TIMEOUT)]


# Zones


def test_coming_nearer_and_going_away_are_zone_hits() -> None:
    ear = present(rssi=-90, seconds=20)
    ear.steadily(-65, seconds=60)
    ear.steadily(-45, seconds=60)
    ear.steadily(-90, seconds=60)
    zones = [hit.zone for hit in ear.hits]
    assert zones == [Proximity.FAR, Proximity.NEAR, Proximity.IMMEDIATE, Proximity.NEAR, Proximity.FAR]
    assert [hit.kind for hit in ear.hits[1:]] == [HitKind.ZONE] * 4


def test_a_zone_hit_carries_its_time_and_the_dwell_so_far() -> None:
    ear = present(rssi=-90, seconds=60)
    ear.steadily(-65, seconds=60)
    (hit,) = ear.of(HitKind.ZONE)
    assert 64 <= hit.when <= 70
    assert hit.dwell == hit.when


def test_a_moment_elsewhere_is_no_zone_change() -> None:
    ear = present(rssi=-65, seconds=20, every=0.1)
    for _ in range(20):
        ear.steadily(-40, seconds=3, every=0.1)
        ear.steadily(-65, seconds=20, every=0.1)
    assert not ear.of(HitKind.ZONE)


def test_a_visit_elsewhere_that_is_over_before_it_may_be_reported_is_not_reported() -> None:
    """Two zone changes are kept apart; what happened in between does not count once the beacon is back."""
    ear = present(rssi=-65, seconds=20, every=0.1)
    ear.steadily(-40, seconds=4.5, every=0.1)
    assert [hit.zone for hit in ear.of(HitKind.ZONE)] == [Proximity.IMMEDIATE]
    ear.steadily(-75, seconds=6, every=0.1)
    ear.steadily(-40, seconds=60, every=0.1)
    assert len(ear.of(HitKind.ZONE)) == 1


def test_within_the_hysteresis_of_a_border_no_zone_changes() -> None:
    ear = present(rssi=-65, seconds=20)
    ear.steadily(-59 - 16 - 4, seconds=3600)
    ear.steadily(-59 + 4, seconds=3600)
    assert not ear.of(HitKind.ZONE)


def test_two_zone_changes_are_ten_seconds_apart() -> None:
    ear = present(rssi=-85, seconds=20, every=0.1)
    ear.steadily(-30, seconds=60, every=0.1)
    first, second = ear.of(HitKind.ZONE)
    assert (first.zone, second.zone) == (Proximity.NEAR, Proximity.IMMEDIATE)
    assert second.when - first.when >= 10


def test_a_changed_power_byte_moves_the_zones() -> None:
    ear = present(rssi=-65, seconds=20)
    ear.steadily(-65, seconds=30, power=-80)
    assert [hit.zone for hit in ear.hits] == [Proximity.NEAR, Proximity.IMMEDIATE]
    assert ear.hits[1].distance == distance(ear.hits[1].rssi, -80)


@pytest.mark.parametrize("power", [-128, -101, -19, 0, 6, 26, 100])
def test_an_implausible_power_counts_as_the_usual_one(power: int) -> None:
    plain, odd = Ear(KEY), Ear(KEY)
    for rssi in (-65, -45, -90):
        plain.steadily(rssi, seconds=30)
        odd.steadily(rssi, seconds=30, power=power)
    assert odd.hits == plain.hits


def test_the_usual_power_can_be_set() -> None:
    ear = Ear(KEY, tuning=Tuning(default_power=-70))
    ear.steadily(-68, seconds=10, power=0)
    assert [hit.zone for hit in ear.hits] == [Proximity.IMMEDIATE]


# The files


def test_a_beacon_taken_out_of_the_files_leaves() -> None:
    ear = present(seconds=20)
    (hit,) = ear.tracker.declare(declared(OTHER), 19.5)
    assert (hit.kind, hit.key, hit.reason) == (HitKind.EXIT, KEY, ExitReason.REMOVED)
    assert (hit.when, hit.dwell) == (19, 19)
    assert [state.key for state in ear.tracker.states()] == [OTHER]


def test_an_absent_beacon_leaves_the_files_without_a_hit() -> None:
    assert Tracker(declared(KEY, OTHER)).declare({}, 10) == []


def test_a_beacon_that_stays_in_the_files_does_not_notice() -> None:
    ear = present(seconds=20)
    assert ear.tracker.declare(declared(OTHER, KEY), ear.now) == []
    assert ear.state().present
    ear.steadily(-65, seconds=20)
    assert len(ear.hits) == 1


def test_a_removed_beacon_is_a_stranger() -> None:
    ear = present(seconds=20)
    ear.tracker.declare({}, ear.now)
    ear.steadily(-65, seconds=20)
    assert len(ear.hits) == 1
    assert ear.tracker.reception.unknown == 20


def test_a_beacon_declared_again_starts_anew() -> None:
    ear = present(seconds=20)
    ear.tracker.declare({}, ear.now)
    ear.tracker.declare(declared(KEY), ear.now)
    assert ear.state().samples == 0
    ear.steadily(-65, seconds=20)
    assert [hit.when for hit in ear.of(HitKind.ENTER)] == [0, 20]


def test_hearing_before_anything_is_declared_is_harmless() -> None:
    ear = Ear()
    ear.steadily(-65, seconds=10)
    assert not ear.hits
    assert ear.tracker.reception == FrameCounters(unknown=10)
    ear.tracker.declare(declared(KEY), ear.now)
    ear.steadily(-65, seconds=10)
    assert [hit.when for hit in ear.hits] == [10]


def test_close_says_good_bye_for_all_that_are_present() -> None:
    ear = Ear(KEY, OTHER)
    ear.steadily(-65, seconds=20)
    (hit,) = ear.tracker.close(20)
    assert (hit.key, hit.reason, hit.when, hit.dwell) == (KEY, ExitReason.SHUTDOWN, 19, 19)
    assert ear.tracker.close(21) == []


# Who is who


def test_thousands_of_beacons_under_one_uuid_are_kept_apart() -> None:
    keys = [BeaconKey(STORE, major, minor) for major in range(50) for minor in range(100)]
    ear = Ear(*keys)
    heard = keys[::7]
    for when in range(3):
        for key in heard:
            ear.hear(-65, at=float(when), key=key)
    assert [hit.key for hit in ear.hits] == heard
    assert {state.key for state in ear.tracker.states() if state.present} == set(heard)


few_uuids = st.sampled_from([STORE, UUID(int=STORE.int + 1), UUID(int=0)])
neighbours = st.builds(BeaconKey, few_uuids, st.sampled_from([0, 1, 256, 0xFFFF]), st.sampled_from([0, 1, 256, 0xFFFF]))


@given(st.sets(neighbours), st.lists(neighbours, unique=True))
def test_identity_is_the_whole_triple(known: set[BeaconKey], heard: list[BeaconKey]) -> None:
    ear = Ear(*known)
    for when in range(3):
        for key in heard:
            ear.hear(-65, at=float(when), key=key)
    assert [hit.key for hit in ear.hits] == [key for key in heard if key in known]
    assert ear.tracker.reception.unknown == 3 * len(set(heard) - known)


def memory_kept(tracker: Tracker, payloads: Iterable[bytes]) -> int:
    """Return how many bytes more are held after a hundred payloads have become all of them, one a second."""
    now = 1000.0
    before = 0
    tracemalloc.start()
    try:
        for number, payload in enumerate(payloads):
            tracker.hear(payload, -65, now + number)
            if number % 60 == 0:
                tracker.end_minute()
            if number == 100:
                before, _ = tracemalloc.get_traced_memory()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_unknown_beacons_are_counted_and_not_kept() -> None:
    rng = random.Random(1)
    tracker = Tracker(declared(KEY))
    kept = memory_kept(tracker, (IBEACON_TYPE + rng.randbytes(21) for _ in range(100_000)))
    assert tracker.reception.unknown == 100_000
    assert [state.key for state in tracker.states()] == [KEY]
    assert kept < 10_000


def test_a_sender_that_alternates_its_power_byte_does_not_grow_anything() -> None:
    ear = Ear(KEY)
    kept = memory_kept(ear.tracker, (Frame(KEY, number % 256 - 128).payload() for number in range(20_000)))
    assert kept < 10_000
    assert ear.state().samples == 20_000
    assert ear.state().present
    assert ear.tracker.reception == FrameCounters()


# Two powers


def alternating(*powers: int, every: float = 60.0) -> Ear:
    """Hear each of these powers for a moment, one after the other."""
    ear = Ear(KEY)
    for power in powers:
        ear.steadily(-65, seconds=every, every=every / 5, power=power)
    return ear


def test_a_beacon_that_alternates_between_two_powers_is_noticed() -> None:
    assert alternating(-59, -70, -59, -70, -59).state().alternated == 240


@pytest.mark.parametrize(
    "powers",
    [
        pytest.param([-59, -70, -70, -70], id="a reconfiguration"),
        pytest.param([-59, -70, -59, -59], id="a reconfiguration taken back"),
        pytest.param([-59, -62, -65, -68, -71, -74], id="a technician who tries all"),
        pytest.param([30, 29, 30, 29, 30, 29], id="battery volts that waver"),
        pytest.param([-59, 30, -59, 30, -59, 30], id="power and volts in turns"),
    ],
)
def test_other_changes_of_power_are_none_of_two_senders(powers: list[int]) -> None:
    assert alternating(*powers).state().alternated == -math.inf


def test_powers_that_change_once_in_an_hour_do_not_alternate() -> None:
    assert alternating(*[-59, -70] * 6, every=3600).state().alternated == -math.inf


# Strangers of the store


def test_an_undeclared_beacon_of_the_store_is_remembered() -> None:
    ear = Ear(KEY)
    ear.steadily(-70, seconds=5, key=OTHER)
    (stranger,) = ear.tracker.strangers
    assert (stranger.key, stranger.samples, stranger.heard, stranger.rssi) == (OTHER, 5, 4, -70)
    assert stranger.arrived == 4


def test_two_frames_of_a_stranger_are_no_arrival() -> None:
    ear = Ear(KEY)
    ear.steadily(-70, seconds=2, key=OTHER)
    ear.wait(100)
    ear.steadily(-70, seconds=2, key=OTHER)
    assert [stranger.arrived for stranger in ear.tracker.strangers] == [-math.inf]


def test_beacons_of_other_companies_are_not_remembered() -> None:
    ear = Ear(KEY)
    ear.steadily(-70, seconds=5, key=BeaconKey(UUID(int=7), 1, 1))
    assert not list(ear.tracker.strangers)


def test_a_stranger_that_is_declared_is_none_any_more() -> None:
    ear = Ear(KEY)
    ear.steadily(-70, seconds=5, key=OTHER)
    ear.tracker.declare(declared(KEY, OTHER), ear.now)
    assert not list(ear.tracker.strangers)


def test_with_the_last_beacon_of_a_uuid_its_strangers_are_forgotten() -> None:
    ear = Ear(KEY)
    ear.steadily(-70, seconds=5, key=OTHER)
    ear.tracker.declare({}, ear.now)
    assert not list(ear.tracker.strangers)


@pytest.mark.slow
def test_a_flood_of_strangers_leaves_the_last_of_them() -> None:
    tracker = Tracker(declared(KEY))
    flood = [BeaconKey(STORE, number >> 16, number & 0xFFFF) for number in range(20_000)]
    kept = memory_kept(tracker, (Frame(key, POWER).payload() for key in flood))
    assert [stranger.key for stranger in tracker.strangers] == flood[-MAX_STRANGERS:]
    assert kept < 300_000


def test_a_frame_that_ends_too_early_is_counted_as_malformed() -> None:
    tracker = Tracker(declared(KEY))
    whole = Frame(KEY, POWER).payload()
    assert [tracker.hear(whole[:length], -65, 1) for length in range(23)] == [None] * 23
    assert tracker.reception == FrameCounters(malformed=21)


def test_other_apple_data_is_not_counted_at_all() -> None:
    tracker = Tracker(declared(KEY))
    assert tracker.hear(bytes.fromhex("1006281a734eb5da"), -65, 1) is None
    assert tracker.hear(b"", -65, 2) is None
    assert tracker.reception == FrameCounters()


@given(st.binary(max_size=40), st.integers(-110, -1))
def test_whatever_the_air_holds_a_tracker_does_not_stumble(payload: bytes, rssi: int) -> None:
    tracker = Tracker(declared(KEY))
    assert tracker.hear(payload, rssi, 0) is None
    assert len(list(tracker.states())) == 1


# Whole stories

waits = st.sampled_from([0.0, 0.1, 1.0, 4.0, 11.0, 40.0])
heard = st.tuples(
    st.just("hear"), waits, st.sampled_from([KEY, OTHER]), st.integers(-110, -1), st.sampled_from([-59, -80, 0])
)
ran = st.tuples(
    st.just("stay"), waits, st.sampled_from([KEY, OTHER]), st.integers(-110, -1), st.sampled_from([-59, -80, 0])
)
passed = st.tuples(st.just("wait"), waits, st.just(KEY), st.integers(0, 1), st.just(0))
wrote = st.tuples(st.just("declare"), waits, st.sampled_from([KEY, OTHER]), st.integers(0, 1), st.just(0))
stories = st.lists(st.one_of(heard, ran, ran, passed, wrote), max_size=40)


def told(story: Iterable[tuple[str, float, BeaconKey, int, int]]) -> list[Hit]:
    ear = Ear(KEY, OTHER)
    files = {KEY, OTHER}
    for deed, wait, key, number, power in story:
        ear.wait(wait, listening=deed != "wait" or bool(number))
        if deed == "hear":
            ear.hear(number, at=ear.now, key=key, power=power)
        elif deed == "stay":
            ear.steadily(number, seconds=8, every=0.5, key=key, power=power)
        elif deed == "declare":
            files = files | {key} if number else files - {key}
            ear.hits += ear.tracker.declare(declared(*files), ear.now)
    return ear.hits + ear.tracker.close(ear.now)


@settings(max_examples=200)
@given(stories)
def test_every_story_of_a_beacon_can_be_read(story: list[tuple[str, float, BeaconKey, int, int]]) -> None:
    """Enter, zone changes to neighbouring zones, exit; in the order of time; with the dwell that the times give."""
    hits = told(story)
    for key in (KEY, OTHER):
        mine = [hit for hit in hits if hit.key == key]
        assert [hit.when for hit in mine] == sorted(hit.when for hit in mine)
        for earlier, later in pairwise(mine):
            assert (earlier.kind is HitKind.EXIT) == (later.kind is HitKind.ENTER)
            steps = abs(ZONES.index(earlier.zone) - ZONES.index(later.zone))
            assert {HitKind.ZONE: steps == 1, HitKind.EXIT: steps == 0, HitKind.ENTER: True}[later.kind]
        if mine:
            assert mine[0].kind is HitKind.ENTER
            assert mine[-1].kind is HitKind.EXIT
        entered = 0.0
        for hit in mine:
            if hit.kind is HitKind.ENTER:
                entered = hit.when
            assert hit.dwell == (None if hit.kind is HitKind.ENTER else hit.when - entered)
            assert (hit.reason is not None) == (hit.kind is HitKind.EXIT)
            assert -110 <= hit.rssi <= -1
            assert 0.1 <= hit.distance <= 50


# Many


def test_ten_thousand_beacons_may_share_one_uuid() -> None:
    keys = [BeaconKey(KEY.uuid, major, minor) for major in range(100) for minor in range(100)]
    tracker = Tracker(declared(*keys))
    hits = [
        hit
        for second in range(3)
        for key in keys
        if (hit := tracker.hear(Frame(key, -59).payload(), -60, second)) is not None
    ]
    assert [hit.key for hit in hits] == keys
    assert tracker.reception == FrameCounters()
