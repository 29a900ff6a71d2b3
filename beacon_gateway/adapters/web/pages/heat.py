"""The heat map: how much was counted where and when, as `beacon-gateway report` counts it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Final, Protocol, TypeVar

import structlog
from aiohttp import web

from beacon_gateway.adapters.web.pages.heat_form import (
    BYS,
    CHART,
    FIRST,
    FLOOR,
    LAST,
    MAX_FIELD_CHARACTERS,
    HeatForm,
    SpreadsheetKind,
    read_form,
)
from beacon_gateway.adapters.web.server.deferred import Handlers
from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.adapters.web.server.words import say_plainly
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.status import Status
from beacon_gateway.core.report.campaign import DAYS_BEFORE, Campaign, compare
from beacon_gateway.core.report.directory import top_down
from beacon_gateway.core.report.report import Material, Report, Reporter
from beacon_gateway.core.report.report_request import GroupBy, Measure, ReportRequest
from beacon_gateway.presentation.report.amounts import percent
from beacon_gateway.presentation.report.campaign import MAX_CHANGES_LISTED, change_text
from beacon_gateway.presentation.report.campaign_csv import campaign_csv
from beacon_gateway.presentation.report.chart import Chart, campaign_charts, floors_chart, week_chart
from beacon_gateway.presentation.report.csv import report_csv
from beacon_gateway.presentation.report.grid import floor_label

T = TypeVar("T")

REPORT_TURN_TIMEOUT_S: Final = 10.0
"""Seconds to wait for the report of somebody else: one is made at a time, since each takes memory."""
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


class HeatMaterialSource(Protocol):
    """Where the material comes from."""

    async def material(self, asked: ReportRequest) -> Material:
        """Return what is asked for. Raises OSError where the log cannot be read now."""


def note_ledger(error: OSError) -> None:
    """Note that the ledger cannot be read: the page has fewer names then."""
    structlog.get_logger("web").warning("web.no_ledger", reason=str(error))


class _CannotAnswer(Exception):  # noqa: N818 - no fault of the program
    """Why what was asked for cannot be told: a phrase."""

    def __init__(self, code: int, phrase: str, details: Mapping[str, object]) -> None:
        super().__init__(phrase)
        self.code, self._phrase, self._details = code, phrase, details

    def said(self, language: Language) -> str:
        return say_plainly(language, self._phrase, **self._details)


@dataclass(frozen=True, slots=True)
class _Question:
    asked: ReportRequest
    own_floor: str
    now: datetime
    """Aware UTC."""

    def of_week(self) -> ReportRequest:
        """Return the same for the hours of the week of one floor."""
        return replace(self.asked, by=GroupBy.WEEKDAY_HOUR, floor=self.asked.floor or self.own_floor, campaign=None)


class HeatPage:
    """`/heat`, and its tables for spreadsheets."""

    def __init__(self, frame: PageFrame, materials: HeatMaterialSource, utc: Callable[[], datetime]) -> None:
        self._frame, self._materials, self._utc = frame, materials, utc
        self._alone = asyncio.Lock()

    def handlers(self) -> Handlers:
        return {"show": self.show, "give_sheet": self.give_sheet}

    async def show(self, request: web.Request) -> web.Response:
        now, status = self._utc(), self._frame.status()
        form = read_form(request.query, now, self._frame.zone)
        desk = _PageBuilder(form, status, self._frame.language(request))

        def page(view: _View, code: int = HTTPStatus.OK) -> web.Response:
            kept = f"{form.query()}&"
            return self._frame.page(
                request,
                "heat",
                status,
                title="page.heat",
                code=code,
                view=view,
                now=now,
                same="/heat",
                kept=kept,
                longest=MAX_FIELD_CHARACTERS,
            )

        try:
            # A page of many days is work for the template too: all of it is done beside the event loop.
            return await self._made(form, now, lambda material, question: page(desk.whole(material, question)))
        except _CannotAnswer as untold:
            return page(desk.only_form(untold.said(desk.language)), untold.code)

    async def give_sheet(self, request: web.Request) -> web.Response:
        now, status = self._utc(), self._frame.status()
        form, found = (
            read_form(request.query, now, self._frame.zone),
            request.query.get(CHART) or SpreadsheetKind.FLOORS,
        )
        try:
            text = await self._made(form, now, partial(_sheet, found))
        except _CannotAnswer as untold:
            return web.Response(status=untold.code, text=f"{untold.said(self._frame.language(request))}\n")
        name = _UNSAFE.sub("-", f"heat-{status.gateway}-{found}-{form.typed[FIRST]}-{form.typed[LAST]}")
        headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
        return web.Response(text=text, content_type="text/csv", charset="utf-8", headers=headers)

    async def _made(self, form: HeatForm, now: datetime, make: Callable[[Material, _Question], T]) -> T:
        """Make something of what a form asks for, in a thread. Raises _Untold."""
        if form.asked is None:
            raise _CannotAnswer(HTTPStatus.BAD_REQUEST, form.trouble, form.details)
        question = _Question(form.asked, self._frame.status().floor, now)
        async with self._turn():
            try:
                material = await self._materials.material(question.asked)
            except OSError as error:
                raise _CannotAnswer(HTTPStatus.SERVICE_UNAVAILABLE, "heat.unreadable", {"reason": error}) from error
            return await asyncio.to_thread(make, material, question)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(REPORT_TURN_TIMEOUT_S):
                await self._alone.acquire()
        except TimeoutError:
            raise _CannotAnswer(HTTPStatus.SERVICE_UNAVAILABLE, "heat.busy", {}) from None
        try:
            yield
        finally:
            self._alone.release()


def _reporter(material: Material, asked: ReportRequest, now: datetime) -> Reporter:
    """Raise _Untold for an unknown floor."""
    reporter = Reporter(material, asked, now)
    if unknown := reporter.unknown():
        raise _CannotAnswer(HTTPStatus.BAD_REQUEST, *unknown)
    return reporter


def _sheet(which: str, material: Material, question: _Question) -> str:
    """Return the rows of a chart, as the command gives them."""
    asked, now = question.asked, question.now
    reporter = _reporter(material, asked, now)
    if which == SpreadsheetKind.FLOORS:
        return report_csv(reporter.table())
    if which == SpreadsheetKind.WEEK:
        return report_csv(Reporter(material, question.of_week(), now).table())
    if which != SpreadsheetKind.CAMPAIGN:
        raise _CannotAnswer(HTTPStatus.BAD_REQUEST, "heat.bad-choice", {"found": which[:MAX_FIELD_CHARACTERS]})
    if asked.campaign is None or material.around_campaign is None:
        raise _CannotAnswer(HTTPStatus.BAD_REQUEST, "heat.no-campaign", {})
    return campaign_csv(compare(material.around_campaign, asked.campaign, asked, material.directory(), now))


@dataclass(frozen=True, slots=True)
class _Rows:
    """A chart, and the query of its rows for a spreadsheet."""

    chart: Chart
    query: str


@dataclass(frozen=True, slots=True)
class _Campaign:
    title: str
    query: str
    charts: Sequence[Chart]
    notes: Sequence[str]
    changes_title: str
    changes: Sequence[str]
    more: int
    """Changes that are not listed."""


@dataclass(frozen=True, slots=True)
class _View:
    """What the template shows."""

    form: HeatForm
    floors: Sequence[tuple[str, str]]
    """To choose from: value and label, as the next two."""
    shows: Sequence[tuple[str, str]]
    bys: Sequence[tuple[str, str]]
    trouble: str = ""
    head: Sequence[str] = ()
    charts: Sequence[_Rows] = ()
    campaign: _Campaign | None = None


@dataclass(frozen=True, slots=True)
class _PageBuilder:
    """Where one page is put together."""

    form: HeatForm
    status: Status
    language: Language

    def only_form(self, trouble: str, names: Mapping[str, str] | None = None) -> _View:
        """Return a page without charts; `names` are those of the floors that are known."""
        shows = [(show.value, self._say(f"report.measure.{show}")) for show in Measure]
        bys = [(by.value, self._say(f"heat.by.{by}")) for by in BYS]
        return _View(self.form, self._floors(names or {}), shows, bys, trouble)

    def whole(self, material: Material, question: _Question) -> _View:
        report = _reporter(material, question.asked, question.now).report()
        span = report.asked.span
        if material.is_empty:
            return self.only_form(self._say("report.empty", first=span.first, last=span.last), report.floors)
        of_week = question.of_week()
        floor = of_week.floor or ""
        week = Reporter(material, of_week, question.now).report()
        charts = (
            _Rows(floors_chart(report, self.language), self._query(SpreadsheetKind.FLOORS)),
            _Rows(week_chart(week, floor, self.language), self._query(SpreadsheetKind.WEEK, **{FLOOR: floor})),
        )
        campaign = self._campaign(report, report.campaign) if report.campaign else None
        return replace(
            self.only_form("", report.floors), head=list(self._head(report)), charts=charts, campaign=campaign
        )

    def _floors(self, names: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return slugs and labels; what was typed is among them."""
        known = {*names, *(beacon.floor for beacon in self.status.beacons), self.status.floor, self.form.typed[FLOOR]}
        labels = {slug: names.get(slug, slug) for slug in top_down(known - {""})}
        return [(slug, slug if name == slug else f"{slug} {name}") for slug, name in labels.items()]

    def _head(self, report: Report) -> Iterator[str]:
        span, listened = report.asked.span, report.listened
        floor = floor_label(report, report.own_floor, self.language)
        yield self._say(
            "report.title", gateway=report.gateway, floor=floor, first=span.first, last=span.last, zone=span.zone
        )
        if not listened.passed:
            yield self._say("report.to-come")
            return
        yield self._say("report.listened", hours=f"{listened.counted / 3600:.1f}", share=percent(listened.share))
        begins = report.begins and report.begins.astimezone(span.zone)
        if begins and begins.date() > span.first:
            yield self._say("heat.begins", when=f"{begins:%Y-%m-%d %H:%M}")
        if report.untimed:
            yield self._say("report.untimed", count=report.untimed)

    def _campaign(self, report: Report, campaign: Campaign) -> _Campaign:
        left_out = {"before": campaign.left_out_before, "during": campaign.left_out_during}
        weeks = DAYS_BEFORE // 7
        return _Campaign(
            title=self._say("report.campaign", first=campaign.span.first, last=campaign.span.last, weeks=weeks),
            query=self._query(SpreadsheetKind.CAMPAIGN),
            charts=list(campaign_charts(campaign, self.language)),
            notes=[
                *([self._say("report.campaign.left-out", **left_out)] if any(left_out.values()) else []),
                self._say("report.campaign.note"),
            ],
            changes_title=self._say("report.campaign.changes", weeks=weeks),
            changes=[change_text(changed, campaign, self.language) for changed in report.changes[-MAX_CHANGES_LISTED:]],
            more=max(0, len(report.changes) - MAX_CHANGES_LISTED),
        )

    def _query(self, sheet: SpreadsheetKind, **more: str) -> str:
        return self.form.query(**more, **{CHART: sheet.value})

    def _say(self, phrase: str, **details: object) -> str:
        return say_plainly(self.language, phrase, **details)
