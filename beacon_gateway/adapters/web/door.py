"""The door for this machine only: pages for people, `/healthz` and `/metrics` for monitors; all of it read-only."""

from collections.abc import Awaitable, Callable
from datetime import datetime, tzinfo
from ipaddress import ip_address
from typing import Final

from aiohttp import web

from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.web.floors import FloorPages, HeardLog
from beacon_gateway.adapters.web.frame import Frame, styles
from beacon_gateway.adapters.web.gateway import GatewayPage
from beacon_gateway.adapters.web.heat_door import HeatDoor, Page
from beacon_gateway.adapters.web.live import LivePage, Looks
from beacon_gateway.adapters.web.monitors import Monitors
from beacon_gateway.adapters.web.overview import OverviewPage
from beacon_gateway.core.settings import Language
from beacon_gateway.core.status import Status
from beacon_gateway.core.store import Store

IDLE_SECONDS: Final = 15.0
"""How long a connection may stay that asks nothing."""
LONGEST_REQUEST: Final = 1024
"""Bytes of a body; nothing here takes any."""

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WebDoor(Listener):
    """Listens while the block runs; may be opened again. Use as an async context manager."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        status: Callable[[], Status],
        utc: Callable[[], datetime],
        zone: tzinfo,
        language: Language,
        looks: Looks,
        heat: Callable[[Frame], Page],
        heard: HeardLog | None = None,
        store: Callable[[], Store | None] = lambda: None,
    ) -> None:
        """`status` gives the latest; it must not wait. `zone` is the store's, `language` for those who chose none."""
        super().__init__(host, port, self._runner_of_pages)
        self._frame = Frame(status, zone=zone, language=language)
        self._live = LivePage(self._frame, looks)
        self._parts = (
            Monitors(status, utc),
            OverviewPage(self._frame),
            FloorPages(self._frame, heard, store),
            HeatDoor(lambda: heat(self._frame)),
            self._live,
            GatewayPage(self._frame),
        )
        self._css = styles()

    def _runner_of_pages(self) -> web.AppRunner:
        app = web.Application(middlewares=[_guarded, self._found], client_max_size=LONGEST_REQUEST)
        app.add_routes([route for part in self._parts for route in part.routes()])
        app.add_routes([web.get("/static/pages.css", self._styles)])
        app.on_shutdown.append(self._live.end)
        return web.AppRunner(app, access_log=None, keepalive_timeout=IDLE_SECONDS, shutdown_timeout=1.0)

    async def _styles(self, _: web.Request) -> web.Response:
        return web.Response(body=self._css, content_type="text/css", charset="utf-8")

    @web.middleware
    async def _found(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Say it in a page, where a page was asked for that is not there."""
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return self._frame.missing(request)


_GUARDS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Nothing from elsewhere, nothing inline, in nobody's frame.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
}


@web.middleware
async def _guarded(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Turn away whoever asks for another name: a page of another site whose name was made to lead to this machine."""
    host = request.host.removesuffix(f":{request.url.port}").strip("[]")
    answer: web.StreamResponse
    if host != "localhost" and not _is_loopback(host):
        answer = web.Response(status=421, text="This is not the server of that name.\n")
    else:
        try:
            answer = await handler(request)
        except web.HTTPException as refusal:
            answer = web.Response(status=refusal.status, text=f"{refusal.reason}\n")
    answer.headers.update(_GUARDS)
    return answer


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
