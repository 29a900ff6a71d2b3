"""Calls by Beijing day, and paths that rest until midnight there."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from beacon_gateway.core.model.beijing import beijing_day, beijing_midnight, next_beijing_midnight
from beacon_gateway.core.wechat.quota import ROLL_OVER, Quota

NOON: Final = datetime(2026, 11, 24, 4, tzinfo=UTC)
MIDNIGHT: Final = datetime(2026, 11, 24, 16, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)
ADD, BIND, TOKEN = "/shakearound/page/add", "/shakearound/device/bindpage", "/cgi-bin/stable_token"


def test_a_day_ends_at_midnight_in_beijing_whatever_zone_the_moment_is_in() -> None:
    assert beijing_day(MIDNIGHT - SECOND) == date(2026, 11, 24)
    assert beijing_day(MIDNIGHT) == date(2026, 11, 25)
    assert beijing_midnight(date(2026, 11, 25)) == MIDNIGHT
    assert next_beijing_midnight(NOON) == next_beijing_midnight(MIDNIGHT - SECOND) == MIDNIGHT
    assert next_beijing_midnight(MIDNIGHT) == MIDNIGHT + timedelta(days=1)
    assert next_beijing_midnight(NOON).tzinfo is UTC


def test_calls_are_counted_for_each_path_and_day() -> None:
    quota = Quota()
    for path, at in ((ADD, NOON), (ADD, MIDNIGHT - SECOND), (BIND, NOON), (ADD, MIDNIGHT)):
        quota.count(path, at)
    assert quota.used(NOON) == {ADD: 2, BIND: 1}
    assert quota.used(MIDNIGHT) == {ADD: 1}


def test_days_that_have_passed_are_forgotten() -> None:
    quota = Quota()
    for days in range(100):
        quota.count(ADD, NOON + timedelta(days=days))
    assert quota.used(NOON) == {}
    assert quota.used(NOON + timedelta(days=99)) == {ADD: 1}


def test_a_parked_path_rests_until_midnight_and_no_other_does() -> None:
    quota = Quota()
    assert quota.park(ADD, NOON) == MIDNIGHT
    assert quota.parked_until(ADD, MIDNIGHT - SECOND) == MIDNIGHT
    assert quota.parked_until(ADD, MIDNIGHT) is None
    assert quota.parked_until(BIND, NOON) is None
    assert (quota.parked(NOON), quota.parked(MIDNIGHT)) == ({ADD: MIDNIGHT}, {})


def test_a_refusal_shortly_after_midnight_is_not_believed_for_a_day() -> None:
    """WeChat's clock, or its idea of a day, may be another than ours."""
    quota = Quota()
    assert quota.park(ADD, MIDNIGHT + SECOND) == MIDNIGHT + ROLL_OVER
    assert quota.park(ADD, MIDNIGHT + ROLL_OVER) == MIDNIGHT + timedelta(days=1)


@pytest.mark.parametrize("years", [1, 10])
def test_what_was_parked_by_a_clock_that_ran_ahead_is_free_when_the_clock_is_right(years: int) -> None:
    quota = Quota()
    quota.remember([(ADD, MIDNIGHT + timedelta(days=365 * years))])
    assert quota.parked_until(ADD, NOON) is None
