"""A report as rows: one a floor and hour of a day, a floor and day, or a floor and weekday."""

from collections.abc import Iterator, Sequence
from typing import Final

from beacon_gateway.core.report.directory import top_down
from beacon_gateway.core.report.grid import Grid, GridColumn
from beacon_gateway.core.report.persons import Told
from beacon_gateway.core.report.report import Table
from beacon_gateway.core.report.report_request import Measure
from beacon_gateway.core.report.timesheet import CountingState
from beacon_gateway.presentation.report.amounts import number
from beacon_gateway.presentation.report.spreadsheet import spreadsheet

COLUMNS: Final = (
    "date",
    "hour",
    "weekday",
    "floor",
    "floor_name",
    "beacon",
    "days",
    "elapsed_minutes",
    "listened_minutes",
    "enters",
    "beacon_minutes",
    "shakes",
    "people",
    "tags",
)
"""Stable: only ever added to, at the end. `tags` is "heard" where there are tags among the beacons: they count on each
floor on which they were heard."""


def report_csv(wanted: Table) -> str:
    """Return the rows; what was not listened to has empty cells, and what is yet to come no rows."""
    return spreadsheet([COLUMNS, *_rows(wanted)])


def _rows(wanted: Table) -> Iterator[list[object]]:
    heard = wanted.grids[Measure.ENTERS]
    floors = top_down({row.floor for grid in wanted.grids.values() for row in grid.rows})
    cells = {floor: [_cells(grid, floor) for grid in wanted.grids.values()] for floor in floors}
    for place, column in enumerate(heard.columns):
        if column.attention is CountingState.TO_COME:
            continue
        when, time = _when(column), _time(heard, column)
        for floor in floors:
            counts = [of_measure[place] for of_measure in cells[floor]]
            tags = "heard" if wanted.has_tags else None
            yield [*when, floor, wanted.floors.get(floor, floor), wanted.beacon, *time, *counts, tags]


def _when(column: GridColumn) -> list[object]:
    day, hour, weekday = column.heading
    return [day, hour, day.isoweekday() if day else None if weekday is None else weekday + 1]


def _time(grid: Grid, column: GridColumn) -> list[object]:
    """Return the number of days in a mean, how long the time lasted so far, and how much of it was listened to."""
    return [column.units if grid.is_mean else None, round(column.time.passed / 60), round(column.time.counted / 60)]


def _cells(grid: Grid, floor: str) -> Sequence[Told | None]:
    """Return a floor's numbers; empty ones where the radio does not reach."""
    for row in grid.rows:
        if row.floor == floor:
            return [None if cell is None else number(cell, is_mean=grid.is_mean) for cell in row.cells]
    return [None] * len(grid.columns)
