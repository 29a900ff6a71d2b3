"""Keeps the door open at which shakes are told; where it cannot be opened, tries again, and all else goes on."""

import asyncio
from collections import Counter
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, Protocol

import structlog

from beacon_gateway.core.status import ShakesStatus
from beacon_gateway.services.shakes import Shakes

TRY_AGAIN: Final = 60.0
"""Seconds. The port may be taken by the process that is just ending."""


class Door(AbstractAsyncContextManager[Any], Protocol):
    """Listens while the block runs; may be opened again. Raises OSError where it cannot be opened."""

    @property
    def port(self) -> int: ...

    @property
    def repeated(self) -> int:
        """Give how many messages came again."""

    @property
    def refused(self) -> Counter[str]:
        """Give how many were not let in, by reason."""


class Reception:
    """Of one gateway: the door, and who counts what comes in."""

    def __init__(self, door: Door, shakes: Shakes, *, try_again: float = TRY_AGAIN) -> None:
        self._door, self._shakes, self._try_again = door, shakes, try_again
        self._say = structlog.get_logger("reception")
        self.trouble = ""
        """Why shakes cannot be received now; "" while they can."""

    def status(self) -> ShakesStatus:
        door, shakes = self._door, self._shakes
        refused = door.refused + Counter({"too-old": shakes.too_old, "ahead": shakes.ahead})
        return ShakesStatus(shakes.taken, shakes.repeated + door.repeated, dict(sorted(refused.items())), self.trouble)

    async def run(self) -> None:
        """Keep the door open, and the keys no longer than they may be kept, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._shakes.run(), name="keys")
            tasks.create_task(self._keep_open(), name="door")

    async def _keep_open(self) -> None:
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
