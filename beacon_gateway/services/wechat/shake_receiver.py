"""Receives shakes: the door at which WeChat reports them, and who counts what comes in."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Protocol

from beacon_gateway.core.model.status import ShakesStatus
from beacon_gateway.services.server_supervisor import REOPEN_AFTER_S, Server, ServerSupervisor
from beacon_gateway.services.wechat.shakes import Shakes


class ShakesServer(Server, Protocol):
    @property
    def repeated(self) -> int:
        """Return how many messages came again."""

    @property
    def refused(self) -> Counter[str]:
        """Return how many were not let in, by reason."""


class ShakeReceiver:
    """Of one gateway."""

    def __init__(
        self,
        make: Callable[[], Awaitable[ShakesServer]],
        shakes: Shakes,
        *,
        address: str = "",
        try_again: float = REOPEN_AFTER_S,
    ) -> None:
        """`make` makes the door, once that works; `address` is where shakes are received, as people write it."""
        self._make, self._shakes, self._address = make, shakes, address
        self._door: ShakesServer | None = None
        self._keeper = ServerSupervisor(self._made, "reception", try_again=try_again)

    def status(self) -> ShakesStatus:
        door, shakes = self._door, self._shakes
        refused = Counter({"too-old": shakes.too_old, "ahead": shakes.ahead}) + (door.refused if door else Counter())
        port = self._keeper.status(self._address)
        return ShakesStatus(
            shakes.taken,
            shakes.repeated + (door.repeated if door else 0),
            dict(sorted(refused.items())),
            port.trouble,
            port.address,
            port.cause,
        )

    async def _made(self) -> ShakesServer:
        self._door = await self._make()
        return self._door

    async def run(self) -> None:
        """Keep the door open, and the keys no longer than they may be kept, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._shakes.run(), name="keys")
            tasks.create_task(self._keeper.run(), name="door")
