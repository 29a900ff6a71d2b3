"""The door at which people and monitors ask: pages, `/healthz` and `/metrics`."""

import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from aiohttp import web

from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.web.pages.floors import FloorPages, HeardLog
from beacon_gateway.adapters.web.pages.gateway import GatewayPage
from beacon_gateway.adapters.web.pages.gateway_bundle import BundleDesk
from beacon_gateway.adapters.web.pages.gateway_log import GatewayLogPage
from beacon_gateway.adapters.web.pages.insides import Insides
from beacon_gateway.adapters.web.pages.live import LivePage, Looks
from beacon_gateway.adapters.web.pages.monitors import Monitors
from beacon_gateway.adapters.web.pages.overview import OverviewPage
from beacon_gateway.adapters.web.server.deferred import Deferred, Handlers
from beacon_gateway.adapters.web.server.failures import FailureLog
from beacon_gateway.adapters.web.server.frame import Frame, static
from beacon_gateway.adapters.web.server.guard import LOOK_AGAIN, PATIENCE, Guard
from beacon_gateway.adapters.web.server.host_names import HostNames
from beacon_gateway.adapters.web.server.lines import LinesRunner
from beacon_gateway.adapters.web.server.visits import Visits
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.status import Status
from beacon_gateway.core.model.store import Store

if TYPE_CHECKING:  # loaded where there are accounts
    from beacon_gateway.adapters.web.server.members import Accounts
    from beacon_gateway.adapters.web.server.writers import Links

IDLE_SECONDS: Final = 15.0
"""How long a connection may stay that asks nothing."""
LONGEST_REQUEST: Final = (1 << 20) + (1 << 14)
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


@dataclass(frozen=True, slots=True)
class Sources:
    """What the pages show, and whom they ask. Nothing here may wait unless it is awaited."""

    status: Callable[[], Status]
    """Gives the latest."""
    utc: Callable[[], datetime]
    zone: tzinfo
    """The store's."""
    language: Language
    """For those who chose none."""
    looks: Looks
    heat: Callable[[Frame], Handlers]
    """Loads the page, in a thread."""
    bindings: Callable[[Frame], Handlers] | None = None
    """Loads the pages, in a thread; None where no files can be edited."""
    heard: HeardLog | None = None
    store: Callable[[], Store | None] = lambda: None
    insides: Insides | None = None
    """What the gateway's own page shows beside the status."""
    api: Callable[[Frame], Handlers] | None = None
    """Loads what is below `/api/`, in a thread."""
    accounts: "Accounts | None" = None
    """Of people who log in; None: everybody who can reach it may look, so only this machine may."""
    links: "Links | None" = None
    """Where there are no accounts: what lets somebody write."""
    names: Sequence[str] = ()
    """Host names by which it is reached, besides the machine's own."""
    monotonic: Callable[[], float] = time.monotonic


class _Part(Protocol):
    def routes(self) -> list[web.RouteDef]: ...


class PagesServer(Listener):
    """Listens while the block runs; may be opened again. Use as an async context manager."""

    def __init__(
        self, host: str, port: int, sources: Sources, *, patience: float = PATIENCE, look_again: float = LOOK_AGAIN
    ) -> None:
        """`patience` and `look_again` are the guard's."""
        super().__init__(host, port, self._runner_of_pages)
        self._frame = Frame(sources.status, zone=sources.zone, language=sources.language)
        visits, login = self._entrance(sources)
        self._failures = FailureLog()
        self._guard = Guard(
            visits,
            HostNames(sources.names),
            self._frame,
            patience=patience,
            look_again=look_again,
            failures=self._failures,
        )
        self._live = LivePage(self._frame, sources.looks)
        bindings = (Deferred(BINDINGS, partial(sources.bindings, self._frame)),) if sources.bindings else ()
        self._parts: tuple[_Part, ...] = (
            Monitors(sources.status, sources.utc),
            OverviewPage(self._frame),
            FloorPages(self._frame, sources.heard, sources.store),
            *bindings,
            Deferred(HEAT, lambda: sources.heat(self._frame)),
            self._live,
            *_own_pages(self._frame, sources),
            *login,
        )
        self._css, self._js = static("pages.css"), static("pages.js")

    def _entrance(self, sources: Sources) -> "tuple[Visits, Sequence[_Part]]":
        """Return who knows visitors, and what lets them in."""
        if sources.accounts is None:
            from beacon_gateway.adapters.web.server.link_login import LinkLoginPage  # noqa: PLC0415 - only without accounts
            from beacon_gateway.adapters.web.server.writers import Writers  # noqa: PLC0415 - only without accounts

            writers = Writers(sources.status().gateway, sources.monotonic)
            return writers, [LinkLoginPage(self._frame, sources.links, writers)] if sources.links else []
        from beacon_gateway.adapters.web.server.login import LoginPage  # noqa: PLC0415 - only where there are accounts
        from beacon_gateway.adapters.web.server.members import Members  # noqa: PLC0415 - only where there are accounts
        from beacon_gateway.adapters.web.server.password_check import PasswordCheck  # noqa: PLC0415 - only then

        check = PasswordCheck(sources.monotonic)
        members = Members(sources.accounts, check, sources.status().gateway, sources.monotonic)
        return members, [LoginPage(self._frame, sources.accounts, check, members)]

    def routes(self) -> list[web.RouteDef]:
        """Return every route that is served."""
        own = [web.get("/static/pages.css", self._styles), web.get("/static/pages.js", self._script)]
        return [*(route for part in self._parts for route in part.routes()), *own]

    def _runner_of_pages(self) -> web.AppRunner:
        app = web.Application(middlewares=[self._guard.watch, self._found], client_max_size=LONGEST_REQUEST)
        app.add_routes(self.routes())
        app.on_shutdown.append(self._live.end)
        return LinesRunner(app, idle=IDLE_SECONDS, failures=self._failures)

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


def _own_pages(frame: Frame, sources: Sources) -> Iterator[_Part]:
    """Return the pages of the gateway itself, as far as there is what they show."""
    insides, api = sources.insides or Insides(), sources.api
    page = GatewayPage(frame, insides, has_api=api is not None)
    yield page
    if insides.tail:
        yield GatewayLogPage(frame, insides.tail)
    if insides.bundles:
        yield BundleDesk(frame, page, insides.bundles)
    if api:
        yield Deferred(API, lambda: api(frame))
