"""Where the heat map is asked for. Its page is loaded when somebody first wants it: others save a megabyte."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from aiohttp import web


class Page(Protocol):
    async def show(self, request: web.Request) -> web.Response: ...

    async def give_sheet(self, request: web.Request) -> web.Response: ...


class HeatDoor:
    def __init__(self, load: Callable[[], Page]) -> None:
        self._load = load
        self._page: Page | None = None
        self._loading = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/heat", self._show), web.get("/heat.csv", self._give_sheet)]

    async def _show(self, request: web.Request) -> web.Response:
        return await (await self._loaded()).show(request)

    async def _give_sheet(self, request: web.Request) -> web.Response:
        return await (await self._loaded()).give_sheet(request)

    async def _loaded(self) -> Page:
        async with self._loading:
            if self._page is None:
                self._page = await asyncio.to_thread(self._load)  # meanwhile, everything else goes on
            return self._page
