"""Receives shakes: the door at which WeChat tells them, and who counts what comes in."""

import asyncio
from collections import Counter
from typing import Protocol

from beacon_gateway.core.status import ShakesStatus
from beacon_gateway.services.doorkeeper import TRY_AGAIN, Door, Doorkeeper
from beacon_gateway.services.shakes import Shakes


class ShakesDoor(Door, Protocol):
    @property
    def repeated(self) -> int:
        """Give how many messages came again."""

    @property
    def refused(self) -> Counter[str]:
        """Give how many were not let in, by reason."""


class Reception:
    """Of one gateway."""

    def __init__(self, door: ShakesDoor, shakes: Shakes, *, address: str = "", try_again: float = TRY_AGAIN) -> None:
        """`address` is where they are received, as people write it."""
        self._door, self._shakes, self._address = door, shakes, address
        self._keeper = Doorkeeper(lambda: door, "reception", try_again=try_again)

    def status(self) -> ShakesStatus:
        door, shakes = self._door, self._shakes
        refused = door.refused + Counter({"too-old": shakes.too_old, "ahead": shakes.ahead})
        port = self._keeper.status(self._address)
        return ShakesStatus(
            shakes.taken,
            shakes.repeated + door.repeated,
            dict(sorted(refused.items())),
            port.trouble,
            port.address,
            port.cause,
        )

    async def run(self) -> None:
        """Keep the door open, and the keys no longer than they may be kept, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._shakes.run(), name="keys")
            tasks.create_task(self._keeper.run(), name="door")
