"""The data behind the pages as JSON: what the commands print with --json, by the same code. Read-only.

openapi.json describes it, and is served with it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from http import HTTPStatus
from typing import Any, Final, Protocol

from aiohttp import web

from beacon_gateway.adapters.state.status_file import status_text
from beacon_gateway.adapters.web.pages.api.query import LIMIT, SINCE, UNTIL, ApiError, ApiQuery
from beacon_gateway.adapters.web.pages.api.report import BEACON, FLOOR, PARAMETERS, read_asked
from beacon_gateway.adapters.web.server.deferred import Handler, Handlers
from beacon_gateway.adapters.web.server.frame import HERE, PageFrame
from beacon_gateway.adapters.web.server.visits import VISIT
from beacon_gateway.adapters.web.server.words import say_plainly
from beacon_gateway.core.bindings.history.audit import AuditLine
from beacon_gateway.core.bindings.history.last_pass import LastPass
from beacon_gateway.core.bindings.target import TargetError
from beacon_gateway.core.log.event import Event
from beacon_gateway.core.log.log_filter import LogFilter
from beacon_gateway.core.log.logged import LoggedHit
from beacon_gateway.core.model.problems import Problem
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.report.report import Material, Reporter
from beacon_gateway.core.report.report_request import ReportRequest
from beacon_gateway.core.sentences.messages import explain_trouble
from beacon_gateway.core.tracking.hit import HitKind
from beacon_gateway.presentation.audit import audit_json
from beacon_gateway.presentation.events import event_json
from beacon_gateway.presentation.hits import hit_json
from beacon_gateway.presentation.plans import drift_json, plan_json
from beacon_gateway.presentation.problems import problem_json
from beacon_gateway.presentation.report.json import report_json

_Answer = Callable[[web.Request], Awaitable[str | bytes]]

API_TURN_TIMEOUT_S: Final = 10.0
"""Seconds to wait for the answer to somebody else: one is put together at a time, since each takes memory."""
SOON: Final = "10"
"""Seconds after which it is worth asking again."""


class LoggedRecords(Protocol):
    """What the gateway has written down. Each raises OSError where it cannot be read now."""

    async def hits(self, wanted: LogFilter) -> list[LoggedHit]:
        """Return the newest that match, oldest first; as the others."""

    async def events(self, wanted: LogFilter) -> list[Event]: ...

    async def audit(self, since: datetime | None, limit: int) -> list[AuditLine]: ...


class FilesCheck(Protocol):
    async def problems(self) -> list[Problem]:
        """Return every problem of every file as it is now. Raises OSError."""


class ReportMaterialSource(Protocol):
    async def material(self, asked: ReportRequest) -> Material:
        """Return what a report is made of. Raises OSError where the log cannot be read now."""


@dataclass(frozen=True, slots=True)
class ApiSources:
    """Whom the addresses ask."""

    records: LoggedRecords
    files: FilesCheck
    materials: ReportMaterialSource
    utc: Callable[[], datetime]
    store: Callable[[], Store | None] = lambda: None
    """Returns the files in force, which say which beacons are tags."""
    last_pass: Callable[[], LastPass | TargetError | None] | None = None
    """Returns the last pass; before there was one, why there is none, or None. None without an account."""


def _hit_json(found: tuple[LoggedHit, bool | None]) -> Mapping[str, Any]:
    hit, carried = found
    return hit_json(hit, carried=carried)


class Api:
    """All addresses below `/api/`; ROUTES names them."""

    def __init__(self, frame: PageFrame, archives: ApiSources, *, patience: float = API_TURN_TIMEOUT_S) -> None:
        self._frame, self._archives, self._patience = frame, archives, patience
        self._alone = asyncio.Lock()
        self._description = (HERE / "openapi.json").read_bytes()

    def handlers(self) -> Handlers:
        answers: Mapping[str, _Answer] = {
            "status": self._status,
            "check": self._check,
            "plan": self._plan,
            "hits": self._hits,
            "events": self._events,
            "audit": self._audit,
            "report": self._report,
            "openapi": self._openapi,
            "missing": self._missing,
        }
        return {name: self._handler(answer) for name, answer in answers.items()}

    def _handler(self, answer: _Answer) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            try:
                return _response(HTTPStatus.OK, await answer(request))
            except ApiError as untold:
                return self._refusal(request, untold)
            except OSError as error:
                return self._refusal(request, ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "api.unreadable", reason=error))

        return handle

    def _refusal(self, request: web.Request, untold: ApiError) -> web.Response:
        details = {"parameter": untold.parameter, **untold.details}
        said = {"error": say_plainly(self._frame.language(request), untold.phrase, **details)}
        if untold.parameter:
            said["parameter"] = untold.parameter
        answer = _response(untold.code, json.dumps(said, ensure_ascii=False))
        if untold.code == HTTPStatus.SERVICE_UNAVAILABLE:
            answer.headers["Retry-After"] = SOON
        return answer

    async def _status(self, request: web.Request) -> str:
        ApiQuery(request)
        return await asyncio.to_thread(status_text, self._frame.status())

    async def _check(self, request: web.Request) -> str:
        ApiQuery(request)
        async with self._turn():
            problems = await self._archives.files.problems()
            return await asyncio.to_thread(_text, problem_json, problems)

    async def _plan(self, request: web.Request) -> str:
        ApiQuery(request)
        if self._archives.last_pass is None:
            raise ApiError(HTTPStatus.NOT_FOUND, "api.no-account")
        last = self._archives.last_pass()
        if not isinstance(last, LastPass):
            reason = explain_trouble(last, self._frame.language(request)) if last else ""
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "api.no-plan-yet", reason=reason)
        return await asyncio.to_thread(_pass_text, last)

    async def _hits(self, request: web.Request) -> str:
        query, (now, zone) = ApiQuery(request, FLOOR, BEACON, "kind", SINCE, UNTIL, LIMIT), self._clock()
        wanted = LogFilter(
            floor=query.name(FLOOR),
            beacon=query.name(BEACON),
            kind=query.choice("kind", HitKind),
            since=query.since(now, zone),
            until=query.until(now, zone),
            limit=query.rows(),
        )
        async with self._turn():
            hits = await self._archives.records.hits(wanted)
            store = self._archives.store()
            carried = [store.is_carried(hit.hit.key) if store else None for hit in hits]
            return await asyncio.to_thread(_text, _hit_json, list(zip(hits, carried, strict=True)))

    async def _events(self, request: web.Request) -> str:
        query = ApiQuery(request, SINCE, LIMIT)
        wanted = LogFilter(since=query.since(*self._clock()), limit=query.rows())
        async with self._turn():
            events = await self._archives.records.events(wanted)
            return await asyncio.to_thread(_text, event_json, events)

    async def _audit(self, request: web.Request) -> str:
        """Tell what was changed, by whom and why: names of colleagues are for those who work with them."""
        if not request[VISIT].visitor.may_read_audit:
            raise ApiError(HTTPStatus.FORBIDDEN, "api.not-for-viewers")
        query = ApiQuery(request, SINCE, LIMIT)
        since, limit = query.since(*self._clock()), query.rows()
        async with self._turn():
            lines = await self._archives.records.audit(since, limit)
            return await asyncio.to_thread(_text, audit_json, lines)

    async def _report(self, request: web.Request) -> str:
        now, zone = self._clock()
        asked = read_asked(ApiQuery(request, *PARAMETERS), now, zone)
        async with self._turn():
            material = await self._archives.materials.material(asked)
            return await asyncio.to_thread(_report_text, material, asked, now)

    async def _openapi(self, request: web.Request) -> bytes:
        ApiQuery(request)
        return self._description

    async def _missing(self, _: web.Request) -> str:
        raise ApiError(HTTPStatus.NOT_FOUND, "api.nothing-here")

    def _clock(self) -> tuple[datetime, tzinfo]:
        return self._archives.utc(), self._frame.zone

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._patience):
                await self._alone.acquire()
        except TimeoutError:
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "api.busy") from None
        try:
            yield
        finally:
            self._alone.release()


def _response(code: int, text: str | bytes) -> web.Response:
    body = text.encode() if isinstance(text, str) else text
    return web.Response(status=code, body=body, content_type="application/json", charset="utf-8")


def _text(to_json: Callable[[Any], object], rows: list[Any]) -> str:
    return json.dumps([to_json(row) for row in rows], ensure_ascii=False)


def _pass_text(last: LastPass) -> str:
    """Return it as `plan --json` does."""
    outcome = {"applied": last.applied, "verified": last.verified, "state": last.state}
    return json.dumps(plan_json(last.plan) | {"drift": drift_json(last.drift)} | outcome, ensure_ascii=False)


def _report_text(material: Material, asked: ReportRequest, now: datetime) -> str:
    reporter = Reporter(material, asked, now)
    if unknown := reporter.unknown():
        phrase, details = unknown
        raise ApiError(HTTPStatus.BAD_REQUEST, phrase, FLOOR if phrase == "report.no-floor" else BEACON, **details)
    return json.dumps(report_json(reporter.report()), ensure_ascii=False)
