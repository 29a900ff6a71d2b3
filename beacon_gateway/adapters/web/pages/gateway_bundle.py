"""A support bundle for store IT, made when the button is pressed, sent, and gone."""

import asyncio
import os
from contextlib import AsyncExitStack, suppress
from http import HTTPStatus
from pathlib import Path
from typing import Final

import structlog
from aiohttp import web

from beacon_gateway.adapters.web.pages.gateway import GatewayPage
from beacon_gateway.adapters.web.pages.gateway_sources import Bundles
from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.adapters.web.server.visits import VISIT
from beacon_gateway.adapters.web.server.words import say_plainly

BUNDLE_CHUNK_BYTES: Final = 1 << 16


class BundleDownload:
    def __init__(self, frame: PageFrame, page: GatewayPage, bundles: Bundles) -> None:
        """`page` is where troubles are shown."""
        self._frame, self._page, self._bundles = frame, page, bundles
        self._alone = asyncio.Lock()
        self._say = structlog.get_logger("web")

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/gateway/bundle", self._give)]

    async def _give(self, request: web.Request) -> web.StreamResponse:
        visitor, language = request[VISIT].visitor, self._frame.language(request)
        if not visitor.is_it:
            raise web.HTTPForbidden(text=say_plainly(language, "gateway.only-it"))
        if self._alone.locked():
            return await self._page.page(request, HTTPStatus.CONFLICT, say_plainly(language, "gateway.bundle.busy"))
        async with self._alone, AsyncExitStack() as stack:
            try:
                path = await stack.enter_async_context(self._bundles.made())
            except OSError as error:
                self._say.warning("web.no_bundle", reason=str(error))
                trouble = say_plainly(language, "gateway.bundle.failed", reason=error)
                return await self._page.page(request, HTTPStatus.SERVICE_UNAVAILABLE, trouble)
            self._say.info("web.bundle_given", who=visitor.name, name=path.name)
            return await _send(request, path)


async def _send(request: web.Request, path: Path) -> web.StreamResponse:
    answer = web.StreamResponse(
        headers={
            "Content-Type": "application/gzip",
            "Content-Disposition": f'attachment; filename="{path.name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
    )
    with path.open("rb") as file, suppress(ConnectionResetError):  # the client is gone
        answer.content_length = os.fstat(file.fileno()).st_size
        await answer.prepare(request)
        while chunk := await asyncio.to_thread(file.read, BUNDLE_CHUNK_BYTES):
            await answer.write(chunk)
    return answer
