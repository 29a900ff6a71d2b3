"""Connections that are many or slow: over real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest
from aiohttp import web

from beacon_gateway.adapters.connections import ConnectionServer
from beacon_gateway.adapters.web.server.runner import LIMITS, PagesRunner
from tests.patience import HANG_S, until

LARGE = 8 << 20


@asynccontextmanager
async def served(
    *, idle_s: float = 15.0, unread_s: float = 60.0, check_every_s: float = 5.0
) -> AsyncIterator[tuple[int, PagesRunner]]:
    async def large(_: web.Request) -> web.Response:
        return web.Response(body=bytes(LARGE))

    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(bytes(1 << 16))

    app = web.Application()
    app.add_routes([web.get("/large", large), web.get("/endless", endless)])
    limits = replace(LIMITS, idle_s=idle_s, unread_s=unread_s, check_every_s=check_every_s)
    runner = PagesRunner(app, limits=limits)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield int(runner.addresses[0][1]), runner
    finally:
        await runner.cleanup()


async def until_ended(runner: PagesRunner) -> None:
    await until(lambda: not (runner.server and runner.server.connections), every_s=0.01)


def stalled(port: int, request: bytes) -> socket.socket:
    """Ask, and read nothing."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    line.connect(("127.0.0.1", port))
    line.sendall(request)
    return line


@pytest.mark.parametrize("path", ["/large", "/endless"])
async def test_an_answer_that_nobody_reads_is_given_up(path: str) -> None:
    async with served(unread_s=0.05, check_every_s=0.02) as (port, runner):
        line = await asyncio.to_thread(stalled, port, f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        with line:
            await until(lambda: runner.server and runner.server.connections, every_s=0.01)
            await until_ended(runner)


async def test_one_who_reads_slowly_gets_it_all() -> None:
    async with served(unread_s=5.0, check_every_s=0.02) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert len(await reader.read()) > LARGE
        writer.close()


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\nX: "])
async def test_a_head_that_does_not_come_is_not_waited_for(sent: bytes) -> None:
    async with served(idle_s=0.05) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        async with asyncio.timeout(HANG_S):
            assert await reader.read() == b""
        writer.close()


async def test_a_head_that_comes_letter_by_letter_is_not_waited_for_either() -> None:
    async with served(idle_s=0.2) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        ended = asyncio.create_task(reader.read())
        writer.write(b"GET / HTTP/1.1\r\nX: ")
        with suppress(ConnectionError):
            while not ended.done():
                writer.write(b"x")
                await asyncio.wait({ended}, timeout=0.02)
        with suppress(ConnectionResetError):  # what was sent last came too late to be read
            assert await ended == b""
        writer.close()


class FromElsewhere(asyncio.Transport):
    """A connection from another machine, as far as a line looks at it."""

    def __init__(self, address: str) -> None:
        super().__init__({"peername": (address, 5)})
        self.is_ended = False

    def abort(self) -> None:
        self.is_ended = True

    def close(self) -> None:
        pass

    def is_closing(self) -> bool:
        return self.is_ended


async def test_neither_one_address_nor_all_others_together_take_every_place() -> None:
    async with served() as (port, runner):
        server = runner.server
        assert isinstance(server, ConnectionServer)

        def come(address: str) -> bool:
            pipe, line = FromElsewhere(address), server()
            line.connection_made(pipe)
            lines.append(line)
            return not pipe.is_ended

        at_all, remote, from_one = LIMITS.connections, LIMITS.remote, LIMITS.per_remote_address
        assert remote
        assert from_one
        lines: list[asyncio.Protocol] = []
        assert [come("10.0.0.7") for _ in range(from_one + 1)] == [True] * from_one + [False]
        others = sum(come(f"10.0.1.{number}") for number in range(at_all))
        assert others + from_one == remote
        assert come("127.0.0.1")
        for line in lines:
            line.connection_lost(None)
        assert come("10.0.0.7")
        lines[-1].connection_lost(None)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        assert await reader.read() == b""
