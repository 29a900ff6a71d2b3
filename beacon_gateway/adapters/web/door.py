"""The door at which people and monitors ask: pages, `/healthz` and `/metrics`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from aiohttp import web

from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.web.deferred import Deferred, Handlers
from beacon_gateway.adapters.web.floors import FloorPages, HeardLog
from beacon_gateway.adapters.web.frame import Frame, static
from beacon_gateway.adapters.web.gateway import GatewayPage
from beacon_gateway.adapters.web.guard import Guard
from beacon_gateway.adapters.web.live import LivePage, Looks
from beacon_gateway.adapters.web.monitors import Monitors
from beacon_gateway.adapters.web.overview import OverviewPage
from beacon_gateway.adapters.web.visits import Visits
from beacon_gateway.core.settings import Language
from beacon_gateway.core.status import Status
from beacon_gateway.core.store import Store

IDLE_SECONDS: Final = 15.0
"""How long a connection may stay that asks nothing."""
LONGEST_REQUEST: Final = (1 << 19) + (1 << 14)
"""Bytes of a body: the largest file that is read, and what a form puts around it."""
HEAT: Final = (("GET", "/heat", "show"), ("GET", "/heat.csv", "give_sheet"))

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
    heard: HeardLog | None = None
    store: Callable[[], Store | None] = lambda: None


class WebDoor(Listener):
    """Listens while the block runs; may be opened again. Use as an async context manager."""

    def __init__(self, host: str, port: int, sources: Sources) -> None:
        super().__init__(host, port, self._runner_of_pages)
        self._frame = Frame(sources.status, zone=sources.zone, language=sources.language)
        self._guard = Guard(Visits())
        self._live = LivePage(self._frame, sources.looks)
        self._parts = (
            Monitors(sources.status, sources.utc),
            OverviewPage(self._frame),
            FloorPages(self._frame, sources.heard, sources.store),
            Deferred(HEAT, lambda: sources.heat(self._frame)),
            self._live,
            GatewayPage(self._frame),
        )
        self._css, self._js = static("pages.css"), static("pages.js")

    def _runner_of_pages(self) -> web.AppRunner:
        app = web.Application(middlewares=[self._guard.watch, self._found], client_max_size=LONGEST_REQUEST)
        app.add_routes([route for part in self._parts for route in part.routes()])
        app.add_routes([web.get("/static/pages.css", self._styles), web.get("/static/pages.js", self._script)])
        app.on_shutdown.append(self._live.end)
        return web.AppRunner(app, access_log=None, keepalive_timeout=IDLE_SECONDS, shutdown_timeout=1.0)

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
