"""The form of the heat map: what was typed, and what it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from beacon_gateway.core.report.report_request import MAX_REPORT_DAYS, GroupBy, Measure, ReportRequest, refusal
from beacon_gateway.core.report.span import YEARS, Span

MAX_PAGE_REPORT_DAYS: Final = 92
"""A quarter. In the daemon a report takes memory from the radio: measured with 20 floors, a year of it takes more than
all else together. The command, a process of its own, tells `MAX_REPORT_DAYS`."""
MAX_FIELD_CHARACTERS: Final = 64
"""Characters of a field that are shown again; none that may be asked for is longer."""
BYS: Final = (GroupBy.HOUR, GroupBy.DAY, GroupBy.WEEKDAY)
FIRST, LAST, FLOOR, SHOW, BY = "from", "until", "floor", "show", "by"
CAMPAIGN_FIRST, CAMPAIGN_LAST, CHART = "campaign-from", "campaign-until", "chart"
DATES: Final = (FIRST, LAST, CAMPAIGN_FIRST, CAMPAIGN_LAST)
FIELDS: Final = (*DATES, FLOOR, SHOW, BY)


class SpreadsheetKind(StrEnum):
    """What a spreadsheet is asked for."""

    FLOORS = "floors"
    WEEK = "week"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True)
class HeatForm:
    typed: Mapping[str, str]
    """By field, with the defaults filled in."""
    asked: ReportRequest | None
    trouble: str = ""
    """Phrase that says why nothing can be asked for."""
    details: Mapping[str, object] = field(default_factory=dict)
    at_fault: str = ""
    """The field that cannot be understood."""

    def query(self, **more: str) -> str:
        """Return it as it stands in an address."""
        return urlencode({**{name: text for name, text in self.typed.items() if text}, **more})


def read_form(query: Mapping[str, str], now: datetime, zone: tzinfo) -> HeatForm:
    """Read what was typed; `now` is aware. An empty field counts as not filled in."""
    typed = {name: query.get(name, "") for name in FIELDS}
    if fault := _fault(typed):
        name, phrase = fault
        shown = {field: text[:MAX_FIELD_CHARACTERS] for field, text in typed.items()}
        return HeatForm(shown, None, phrase, {"found": shown[name]}, name)
    first, last = _day(typed[CAMPAIGN_FIRST]), _day(typed[CAMPAIGN_LAST])
    asked = ReportRequest(
        Span.usual(_day(typed[FIRST]), _day(typed[LAST]), now, zone),
        by=GroupBy(typed[BY] or GroupBy.HOUR),
        show=Measure(typed[SHOW] or Measure.ENTERS),
        floor=typed[FLOOR] or None,
        campaign=Span(first, last, zone) if first and last else None,
    )
    days = {FIRST: asked.span.first.isoformat(), LAST: asked.span.last.isoformat()}
    whole = typed | days | {SHOW: asked.show.value, BY: asked.by.value}
    if refused := refusal(asked):
        return HeatForm(whole, None, refused, {"limit": MAX_REPORT_DAYS})
    if any(span and span.day_count > MAX_PAGE_REPORT_DAYS for span in (asked.span, asked.campaign)):
        return HeatForm(whole, None, "heat.too-long", {"limit": MAX_PAGE_REPORT_DAYS})
    return HeatForm(whole, asked)


def _fault(typed: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the field that cannot be understood, and the phrase that says so."""
    for name in DATES:
        if typed[name] and _day(typed[name]) is None:
            return name, "heat.bad-date"
    for name, known in ((SHOW, set(Measure)), (BY, set(BYS))):
        if typed[name] and typed[name] not in known:
            return name, "heat.bad-choice"
    if len(typed[FLOOR]) > MAX_FIELD_CHARACTERS:
        return FLOOR, "heat.bad-floor"
    if bool(typed[CAMPAIGN_FIRST]) != bool(typed[CAMPAIGN_LAST]):
        return CAMPAIGN_LAST if typed[CAMPAIGN_FIRST] else CAMPAIGN_FIRST, "heat.half-campaign"
    return None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None
