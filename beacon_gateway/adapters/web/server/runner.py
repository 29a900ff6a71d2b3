"""Runs the pages on connections with limits, and says what goes wrong on those."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from beacon_gateway.adapters.connections import ConnectionLimits, ConnectionServer
from beacon_gateway.adapters.web.server.failures import FailureLog

LIMITS: Final = ConnectionLimits(
    connections=100,  # a process has 1,024 files by default, and 30 may be watching the live page
    remote=80,
    per_remote_address=20,  # a browser opens six, and one more for each live page
    idle_s=15.0,
    linger_s=2.0,
)
LOG_AGAIN_S: Final = 60.0
CONTINUE: Final = "100-continue"

_Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class PagesRunner(web.AppRunner):
    def __init__(
        self, app: web.Application, *, limits: ConnectionLimits = LIMITS, failures: FailureLog | None = None
    ) -> None:
        super().__init__(app, access_log=None, shutdown_timeout=1.0)
        self._limits, self._errors = limits, PageErrors(failures or FailureLog())

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        handler = _meeting_expectations(server.request_handler)
        return ConnectionServer(handler, self._limits, self._errors, request_factory=server.request_factory)


class PageErrors:
    """Answers in a line of text; logs once a minute."""

    def __init__(self, failures: FailureLog) -> None:
        self._failures = failures
        self._log = structlog.get_logger("web")
        self._logged_at = -LOG_AGAIN_S
        self._turned_away = 0

    def crowded(self, address: str) -> None:
        self._turned_away += 1
        now = asyncio.get_running_loop().time()
        if now - self._logged_at >= LOG_AGAIN_S:
            self._logged_at = now
            self._log.warning("web.crowded", address=address, turned_away=self._turned_away)
            self._turned_away = 0

    def slow(self) -> None:
        """Say nothing: the guard waits for requests, and answers."""

    def no_request(self, error: HttpProcessingError) -> web.Response:
        del error
        return web.Response(status=400, text="This is no request that is understood here.\n")

    def failed(self, request: web.BaseRequest | None, error: BaseException | None, status: int) -> web.Response:
        if not isinstance(error, ConnectionError):  # who asked is gone
            self._failures.note(request, error, asyncio.get_running_loop().time())
        return web.Response(status=status, text="This failed; that was logged.\n")


def _meeting_expectations(handler: _Handler) -> _Handler:
    """Return the handler of requests that expect nothing, or what every server does."""

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        expected = request.headers.get("Expect", CONTINUE)
        if expected.lower() == CONTINUE:
            return await handler(request)
        refused = web.Response(status=417, text="That cannot be expected here.\n")
        refused.force_close()
        return refused

    return handle
