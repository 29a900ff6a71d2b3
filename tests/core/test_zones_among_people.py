"""A day of a beacon that never moves, in a shop full of people: how often its zone changes.

The figures are of one seed each, and stand here so that whoever changes the tuning sees what it does. The borders of
the zones lie at -59 and -75 dBm, with 4 dB of hysteresis on either side.
"""

import random
from typing import Final

import pytest

from beacon_gateway.core.hit import HitKind
from tests.core.air import KEY, Ear
from tests.core.crowd import among_people

HOUR: Final = 3600.0
HOURS: Final = 24
RATE: Final = 1.5
"""Samples a second."""
SEED: Final = 1


def zone_changes_an_hour(mean: float) -> float:
    ear = Ear(KEY)
    ear.listen(among_people(random.Random(SEED), rate=RATE, mean=mean, seconds=HOURS * HOUR))
    return len(ear.of(HitKind.ZONE)) / HOURS


@pytest.mark.parametrize(("mean", "an_hour"), [(-65, 8.4), (-71, 18.7), (-75, 13.7), (-79, 2.3)])
def test_people_change_the_zone_of_a_beacon_that_never_moves_so_often(mean: float, an_hour: float) -> None:
    assert zone_changes_an_hour(mean) == pytest.approx(an_hour, abs=0.5)
