"""Events that a server sends while somebody watches (`text/event-stream`), the same ones to all who do.

What is to be told is asked for only while there are viewers, and made once for all of them. Each viewer has a short
queue: one that does not read is let go, and delays no other. There is an event every second anyway, so nothing else is
sent to keep a connection alive.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from socket import IPPROTO_TCP, TCP_USER_TIMEOUT
from typing import Final, Protocol

import structlog
from aiohttp import web

MAX_VIEWERS: Final = 30
MAX_QUEUED_EVENTS: Final = 8
"""Events that may wait for a viewer, besides what the kernel holds for it."""
VIEWER_TIMEOUT_MS: Final = 30_000
"""Milliseconds for which a viewer may leave what was sent unacknowledged: a phone that left takes no place for long."""
RECONNECT_AFTER_MS: Final = 3_000
"""Milliseconds after which a browser whose stream ended asks for it again."""

_HEADERS: Final = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Accel-Buffering": "no",  # nginx would keep events back
}


class Snapshot(Protocol):
    """What is told at one moment, as the event's data: one line of UTF-8."""

    def full(self) -> bytes:
        """Return it for those who know nothing yet."""

    def delta(self) -> bytes:
        """Return it for those who know all that was told before."""


class EventStream:
    """Of one kind of events."""

    def __init__(
        self,
        snapshots: Callable[[], AsyncGenerator[Snapshot]],
        *,
        most_viewers: int = MAX_VIEWERS,
        waiting: int = MAX_QUEUED_EVENTS,
    ) -> None:
        """`snapshots` begins to tell; it is closed when the last viewer has gone."""
        self._snapshots, self._most, self._waiting = snapshots, most_viewers, waiting
        self._viewers: set[_Viewer] = set()
        self._producer: asyncio.Task[None] | None = None
        self._latest: Snapshot | None = None
        self.dropped = 0
        """Viewers that did not read, since the start."""
        self._log = structlog.get_logger("events")

    @property
    def viewers(self) -> int:
        return len(self._viewers)

    @property
    def full(self) -> bool:
        """True if no further viewer is admitted now."""
        return len(self._viewers) >= self._most

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Send events until the viewer goes, is let go, or all are ended. Ask `full` first."""
        transport = request.transport
        if transport is None:
            raise web.HTTPServiceUnavailable
        viewer = _Viewer(transport, self._waiting)
        response = web.StreamResponse(headers=_HEADERS)
        self._come(viewer)
        try:
            await response.prepare(request)
            await response.write(b"retry: %d\n\n" % RECONNECT_AFTER_MS)
            while (data := await viewer.next()) is not None:
                await response.write(b"data: %b\n\n" % data)
        except ConnectionResetError:  # it went, or was let go
            pass
        finally:
            self._leave(viewer)
        return response

    async def end(self) -> None:
        """End the streams of all who watch: the server stops."""
        for viewer in list(self._viewers):
            viewer.end()

    def _come(self, viewer: "_Viewer") -> None:
        self._viewers.add(viewer)
        if self._producer is None:
            self._producer = asyncio.create_task(self._tell(), name="events")
            self._producer.add_done_callback(self._told)
        elif self._latest:
            viewer.offer(self._latest)

    def _leave(self, viewer: "_Viewer") -> None:
        self._viewers.discard(viewer)
        if not self._viewers and self._producer:
            self._producer.cancel()
            self._producer = self._latest = None

    async def _tell(self) -> None:
        async with aclosing(self._snapshots()) as snapshots:
            async for snapshot in snapshots:
                self._latest = snapshot
                for viewer in list(self._viewers):
                    if not viewer.offer(snapshot):
                        self._viewers.discard(viewer)
                        self.dropped += 1
                        self._log.info("events.viewer_dropped", dropped=self.dropped)

    def _told(self, producer: asyncio.Task[None]) -> None:
        """End the streams of a producer that stopped by itself; the browsers ask again."""
        if self._producer is not producer:  # was cancelled, with its last viewer
            return
        self._producer = self._latest = None
        error = None if producer.cancelled() else producer.exception()
        if error:
            self._log.error("events.failed", exc_info=error)
        for viewer in list(self._viewers):
            viewer.end()


class _Viewer:
    def __init__(self, transport: asyncio.Transport, waiting: int) -> None:
        self._transport = transport
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(waiting)
        self._knows = False
        connection = transport.get_extra_info("socket")
        with suppress(OSError):  # already gone
            connection.setsockopt(IPPROTO_TCP, TCP_USER_TIMEOUT, VIEWER_TIMEOUT_MS)

    async def next(self) -> bytes | None:
        """Return the data of the next event; None at the end."""
        return await self._queue.get()

    def offer(self, snapshot: Snapshot) -> bool:
        """Let it know; False if it does not read, and was let go."""
        data = snapshot.delta() if self._knows else snapshot.full()
        self._knows = True
        try:
            self._queue.put_nowait(data)
        except asyncio.QueueFull:
            self._finish()
            self._transport.abort()
            return False
        return True

    def end(self) -> None:
        self._finish()
        if self._transport.is_closing() or self._transport.get_write_buffer_size():  # it would be waited for
            self._transport.abort()

    def _finish(self) -> None:
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)
