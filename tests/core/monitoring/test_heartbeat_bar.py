"""What each half hour of a beacon's bar is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.monitoring.heartbeat_bar import (
    SLOT,
    SLOTS_PER_DAY,
    Bar,
    Bars,
    Beat,
    Day,
    begins_at,
    known_until,
)
from tests.adapters.database.days import key

NOW = datetime(2026, 11, 24, 10, 10, tzinfo=UTC)
"""The newest half hour is ten minutes old."""
BEGINS = begins_at(NOW)
KEY = key(1)
LAST = SLOTS_PER_DAY - 1
HALF_HOUR = SLOT.total_seconds()
MINUTE = timedelta(minutes=1)
LONG_AGO = NOW - timedelta(days=9)

WHOLE_DAY = Day(
    begins=BEGINS,
    told=NOW,
    worked=[HALF_HOUR] * LAST + [600.0],
    deaf=[0.0] * SLOTS_PER_DAY,
    heard={KEY: [30] * LAST + [10]},
)


def at(values: list[float], **others: float) -> list[float]:
    """Return the values with others in some places: `at(values, _3=0.0)`."""
    changed = list(values)
    for place, value in others.items():
        changed[int(place[1:])] = value
    return changed


def heard(**others: int) -> Mapping[BeaconKey, list[int]]:
    return {KEY: [int(count) for count in at(list(WHOLE_DAY.heard[KEY]), **others)]}


def bar(day: Day, *, last: datetime | None = None, known: datetime = NOW, key: BeaconKey = KEY) -> Bar:
    return Bars(day, now=NOW, known=known).of(key, last)


def test_the_last_half_hour_is_the_one_that_lasts() -> None:
    assert datetime(2026, 11, 23, 10, 30, tzinfo=UTC) == BEGINS
    assert BEGINS + LAST * SLOT <= NOW < BEGINS + SLOTS_PER_DAY * SLOT
    assert begins_at(BEGINS + LAST * SLOT) == BEGINS


def test_a_beacon_that_is_always_heard_has_a_whole_bar() -> None:
    whole = bar(WHOLE_DAY)
    assert set(whole.beats) == {Beat.HEARD}
    assert (whole.heard, whole.silent, whole.deaf, whole.unknown) == (23.5 * 3600 + 600, 0, 0, 0)


def test_one_that_is_in_no_row_was_not_heard() -> None:
    assert set(bar(WHOLE_DAY, key=key(2)).beats) == {Beat.SILENT}


@pytest.mark.parametrize(
    ("minutes", "beat"), [(0, Beat.SILENT), (1, Beat.PARTLY), (24, Beat.PARTLY), (25, Beat.HEARD), (30, Beat.HEARD)]
)
def test_five_minutes_of_silence_are_seen(minutes: int, beat: Beat) -> None:
    found = bar(replace(WHOLE_DAY, heard=heard(_7=minutes)))
    assert found.beats[7] is beat
    assert found.silent == 60 * (30 - minutes)


@pytest.mark.parametrize(
    ("deaf", "minutes", "beat"),
    [
        (900.0, 0, Beat.SILENT),
        (901.0, 0, Beat.DEAF),
        (1800.0, 0, Beat.DEAF),
        (901.0, 14, Beat.DEAF),
        (600.0, 20, Beat.HEARD),
    ],
)
def test_a_deaf_gateway_accuses_nobody(deaf: float, minutes: int, beat: Beat) -> None:
    found = bar(replace(WHOLE_DAY, deaf=at([0.0] * SLOTS_PER_DAY, _7=deaf), heard=heard(_7=minutes)))
    assert found.beats[7] is beat
    assert found.deaf == deaf


def test_a_gateway_that_was_not_at_work_is_shown_as_a_deaf_one() -> None:
    found = bar(replace(WHOLE_DAY, worked=at(list(WHOLE_DAY.worked), _7=0.0), heard=heard(_7=0)))
    assert found.beats[7] is Beat.DEAF
    assert (found.deaf, found.silent) == (HALF_HOUR, 0)


def test_what_is_not_written_yet_is_not_known_and_is_no_silence() -> None:
    early = BEGINS + (LAST - 1) * SLOT
    unwritten = replace(WHOLE_DAY, worked=[HALF_HOUR] * (LAST - 1) + [0.0, 0.0], heard=heard(_46=0, _47=0))
    found = bar(unwritten, known=early)
    assert found.beats[-3:] == (Beat.HEARD, Beat.UNKNOWN, Beat.UNKNOWN)
    assert (found.silent, found.deaf, found.unknown) == (0, 0, HALF_HOUR + 600)


def test_the_tail_of_a_minute_says_nothing_about_the_next_half_hour() -> None:
    begun = BEGINS + LAST * SLOT
    day = replace(WHOLE_DAY, worked=[HALF_HOUR] * LAST + [0.0], heard=heard(_47=0))
    assert bar(day, known=begun + timedelta(seconds=59)).beats[-1] is Beat.UNKNOWN


def test_what_is_heard_now_is_heard_before_it_is_written() -> None:
    begun = BEGINS + LAST * SLOT
    day = replace(WHOLE_DAY, worked=[HALF_HOUR] * LAST + [0.0], heard=heard(_47=0))
    assert bar(day, known=begun, last=NOW).beats[-1] is Beat.HEARD
    assert bar(day, known=begun, last=begun - 5 * MINUTE).beats[-1] is Beat.UNKNOWN


def test_one_that_has_just_come_back_is_not_shown_as_silent() -> None:
    day = replace(WHOLE_DAY, heard=heard(_47=0))
    known = NOW - 2 * MINUTE
    assert bar(day, known=known).beats[-1] is Beat.SILENT
    assert bar(day, known=known, last=NOW).beats[-1] is Beat.PARTLY
    assert bar(day, known=known, last=NOW + timedelta(days=1)).beats[-1] is Beat.SILENT


def test_an_empty_log_of_a_gateway_that_has_just_begun_knows_of_no_silence() -> None:
    nothing = Day(BEGINS, None, [0.0] * SLOTS_PER_DAY, [0.0] * SLOTS_PER_DAY, {})
    known = known_until(nothing, now=NOW, started=NOW - MINUTE, writable=True)
    found = bar(nothing, known=known)
    assert set(found.beats) == {Beat.DEAF}
    assert found.silent == 0


def test_the_log_is_believed_up_to_its_last_minute() -> None:
    day = replace(WHOLE_DAY, told=NOW - 4 * MINUTE)
    assert known_until(day, now=NOW, started=LONG_AGO, writable=True) == NOW - 4 * MINUTE


def test_a_minute_waits_for_an_hour_at_most_while_the_log_can_be_written() -> None:
    day = replace(WHOLE_DAY, told=NOW - 300 * MINUTE)
    assert known_until(day, now=NOW, started=LONG_AGO, writable=True) == NOW - 62 * MINUTE
    assert known_until(day, now=NOW, started=LONG_AGO, writable=False) == NOW - 300 * MINUTE


def test_what_came_before_this_process_waits_no_more() -> None:
    day = replace(WHOLE_DAY, told=NOW - 300 * MINUTE)
    assert known_until(day, now=NOW, started=NOW - 2 * MINUTE, writable=True) == NOW - 2 * MINUTE


def test_a_start_that_lies_in_the_future_says_nothing() -> None:
    day = replace(WHOLE_DAY, told=NOW - 4 * MINUTE)
    assert known_until(day, now=NOW, started=NOW + 300 * MINUTE, writable=True) == NOW - 4 * MINUTE


def test_a_row_of_the_future_makes_nothing_known() -> None:
    day = replace(WHOLE_DAY, told=NOW + timedelta(days=300))
    assert known_until(day, now=NOW, started=LONG_AGO, writable=True) == NOW


SECONDS = st.lists(st.floats(0, 4000), min_size=SLOTS_PER_DAY, max_size=SLOTS_PER_DAY)
COUNTS = st.lists(st.integers(0, 60), min_size=SLOTS_PER_DAY, max_size=SLOTS_PER_DAY)


@given(SECONDS, SECONDS, COUNTS, st.floats(0, 86_400), st.none() | st.floats(-90_000, 90_000))
def test_whatever_the_log_says_the_parts_make_up_the_time_and_none_is_below_nothing(
    worked: list[float], deaf: list[float], minutes: list[int], known: float, last: float | None
) -> None:
    day = Day(BEGINS, None, worked, deaf, {KEY: minutes})
    until = min(NOW, BEGINS + timedelta(seconds=known))
    found = bar(day, known=until, last=None if last is None else NOW + timedelta(seconds=last))
    parts = (found.heard, found.silent, found.deaf, found.unknown)
    assert sum(parts) == pytest.approx((NOW - BEGINS).total_seconds())
    assert min(parts) >= -1e-6
    assert len(found.beats) == SLOTS_PER_DAY


def own(day: Day, *, known: datetime = NOW) -> Bar:
    return Bars(day, now=NOW, known=known).own()


def test_a_gateway_that_always_listened_has_a_whole_bar_of_its_own() -> None:
    whole = own(WHOLE_DAY)
    assert set(whole.beats) == {Beat.HEARD}
    assert (whole.heard, whole.silent, whole.deaf, whole.unknown) == (23.5 * 3600 + 600, 0, 0, 0)


def test_its_own_half_hours_are_whole_partly_or_deaf_by_how_long_it_listened() -> None:
    worked = at([HALF_HOUR] * LAST + [600.0], _0=0.0, _1=HALF_HOUR * 0.4, _2=HALF_HOUR * 0.6)
    deaf = at([0.0] * SLOTS_PER_DAY, _3=HALF_HOUR, _4=HALF_HOUR * 0.3, _5=HALF_HOUR * 0.1)
    bar = own(replace(WHOLE_DAY, worked=worked, deaf=deaf))
    assert bar.beats[:6] == (Beat.DEAF, Beat.DEAF, Beat.PARTLY, Beat.DEAF, Beat.PARTLY, Beat.HEARD)
    assert bar.heard + bar.deaf == 23.5 * 3600 + 600


def test_of_itself_too_it_says_nothing_of_what_is_not_written_yet() -> None:
    bar = own(WHOLE_DAY, known=NOW - 30 * MINUTE)
    assert bar.beats[-2:] == (Beat.HEARD, Beat.UNKNOWN)
    assert bar.unknown == 1800
