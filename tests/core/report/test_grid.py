"""Floors against time: what was not listened to is never shown as a number, and what is shown adds up."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beacon_gateway.core.log.tallies import FloorHour, GatewayHour
from beacon_gateway.core.model.settings import EventSettings, WeChatSettings
from beacon_gateway.core.report.grid import Grid
from beacon_gateway.core.report.report_request import GroupBy, Measure
from beacon_gateway.core.report.timesheet import CountingState
from beacon_gateway.presentation.report.grid import cell_text, glyph
from tests.core.report.shop import (
    A_DAY,
    KOLKATA,
    MONDAY,
    SHANGHAI,
    SUNDAY,
    Question,
    beacon_day,
    days,
    enters,
    listened,
    moment,
    shakes,
    store,
    told,
)

TUESDAY = MONDAY + A_DAY
ACCOUNT = WeChatSettings("wx0123456789abcdef", events=EventSettings("privacy policy, 3"))


def cells(grid: Grid, floor: str = "F6") -> list[str]:
    """Return a floor's line of the table."""
    [row] = [row for row in grid.rows if row.floor == floor]
    return [cell_text(cell, column, grid) for cell, column in zip(row.cells, grid.columns, strict=True)]


def marks(grid: Grid, floor: str = "F6") -> str:
    """Return a floor's line of the heat map."""
    [row] = [row for row in grid.rows if row.floor == floor]
    return "".join(glyph(cell, column, grid.top)[0] for cell, column in zip(row.cells, grid.columns, strict=True))


def one_day(**what: object) -> Grid:
    return Question(told(**what), last=MONDAY).report().grid


def test_an_hour_that_was_not_listened_to_is_hatched_whatever_was_logged_in_it() -> None:
    grid = one_day(
        listening=listened([MONDAY], range(10, 22)) + listened([MONDAY], [9], minutes=29),
        hours=[enters(MONDAY, 9, "F6", 7), enters(MONDAY, 10, "F6", 3)],
    )
    assert cells(grid)[8:12] == ["╱╱", "╱╱", "3", "0"]
    assert marks(grid) == "╱╱╱╱╱╱╱╱╱╱█···········╱╱"
    assert grid.hidden == 7


def test_an_hour_that_was_listened_to_in_part_has_a_tilde() -> None:
    listening = [*listened([MONDAY], [10], minutes=30), *listened([MONDAY], [11], 56), *listened([MONDAY], [12], 57)]
    grid = one_day(listening=listening, hours=[enters(MONDAY, hour, "F6", 4) for hour in (10, 11, 12)])
    assert cells(grid)[10:13] == ["~4", "~4", "4"]


def test_hours_yet_to_come_are_blank() -> None:
    listening = [*listened([MONDAY], range(12)), GatewayHour(moment(MONDAY, 12), 1800, 0)]
    grid = (
        Question(told(listening=listening), last=MONDAY, now=moment(MONDAY, 12) + timedelta(minutes=30)).report().grid
    )
    assert cells(grid) == ["0"] * 13 + [""] * 11
    assert marks(grid).rstrip() == "·" * 13


def test_minutes_that_wait_to_be_written_are_no_deaf_minutes() -> None:
    listening = [*listened([MONDAY], range(11)), GatewayHour(moment(MONDAY, 11), 3000, 0)]
    tallies = told(listening=listening)
    [*_, eleven, noon] = cells(Question(tallies, last=MONDAY, now=moment(MONDAY, 12)).report().grid)[:13]
    assert (eleven, noon) == ("0", "")
    [*_, eleven, noon] = cells(Question(tallies, last=MONDAY, now=moment(MONDAY, 15)).report().grid)[:13]
    assert (eleven, noon) == ("~0", "╱╱")


@pytest.mark.parametrize("zone", [SHANGHAI, KOLKATA])
def test_hours_are_those_of_the_store_s_clock(zone: ZoneInfo) -> None:
    start = moment(MONDAY, 21, zone)
    grid = (
        Question(
            told(
                hours=[FloorHour(start, "F6", 5, 0, 0, 0.0, 0, 0)],
                listening=[GatewayHour(start, 3600, 0), GatewayHour(start + timedelta(hours=1), 3600, 0)],
            ),
            last=MONDAY,
            zone=zone,
        )
        .report()
        .grid
    )
    assert cells(grid) == [*["╱╱"] * 21, "5", "0", "╱╱"]


