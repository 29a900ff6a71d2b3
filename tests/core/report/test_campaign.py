"""Before and during a campaign: like with like, and no verdict on too few days."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from beacon_gateway.core.bindings.history.audit import BEGUN, VERIFIED, AuditCause, AuditLine, BindingImage
from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.log.tallies import Tallies
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.report.campaign import Campaign, CampaignMeasure, WeekdayComparison
from beacon_gateway.core.report.changes import PagesChange
from beacon_gateway.core.report.report_request import GroupBy
from beacon_gateway.core.wechat.figures import DayFigures, Figures
from tests.core.report.shop import A_DAY, MONDAY, Question, beacon_day, days, key, listened, moment, told

FIRST, LAST = date(2026, 11, 16), date(2026, 11, 29)
"""Two weeks, from a Monday on."""
BEFORE = days(FIRST - 28 * A_DAY, FIRST - A_DAY)
DURING = days(FIRST, LAST)
ALL = [*BEFORE, *DURING]


def campaign(tallies: Tallies, *, first: date = FIRST, last: date = LAST, **question: object) -> Campaign:
    found = Question(tallies, campaign=(first, last), **question).report().campaign  # type: ignore[arg-type]  # fields by name
    assert found is not None
    return found


def row(found: Campaign, what: CampaignMeasure, weekday: int | None) -> WeekdayComparison:
    [compared] = [compared for compared in found.compared if compared.what is what]
    if weekday is None:
        return compared.overall
    return next(row for row in compared.weekdays if row.weekday == weekday)


def figures_of(day: date, shakes: int, clicks: int, number: int = 1) -> DayFigures:
    return DayFigures(day, {key(number): Figures(shakes, 3, clicks, 2)}, {})


def test_a_monday_is_compared_with_mondays() -> None:
    found = campaign(
        told(
            listening=listened(ALL),
            days=[beacon_day(day, 1, 600, (100 if day.weekday() == 0 else 10) + 20 * (day >= FIRST)) for day in ALL],
        )
    )
    monday = row(found, CampaignMeasure.ENTERS, 0)
    assert (monday.before.mean, monday.before.days, monday.during.mean, monday.during.days) == (100, 4, 120, 2)
    assert monday.change == pytest.approx(0.2)
    assert row(found, CampaignMeasure.ENTERS, 1).change == pytest.approx(2.0)
    assert row(found, CampaignMeasure.MINUTES, 0).change == 0
    assert (found.left_out_before, found.left_out_during) == (0, 0)


def test_one_day_on_a_side_is_no_comparison() -> None:
    found = campaign(
        told(listening=listened(ALL), days=[beacon_day(day, 1, 600, 10) for day in ALL]), last=FIRST + 6 * A_DAY
    )
    monday, week = row(found, CampaignMeasure.ENTERS, 0), row(found, CampaignMeasure.ENTERS, None)
    assert (monday.is_too_few, monday.change, monday.during.days) == (True, None, 1)
    assert (week.is_too_few, week.change, week.during.days, week.before.days) == (False, 0, 7, 28)


def test_a_weekend_is_compared_with_weekends_as_a_whole_too() -> None:
    saturday = date(2026, 11, 21)
    found = campaign(
        told(
            listening=listened(ALL),
            days=[beacon_day(day, 1, 600, 100 if day.weekday() > 4 else 1) for day in ALL],
        ),
        first=saturday,
        last=saturday + A_DAY,
    )
    weekend = row(found, CampaignMeasure.ENTERS, None)
    assert (weekend.before.mean, weekend.during.mean, weekend.before.days, weekend.during.days) == (100, 100, 8, 2)


def test_a_day_with_too_little_listening_is_left_out_and_counted() -> None:
    opening = range(10, 22)  # the gateway sleeps at night: its best day has twelve hours
    found = campaign(
        told(
            listening=listened(ALL[1:-1], opening) + listened([ALL[0], ALL[-1]], range(10, 19)),
            days=[beacon_day(day, 1, 600, 10) for day in ALL],
        )
    )
    assert (found.left_out_before, found.left_out_during) == (1, 1)
    assert row(found, CampaignMeasure.ENTERS, ALL[0].weekday()).before.days == 3
    assert row(found, CampaignMeasure.ENTERS, ALL[-1].weekday()).during.days == 1


def test_a_day_that_is_not_over_is_not_compared() -> None:
    found = campaign(
        told(listening=listened(ALL[:-1]), days=[beacon_day(day, 1, 600, 10) for day in ALL]),
        now=moment(LAST, 23) + timedelta(minutes=59),
    )
    assert row(found, CampaignMeasure.ENTERS, LAST.weekday()).during.days == 1
    assert found.left_out_during == 0


def test_shakes_and_clicks_are_compared_over_the_days_that_were_fetched_however_deaf() -> None:
    found = campaign(told(figures=[figures_of(day, 40, 8 if day < FIRST else 16) for day in ALL[7:]]))
    monday = row(found, CampaignMeasure.CLICKS, 0)
    assert (monday.before.days, monday.during.days, monday.change) == (3, 2, 1.0)
    assert row(found, CampaignMeasure.SHAKES, 0).change == 0
    assert row(found, CampaignMeasure.ENTERS, 0).is_too_few


def test_only_the_beacon_that_is_asked_for_is_compared() -> None:
    tallies = told(
        listening=listened(ALL),
        days=[beacon_day(day, number, 600, 10 * number) for day in ALL for number in (1, 2)],
        figures=[DayFigures(day, {key(1): Figures(4, 3, 2, 1), key(2): Figures(9, 9, 9, 9)}, {}) for day in ALL],
    )
    found = campaign(tallies, by=GroupBy.DAY, beacon="corner-1")
    assert row(found, CampaignMeasure.ENTERS, 0).before.mean == 10
    assert row(found, CampaignMeasure.SHAKES, 0).before.mean == 4
    assert row(campaign(tallies, floor="F6"), CampaignMeasure.SHAKES, 0).before.mean == 13


def test_the_text_gives_the_numbers_and_no_verdict_where_days_are_too_few() -> None:
    found = Question(
        told(listening=listened(ALL), days=[beacon_day(day, 1, 600, 10 + (day >= FIRST)) for day in ALL]),
        campaign=(FIRST, FIRST + A_DAY),
    ).lines()
    start = found.index(
        "Campaign 2026-11-16 to 2026-11-17, against the same weekdays of the 4 weeks before (mean of a day, n = days)"
    )
    assert found[start + 1 : start + 5] == [
        "  arrivals      before  n  during  n                   change",
        "  Mon             10.0  4    11.0  1  too few days to compare",
        "  Tue             10.0  4    11.0  1  too few days to compare",
        "  all of these    10.0  8    11.0  2                     +10%",
    ]
    assert "  shakes: there are no days to compare." in found
    assert "  These are differences of means; they do not say why." in found


def test_nothing_before_is_no_growth_without_bounds() -> None:
    tallies = told(listening=listened(ALL), days=[beacon_day(day, 1, 600, 10) for day in DURING])
    assert row(campaign(tallies), CampaignMeasure.ENTERS, 0).change is None
    assert MONDAY in DURING


# What was changed meanwhile


def audited(
    at: datetime, number: int, before: str, after: str, *, outcome: str = VERIFIED, run: int = 1
) -> list[AuditLine]:
    """Return what the ledger has of one change of one beacon."""
    old, new = (frozenset({PageRef(page)} if page else ()) for page in (before, after))
    image = BindingImage(key(number), old, new, old)
    line = AuditLine(at, AuditCause("files"), "p", "r", run, f"bind {number}", BEGUN, image)
    return [line, replace(line, outcome=outcome, image=None)]


def changes(*lines: AuditLine, floor: str | None = None) -> tuple[PagesChange, ...]:
    return Question(told(listening=listened(ALL)), campaign=(FIRST, LAST), floor=floor, audit=lines).report().changes


def test_bindings_that_were_changed_in_the_time_that_is_compared_are_told() -> None:
    at = moment(FIRST, 18)
    [changed] = changes(
        *audited(moment(FIRST - 40 * A_DAY), 1, "", "7"),  # before the weeks that are compared
        *audited(at, 1, "7", "8"),
        *audited(at, 2, "7", "8", outcome="refused: 9001026", run=2),
        *audited(at, 1, "8", "8", run=3),
        *audited(moment(LAST + A_DAY), 1, "8", ""),  # after it
    )
    assert (changed.at, changed.before, changed.after) == (at, ("7",), ("8",))
    assert changed.beacon.name


def test_changes_of_other_floors_are_left_out() -> None:
    assert changes(*audited(moment(FIRST, 18), 1, "7", "8"), floor="F1") == ()


def test_changes_are_listed_by_title_with_the_newest_last() -> None:
    lines = [line for day in range(24, -1, -1) for line in audited(moment(FIRST - day * A_DAY), 1, "", "7", run=day)]
    question = Question(told(listening=listened(ALL)), campaign=(FIRST, LAST), audit=lines)
    shown = "\n".join(question.lines(Language.CHINESE))
    assert "这段时间和之前 4 周里改过的页面" in shown
    assert "还有 5 个" in shown
    assert "无 → 7" in shown
