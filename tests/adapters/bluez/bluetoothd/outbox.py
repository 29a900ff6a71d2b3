"""Hands messages to the bus in order, and no faster than the bus reads them."""

import asyncio
from collections.abc import Iterable

from dbus_fast import Message
from dbus_fast.aio import MessageBus

# dbus-fast gives up the whole connection when it meets a full socket (BlockingIOError in its writer). A socket of
# Linux's default size, 208 KiB, holds some 170 such messages; after this many we wait until the daemon has read them.
_BURST = 64


class Outbox:
    def __init__(self, bus: MessageBus) -> None:
        self.bus = bus
        self._messages: asyncio.Queue[Message] = asyncio.Queue()
        self._since_ping = 0
        self._task = asyncio.create_task(self._hand_over_all(), name="outbox")
        self._task.add_done_callback(lambda _: self._empty())

    def put(self, message: Message) -> None:
        if not self._task.done():
            self._messages.put_nowait(message)

    async def handed_over(self) -> None:
        """Return once everything put so far is on the bus, or lost with it. Raises what dbus-fast cannot send."""
        await self._messages.join()
        if self._task.done() and not self._task.cancelled():
            self._task.result()

    async def taken_by(self, clients: Iterable[str]) -> None:
        """Return once each client has dealt with everything put so far, or is gone."""
        await self.handed_over()
        # A client answers in the order it is asked: its answer says that it is done with all that came before.
        await asyncio.gather(*(self._ping(client) for client in clients))

    def drop(self) -> None:
        """Stop at once; what was not handed over is lost."""
        self._task.cancel()
        self._empty()

    def _empty(self) -> None:
        while not self._messages.empty():
            self._messages.get_nowait()
            self._messages.task_done()

    async def _hand_over_all(self) -> None:
        while True:
            message = await self._messages.get()
            try:
                await self._hand_over(message)
            except (EOFError, OSError):
                return  # the daemon is gone, and with it everyone who could have heard this
            finally:
                self._messages.task_done()

    async def _hand_over(self, message: Message) -> None:
        await self.bus.send(message)
        self._since_ping += 1
        if self._since_ping == _BURST:
            await self._ping("org.freedesktop.DBus")
            self._since_ping = 0

    async def _ping(self, destination: str) -> None:
        if self.bus.connected:
            peer = "org.freedesktop.DBus.Peer"
            await self.bus.call(Message(destination=destination, path="/", interface=peer, member="Ping"))
