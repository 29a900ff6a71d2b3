"""Two senders of one identity in two places are found; one that has two addresses, or ever new ones, is none."""

import random
from collections.abc import Iterable

import pytest

from beacon_gateway.core.health.clones import Clones, SenderReport
from tests.core.air import KEY, OTHER

pytestmark = pytest.mark.slow


def found(*looks: Iterable[SenderReport]) -> list[int]:
    """Return the numbers of the looks after which the beacon counts as copied."""
    clones = Clones()
    return [number for number, look in enumerate(looks, 1) if clones.look(look, {KEY})]


def pair(one: int, other: int) -> list[SenderReport]:
    return [SenderReport("one", KEY, one), SenderReport("other", KEY, other)]


def test_two_senders_far_apart_are_found_at_the_third_look_at_the_earliest() -> None:
    assert found(*[pair(-40, -90)] * 3) == [3]
    assert found(*[pair(-40, -60)] * 6) == [5, 6]


def test_the_order_of_the_looks_does_not_matter() -> None:
    assert found(pair(-40, -90), list(reversed(pair(-40, -90))), pair(-40, -90)) == [3]


def test_looks_must_run_on() -> None:
    assert not found(*[pair(-40, -90), pair(-40, -90), [SenderReport("one", KEY, -40)]] * 10)
    assert not found(*[pair(-40, -90), pair(-40, -90), pair(-40, -49)] * 10)


def test_the_same_one_must_be_the_stronger() -> None:
    assert not found(*[pair(-40, -90), pair(-90, -40)] * 10)
    assert not found(*[pair(-40, -85), pair(-40, -85), pair(-70, -60)] * 10)


def test_ever_new_addresses_are_no_copies() -> None:
    looks = [[SenderReport(f"{number}", KEY, -40), SenderReport(f"{number + 1}", KEY, -90)] for number in range(100)]
    assert not found(*looks)


def test_very_many_addresses_are_no_copies() -> None:
    assert not found(*[[SenderReport(f"{number}", KEY, -40 - 10 * number) for number in range(7)]] * 10)


def test_undeclared_beacons_are_not_looked_at() -> None:
    clones = Clones()
    for _ in range(10):
        assert not clones.look([SenderReport("one", OTHER, -40), SenderReport("other", OTHER, -90)], {KEY})


def noisy(rng: random.Random, apart: float) -> list[SenderReport]:
    return pair(round(rng.gauss(-60, 6)), round(rng.gauss(-60 - apart, 6)))


@pytest.mark.parametrize("seed", range(3))
def test_one_beacon_with_two_addresses_is_not_accused_in_two_months(seed: int) -> None:
    rng = random.Random(seed)
    assert not found(*(noisy(rng, 0) for _ in range(60 * 24 * 60)))


@pytest.mark.parametrize("seed", range(10))
def test_copies_20_db_apart_are_found_within_the_hour(seed: int) -> None:
    rng = random.Random(seed)
    assert found(*(noisy(rng, 20) for _ in range(60)))
