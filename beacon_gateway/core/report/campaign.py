"""Before and during a campaign: the same weekdays compared, and no verdict where days are too few."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from beacon_gateway.core.log.tallies import Tallies
from beacon_gateway.core.report.directory import Directory
from beacon_gateway.core.report.report_request import ReportRequest
from beacon_gateway.core.report.span import Span
from beacon_gateway.core.report.timesheet import CountedTime, Timesheet
from beacon_gateway.core.wechat.figures import DayFigures

DAYS_BEFORE: Final = 28
"""Four of each weekday."""
MIN_DAYS_COMPARED: Final = 2
"""Days on either side, below which nothing is compared: one day says nothing of how much days differ."""
MIN_LISTENING_SHARE: Final = 0.8
"""Of the listening of the best day, which a day needs to be compared: a shop whose gateway sleeps at night has no day
of 24 hours."""


class CampaignMeasure(StrEnum):
    ENTERS = "enters"
    MINUTES = "minutes"
    SHAKES = "shakes"
    CLICKS = "clicks"


@dataclass(frozen=True, slots=True)
class DailyMean:
    """What a day had on average, and of how many days that is the average."""

    mean: float
    days: int


@dataclass(frozen=True, slots=True)
class WeekdayComparison:
    weekday: int | None
    """0 is Monday; None: all of them, each weighed as it occurs in the campaign."""
    before: DailyMean
    during: DailyMean

    @property
    def is_too_few(self) -> bool:
        return min(self.before.days, self.during.days) < MIN_DAYS_COMPARED

    @property
    def change(self) -> float | None:
        """Return by which part of "before" it is more; None where that cannot be said."""
        if self.is_too_few or not self.before.mean:
            return None
        return self.during.mean / self.before.mean - 1


@dataclass(frozen=True, slots=True)
class MeasureComparison:
    what: CampaignMeasure
    weekdays: tuple[WeekdayComparison, ...]
    """Of the campaign, those that occur in it."""
    overall: WeekdayComparison


@dataclass(frozen=True, slots=True)
class Campaign:
    span: Span
    compared: tuple[MeasureComparison, ...]
    left_out_before: int
    """Days with too little listening."""
    left_out_during: int


def window(campaign: Span) -> Span:
    """Return the days that a comparison needs."""
    return Span(campaign.first - timedelta(days=DAYS_BEFORE), campaign.last, campaign.zone)


def compare(tallies: Tallies, campaign: Span, asked: ReportRequest, directory: Directory, now: datetime) -> Campaign:
    """Compare the days of a campaign with those before it. `tallies` are those of `window`."""
    days = Timesheet(window(campaign), tallies.listening, now).by_date()
    over = {day: time for day, time in days.items() if time.is_over}
    listened = _listened_to(over)
    left_out = over.keys() - listened
    heard = {CampaignMeasure.ENTERS: dict.fromkeys(listened, 0), CampaignMeasure.MINUTES: dict.fromkeys(listened, 0)}
    for row in tallies.days:
        if row.day in listened and asked.wants(row.floor, row.beacon):
            heard[CampaignMeasure.ENTERS][row.day] += row.enters
            heard[CampaignMeasure.MINUTES][row.day] += row.minutes
    return Campaign(
        campaign,
        tuple(
            _compared(what, by_day, campaign)
            for what, by_day in (heard | _figures(tallies.figures, asked, directory)).items()
        ),
        left_out_before=sum(day < campaign.first for day in left_out),
        left_out_during=sum(day >= campaign.first for day in left_out),
    )


def _listened_to(days: Mapping[date, CountedTime]) -> set[date]:
    best = max((time.counted for time in days.values()), default=0.0)
    return {day for day, time in days.items() if time.counted and time.counted >= MIN_LISTENING_SHARE * best}


def _figures(
    figures: Sequence[DayFigures], asked: ReportRequest, directory: Directory
) -> dict[CampaignMeasure, dict[date, int]]:
    """Return shakes and clicks by day, of the beacons that are asked for."""
    shakes: dict[date, int] = {}
    clicks: dict[date, int] = {}
    for day in figures:
        known = ((directory.beacon(key), counts) for key, counts in day.beacons.items())
        wanted = [counts for beacon, counts in known if asked.wants(beacon.floor, beacon.slug)]
        shakes[day.day] = sum(counts.shakes for counts in wanted)
        clicks[day.day] = sum(counts.clicks for counts in wanted)
    return {CampaignMeasure.SHAKES: shakes, CampaignMeasure.CLICKS: clicks}


def _compared(what: CampaignMeasure, by_day: Mapping[date, int], campaign: Span) -> MeasureComparison:
    weekdays = tuple(
        WeekdayComparison(
            weekday,
            _side(count for day, count in by_day.items() if day < campaign.first and day.weekday() == weekday),
            _side(count for day, count in by_day.items() if day >= campaign.first and day.weekday() == weekday),
        )
        for weekday in sorted({day.weekday() for day in campaign.days()})
    )
    return MeasureComparison(what, weekdays, _overall(weekdays))


def _side(counts: Iterable[int]) -> DailyMean:
    found = list(counts)
    return DailyMean(sum(found) / len(found) if found else 0.0, len(found))


def _overall(weekdays: Sequence[WeekdayComparison]) -> WeekdayComparison:
    """Put the weekdays together that have days on both sides."""
    both = [weekday for weekday in weekdays if weekday.before.days and weekday.during.days]
    days = sum(weekday.during.days for weekday in both)

    def mean(sides: Iterable[DailyMean]) -> float:
        return sum(side.mean * weekday.during.days for side, weekday in zip(sides, both, strict=True)) / (days or 1)

    before = DailyMean(mean(weekday.before for weekday in both), sum(weekday.before.days for weekday in both))
    return WeekdayComparison(None, before, DailyMean(mean(weekday.during for weekday in both), days))
