"""The door for monitors, on this machine only: `/healthz` and `/metrics`, read-only."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from ipaddress import ip_address
from typing import Final

from aiohttp import web

from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.web.exposition import CONTENT_TYPE, exposition
from beacon_gateway.core.fitness import unfit
from beacon_gateway.core.metrics import metrics_of
from beacon_gateway.core.status import Status

IDLE_SECONDS: Final = 15.0
"""How long a connection may stay that asks nothing."""
LONGEST_REQUEST: Final = 1024
"""Bytes of a body; nothing here takes any."""

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WebDoor(Listener):
    """Listens while the block runs; may be opened again. Use as an async context manager."""

    def __init__(self, host: str, port: int, *, status: Callable[[], Status], utc: Callable[[], datetime]) -> None:
        """`status` gives the latest; it must not wait."""
        super().__init__(host, port, self._runner_of_pages)
        self._status, self._utc = status, utc

    def _runner_of_pages(self) -> web.AppRunner:
        app = web.Application(middlewares=[_asked_by_its_name], client_max_size=LONGEST_REQUEST)
        app.add_routes([web.get("/healthz", self._healthz), web.get("/metrics", self._metrics)])
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
        return web.json_response(body, status=503 if reasons else 200, headers=_UNKEPT)

    async def _metrics(self, _: web.Request) -> web.Response:
        text = exposition(metrics_of(self._status()))
        return web.Response(body=text.encode(), headers={**_UNKEPT, "Content-Type": CONTENT_TYPE})


_UNKEPT: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@web.middleware
async def _asked_by_its_name(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Turn away whoever asks for another name: a page of another site whose name was made to lead to this machine."""
    host = request.host.removesuffix(f":{request.url.port}").strip("[]")
    if host != "localhost" and not _is_loopback(host):
        return web.Response(status=421, text="This is not the server of that name.\n", headers=_UNKEPT)
    return await handler(request)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
