"""Servers that answer what they should not: an emulator that bends the truth, and two that know no manners."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from beacon_gateway.simulator.wechat import Emulator
from beacon_gateway.simulator.wechat.request import ApiRequest, Reply
from tests.services.bindings.scene import NOON, SETTINGS, TOKEN, WeChatSide, wechat_side

Lie = Callable[[str, Reply], Reply]
"""From a path and the true answer to the one that is sent."""
TOKEN_SENT = "t0ken" * 20


class Liar(Emulator):
    """The emulator, with the last word left to `lie`."""

    def __init__(self) -> None:
        super().__init__(SETTINGS, clock=NOON.timestamp, rng=random.Random(1))
        self.lie: Lie = lambda _, reply: reply

    def answer(self, request: ApiRequest) -> Reply:
        return self.lie(request.path, super().answer(request))


@asynccontextmanager
async def lying() -> AsyncIterator[tuple[WeChatSide, Liar]]:
    liar = Liar()
    async with wechat_side(emulator=liar) as wechat:
        yield wechat, liar


@asynccontextmanager
async def answering(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """Serve whatever `answer` makes of a request; only tokens are given out as they should be."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if request.path == TOKEN:
            return web.json_response({"access_token": TOKEN_SENT, "expires_in": 7200})
        return await answer(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield "http://{}:{}".format(*runner.addresses[0][:2])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def saying(body: bytes) -> AsyncIterator[str]:
    """Serve these bytes as the answer to everything but tokens."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type="application/json")

    async with answering(answer) as url:
        yield url


@asynccontextmanager
async def speaking_no_http(line: bytes) -> AsyncIterator[str]:
    """Return out a token over HTTP, and answer all else with something that is no HTTP."""
    token = json.dumps({"access_token": TOKEN_SENT, "expires_in": 7200}).encode()
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(token)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        writer.write(head + token if TOKEN.encode() in request.partition(b"\r\n")[0] else line)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield "http://{}:{}".format(*server.sockets[0].getsockname()[:2])