def test_an_hour_of_a_week_is_the_sum_of_its_days() -> None:
    week = days(MONDAY, SUNDAY)
    tallies = told(listening=listened(week), hours=[enters(day, 10, "F6", 2) for day in week])
    assert cells(Question(tallies).report().grid)[10] == "14"


def test_a_weekday_is_the_mean_of_its_days_that_were_listened_to() -> None:
    mondays = [MONDAY + number * 7 * A_DAY for number in range(4)]
    tallies = told(
        listening=listened(mondays[:3]) + listened(mondays[3:], range(6)),
        hours=[enters(day, 10, "F6", count) for day, count in zip(mondays, (10, 20, 30, 99), strict=True)],
    )
    grid = Question(tallies, last=mondays[-1], by=GroupBy.WEEKDAY).report().grid
    assert cells(grid)[0] == "~20.0"
    assert [column.units for column in grid.columns] == [3, 0, 0, 0, 0, 0, 0]
    assert cells(grid)[1:] == ["╱╱"] * 6
    assert grid.hidden == 99


def test_today_is_in_no_mean_before_it_is_over() -> None:
    tallies = told(
        listening=[*listened([MONDAY]), *listened([TUESDAY], range(10))],
        hours=[enters(MONDAY, 10, "F6", 9), enters(TUESDAY, 9, "F6", 5)],
    )
    grid = Question(tallies, last=TUESDAY, now=moment(TUESDAY, 10), by=GroupBy.WEEKDAY).report().grid
    assert (cells(grid), grid.hidden) == (["9.0", ""], 5)


def test_floors_stand_one_above_the_other() -> None:
    floors = ["B1", "F2", "F10", "F1", "B2", "G"]
    tallies = told(listening=listened([MONDAY]), hours=[enters(MONDAY, 10, floor, 1) for floor in floors])
    grid = Question(tallies, last=MONDAY).report().grid
    assert [row.floor for row in grid.rows] == ["F10", "F6", "F2", "F1", "G", "B1", "B2"]


def test_buildings_stand_one_after_the_other() -> None:
    floors = ["B-F1", "A-F1", "A-F12", "A-B1", "B-F2"]
    tallies = told(listening=listened([MONDAY]), hours=[enters(MONDAY, 10, floor, 1) for floor in floors])
    rows = [row.floor for row in Question(tallies, last=MONDAY).report().grid.rows]
    assert [floor for floor in rows if "-" in floor] == ["A-F12", "A-F1", "A-B1", "B-F2", "B-F1"]


def test_all_floors_have_one_scale() -> None:
    tallies = told(listening=listened([MONDAY]), hours=[enters(MONDAY, 10, "F6", 80), enters(MONDAY, 10, "F1", 10)])
    grid = Question(tallies, last=MONDAY).report().grid
    assert (marks(grid)[10], marks(grid, "F1")[10]) == ("█", "▁")


def test_one_beacon_is_counted_by_day() -> None:
    tallies = told(
        listening=listened(days(MONDAY, TUESDAY)),
        hours=[enters(MONDAY, 10, "F6", 99)],
        days=[beacon_day(MONDAY, 1, 600, 3), beacon_day(MONDAY, 2, 900, 50), beacon_day(TUESDAY, 1, 1200, 4)],
    )
    question = Question(tallies, last=TUESDAY, by=GroupBy.DAY, beacon="corner-1")
    assert cells(question.report().grid) == ["3", "4"]
    assert cells(replace(question, show=Measure.MINUTES).report().grid) == ["600", "1200"]


def test_few_people_are_never_told_exactly() -> None:
    tallies = told(
        listening=listened([MONDAY]),
        shake_hours=[shakes(MONDAY, hour, "F6", 9, people) for hour, people in ((9, 1), (10, 4), (11, 5))],
    )
    question = Question(tallies, last=MONDAY, show=Measure.PEOPLE, account=ACCOUNT)
    assert cells(question.report().grid)[8:12] == ["0", "<5", "<5", "5"]
    assert marks(question.report().grid)[8:12] == "·▁▁█"
    assert cells(replace(question, show=Measure.SHAKES).report().grid)[8:12] == ["0", "9", "9", "9"]


