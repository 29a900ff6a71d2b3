"""Which days are asked for, and when there is something to ask for next."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.model.beijing import beijing_day
from beacon_gateway.core.wechat.figures import DayFigures, Figures
from beacon_gateway.core.wechat.missing_days import FetchedDays, is_final, missing_days, next_look
from tests.services.bindings.scene import NOON, key, ref
from tests.services.wechat.history.scene import ALL_DAYS, DAY, HOUR, MINUTE, TODAY, YESTERDAY, beijing

SOME: Final = Figures(1, 1, 0, 0)
FULL: Final = FetchedDays(dict.fromkeys(ALL_DAYS, True))

moments = st.datetimes(datetime(2015, 6, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given apart
mornings = st.timedeltas(timedelta(0), timedelta(hours=12))


@st.composite
def scenes(draw: st.DrawFn) -> tuple[datetime, FetchedDays, timedelta]:
    """A moment, and a book with days around it, of the future too: the clock may have jumped back."""
    now, morning = draw(moments), draw(mornings)
    ages = draw(st.dictionaries(st.integers(-40, 100), st.booleans()))
    days = {beijing_day(now) - age * DAY: final for age, final in ages.items()}
    asked = {
        day: now - timedelta(seconds=draw(st.integers(-10 * 86_400, 10 * 86_400)))
        for day, final in days.items()
        if not final and draw(st.booleans())
    }
    return now, FetchedDays(days, asked), morning


def test_a_first_start_asks_for_all_that_is_told_oldest_first() -> None:
    assert missing_days(NOON, FetchedDays()) == ALL_DAYS


def test_the_days_that_were_missed_are_asked_for_and_no_others() -> None:
    missed = [YESTERDAY - number * DAY for number in (7, 3, 0)]
    days = {day: True for day in ALL_DAYS if day not in missed}
    assert missing_days(NOON, FetchedDays(days)) == missed


@pytest.mark.parametrize(
    ("hour", "minute", "due"), [(0, 0, []), (7, 59, []), (8, 0, [YESTERDAY]), (23, 59, [YESTERDAY])]
)
def test_yesterday_is_due_from_eight_in_the_morning_in_beijing(hour: int, minute: int, due: list[date]) -> None:
    days = {day: True for day in ALL_DAYS if day != YESTERDAY}
    assert missing_days(beijing(TODAY, hour, minute), FetchedDays(days)) == due


def test_a_gateway_that_begins_later_in_the_morning_looks_then() -> None:
    days = {day: True for day in ALL_DAYS if day != YESTERDAY}
    morning = timedelta(hours=8, minutes=20)
    assert missing_days(beijing(TODAY, 8, 19), FetchedDays(days), morning) == []
    assert next_look(beijing(TODAY, 8, 19), FetchedDays(days), morning) == beijing(TODAY, 8, 20)
    assert missing_days(beijing(TODAY, 8, 20), FetchedDays(days), morning) == [YESTERDAY]


def test_a_full_book_is_looked_at_next_morning() -> None:
    assert missing_days(NOON, FULL) == []
    assert next_look(NOON, FULL) == beijing(TODAY + DAY, 8)
    assert next_look(beijing(TODAY, 7), FULL) == beijing(TODAY, 8)


def test_an_empty_yesterday_is_asked_for_again_and_ever_more_seldom() -> None:
    days = {**FULL.days, YESTERDAY: False}
    now, gaps = beijing(TODAY, 8), []
    while now < beijing(TODAY + DAY, 8):
        fetched = FetchedDays(days, {YESTERDAY: now})
        assert missing_days(now, fetched) == []
        then = next_look(now, fetched)
        assert missing_days(then - MINUTE, fetched) == []
        assert missing_days(then, fetched)[:1] == [YESTERDAY]
        gaps.append(then - now)
        now = then
    assert gaps == [HOUR, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR]
    assert is_final(DayFigures(YESTERDAY, {}, {}), now)


def test_an_empty_day_that_was_asked_for_before_a_restart_is_asked_for_at_once() -> None:
    assert missing_days(NOON, FetchedDays({**FULL.days, YESTERDAY: False})) == [YESTERDAY]


@pytest.mark.parametrize(
    ("beacons", "pages", "day", "hour", "final"),
    [
        (True, True, YESTERDAY, 8, True),
        (False, False, YESTERDAY, 8, False),
        (False, False, YESTERDAY, 23, False),
        (True, False, YESTERDAY, 9, False),
        (False, True, YESTERDAY, 9, False),
        (False, False, YESTERDAY - DAY, 7, False),
        (False, False, YESTERDAY - DAY, 8, True),
        (True, False, YESTERDAY - DAY, 8, True),
    ],
)
def test_only_the_newest_day_may_be_late(beacons: bool, pages: bool, day: date, hour: int, final: bool) -> None:
    figures = DayFigures(day, {key(1): SOME} if beacons else {}, {ref(7): SOME} if pages else {})
    assert is_final(figures, beijing(TODAY, hour)) is final


def test_a_clock_that_jumped_back_asks_for_nothing_twice() -> None:
    back = NOON - 30 * DAY
    missing = missing_days(back, FULL)
    assert missing == [ALL_DAYS[0] - number * DAY for number in range(30, 0, -1)]
    assert next_look(back, FetchedDays({**FULL.days, **dict.fromkeys(missing, True)})) == beijing(TODAY - 29 * DAY, 8)


@given(scenes())
def test_whatever_is_asked_for_is_told_and_is_asked_for_once(scene: tuple[datetime, FetchedDays, timedelta]) -> None:
    now, fetched, morning = scene
    missing = missing_days(now, fetched, morning)
    today = beijing_day(now)
    assert missing == sorted(set(missing))
    for day in missing:
        assert 1 <= (today - day).days <= 89
        assert not fetched.days.get(day)
        assert beijing_day(now - morning) > day
    for age in range(2, 90):
        day = today - age * DAY
        assert (day in missing) or day in fetched.days or beijing_day(now - morning) <= day


@given(scenes())
def test_there_is_something_to_ask_for_at_the_next_look_and_not_before(
    scene: tuple[datetime, FetchedDays, timedelta],
) -> None:
    now, fetched, morning = scene
    then = next_look(now, fetched, morning)
    assert (then <= now) == bool(missing_days(now, fetched, morning))
    assert then <= now + DAY
    if then > now:
        assert missing_days(then - timedelta(microseconds=1), fetched, morning) == []
        newest = beijing_day(then - morning) - DAY
        assert missing_days(then, fetched, morning) or fetched.days.get(newest) or newest in fetched.asked


@given(scenes(), st.booleans(), st.booleans())
def test_each_missing_day_is_asked_for_once_and_then_it_is_quiet(
    scene: tuple[datetime, FetchedDays, timedelta], beacons: bool, pages: bool
) -> None:
    now, fetched, morning = scene
    days, asked = dict(fetched.days), dict(fetched.asked)
    for day in missing_days(now, fetched, morning):
        figures = DayFigures(day, {key(1): SOME} if beacons else {}, {ref(7): SOME} if pages else {})
        days[day], asked[day] = is_final(figures, now, morning), now
    assert missing_days(now, FetchedDays(days, asked), morning) == []
    assert now < next_look(now, FetchedDays(days, asked), morning) <= now + DAY
