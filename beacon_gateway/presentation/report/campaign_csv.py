"""The comparison of a campaign as rows: one for each weekday of each thing that is compared, and one for all."""

from collections.abc import Iterator
from typing import Final

from beacon_gateway.core.report.campaign import Campaign, DailyMean, WeekdayComparison
from beacon_gateway.presentation.report.amounts import number
from beacon_gateway.presentation.report.campaign import comparisons
from beacon_gateway.presentation.report.spreadsheet import spreadsheet

COLUMNS: Final = ("what", "weekday", "before", "before_days", "during", "during_days", "change")
"""Stable: only ever added to, at the end. No weekday (1 is Monday) means all of them together."""


def campaign_csv(campaign: Campaign) -> str:
    """Return the rows; what is not known is empty."""
    return spreadsheet([COLUMNS, *_rows(campaign)])


def _rows(campaign: Campaign) -> Iterator[list[object]]:
    for compared in campaign.compared:
        for row in comparisons(compared):
            change = None if row.change is None else round(row.change, 4)
            yield [compared.what.value, _weekday(row), *_side(row.before), *_side(row.during), change]


def _weekday(row: WeekdayComparison) -> int | None:
    return None if row.weekday is None else row.weekday + 1


def _side(side: DailyMean) -> list[object]:
    return [number(side.mean, is_mean=True) if side.days else None, side.days]
