"""Keeps a door open at which others ask or tell; where it cannot be opened, tries again, and all else goes on."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, Protocol

import structlog

TRY_AGAIN: Final = 60.0
"""Seconds. The port may be taken by the process that is just ending."""


class Door(AbstractAsyncContextManager[Any], Protocol):
    """Listens while the block runs; may be opened again. Raises OSError where it cannot be opened."""

    @property
    def port(self) -> int: ...


class Doorkeeper:
    """Of one door."""

    def __init__(self, door: Door, name: str, *, try_again: float = TRY_AGAIN) -> None:
        """`name` is what the logs call it."""
        self._door, self._name, self._try_again = door, name, try_again
        self._say = structlog.get_logger(name)
        self.trouble = ""
        """Why nobody can come in now; "" while they can."""

    async def run(self) -> None:
        """Keep the door open until cancelled."""
        while True:
            try:
                async with self._door:
                    self._say.info(f"{self._name}.open", port=self._door.port)
                    self.trouble = ""
                    await asyncio.get_running_loop().create_future()  # until cancelled
            except OSError as error:
                if str(error) != self.trouble:  # told once
                    self._say.error(f"{self._name}.closed", reason=str(error))
                self.trouble = str(error)
            await asyncio.sleep(self._try_again)
