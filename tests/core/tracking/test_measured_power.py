"""The power that zones are reckoned from: the files' own, else the frames', which may change and must not flicker."""

import pytest

from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.tracking.hit import HitKind
from beacon_gateway.core.tracking.measured_power import MAX_SETTLE_S, SETTLE_S, MeasuredPower
from tests.core.air import KEY, Ear, declared

HOUR = 3600


def hits_of_a_power_that_changes(*, every: int, hours: int = 1, powers: tuple[int, int] = (-59, -75)) -> list[HitKind]:
    """Return what is logged of a beacon at a steady -67 dBm, near by one power and immediate by the other."""
    ear = Ear(KEY)
    for number in range(hours * HOUR // every):
        ear.steadily(-67, seconds=every, power=powers[number % 2])
    return [hit.kind for hit in ear.hits]


def test_a_power_that_changes_every_ten_seconds_gives_one_zone_row_for_the_change() -> None:
    """It gave 358 an hour when each change counted at once."""
    assert hits_of_a_power_that_changes(every=10, hours=2) == [HitKind.ENTER, HitKind.ZONE]


@pytest.mark.parametrize(("every", "most"), [(1, 1), (3, 1), (30, 1), (60, 2), (120, 3), (600, 6), (1800, 7)])
def test_however_slowly_a_power_goes_to_and_fro_the_zone_soon_stays(every: int, most: int) -> None:
    assert hits_of_a_power_that_changes(every=every, hours=4).count(HitKind.ZONE) <= most


def test_a_power_that_changes_once_in_an_hour_gives_no_more_rows_than_changes() -> None:
    assert hits_of_a_power_that_changes(every=HOUR, hours=10).count(HitKind.ZONE) <= 9


def test_a_second_change_counts_once_it_has_lasted_for_a_minute_of_frames() -> None:
    ear = Ear(KEY)
    for power, seconds in ((-59, 60), (-75, 60), (-59, 120)):
        ear.steadily(-67, seconds=seconds, power=power)
    changes = ear.of(HitKind.ZONE)
    assert [hit.zone for hit in changes] == [Proximity.IMMEDIATE, Proximity.NEAR]
    assert 60 <= changes[0].when <= 80
    assert 120 + SETTLE_S <= changes[1].when <= 120 + SETTLE_S + 20


def test_one_frame_of_another_power_before_a_silence_settles_nothing() -> None:
    power = MeasuredPower()
    assert power.offer(-59, 0, at_once=False)
    assert power.offer(-65, 10, at_once=False)
    assert not power.offer(-59, 20, at_once=False)
    assert not power.settle(heard=20)
    assert power.in_force == -65


def test_a_power_that_stayed_for_an_hour_may_change_at_once_again() -> None:
    power = MeasuredPower()
    for at, value in ((0, -59), (10, -65), (20, -59), (20 + MAX_SETTLE_S, -75)):
        power.offer(value, at, at_once=False)
    assert power.in_force == -75


def test_where_there_is_no_zone_yet_the_newest_power_counts() -> None:
    power = MeasuredPower()
    for at, value in enumerate((-59, -65, -59, -70)):
        power.offer(value, at, at_once=True)
    assert power.in_force == -70


# The files


def ear_of(measured_power: int | None) -> Ear:
    ear = Ear(KEY)
    ear.hits += ear.tracker.declare(declared(KEY, measured_power=measured_power), 0)
    return ear


@pytest.mark.parametrize("sent", [-3, 0, -75, -59])
def test_what_the_files_state_wins_over_whatever_the_frames_say(sent: int) -> None:
    ear = ear_of(-65)
    ear.steadily(-64, seconds=30, power=sent)
    ear.steadily(-74, seconds=60, power=sent)
    plain = Ear(KEY)
    plain.steadily(-64, seconds=30, power=-65)
    plain.steadily(-74, seconds=60, power=-65)
    assert ear.hits == plain.hits
    assert [hit.zone for hit in ear.hits] == [Proximity.IMMEDIATE, Proximity.NEAR]


def test_a_stated_power_that_is_edited_moves_the_zones_of_a_beacon_that_is_here() -> None:
    ear = Ear(KEY)
    ear.steadily(-67, seconds=60, power=-59)
    ear.tracker.declare(declared(KEY, measured_power=-75), ear.now)
    ear.steadily(-67, seconds=60, power=-59)
    assert [hit.zone for hit in ear.hits] == [Proximity.NEAR, Proximity.IMMEDIATE]


def test_without_a_stated_power_the_frames_count_again() -> None:
    ear = ear_of(-75)
    ear.steadily(-67, seconds=60, power=-59)
    ear.tracker.declare(declared(KEY), ear.now)
    ear.steadily(-67, seconds=60, power=-59)
    assert [hit.zone for hit in ear.hits] == [Proximity.IMMEDIATE, Proximity.NEAR]


def test_a_stated_power_that_was_taken_out_before_the_beacon_was_heard_leaves_nothing() -> None:
    ear = ear_of(-75)
    ear.tracker.declare(declared(KEY), 0)
    ear.steadily(-67, seconds=60, power=-59)
    assert [hit.zone for hit in ear.hits] == [Proximity.NEAR]
