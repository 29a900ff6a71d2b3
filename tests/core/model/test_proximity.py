"""Zones and distance from a level."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.model.proximity import Borders, Proximity, distance, reference_power, zone_of

levels = st.floats(-110, -1)
powers = st.integers(-100, -20)
OUTWARDS = [Proximity.IMMEDIATE, Proximity.NEAR, Proximity.FAR]


@pytest.mark.parametrize(
    ("level", "zone"),
    [
        (-40.0, Proximity.IMMEDIATE),
        (-59.0, Proximity.IMMEDIATE),
        (-59.1, Proximity.NEAR),
        (-75.0, Proximity.NEAR),
        (-75.1, Proximity.FAR),
        (-110.0, Proximity.FAR),
    ],
)
def test_a_border_belongs_to_the_nearer_zone(level: float, zone: Proximity) -> None:
    assert zone_of(level, -59, Borders()) is zone


def test_borders_can_be_moved() -> None:
    assert zone_of(-64, -59, Borders(immediate=6)) is Proximity.IMMEDIATE
    assert zone_of(-82, -59, Borders(near=24)) is Proximity.NEAR


@given(levels, powers, st.floats(-10, 10))
def test_a_stronger_transmitter_moves_all_zones_by_as_much(level: float, power: int, shift: float) -> None:
    step = round(shift)
    whole = float(round(level))
    assert zone_of(whole, power, Borders()) is zone_of(whole + step, power + step, Borders())


@given(levels, levels, powers)
def test_a_stronger_level_is_never_farther(one: float, other: float, power: int) -> None:
    weak, strong = sorted((one, other))
    assert distance(weak, power) >= distance(strong, power)
    zones = [OUTWARDS.index(zone_of(level, power, Borders())) for level in (strong, weak)]
    assert zones == sorted(zones)


@pytest.mark.parametrize("sent", [-100, -74, -59, -20])
def test_a_plausible_power_is_taken_from_the_frame(sent: int) -> None:
    assert reference_power(sent, -65) == sent


@pytest.mark.parametrize("sent", [-128, -101, -19, -1, 0, 2, 6, 12, 26, 36, 100, 104, 127])
def test_battery_volts_and_percent_are_no_power(sent: int) -> None:
    assert reference_power(sent, -65) == -65


def test_the_level_at_one_metre_is_one_metre() -> None:
    assert distance(-59, -59) == 1.0


def test_ten_metres_take_27_db() -> None:
    assert distance(-59 - 27, -59) == pytest.approx(10)


def test_the_border_of_near_is_about_four_metres() -> None:
    assert distance(-59 - Borders().near, -59) == pytest.approx(4, abs=0.1)


@given(levels, st.integers(-128, 127))
def test_a_distance_stays_between_10_cm_and_50_m(level: float, power: int) -> None:
    metres = distance(level, power)
    assert isinstance(metres, float)
    assert math.isfinite(metres)
    assert 0.1 <= metres <= 50


def test_the_clamps_are_reached() -> None:
    assert distance(-1, -59) == 0.1
    assert distance(-110, -20) == 50
