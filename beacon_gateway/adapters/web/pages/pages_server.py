"""The door at which people and monitors ask: pages, `/healthz` and `/metrics`."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import Final, Protocol

from aiohttp import web

from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.web.pages.dependencies import PageDependencies
from beacon_gateway.adapters.web.pages.floors import FloorPages
from beacon_gateway.adapters.web.pages.gateway import GatewayPage, PageOffers
from beacon_gateway.adapters.web.pages.gateway_bundle import BundleDownload
from beacon_gateway.adapters.web.pages.gateway_log import GatewayLogPage
from beacon_gateway.adapters.web.pages.live import LivePage
from beacon_gateway.adapters.web.pages.monitors import Monitors
from beacon_gateway.adapters.web.pages.overview import OverviewPage
from beacon_gateway.adapters.web.server.deferred import Deferred
from beacon_gateway.adapters.web.server.failures import FailureLog
from beacon_gateway.adapters.web.server.frame import PageFrame, static
from beacon_gateway.adapters.web.server.guard import BODY_TIMEOUT_S, RECHECK_VISIT_AFTER_S, Guard
from beacon_gateway.adapters.web.server.host_names import HostNames
from beacon_gateway.adapters.web.server.runner import PagesRunner
from beacon_gateway.adapters.web.server.visits import Visits

MAX_REQUEST_BYTES: Final = (1 << 20) + (1 << 14)
"""Bytes of a body: the largest file that is read, each line end two bytes as browsers send them, and what a form puts
around it."""
HEAT: Final = (("GET", "/heat", "show"), ("GET", "/heat.csv", "give_sheet"))
API: Final = (
    *(("GET", f"/api/{name}", name) for name in ("status", "check", "plan", "hits", "events", "audit", "report")),
    ("GET", "/api/openapi.json", "openapi"),
    ("GET", "/api/{anything:.*}", "missing"),
)

BINDINGS: Final = (
    ("GET", "/bindings", "show_first"),
    ("GET", "/bindings/undo", "show_undo"),
    ("POST", "/bindings/undo", "undo"),
    ("GET", "/bindings/{file}", "show"),
    ("POST", "/bindings/{file}", "act"),
    ("GET", "/static/editor.js", "give_script"),
)

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Part(Protocol):
    def routes(self) -> list[web.RouteDef]: ...


class PagesServer(Listener):
    """Listens while the block runs; may be opened again. Use as an async context manager."""

    def __init__(
        self,
        host: str,
        port: int,
        dependencies: PageDependencies,
        *,
        patience: float = BODY_TIMEOUT_S,
        look_again: float = RECHECK_VISIT_AFTER_S,
    ) -> None:
        """`patience` and `look_again` are the guard's."""
        super().__init__(host, port, self._runner_of_pages)
        self._frame = PageFrame(dependencies.status, zone=dependencies.zone, language=dependencies.language)
        visits, login = self._entrance(dependencies)
        self._failures = FailureLog()
        self._guard = Guard(
            visits,
            HostNames(dependencies.names),
            self._frame,
            patience=patience,
            look_again=look_again,
            failures=self._failures,
        )
        self._live = LivePage(self._frame, dependencies.looks)
        bindings = (Deferred(BINDINGS, partial(dependencies.bindings, self._frame)),) if dependencies.bindings else ()
        self._parts: tuple[_Part, ...] = (
            Monitors(dependencies.status, dependencies.utc),
            OverviewPage(self._frame),
            FloorPages(self._frame, dependencies.heard, dependencies.store),
            *bindings,
            Deferred(HEAT, lambda: dependencies.heat(self._frame)),
            self._live,
            *_own_pages(self._frame, dependencies),
            *login,
        )
        self._css, self._js = static("pages.css"), static("pages.js")

    def _entrance(self, dependencies: PageDependencies) -> "tuple[Visits, Sequence[_Part]]":
        """Return who knows visitors, and what lets them in."""
        if dependencies.accounts is None:
            from beacon_gateway.adapters.web.server.link_login import LinkLoginPage  # noqa: PLC0415 - only without accounts
            from beacon_gateway.adapters.web.server.writers import Writers  # noqa: PLC0415 - only without accounts

            writers = Writers(dependencies.status().gateway, dependencies.monotonic)
            return writers, [LinkLoginPage(self._frame, dependencies.links, writers)] if dependencies.links else []
        from beacon_gateway.adapters.web.server.login import LoginPage  # noqa: PLC0415 - only where there are accounts
        from beacon_gateway.adapters.web.server.members import Members  # noqa: PLC0415 - only where there are accounts
        from beacon_gateway.adapters.web.server.password_check import PasswordCheck  # noqa: PLC0415 - only then

        check = PasswordCheck(dependencies.monotonic)
        members = Members(dependencies.accounts, check, dependencies.status().gateway, dependencies.monotonic)
        return members, [LoginPage(self._frame, dependencies.accounts, check, members)]

    def routes(self) -> list[web.RouteDef]:
        """Return every route that is served."""
        own = [web.get("/static/pages.css", self._styles), web.get("/static/pages.js", self._script)]
        return [*(route for part in self._parts for route in part.routes()), *own]

    def _runner_of_pages(self) -> web.AppRunner:
        app = web.Application(middlewares=[self._guard.watch, self._found], client_max_size=MAX_REQUEST_BYTES)
        app.add_routes(self.routes())
        app.on_shutdown.append(self._live.end)
        return PagesRunner(app, failures=self._failures)

    async def _styles(self, _: web.Request) -> web.Response:
        return web.Response(body=self._css, content_type="text/css", charset="utf-8")

    async def _script(self, _: web.Request) -> web.Response:
        return web.Response(body=self._js, content_type="text/javascript", charset="utf-8")

    @web.middleware
    async def _found(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Say it in a page, where a page was asked for that is not there."""
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return self._frame.missing(request)


def _own_pages(frame: PageFrame, dependencies: PageDependencies) -> Iterator[_Part]:
    """Return the pages of the gateway itself, as far as there is what they show."""
    api, tail, bundles = dependencies.api, dependencies.tail, dependencies.bundles
    page = GatewayPage(
        frame,
        settings=dependencies.settings,
        log=dependencies.log,
        machine=dependencies.machine,
        offers=PageOffers(log=tail is not None, bundle=bundles is not None, api=api is not None),
    )
    yield page
    if tail:
        yield GatewayLogPage(frame, tail)
    if bundles:
        yield BundleDownload(frame, page, bundles)
    if api:
        yield Deferred(API, lambda: api(frame))
