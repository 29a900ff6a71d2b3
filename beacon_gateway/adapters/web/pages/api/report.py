"""What `/api/report` is asked for."""

from datetime import datetime, tzinfo
from http import HTTPStatus
from typing import Final

from beacon_gateway.adapters.web.pages.api.query import ApiError, ApiQuery
from beacon_gateway.adapters.web.pages.heat_form import BYS, MAX_PAGE_REPORT_DAYS
from beacon_gateway.core.report.report_request import MAX_REPORT_DAYS, GroupBy, Measure, ReportRequest, refusal
from beacon_gateway.core.report.span import Span

FIRST, LAST, BY, SHOW, FLOOR, BEACON = "from", "until", "by", "show", "floor", "beacon"
CAMPAIGN_FIRST, CAMPAIGN_LAST = "campaign-from", "campaign-until"
PARAMETERS: Final = (FIRST, LAST, BY, SHOW, FLOOR, BEACON, CAMPAIGN_FIRST, CAMPAIGN_LAST)


def read_asked(query: ApiQuery, now: datetime, zone: tzinfo) -> ReportRequest:
    """Fill in what was not asked for as the command does; `now` is aware. Raises ApiError."""
    first, last = query.day(CAMPAIGN_FIRST), query.day(CAMPAIGN_LAST)
    if bool(first) != bool(last):
        raise ApiError(HTTPStatus.BAD_REQUEST, "api.half-campaign", CAMPAIGN_LAST if first else CAMPAIGN_FIRST)
    beacon = query.name(BEACON)
    asked = ReportRequest(
        Span.usual(query.day(FIRST), query.day(LAST), now, zone),
        by=query.choice(BY, BYS) or (GroupBy.HOUR if beacon is None else GroupBy.DAY),
        show=query.choice(SHOW, Measure) or Measure.ENTERS,
        floor=query.name(FLOOR),
        beacon=beacon,
        campaign=Span(first, last, zone) if first and last else None,
    )
    for parameter, span in ((FIRST, asked.span), (CAMPAIGN_FIRST, asked.campaign)):
        if span and span.first > span.last:
            raise ApiError(HTTPStatus.BAD_REQUEST, "report.backwards", parameter)
        if span and span.day_count > MAX_PAGE_REPORT_DAYS:
            raise ApiError(HTTPStatus.BAD_REQUEST, "api.too-many-days", parameter, most=MAX_PAGE_REPORT_DAYS)
    if refused := refusal(asked):
        raise ApiError(HTTPStatus.BAD_REQUEST, refused, BEACON, limit=MAX_REPORT_DAYS)
    return asked
