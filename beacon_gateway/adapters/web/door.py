"""The door for monitors, on this machine only: `/healthz` and `/metrics`, read-only."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from ipaddress import ip_address
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from beacon_gateway.adapters.web.exposition import CONTENT_TYPE, exposition
from beacon_gateway.core.fitness import unfit
from beacon_gateway.core.metrics import metrics_of
from beacon_gateway.core.status import Status

IDLE_SECONDS: Final = 15.0
"""How long a connection may stay that asks nothing."""
LONGEST_REQUEST: Final = 1024
"""Bytes of a body; nothing here takes any."""

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WebDoor:
    """Listens while the block runs; may be opened again. Use as an async context manager."""

    def __init__(self, host: str, port: int, *, status: Callable[[], Status], utc: Callable[[], datetime]) -> None:
        """`status` gives the latest; it must not wait."""
        self._host, self._port = host, port
        self._status, self._utc = status, utc
        self._runner: web.AppRunner | None = None

    @property
    def port(self) -> int:
        """Give the port that is listened on; before that, the one that was asked for."""
        return int(self._runner.addresses[0][1]) if self._runner else self._port

    async def __aenter__(self) -> Self:
        """Begin to listen. Raises OSError where that cannot be done."""
        app = web.Application(middlewares=[_asked_by_its_name], client_max_size=LONGEST_REQUEST)
        app.add_routes([web.get("/healthz", self._healthz), web.get("/metrics", self._metrics)])
        runner = web.AppRunner(app, access_log=None, keepalive_timeout=IDLE_SECONDS, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

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
