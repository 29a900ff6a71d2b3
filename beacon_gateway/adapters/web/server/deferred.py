"""A part of the pages that is loaded when somebody first wants it: others save a megabyte or more."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Handlers = Mapping[str, Handler]
"""By the names that the routes have for them."""


class Deferred:
    def __init__(self, routes: Sequence[tuple[str, str, str]], load: Callable[[], Handlers]) -> None:
        """`routes` are method, path and the handler's name; `load` is called once, in a thread."""
        self._routes, self._load = routes, load
        self._handlers: Handlers | None = None
        self._loading = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        return [web.route(method, path, self._handler(name)) for method, path, name in self._routes]

    def _handler(self, name: str) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            async with self._loading:
                if self._handlers is None:
                    self._handlers = await asyncio.to_thread(self._load)  # meanwhile, everything else goes on
            return await self._handlers[name](request)

        return handle
