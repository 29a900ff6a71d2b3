"""The door for this machine only: pages for people, `/healthz` and `/metrics` for monitors; all of it read-only."""

from collections.abc import Awaitable, Callable
from datetime import datetime, tzinfo
from ipaddress import ip_address
from typing import Final

from aiohttp import web

from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.web.exposition import CONTENT_TYPE, exposition
from beacon_gateway.adapters.web.pages import Pages
from beacon_gateway.core.fitness import unfit
from beacon_gateway.core.metrics import metrics_of
from beacon_gateway.core.settings import Language
from beacon_gateway.core.status import Status

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
    ) -> None:
        """`status` gives the latest; it must not wait. `zone` is the store's, `language` for those who chose none."""
        super().__init__(host, port, self._runner_of_pages)
        self._status, self._utc = status, utc
        self._pages = Pages(status, zone=zone, language=language)

    def _runner_of_pages(self) -> web.AppRunner:
        app = web.Application(middlewares=[_guarded, self._found], client_max_size=LONGEST_REQUEST)
        app.add_routes([web.get("/healthz", self._healthz), web.get("/metrics", self._metrics), *self._pages.routes()])
        return web.AppRunner(app, access_log=None, keepalive_timeout=IDLE_SECONDS, shutdown_timeout=1.0)

    async def _healthz(self, _: web.Request) -> web.Response:
        """200 while the gateway does its work, 503 with the reasons while it does not."""
        status = self._status()
        reasons = unfit(status, self._utc())
        body = {
            "fit": not reasons,
            "reasons": reasons,
            "gateway": status.gateway,
            "floor": status.floor,
            "version": status.version,
            "radio": status.radio.state,
            "sync": status.store.sync,
            "written": status.written.isoformat(timespec="milliseconds"),
            "expires": status.expires.isoformat(timespec="milliseconds"),
        }
        return web.json_response(body, status=503 if reasons else 200)

    async def _metrics(self, _: web.Request) -> web.Response:
        text = exposition(metrics_of(self._status()))
        return web.Response(body=text.encode(), headers={"Content-Type": CONTENT_TYPE})

    @web.middleware
    async def _found(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Say it in a page, where a page was asked for that is not there."""
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return self._pages.missing(request)


_GUARDS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Nothing from elsewhere, nothing inline, in nobody's frame.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
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
