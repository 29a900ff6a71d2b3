"""Asks for what a file of a secret holds, whenever it is needed: it may be missing, or on a share that hangs."""

import asyncio
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from beacon_gateway.core.bindings.target import SECRET_SLOW, TryLater
from beacon_gateway.services.own_thread import in_own_thread

T = TypeVar("T")

SECRET_TIMEOUT_S: Final = 10.0
"""For one look at the file."""


class SecretSource(Generic[T]):
    """Of one secret. A file that hangs keeps one thread, however often it is asked for."""

    def __init__(self, read: Callable[[], T], *, timeout_s: float = SECRET_TIMEOUT_S) -> None:
        """`read` blocks; it raises NeedsOperator where there is no usable secret, and names the place only."""
        self._read, self._timeout_s = read, timeout_s
        self._reading: asyncio.Task[T] | None = None
        self._until = 0.0
        """When the reading under way is late, by the clock of the event loop."""

    async def __call__(self) -> T:
        """Return the secret as it is now. Raise NeedsOperator where there is none, TryLater where nothing answers."""
        now = asyncio.get_running_loop().time()
        if self._reading is None:
            self._reading = asyncio.create_task(in_own_thread(self._read, "secret"), name="secret")
            self._until = now + self._timeout_s
        reading = self._reading
        await asyncio.wait({reading}, timeout=max(0.0, self._until - now))
        if not reading.done():
            raise TryLater(f"the place of the secret has not answered for {self._timeout_s:g} s", SECRET_SLOW)
        if self._reading is reading:
            self._reading = None
        return reading.result()
