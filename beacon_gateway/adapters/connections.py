"""Connections to a server of aiohttp: how many there may be, and how slow one may be.

aiohttp itself closes a connection on which no request comes, or only a part of its head, after the time for which an
idle one is kept. What is left is done here: too many connections, a request that does not arrive, an answer that is not
read, and what never reaches a handler or comes after it: requests that are none, answers that cannot be sent. aiohttp
would log each of these with a traceback, and put the request into the answer.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import ip_address
from socket import IPPROTO_TCP, TCP_USER_TIMEOUT
from typing import Any, Final, Protocol, cast

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from beacon_gateway.adapters.machine.descriptors import highest_descriptor, is_above

MAX_BUFFERED_BYTES: Final = 16 << 10
"""Of a request that a handler does not read yet."""
UNACKNOWLEDGED_MS: Final = 30_000
"""For which the other side may leave what was sent unacknowledged."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    connections: int
    idle_s: float
    """For which a connection is kept on which nothing comes."""
    remote: int | None = None
    """Of all connections, those from other machines: one from this machine, or its proxy, always finds a place."""
    per_remote_address: int | None = None
    request_s: float | None = None
    """In which a request must arrive whole; None where the handlers see to it."""
    unread_s: float = 60.0
    """For which a part of an answer may wait to be read."""
    check_every_s: float = 5.0
    """Between two looks for answers that are not read."""
    linger_s: float = 0.0
    """In which the rest of a refused request is thrown away, so that the refusal can be read."""
    max_headers: int = 64


class ConnectionErrors(Protocol):
    """Counts what goes wrong on connections, and says what is answered."""

    def crowded(self, address: str) -> None:
        """A connection was refused, since there were too many."""

    def slow(self) -> None:
        """A connection was ended, since its request did not arrive in time."""

    def no_request(self, error: HttpProcessingError) -> web.Response:
        """Return the answer to what is no HTTP request."""

    def failed(self, request: web.BaseRequest | None, error: BaseException | None, status: int) -> web.Response:
        """Return the answer to a request that a handler failed at, or whose answer could not be sent."""


class ConnectionServer(web.Server):
    """Makes a Connection of each that is accepted, and looks after all of them."""

    def __init__(
        self,
        handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        limits: ConnectionLimits,
        errors: ConnectionErrors,
        *,
        request_factory: Callable[..., web.BaseRequest] | None = None,
    ) -> None:
        super().__init__(handler, request_factory=request_factory)
        self.limits, self.errors = limits, errors
        self._open: set[Connection] = set()
        self._from: Counter[str] = Counter()
        self._highest_descriptor = highest_descriptor()
        self._next_check: asyncio.TimerHandle | None = None

    def __call__(self) -> "Connection":
        return Connection(self)

    def admit(self, connection: "Connection", transport: asyncio.BaseTransport) -> bool:
        """Count it; False if there is no room, or this process will soon have no descriptors left."""
        address = connection.address
        if not self._has_room(address) or is_above(transport, self._highest_descriptor):
            self.errors.crowded(address)
            return False
        self._open.add(connection)
        self._from[address] += 1
        if self._next_check is None:
            self._next_check = asyncio.get_running_loop().call_later(self.limits.check_every_s, self._check)
        return True

    def forget(self, connection: "Connection") -> None:
        """Count one less: it is closed, to the last byte."""
        if connection in self._open:
            self._open.discard(connection)
            self._from[connection.address] -= 1
            if not self._from[connection.address]:
                del self._from[connection.address]
        if not self._open and self._next_check:
            self._next_check.cancel()
            self._next_check = None

    def _has_room(self, address: str) -> bool:
        limits = self.limits
        if len(self._open) >= limits.connections:
            return False
        if limits.remote is None or _is_local(address):
            return True
        remote = sum(count for other, count in self._from.items() if not _is_local(other))
        return remote < limits.remote and self._from[address] < (limits.per_remote_address or limits.remote)

    def _check(self) -> None:
        loop = asyncio.get_running_loop()
        for connection in list(self._open):
            connection.end_if_unread(loop.time())
        self._next_check = loop.call_later(self.limits.check_every_s, self._check)


class Connection(web.RequestHandler):
    __slots__ = ("_deadline", "_pipe", "_server", "_unread_since", "address", "timed_out")

    def __init__(self, server: ConnectionServer) -> None:
        limits = server.limits
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # its own way to say "none"
            auto_decompress=False,  # nothing that comes small grows large
            keepalive_timeout=limits.idle_s,
            lingering_time=limits.linger_s,
            read_bufsize=MAX_BUFFERED_BYTES,
            max_headers=limits.max_headers,
        )
        self._server = server
        self._pipe: asyncio.Transport | None = None
        self._unread_since: float | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self.address = ""
        self.timed_out = False
        """True if its request did not arrive in time."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        pipe = self._pipe = cast("asyncio.Transport", transport)
        peer = pipe.get_extra_info("peername")
        self.address = str(peer[0]) if peer else ""
        if not self._server.admit(self, transport):
            pipe.abort()
            return
        connection = pipe.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(IPPROTO_TCP, TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS)

    def data_received(self, data: bytes) -> None:
        if data:
            self.request_begins()
        super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        self.request_arrived()
        self._server.forget(self)
        self._pipe = None
        super().connection_lost(exc)

    def request_begins(self) -> None:
        """Begin to count the time of a request, where its time is limited, unless that has begun."""
        if self._deadline is None and self._server.limits.request_s is not None:
            self._deadline = asyncio.get_running_loop().call_later(self._server.limits.request_s, self._give_up)

    def request_arrived(self) -> None:
        """Stop counting: the request is there, as far as it is wanted."""
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def end_if_unread(self, now: float) -> None:
        """End it if something waits to be read for too long. But for that it may be closed already."""
        if self._pipe is None or not self._pipe.get_write_buffer_size():
            self._unread_since = None
        elif self._unread_since is None:
            self._unread_since = now
        elif now - self._unread_since >= self._server.limits.unread_s:
            self._pipe.abort()

    def _give_up(self) -> None:
        self.timed_out = True
        self._server.errors.slow()
        self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Return the answer to what is no request, and to what a handler failed at; called by aiohttp."""
        del message
        errors = self._server.errors
        if isinstance(exc, HttpProcessingError):
            response = errors.no_request(exc)
        else:
            response = errors.failed(self._current_request, exc, status)
        if request.writer.output_size:
            raise ConnectionError("an answer was begun")  # the connection is closed, and that is all there is to say
        response.force_close()
        return response

    def log_exception(self, *_: Any, **more: Any) -> None:  # noqa: ANN401 - aiohttp's
        """Count what an answer failed at; called by aiohttp."""
        self._server.errors.failed(self._current_request, more.get("exc_info"), 500)


def _is_local(address: str) -> bool:
    try:
        return ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return not address
