"""Charts of a report that a page shows: tables in which each cell has its number and a shade."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.report.campaign import Campaign, DailyMean, MeasureComparison, WeekdayComparison
from beacon_gateway.core.report.grid import Grid, GridColumn, GridHeading
from beacon_gateway.core.report.persons import Told
from beacon_gateway.core.report.report import Report
from beacon_gateway.core.report.timesheet import CountingState
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.presentation.report.amounts import amount, percent
from beacon_gateway.presentation.report.campaign import comparison_cells, comparisons, has_days
from beacon_gateway.presentation.report.grid import GridText, cell_text, floor_label, glyph

DASH: Final = "–"
SHADES: Final = 4
"""Shades, besides that of zero."""
DEAF, TO_COME, PLAIN = "hatched", "to-come", ""
_LEVELS_A_STEP: Final = 2
_NO_COLUMNS: Final = 0


@dataclass(frozen=True, slots=True)
class ChartCell:
    text: str
    look: str = PLAIN
    """`h0` (zero) to `h4` (most), DEAF, TO_COME or PLAIN."""
    title: str = ""
    """More about it."""


@dataclass(frozen=True, slots=True)
class ChartRow:
    label: str
    cells: Sequence[ChartCell]


@dataclass(frozen=True, slots=True)
class Chart:
    caption: str
    headings: Sequence[str]
    """Of all columns, that of the labels first."""
    lines: Sequence[ChartRow]
    notes: Sequence[str] = ()
    """The legend in words, and what is to be known of the numbers."""
    instead: str = ""
    """Why there is nothing to show."""


def floors_chart(report: Report, language: Language) -> Chart:
    """Return the report's grid: a line a floor, and how much was listened below."""
    text, grid = GridText(report, language, width=_NO_COLUMNS, colour=False), report.grid
    if instead := _instead(report, language):
        return Chart(text.title(), (), (), instead=instead)
    totals = [text.total(row) for row in grid.rows]
    lines = [
        ChartRow(label, [*_cells(row.cells, grid, language), *([ChartCell(total)] if any(totals) else [])])
        for label, row, total in zip(text.labels, grid.rows, totals, strict=True)
    ]
    spare = [ChartCell("")] if any(totals) else []
    lines += [ChartRow(label, [*cells, *spare]) for label, cells in _feet(grid, language)]
    return Chart(
        caption=text.title(),
        headings=[
            say("heat.floor", language),
            *map(text.heading, grid.columns),
            *([say("report.total", language)] if any(totals) else []),
        ],
        lines=lines,
        notes=[*_legend(grid, language), *text.notes()],
    )


def week_chart(report: Report, floor: str, language: Language) -> Chart:
    """Return one floor: a line a weekday, a column an hour. `report` is by hours of the week, of this floor."""
    grid = report.grid
    what = say(f"report.measure.{grid.measure}", language)
    caption = say("heat.week", language, what=what, floor=floor_label(report, floor, language))
    if instead := _instead(report, language):
        return Chart(caption, (), (), instead=instead)
    [row] = grid.rows
    cells = _cells(row.cells, grid, language)
    places = {column.heading: cell for column, cell in zip(grid.columns, cells, strict=True)}
    hours = sorted({hour for _, hour, _ in places if hour is not None})
    weekdays = sorted({weekday for _, _, weekday in places if weekday is not None})
    lines = [
        ChartRow(
            say(f"report.weekday.{weekday}", language),
            [places.get(GridHeading(hour=hour, weekday=weekday), ChartCell("", TO_COME)) for hour in hours],
        )
        for weekday in weekdays
    ]
    most = max((column.units for column in grid.columns), default=0)
    notes = [*_legend(grid, language), say("heat.week.note", language, count=most)]
    return Chart(caption, [say("heat.weekday", language), *map(str, hours)], lines, notes)


def campaign_charts(campaign: Campaign, language: Language) -> Iterator[Chart]:
    """Return a table for each thing that is compared: a line a weekday, before and during."""
    for compared in campaign.compared:
        what = say(f"report.campaign.{compared.what}", language)
        if has_days(compared):
            names = ("before", "n", "during", "n", "change")
            headings = [say("heat.weekday", language), *(say(f"report.campaign.{name}", language) for name in names)]
            yield Chart(what, headings, _comparisons(compared, language))
        else:
            yield Chart(what, (), (), instead=say("report.campaign.nothing", language, what=what))


def _comparisons(compared: MeasureComparison, language: Language) -> list[ChartRow]:
    rows = comparisons(compared)
    top = max(side.mean for row in rows for side in (row.before, row.during))
    return [_comparison(row, top, language) for row in rows]


def _comparison(row: WeekdayComparison, top: float, language: Language) -> ChartRow:
    label, before, days_before, during, days_during, change = comparison_cells(row, language)
    sides = [ChartCell(text, _side(side, top)) for text, side in ((before, row.before), (during, row.during))]
    return ChartRow(label, [sides[0], ChartCell(days_before), sides[1], ChartCell(days_during), ChartCell(change)])


def _side(side: DailyMean, top: float) -> str:
    if not side.days:
        return PLAIN
    return f"h{ceil(SHADES * side.mean / top) if top else 0}"


def _instead(report: Report, language: Language) -> str:
    """Say why a grid has no numbers at all; "" if it has."""
    if not report.grid.measure.is_heard and not report.shakes_told:
        return say("report.shakes-not-told", language)
    return "" if report.grid.rows else say("report.beyond-reach", language, gateway=report.gateway)


def _cells(cells: Sequence[Told | None], grid: Grid, language: Language) -> list[ChartCell]:
    top = grid.top
    return [_cell(cell, column, grid, top, language) for cell, column in zip(cells, grid.columns, strict=True)]


def _cell(cell: Told | None, column: GridColumn, grid: Grid, top: Told, language: Language) -> ChartCell:
    _, level = glyph(cell, column, top)
    if level is None:
        return ChartCell(DASH, DEAF, _deaf(grid, language))
    text = cell_text(cell, column, grid)
    if cell is None:
        return ChartCell(text, TO_COME)
    is_part = column.attention is CountingState.PARTLY
    title = say("heat.partly", language, share=percent(column.time.share)) if is_part else ""
    return ChartCell(text, f"h{ceil(level / _LEVELS_A_STEP)}", title)


def _feet(grid: Grid, language: Language) -> Iterator[tuple[str, list[ChartCell]]]:
    listening = "report.row.listened" if grid.measure.is_heard else "report.row.at-work"
    shares = [percent(column.time.share)[:-1] if column.time.passed else "" for column in grid.columns]
    yield say(listening, language), list(map(ChartCell, shares))
    if grid.is_mean:
        yield "n", [ChartCell(str(column.units) if column.time.passed else "") for column in grid.columns]


def _legend(grid: Grid, language: Language) -> Iterator[str]:
    """Say what the shades mean that are there."""
    seen = {column.attention for column in grid.columns}
    if grid.top:
        yield say("heat.legend.top", language, top=amount(grid.top, is_mean=grid.is_mean))
    if CountingState.NONE in seen:
        yield say("heat.legend.deaf", language, mark=DASH, why=_deaf(grid, language))
    if CountingState.PARTLY in seen:
        yield say("report.legend.partly", language)
    if CountingState.TO_COME in seen:
        yield say("report.legend.to-come", language)


def _deaf(grid: Grid, language: Language) -> str:
    return say("heat.deaf" if grid.measure.is_heard else "heat.off", language)
