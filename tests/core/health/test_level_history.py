"""A lasting step of a beacon's level is told once; fading is none."""

import math
import random
from collections.abc import Callable

import pytest

from beacon_gateway.core.health.beacon_event import BeaconEventKind
from beacon_gateway.core.health.level_history import LATEST_MINUTES, LevelHistory, LevelStep
from tests.core.air import KEY, declared
from tests.core.post import Post, Sender

pytestmark = pytest.mark.slow

HOUR = 3600.0
NOISE = 6.0


def told(*levels: float, known: float | None = None) -> list[tuple[int, LevelStep]]:
    """Return the steps of these one-minute levels, each with its minute."""
    history = LevelHistory(known)
    steps = []
    for minute, level in enumerate(levels):
        history.add(level)
        history.end_minute(minute * 60.0)
        if step := history.step():
            steps.append((minute, step))
            history.accept()
    return steps


def test_a_step_is_told_once_when_it_has_lasted_ten_minutes() -> None:
    assert told(*[-60.0] * 60, *[-72.0] * 120) == [(60 + LATEST_MINUTES - 1, LevelStep(-60, -72))]


def test_the_way_back_is_a_step_too() -> None:
    steps = told(*[-60.0] * 60, *[-72.0] * 15, *[-60.0] * 60)
    assert [step for _, step in steps] == [LevelStep(-60, -72), LevelStep(-72, -60)]


def test_a_step_of_less_than_ten_db_is_none() -> None:
    assert told(*[-60.0] * 60, *[-69.5] * 120) == []


def test_nine_minutes_are_no_lasting_step() -> None:
    assert told(*[-60.0] * 60, *[-75.0] * 9, *[-60.0] * 60) == []


def test_a_slow_drift_is_no_step_but_a_trend() -> None:
    history = LevelHistory()
    for minute in range(48 * 60):
        history.add(-50 - minute / 120)
        history.end_minute(minute * 60.0)
        assert history.step() is None
    assert history.trend(48 * HOUR) == pytest.approx(-0.5)


def test_a_step_from_the_level_known_before_a_restart_is_told() -> None:
    assert told(*[-72.0] * 30, known=-60) == [(LATEST_MINUTES - 1, LevelStep(-60, -72))]
    assert told(*[-61.0] * 30, known=-60) == []


def test_minutes_of_silence_do_not_count() -> None:
    history = LevelHistory()
    for minute in range(60):
        history.add(-60)
        history.end_minute(minute * 60.0)
    for minute in range(60, 600):
        history.end_minute(minute * 60.0)
        assert history.step() is None
    for minute in range(600, 609):
        history.add(-75)
        history.end_minute(minute * 60.0)
        assert history.step() is None
    history.add(-75)
    history.end_minute(609 * 60.0)
    assert history.step() == LevelStep(-60, -75)


def test_too_little_gives_neither_level_nor_trend() -> None:
    history = LevelHistory()
    for minute in range(9):
        history.add(-60)
        history.end_minute(minute * 60.0)
    assert history.level() is None
    assert history.trend(600) is None


def test_a_trend_is_of_the_last_hour_only() -> None:
    history = LevelHistory()
    for minute in range(60):
        history.add(-60 + minute / 5)
        history.end_minute(minute * 60.0)
    assert history.trend(60 * 60.0) == pytest.approx(12)
    assert history.trend(3 * HOUR) is None


# Through the tracker, with the noise of a busy room


def moved(level: Callable[[float], float], hours: float, seed: int, every: float) -> list[float]:
    """Return when a beacon of this level counted as moved."""
    rng = random.Random(seed)
    it = Post(declared(KEY))
    it.listen(
        hours * HOUR,
        Sender(rssi=lambda at: min(max(round(rng.gauss(level(at), NOISE)), -110), -1), every=every),
    )
    return [event.when for event in it.of(BeaconEventKind.MOVED)]


@pytest.mark.parametrize("hours", [0.5, 1.5, 3, 12])
def test_slow_fading_of_5_db_moves_nothing_in_48_hours(hours: float) -> None:
    def fading(at: float) -> float:
        return -65 + 5 * math.sin(2 * math.pi * at / (hours * HOUR))

    assert not moved(fading, 48, seed=round(hours * 2), every=4)


@pytest.mark.parametrize("seed", range(3))
def test_fading_by_chance_within_5_db_moves_nothing_in_48_hours(seed: int) -> None:
    rng = random.Random(seed)
    drift = 0.0

    def wander(_: float) -> float:
        nonlocal drift
        drift = min(max(drift + rng.gauss(0, 0.3), -5), 5)
        return -65 + drift

    assert not moved(wander, 48, seed, every=4)


@pytest.mark.parametrize("every", [1.0, 10.24])
@pytest.mark.parametrize("step", [-12, 12])
@pytest.mark.parametrize("seed", range(2))
def test_a_step_of_12_db_is_noticed_within_15_minutes(seed: int, step: int, every: float) -> None:
    when = moved(lambda at: -70 + (step if at >= 1.5 * HOUR else 0), 3, seed, every)
    assert len(when) == 1
    assert 9 * 60 <= when[0] - 1.5 * HOUR <= 15 * 60
