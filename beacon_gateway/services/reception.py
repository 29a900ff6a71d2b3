"""Keeps the door open at which shakes are told; where it cannot be opened, tries again, and all else goes on."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol

import structlog

TRY_AGAIN: Final = 60.0
"""Seconds. The port may be taken by the process that is just ending."""


class Door(AbstractAsyncContextManager["Door"], Protocol):
    """Listens while the block runs. Raises OSError where it cannot."""

    @property
    def port(self) -> int: ...


class Reception:
    """Of one gateway."""

    def __init__(self, door: Door, *, try_again: float = TRY_AGAIN) -> None:
        self._door, self._try_again = door, try_again
        self._say = structlog.get_logger("reception")
        self.trouble = ""
        """Why shakes cannot be received now; "" while they can."""

    async def run(self) -> None:
        """Keep it open until cancelled."""
        while True:
            try:
                async with self._door:
                    self._say.info("reception.open", port=self._door.port)
                    self.trouble = ""
                    await asyncio.get_running_loop().create_future()  # until cancelled
            except OSError as error:
                if str(error) != self.trouble:  # told once
                    self._say.error("reception.closed", reason=str(error))
                self.trouble = str(error)
            await asyncio.sleep(self._try_again)
