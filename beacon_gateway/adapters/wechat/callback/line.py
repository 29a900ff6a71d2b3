"""HTTP as the callback speaks it: in haste, in short, and silent about what it was sent.

aiohttp's own way of dealing with a bad request puts the request into the log and into the answer; WeChat's requests
name a customer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from beacon_gateway.adapters.machine.descriptors import highest_descriptor, is_above
from beacon_gateway.adapters.wechat.callback.refusals import STATUS, Reason, Refusals

MOST_LINES: Final = 500
"""Connections at a time; a process has 1,024 files by default, and the hit log must stay among them."""
IDLE_SECONDS: Final = 75.0
"""An idle connection is kept, longer than nginx keeps its own (60 s), so that it is never closed under a request."""
MOST_BUFFERED: Final = 16 << 10

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Lines(web.Server):
    """Makes a line of each connection."""

    def __init__(self, handler: Handler, refusals: Refusals, patience: float) -> None:
        """`patience` is the seconds that a request may take to arrive."""
        super().__init__(handler)
        self._refusals, self._patience = refusals, patience
        self.highest_descriptor = highest_descriptor()

    def __call__(self) -> "Line":
        return Line(self, self._refusals, self._patience)


class Line(web.RequestHandler):
    """One connection."""

    __slots__ = ("_giving_up", "_lines", "_patience", "_refusals", "given_up")

    def __init__(self, lines: Lines, refusals: Refusals, patience: float) -> None:
        super().__init__(
            lines,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # its own way to say "none"
            auto_decompress=False,  # nothing that comes small grows large
            keepalive_timeout=IDLE_SECONDS,
            lingering_time=0,  # what was refused is not read to its end
            read_bufsize=MOST_BUFFERED,
        )
        self._lines, self._refusals, self._patience = lines, refusals, patience
        self._giving_up: asyncio.TimerHandle | None = None
        self.given_up = False
        """The request came too slowly."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if len(self._lines.connections) > MOST_LINES or is_above(transport, self._lines.highest_descriptor):
            self._refusals.note(Reason.CROWDED)
            self.force_close()

    def data_received(self, data: bytes) -> None:
        if data:
            self.reads()
        super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        self.has_read()
        super().connection_lost(exc)

    def reads(self) -> None:
        """A request has begun to come."""
        if self._giving_up is None:
            self._giving_up = asyncio.get_running_loop().call_later(self._patience, self._give_up)

    def has_read(self) -> None:
        """The request is there, as far as it is wanted."""
        if self._giving_up:
            self._giving_up.cancel()
            self._giving_up = None

    def _give_up(self) -> None:
        self.given_up = True
        self._refusals.note(Reason.SLOW)
        self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no request, or what our handler failed at, without a word; called by aiohttp."""
        del request, status, message
        reason = Reason.FAULT
        if isinstance(exc, HttpProcessingError):
            reason = Reason.TOO_LARGE if isinstance(exc, LineTooLong) else Reason.HTTP
        self._refusals.note(reason, error=type(exc).__name__ if reason is Reason.FAULT else "")
        return refusal(reason)

    def log_exception(self, *_: Any, **more: Any) -> None:  # noqa: ANN401 - aiohttp's
        """Say no more than which class it was."""
        self._refusals.note(Reason.FAULT, error=type(more.get("exc_info")).__name__)


def answer(text: str = "", *, status: int = 200) -> web.Response:
    """Return an answer that does not tell who we are."""
    headers = {"Server": "gateway", "X-Content-Type-Options": "nosniff"}
    return web.Response(status=status, text=text, content_type="text/plain", headers=headers)


def refusal(reason: Reason) -> web.Response:
    """Return an empty answer, the last one on its connection."""
    response = answer(status=STATUS.get(reason, 400))
    if reason is Reason.METHOD:
        response.headers["Allow"] = "GET, POST"
    response.force_close()
    return response
