"""Floors against time: a table of numbers, and a heat map of the same."""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Final

from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.report.grid import Grid, GridColumn, GridRow
from beacon_gateway.core.report.persons import Told
from beacon_gateway.core.report.report import Report
from beacon_gateway.core.report.report_request import GroupBy, Measure
from beacon_gateway.core.report.timesheet import CountingState
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.presentation.report.amounts import amount, percent
from beacon_gateway.presentation.terminal import left, right, shaded_line, visible, width_of

HATCH: Final = "╱"
ZERO: Final = "·"
BARS: Final = "▁▂▃▄▅▆▇█"
TICKS: Final = {GroupBy.HOUR: 6, GroupBy.DAY: 7}
"""Columns from one mark under the heat map to the next."""


class GridText:
    """Writes the grid of a report, in lines of this width; coloured only for a terminal that wants it."""

    def __init__(self, report: Report, language: Language, *, width: int, colour: bool) -> None:
        self._report, self._language, self._width, self._colour = report, language, width, colour
        self._grid: Grid = report.grid
        self._by = report.asked.by
        self.labels = [floor_label(report, row.floor, language) for row in self._grid.rows]

    def lines(self) -> Iterator[str]:
        yield self.title()
        if not self._grid.measure.is_heard and not self._report.shakes_told:
            yield f"  {self._say('report.shakes-not-told')}"
        elif not self._grid.rows:
            yield f"  {self._say('report.beyond-reach', gateway=self._report.gateway)}"
        else:
            yield from self._table()
            yield ""
            yield from self._heat_map()
            yield from (f"  {note}" for note in self.notes())

    def title(self) -> str:
        """Say what is counted, and by what."""
        measure, days = self._grid.measure, self._report.asked.span.day_count
        how = "report.mean" if self._grid.is_mean else "report.sum"
        return self._say(
            "report.grid",
            measure=self._say(f"report.measure.{measure}"),
            by=self._say(f"report.by.{self._by}"),
            how=self._say(how, days=days) if days > 1 and self._by is not GroupBy.DAY else "",
        )

    def _table(self) -> Iterator[str]:
        columns = self._grid.columns
        listening = self._say("report.row.listened" if self._grid.measure.is_heard else "report.row.at-work")
        rows = [
            ("", [self.heading(column) for column in columns]),
            *(
                (label, [cell_text(cell, column, self._grid) for cell, column in zip(row.cells, columns, strict=True)])
                for label, row in zip(self.labels, self._grid.rows, strict=True)
            ),
            (listening, [percent(column.time.share)[:-1] if column.time.passed else "" for column in columns]),
        ]
        totals = ["", *(self.total(row) for row in self._grid.rows), ""]
        if any(totals):
            totals[0] = self._say("report.total")
        if self._grid.is_mean:
            rows.append(("n", [str(column.units) if column.time.passed else "" for column in columns]))
            totals.append("")
        first = 2 + max(width_of(label) for label, _ in rows)
        cell = 1 + max(width_of(text) for _, texts in rows for text in texts)
        last = max(2 + width_of(total) for total in totals) if any(totals) else 0
        parts = _parts(len(columns), (self._width - first - last) // cell)
        for part in parts:
            for (label, texts), total in zip(rows, totals, strict=True):
                line = left(f"  {label}", first) + "".join(right(text, cell) for text in texts[part])
                yield (line + right(total, last) if part is parts[-1] else line).rstrip()

    def total(self, row: GridRow) -> str:
        """Return what is shown of a floor; "" where it cannot be added up."""
        grid = self._grid
        if grid.is_mean or grid.measure is Measure.PEOPLE or len(grid.columns) == 1:
            return ""
        if not any(column.is_shown for column in grid.columns):
            return HATCH * 2 if any(column.time.passed for column in grid.columns) else ""
        is_whole = all(column.attention in (CountingState.WHOLE, CountingState.TO_COME) for column in grid.columns)
        return amount(row.total) if is_whole else f"~{amount(row.total)}"

    def _heat_map(self) -> Iterator[str]:
        columns, top = self._grid.columns, self._grid.top
        first = 3 + max(map(width_of, self.labels))
        parts = _parts(len(columns), self._width - first)
        for part in parts:
            for label, row in zip(self.labels, self._grid.rows, strict=True):
                cells = zip(row.cells[part], columns[part], strict=True)
                yield self._shades(left(f"  {label}", first), [glyph(cell, column, top) for cell, column in cells])
            yield " " * first + self._ticks(columns[part])
        yield f"  {self._legend()}"

    def _shades(self, label: str, glyphs: Sequence[tuple[str, int | None]]) -> str:
        if self._colour:
            return shaded_line(label, glyphs)
        return (label + "".join(mark for mark, _ in glyphs)).rstrip()

    def _ticks(self, columns: Sequence[GridColumn]) -> str:
        step = TICKS.get(self._by)
        if step is None:
            return f"{self.heading(columns[0])} → {self.heading(columns[-1])}"
        marks = [self.heading(column) for column in columns[::step]]
        if len(marks) > 1 and len(columns) < step * (len(marks) - 1) + len(marks[-1]):
            marks.pop()  # it would stand out
        return "".join(mark.ljust(step) for mark in marks).rstrip()

    def _legend(self) -> str:
        seen = {column.attention for column in self._grid.columns}
        top, parts = self._grid.top, []
        if top:
            parts.append(self._say("report.legend.top", bar=BARS[-1], top=amount(top, is_mean=self._grid.is_mean)))
        if any(cell == 0 for row in self._grid.rows for cell in row.cells):
            parts.append(self._say("report.legend.zero", mark=ZERO))
        if CountingState.NONE in seen:
            parts.append(self._say("report.legend.none", mark=HATCH))
        if CountingState.PARTLY in seen:
            parts.append(self._say("report.legend.partly"))
        if CountingState.TO_COME in seen:
            parts.append(self._say("report.legend.to-come"))
        return "  ".join(parts)

    def notes(self) -> Iterator[str]:
        """Say what is to be known of the numbers."""
        span = self._report.asked.span
        today = self._report.now.astimezone(span.zone)
        if not self._grid.is_mean and span.first <= today.date() <= span.last:
            if self._by is GroupBy.DAY:
                yield self._say("report.note.today")
            elif span.day_count > 1:
                yield self._say("report.note.today-hours", hour=today.hour)
        if self._grid.hidden:
            yield self._say("report.note.hidden", count=amount(self._grid.hidden))
        if self._grid.is_mean:
            yield self._say("report.note.mean")
        if self._grid.measure.is_heard:
            yield self._say("report.note.beacons")
            if self._report.has_tags:
                yield self._say("report.note.tags")
        if self._grid.measure is Measure.PEOPLE:
            yield self._say("report.few")

    def heading(self, column: GridColumn) -> str:
        """Name a column."""
        day, hour, weekday = column.heading
        if weekday is not None:
            return self._say(f"report.weekday.{weekday}")
        return str(hour) if day is None else f"{day:%m-%d}"

    def _say(self, phrase: str, **details: object) -> str:
        return say(phrase, self._language, **details)


def cell_text(cell: Told | None, column: GridColumn, grid: Grid) -> str:
    """Return a number only where the gateway was there to count."""
    if cell is None:
        return "" if column.attention is CountingState.TO_COME else HATCH * 2
    text = amount(cell, is_mean=grid.is_mean)
    return f"~{text}" if column.attention is CountingState.PARTLY else text


def glyph(cell: Told | None, column: GridColumn, top: Told) -> tuple[str, int | None]:
    """Return the mark of a cell, and how dark it is (0 to 8, None if nobody counted); `top` is the darkest.

    A few persons look all alike: how few is not shown.
    """
    if cell is None:
        return (" ", 0) if column.attention is CountingState.TO_COME else (HATCH, None)
    if not cell:
        return ZERO, 0
    if isinstance(cell, str) or isinstance(top, str):
        return BARS[0], 1
    level = ceil(len(BARS) * cell / top)
    return BARS[level - 1], level


def floor_label(report: Report, slug: str, language: Language) -> str:
    """Return a floor's slug and name."""
    if not slug:
        return say("report.undeclared", language)
    name = report.floors.get(slug, slug)
    return visible(slug if name == slug else f"{slug} {name}")


def _parts(count: int, fits: int) -> list[slice]:
    """Cut columns into parts of one size, as large as fits."""
    number = ceil(count / max(fits, 1))
    size = ceil(count / max(number, 1)) or 1
    return [slice(start, start + size) for start in range(0, count, size)]
