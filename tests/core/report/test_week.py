"""The hours of the week: means of the hours that were listened to."""

from beacon_gateway.core.report.grid import Grid, GridHeading
from beacon_gateway.core.report.persons import Told
from beacon_gateway.core.report.report_request import GroupBy, Measure
from tests.core.report.shop import A_DAY, MONDAY, SUNDAY, Question, days, enters, listened, moment, shakes, told
from tests.core.report.test_grid import ACCOUNT

NEXT_MONDAY = MONDAY + 7 * A_DAY


def cell(grid: Grid, weekday: int, hour: int) -> Told | None:
    [row] = grid.rows
    [place] = [n for n, column in enumerate(grid.columns) if column.heading == GridHeading(hour=hour, weekday=weekday)]
    return row.cells[place]


def test_a_week_has_168_hours() -> None:
    grid = Question(told(listening=listened(days(MONDAY, SUNDAY))), by=GroupBy.WEEKDAY_HOUR).report().grid
    assert len(grid.columns) == 7 * 24
    assert grid.is_mean


def test_an_hour_is_the_mean_of_the_days_on_which_it_was_listened_to() -> None:
    tallies = told(
        listening=listened([MONDAY], range(10, 12)) + listened([NEXT_MONDAY], [10]),
        hours=[enters(MONDAY, 10, "F6", 4), enters(NEXT_MONDAY, 10, "F6", 7), enters(MONDAY, 11, "F6", 6)],
    )
    grid = Question(tallies, last=NEXT_MONDAY, by=GroupBy.WEEKDAY_HOUR).report().grid
    assert [cell(grid, 0, hour) for hour in (9, 10, 11)] == [None, 5.5, 6]
    assert cell(grid, 1, 10) is None


def test_an_hour_that_is_not_over_is_in_no_mean() -> None:
    tallies = told(listening=listened([MONDAY], range(11)), hours=[enters(MONDAY, 10, "F6", 4)])
    grid = Question(tallies, by=GroupBy.WEEKDAY_HOUR, now=moment(MONDAY, 11)).report().grid
    assert (cell(grid, 0, 9), cell(grid, 0, 10), cell(grid, 0, 11)) == (0, 4, None)


def test_few_people_of_an_hour_are_not_told() -> None:
    tallies = told(listening=listened([MONDAY]), shake_hours=[shakes(MONDAY, 10, "F6", 9, 4)])
    asked = Question(tallies, by=GroupBy.WEEKDAY_HOUR, show=Measure.PEOPLE, floor="F6", account=ACCOUNT)
    assert cell(asked.report().grid, 0, 10) == "<5"
