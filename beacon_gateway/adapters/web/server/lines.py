"""The connections to the pages: how many there may be, and how long one may be slow.

aiohttp closes by itself a connection on which no request comes, or only a part of its head, after the time for which an
idle one is kept; the guard gives up a body that does not come. What is left is done here: too many connections, an
answer that is not read, and what never reaches the guard or comes after it: requests that are none, what they expect,
answers that cannot be sent. aiohttp would write each of these into the log, with a traceback.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from socket import IPPROTO_TCP, TCP_USER_TIMEOUT
from typing import Any, Final, cast

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from beacon_gateway.adapters.machine.descriptors import highest_descriptor, is_above
from beacon_gateway.adapters.web.server.failures import FailureLog

MOST: Final = 100
"""Connections at a time; a process has 1,024 files by default, and 30 may be watching the live page."""
MOST_FROM_ELSEWHERE: Final = 80
"""From other machines: somebody on this one, or its proxy, always finds a place."""
MOST_FROM_ONE: Final = 20
"""From one other address. A browser opens six, and one more for each live page."""
UNREAD: Final = 60.0
"""Seconds for which a part of an answer may wait to be read without an end."""
UNANSWERED: Final = 30_000
"""Milliseconds for which the other side may leave what was sent unacknowledged."""
LOOK: Final = 5.0
TELL_AGAIN: Final = 60.0
_LINGERING: Final = 2.0
"""Seconds in which the rest of a refused request is thrown away, so that the refusal can be read."""
_BUFFERED: Final = 16 << 10
_MOST_HEADERS: Final = 64
CONTINUE: Final = "100-continue"

_Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class LinesRunner(web.AppRunner):
    """Runs an application on such connections."""

    def __init__(
        self,
        app: web.Application,
        *,
        idle: float,
        unread: float = UNREAD,
        look: float = LOOK,
        failures: FailureLog | None = None,
    ) -> None:
        """`idle` is the seconds for which a connection is kept on which nothing comes."""
        super().__init__(app, access_log=None, shutdown_timeout=1.0)
        self._idle, self._unread, self._look = idle, unread, look
        self._failures = failures or FailureLog()

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        return Lines(server, idle=self._idle, unread=self._unread, look=self._look, failures=self._failures)


class Lines(web.Server):
    """Makes a line of each connection, and looks after all of them."""

    def __init__(self, server: web.Server, *, idle: float, unread: float, look: float, failures: FailureLog) -> None:
        super().__init__(_meeting_expectations(server.request_handler), request_factory=server.request_factory)
        self._idle, self._unread, self._look, self.failures = idle, unread, look, failures
        self._lines: set[Line] = set()
        self._from: Counter[str] = Counter()
        self._highest_descriptor = highest_descriptor()
        self._looking: asyncio.TimerHandle | None = None
        self._log = structlog.get_logger("web")
        self._told = -TELL_AGAIN
        self._turned_away = 0

    def __call__(self) -> "Line":
        return Line(self, self._idle)

    def come(self, line: "Line", transport: asyncio.BaseTransport) -> bool:
        """Let it in; False if there is no room, or this process will soon have no descriptors left."""
        address = line.address
        elsewhere = 0 if _is_here(address) else 1
        away = sum(count for other, count in self._from.items() if not _is_here(other)) if elsewhere else 0
        is_crowded = len(self._lines) >= MOST or (
            bool(elsewhere) and (away >= MOST_FROM_ELSEWHERE or self._from[address] >= MOST_FROM_ONE)
        )
        if is_crowded or is_above(transport, self._highest_descriptor):
            self._turn_away(address)
            return False
        self._lines.add(line)
        self._from[address] += 1
        if self._looking is None:
            self._looking = asyncio.get_running_loop().call_later(self._look, self._look_after)
        return True

    def go(self, line: "Line") -> None:
        """It is closed, to the last byte."""
        if line in self._lines:
            self._lines.discard(line)
            self._from[line.address] -= 1
            if not self._from[line.address]:
                del self._from[line.address]
        if not self._lines and self._looking:
            self._looking.cancel()
            self._looking = None

    def _look_after(self) -> None:
        loop = asyncio.get_running_loop()
        for line in list(self._lines):
            line.let_go_if_unread(loop.time(), self._unread)
        self._looking = loop.call_later(self._look, self._look_after)

    def _turn_away(self, address: str) -> None:
        self._turned_away += 1
        now = asyncio.get_running_loop().time()
        if now - self._told >= TELL_AGAIN:
            self._told = now
            self._log.warning("web.crowded", address=address, turned_away=self._turned_away)
            self._turned_away = 0


class Line(web.RequestHandler):
    """One connection."""

    __slots__ = ("_is_in", "_lines", "_pipe", "_unread_since", "address")

    def __init__(self, lines: Lines, idle: float) -> None:
        super().__init__(
            lines,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # its own way to say "none"
            auto_decompress=False,  # nothing that comes small grows large
            keepalive_timeout=idle,
            lingering_time=_LINGERING,
            read_bufsize=_BUFFERED,
            max_headers=_MOST_HEADERS,
        )
        self._lines = lines
        self._pipe: asyncio.Transport | None = None
        self._unread_since: float | None = None
        self.address = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        pipe = self._pipe = cast("asyncio.Transport", transport)
        peer = pipe.get_extra_info("peername")
        self.address = str(peer[0]) if peer else ""
        if not self._lines.come(self, transport):
            pipe.abort()
            return
        connection = pipe.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(IPPROTO_TCP, TCP_USER_TIMEOUT, UNANSWERED)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._lines.go(self)
        self._pipe = None
        super().connection_lost(exc)

    def let_go_if_unread(self, now: float, patience: float) -> None:
        """End it if something waits to be read for longer than that. It may be closed already, but for that."""
        if self._pipe is None or not self._pipe.get_write_buffer_size():
            self._unread_since = None
        elif self._unread_since is None:
            self._unread_since = now
        elif now - self._unread_since >= patience:
            self._pipe.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no request, and what failed, in a line; called by aiohttp."""
        del message
        if isinstance(exc, HttpProcessingError):
            answer = web.Response(status=400, text="This is no request that is understood here.\n")
        else:
            self.log_exception(exc_info=exc)
            answer = web.Response(status=status, text="This failed; that was logged.\n")
        if request.writer.output_size:
            raise ConnectionError("an answer was begun")  # the connection is closed, and that is all there is to say
        answer.force_close()
        return answer

    def log_exception(self, *_: Any, **more: Any) -> None:  # noqa: ANN401 - aiohttp's
        """Count what an answer failed at; called by aiohttp."""
        error = more.get("exc_info")
        if not isinstance(error, ConnectionError):  # who asked is gone
            self._lines.failures.note(self._current_request, error, asyncio.get_running_loop().time())


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


def _is_here(address: str) -> bool:
    try:
        return ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return not address
