"""The low-pass, and that the tracker's own copy of it is the same one."""

import math

import pytest

from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID
from beacon_gateway.core.tracking.low_pass import smoothed
from beacon_gateway.core.tracking.strangers import Strangers
from beacon_gateway.core.tracking.survey import Survey
from beacon_gateway.core.tracking.tracker import Tracker
from beacon_gateway.core.tracking.tuning import Tuning
from tests.core.air import KEY, OTHER, declared
from tests.core.tracking.test_survey import frame

HEARD = [(0.0, -60), (0.1, -70), (0.2, -80), (1.9, -62), (7.0, -90), (7.5, -55)]


@pytest.mark.parametrize("gap", [0.0, 0.01, 1.0, 60.0, math.inf])
def test_a_step_lies_between_the_level_and_the_sample(gap: float) -> None:
    assert -80 <= smoothed(-60, -80, gap, 3.0) <= -60


def test_a_sample_at_the_same_moment_changes_nothing_and_one_after_ages_counts_alone() -> None:
    assert smoothed(-60, -80, 0.0, 3.0) == -60
    assert smoothed(-60, -80, math.inf, 3.0) == -80
    assert smoothed(-60, -80, 3.0, 3.0) == pytest.approx(-70)


def test_tracker_survey_and_strangers_say_the_same_level_of_the_same_samples() -> None:
    tuning = Tuning()
    tracker, survey, strangers = Tracker(declared(KEY), tuning), Survey([KEY], 0.0, tuning=tuning), Strangers(tuning)
    strangers.declare([OTHER])
    for when, rssi in HEARD:
        tracker.hear(frame(KEY)[APPLE_COMPANY_ID], rssi, when)
        survey.hear(frame(KEY), rssi, when)
        strangers.note(KEY, rssi, when)
    (tracked,) = [state for state in tracker.states() if state.key == KEY]
    (surveyed,) = survey.overview(8.0).declared
    (stranger,) = strangers
    assert surveyed.rssi == pytest.approx(tracked.rssi)
    assert stranger.rssi == pytest.approx(tracked.rssi)