def test_people_of_several_days_are_a_mean_and_never_a_sum() -> None:
    week = days(MONDAY, SUNDAY)
    tallies = told(listening=listened(week), shake_hours=[shakes(day, 9, "F6", 20, 14) for day in week[:5]])
    grid = Question(tallies, show=Measure.PEOPLE, account=ACCOUNT).report().grid
    assert cells(grid)[9] == "10.0"
    assert grid.rows[0].floor == "F6"


def test_a_shake_needs_no_radio_to_be_counted() -> None:
    tallies = told(listening=[*listened([MONDAY], [9, 10], minutes=0)], shake_hours=[shakes(MONDAY, 9, "F6", 20, 14)])
    assert cells(Question(tallies, last=MONDAY, show=Measure.SHAKES, account=ACCOUNT).report().grid)[9:12] == [
        "20",
        "0",
        "╱╱",
    ]


def test_shakes_that_nobody_tells_of_are_not_zero() -> None:
    question = Question(told(listening=listened([MONDAY])), last=MONDAY, show=Measure.SHAKES)
    assert set(cells(question.report().grid)) == {"╱╱"}
    assert "  Shakes are not received (no wechat.events in gateway.yaml), so there are no numbers here, " in "\n".join(
        question.lines()
    )


def test_a_floor_beyond_the_radio_s_reach_has_no_row_but_its_shakes_count() -> None:
    tallies = told(listening=listened([MONDAY]), shake_hours=[shakes(MONDAY, 9, "F6", 20, 14)])
    question = Question(tallies, last=MONDAY, store=store(), account=ACCOUNT)
    assert [row.floor for row in question.report().grid.rows] == ["F6"]
    assert [row.floor for row in replace(question, show=Measure.SHAKES).report().grid.rows] == ["F6", "F1"]
    lines = replace(question, floor="F1").lines()
    assert "  Gateway f6-east received no beacon there in this period." in lines


FLOORS = st.sampled_from(["F1", "F6", "F10"])
HOURS = st.builds(enters, st.sampled_from(days(MONDAY, SUNDAY)), st.integers(0, 23), FLOORS, st.integers(0, 999))
LISTENING = st.builds(
    lambda day, hour, seconds, deaf: GatewayHour(moment(day, hour), seconds, deaf),
    st.sampled_from(days(MONDAY, SUNDAY)),
    st.integers(0, 23),
    st.floats(0, 3700),
    st.floats(0, 3700),
)
NOW = st.datetimes(datetime(2026, 11, 16), datetime(2026, 11, 24), timezones=st.just(SHANGHAI))  # noqa: DTZ001 - hypothesis adds it


@pytest.mark.slow
@given(st.lists(HOURS, max_size=60), st.lists(LISTENING, max_size=170), NOW, st.sampled_from([*GroupBy]))
@settings(max_examples=300, deadline=None)
def test_nothing_that_was_not_listened_to_ever_shows_a_digit(
    hours: list[FloorHour], listening: list[GatewayHour], now: datetime, by: GroupBy
) -> None:
    grid = Question(told(hours=hours, listening=listening), now=now, by=by).report().grid
    for row in grid.rows:
        for text, mark, column in zip(cells(grid, row.floor), marks(grid, row.floor), grid.columns, strict=True):
            assert any(map(str.isdigit, text)) == (column.time.share >= 0.5), (text, column)
            assert (mark in "╱ ") == (column.time.share < 0.5)
            assert text.startswith("~") == (column.attention is CountingState.PARTLY)


@pytest.mark.slow
@given(st.lists(HOURS, max_size=60), st.lists(LISTENING, max_size=170), NOW, st.sampled_from([*GroupBy]))
@settings(max_examples=300, deadline=None)
def test_what_is_shown_and_what_is_hidden_add_up_to_what_was_logged(
    hours: list[FloorHour], listening: list[GatewayHour], now: datetime, by: GroupBy
) -> None:
    grid = Question(told(hours=hours, listening=listening), now=now, by=by).report().grid
    shown = 0.0
    for row in grid.rows:
        for cell, column in zip(row.cells, grid.columns, strict=True):
            if isinstance(cell, (int, float)):
                shown += cell * column.units if grid.is_mean else cell
    assert shown + grid.hidden == pytest.approx(sum(hour.enters for hour in hours))
