"""A campaign against the four weeks before it."""

from collections.abc import Iterator, Sequence
from typing import Final

from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.report.campaign import DAYS_BEFORE, Campaign, DailyMean, MeasureComparison, WeekdayComparison
from beacon_gateway.core.report.changes import PagesChange
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.presentation.report.amounts import amount, change
from beacon_gateway.presentation.terminal import table

MAX_CHANGES_LISTED: Final = 20


def campaign_lines(campaign: Campaign, changes: Sequence[PagesChange], language: Language) -> Iterator[str]:
    span = campaign.span
    yield say("report.campaign", language, first=span.first, last=span.last, weeks=DAYS_BEFORE // 7)
    for compared in campaign.compared:
        yield from _compared(compared, language)
    if campaign.left_out_before or campaign.left_out_during:
        left_out = {"before": campaign.left_out_before, "during": campaign.left_out_during}
        yield f"  {say('report.campaign.left-out', language, **left_out)}"
    yield f"  {say('report.campaign.note', language)}"
    yield from _changes(campaign, changes, language)


def _changes(campaign: Campaign, changes: Sequence[PagesChange], language: Language) -> Iterator[str]:
    """List the newest changes, oldest first."""
    if not changes:
        return
    yield f"  {say('report.campaign.changes', language, weeks=DAYS_BEFORE // 7)}"
    if len(changes) > MAX_CHANGES_LISTED:
        yield f"    {say('report.more', language, count=len(changes) - MAX_CHANGES_LISTED)}"
    for changed in changes[-MAX_CHANGES_LISTED:]:
        yield f"    {change_text(changed, campaign, language)}"


def change_text(changed: PagesChange, campaign: Campaign, language: Language) -> str:
    """Say when a beacon's pages were changed, and from what to what."""
    nothing = say("plan.nothing", language)
    at = f"{changed.at.astimezone(campaign.span.zone):%Y-%m-%d %H:%M}"
    before, after = ("、".join(titles) or nothing for titles in (changed.before, changed.after))
    return f"{at}  {changed.beacon.floor} {changed.beacon.name}: {before} → {after}"


def _compared(compared: MeasureComparison, language: Language) -> Iterator[str]:
    what = say(f"report.campaign.{compared.what}", language)
    if not has_days(compared):
        yield f"  {say('report.campaign.nothing', language, what=what)}"
        return
    heading = [what, *(say(f"report.campaign.{name}", language) for name in ("before", "n", "during", "n", "change"))]
    yield from table([heading, *(comparison_cells(row, language) for row in comparisons(compared))])


def has_days(compared: MeasureComparison) -> bool:
    """True if there is anything to compare."""
    return any(row.before.days or row.during.days for row in compared.weekdays)


def comparisons(compared: MeasureComparison) -> list[WeekdayComparison]:
    """Return the weekdays, and all of them together if they are several."""
    rows = list(compared.weekdays)
    return [*rows, compared.overall] if len(rows) > 1 else rows


def comparison_cells(row: WeekdayComparison, language: Language) -> list[str]:
    """Return the weekday, each side's mean and number of days, and the change."""
    day = "report.campaign.all" if row.weekday is None else f"report.weekday.{row.weekday}"
    sides = [text for side in (row.before, row.during) for text in _side(side)]
    return [say(day, language), *sides, _verdict(row, language)]


def _side(side: DailyMean) -> tuple[str, str]:
    return (amount(side.mean, is_mean=True) if side.days else "–", str(side.days))


def _verdict(row: WeekdayComparison, language: Language) -> str:
    """Say by how much it changed; nothing where there are too few days."""
    if row.is_too_few:
        return say("report.campaign.too-few", language)
    return "–" if row.change is None else change(row.change)
