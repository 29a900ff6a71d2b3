"""One address on which a server of aiohttp listens while a block runs."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from beacon_gateway.adapters.machine.descriptors import MAX_ACCEPTED_AT_ONCE


class Listener:
    """May be opened again and again. Use as an async context manager."""

    def __init__(self, host: str, port: int, runner: Callable[[], web.BaseRunner]) -> None:
        """`runner` makes what serves, anew for each opening."""
        self._host, self._port, self._make = host, port, runner
        self._runner: web.BaseRunner | None = None

    @property
    def port(self) -> int:
        """Return the port that is listened on; before that, the one that was asked for."""
        return int(self._runner.addresses[0][1]) if self._runner else self._port

    async def __aenter__(self) -> Self:
        """Begin to listen. Raises OSError where that cannot be done."""
        runner = self._make()
        await runner.setup()
        site = web.TCPSite(runner, self._host, self._port, backlog=MAX_ACCEPTED_AT_ONCE)
        starting = asyncio.ensure_future(site.start())
        try:
            await asyncio.shield(starting)
        except BaseException:  # cancelled on its way, asyncio would leave the port open, and lose it
            await asyncio.wait({starting})
            await runner.cleanup()
            raise
        self._runner = runner
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None
