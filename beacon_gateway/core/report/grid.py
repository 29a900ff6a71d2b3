"""The floors of a store against time: how much was counted where and when, and where nobody was there to count."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from beacon_gateway.core.log.tallies import Tallies
from beacon_gateway.core.report.persons import FEWER, Told, told
from beacon_gateway.core.report.report_request import GroupBy, Measure, ReportRequest
from beacon_gateway.core.report.span import Span, SpanUnit
from beacon_gateway.core.report.timesheet import MIN_COUNTED_SHARE, CountedTime, CountingState, Timesheet, total

_NOON: Final = timedelta(hours=12)


class GridHeading(NamedTuple):
    """What a column stands for: a day, an hour of one day or of any, a weekday (0 is Monday) or an hour of it."""

    day: date | None = None
    hour: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class GridColumn:
    heading: GridHeading
    time: CountedTime
    attention: CountingState
    units: int
    """Of how many days (or hours of days) a mean is the mean; one with hardly any listening is none of them."""

    @property
    def is_shown(self) -> bool:
        return self.attention.is_shown


@dataclass(frozen=True, slots=True)
class GridRow:
    floor: str
    cells: tuple[Told | None, ...]
    """One for each column; None where nothing may be shown: not listened to, or yet to come."""

    @property
    def total(self) -> float:
        """Return the sum of what is shown; of no meaning for persons and means."""
        return sum(cell for cell in self.cells if not isinstance(cell, str | None))


@dataclass(frozen=True, slots=True)
class Grid:
    measure: Measure
    is_mean: bool
    """A day's mean, not a sum."""
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    hidden: float
    """What was counted at times that are not shown; 0 for persons, who cannot be added up."""

    @property
    def top(self) -> Told:
        """Return the largest number that is shown."""
        shown = [cell for row in self.rows for cell in row.cells if cell is not None]
        largest = max((cell for cell in shown if not isinstance(cell, str)), default=0.0)
        return FEWER if not largest and FEWER in shown else largest


def make_grid(
    tallies: Tallies, asked: ReportRequest, measure: Measure, by: GroupBy, *, sheet: Timesheet, floors: Sequence[str]
) -> Grid:
    """Add up one measure for some floors, in their order.

    By weekday a column is the mean of its days. So is an hour of persons: who comes on two days is not two persons.
    """
    is_mean = by in (GroupBy.WEEKDAY, GroupBy.WEEKDAY_HOUR) or (
        by is GroupBy.HOUR and measure is Measure.PEOPLE and asked.span.day_count > 1
    )
    units = sheet.hours(heard=measure.is_heard) if by.is_hourly else sheet.days(heard=measure.is_heard)
    columns = _columns(units, by, is_mean=is_mean)
    headings = {unit: _heading(unit, by) for unit, time in units.items() if not is_mean or _is_typical(time)}
    shown = {unit: heading for unit, heading in headings.items() if columns[heading].is_shown}
    sums: dict[tuple[str, GridHeading], float] = {}
    hidden = 0.0
    for unit, floor, amount in _counts(tallies, asked, measure, by):
        if floor in floors and unit in shown:
            place = floor, shown[unit]
            sums[place] = sums.get(place, 0.0) + amount
        elif floor in floors:
            hidden += amount
    rows = [GridRow(floor, tuple(_cells(floor, columns.values(), sums, measure, is_mean=is_mean))) for floor in floors]
    return Grid(measure, is_mean, tuple(columns.values()), tuple(rows), 0.0 if measure is Measure.PEOPLE else hidden)


def _cells(
    floor: str,
    columns: Iterable[GridColumn],
    sums: Mapping[tuple[str, GridHeading], float],
    measure: Measure,
    *,
    is_mean: bool,
) -> Iterator[Told | None]:
    for column in columns:
        if column.is_shown:
            amount = sums.get((floor, column.heading), 0.0) / (column.units if is_mean else 1)
            yield told(amount) if measure is Measure.PEOPLE else amount
        else:
            yield None


def _heading(unit: SpanUnit, by: GroupBy) -> GridHeading:
    match by:
        case GroupBy.HOUR:
            return GridHeading(hour=unit.hour)
        case GroupBy.WEEKDAY:
            return GridHeading(weekday=unit.day.weekday())
        case GroupBy.DAY:
            return GridHeading(unit.day)
        case GroupBy.DATED_HOUR:
            return GridHeading(unit.day, unit.hour)
        case GroupBy.WEEKDAY_HOUR:
            return GridHeading(hour=unit.hour, weekday=unit.day.weekday())


def _columns(units: Mapping[SpanUnit, CountedTime], by: GroupBy, *, is_mean: bool) -> Mapping[GridHeading, GridColumn]:
    times: dict[GridHeading, list[CountedTime]] = {}
    for unit, time in units.items():
        members = times.setdefault(_heading(unit, by), [])
        if time.is_over or not is_mean:  # half a day would pull a mean down
            members.append(time)
    columns = {}
    for heading in sorted(times):
        time = total(times[heading])
        columns[heading] = GridColumn(heading, time, time.attention, sum(map(_is_typical, times[heading])))
    return columns


def _is_typical(time: CountedTime) -> bool:
    """True if a day may stand in a mean."""
    return time.is_over and time.share >= MIN_COUNTED_SHARE


def _counts(
    tallies: Tallies, asked: ReportRequest, measure: Measure, by: GroupBy
) -> Iterator[tuple[SpanUnit, str, float]]:
    """Return what was counted when, on which floor."""
    if asked.beacon is not None:
        for day in tallies.days:
            if measure.is_heard and not by.is_hourly and asked.wants(day.floor, day.beacon):
                yield SpanUnit(day.day), day.floor, day.enters if measure is Measure.ENTERS else day.minutes
        return
    places = _Places(asked.span, by)
    match measure:
        case Measure.ENTERS:
            yield from ((places.of(hour.start), hour.floor, hour.enters) for hour in tallies.hours)
        case Measure.MINUTES:
            yield from ((places.of(hour.start), hour.floor, hour.beacon_minutes) for hour in tallies.hours)
        case _:
            people = measure is Measure.PEOPLE
            inside = (
                timedelta() if by.is_hourly else _NOON
            )  # a day's start may be an hour off in a zone with summer time
            for row in tallies.shake_hours if by.is_hourly else tallies.shake_days:
                yield places.of(row.start + inside), row.floor, row.people if people else row.shakes


class _Places:
    """Finds the hour or day of a row. Twenty floors have rows of the same hour: each hour is looked up once."""

    def __init__(self, span: Span, by: GroupBy) -> None:
        self._span, self._is_hourly = span, by.is_hourly
        self._units: dict[datetime, SpanUnit] = {}

    def of(self, start: datetime) -> SpanUnit:
        unit = self._units.get(start)
        if unit is None:
            hour = self._span.unit(start)
            unit = self._units[start] = hour if self._is_hourly else SpanUnit(hour.day)
        return unit
