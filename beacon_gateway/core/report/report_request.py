"""What a report is asked for, and what cannot be asked."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from beacon_gateway.core.report.span import Span

MAX_REPORT_DAYS: Final = 400
"""A year, and the weeks before it for comparing."""


class GroupBy(StrEnum):
    """What a column is."""

    HOUR = "hour"
    """One of the day's 24, all days together."""
    DAY = "day"
    WEEKDAY = "weekday"
    DATED_HOUR = "dated-hour"
    """One hour of one day: for a spreadsheet, which adds up by itself."""
    WEEKDAY_HOUR = "weekday-hour"
    """One of a week's 168."""

    @property
    def is_hourly(self) -> bool:
        return self in (GroupBy.HOUR, GroupBy.DATED_HOUR, GroupBy.WEEKDAY_HOUR)


class Measure(StrEnum):
    ENTERS = "enters"
    MINUTES = "minutes"
    """In which a beacon was heard, added up over the beacons."""
    SHAKES = "shakes"
    PEOPLE = "people"

    @property
    def is_heard(self) -> bool:
        """True if the radio counts it; a shake is told by WeChat, for which the gateway need only be at work."""
        return self in (Measure.ENTERS, Measure.MINUTES)


@dataclass(frozen=True, slots=True)
class ReportRequest:
    span: Span
    by: GroupBy = GroupBy.HOUR
    show: Measure = Measure.ENTERS
    floor: str | None = None
    beacon: str | None = None
    """A slug; several floors may have a beacon of that name."""
    campaign: Span | None = None

    def wants(self, floor: str, beacon: str) -> bool:
        """True if a beacon is among those that are asked for."""
        return self.floor in (None, floor) and self.beacon in (None, beacon)


def refusal(asked: ReportRequest) -> str | None:
    """Return the phrase that says why this cannot be told; None if it can."""
    for span in (asked.span, asked.campaign):
        if span and span.first > span.last:
            return "report.backwards"
        if span and span.day_count > MAX_REPORT_DAYS:
            return "report.too-long"
    if asked.beacon is not None and not asked.show.is_heard:
        return "report.beacon-shakes"
    if asked.beacon is not None and asked.by.is_hourly:
        return "report.beacon-hours"
    return None
