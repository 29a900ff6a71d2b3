"""Connections to the pages that are many, slow, or speak no HTTP: over real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.web.server.lines import MOST, MOST_FROM_ELSEWHERE, MOST_FROM_ONE, Lines, LinesRunner
from tests.adapters.web.pages.test_metrics import whole_status
from tests.adapters.web.pages.test_pages_server import ask, opened

LARGE = 8 << 20


@asynccontextmanager
async def served(
    *, idle: float = 15.0, unread: float = 60.0, look: float = 5.0
) -> AsyncIterator[tuple[int, LinesRunner]]:
    async def large(_: web.Request) -> web.Response:
        return web.Response(body=bytes(LARGE))

    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(bytes(1 << 16))

    app = web.Application()
    app.add_routes([web.get("/large", large), web.get("/endless", endless)])
    runner = LinesRunner(app, idle=idle, unread=unread, look=look)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield int(runner.addresses[0][1]), runner
    finally:
        await runner.cleanup()


async def until_ended(runner: LinesRunner) -> None:
    async with asyncio.timeout(10):
        while runner.server and runner.server.connections:
            await asyncio.sleep(0.01)


def stalled(port: int, request: bytes) -> socket.socket:
    """Ask, and read nothing."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    line.connect(("127.0.0.1", port))
    line.sendall(request)
    return line


@pytest.mark.parametrize("path", ["/large", "/endless"])
async def test_an_answer_that_nobody_reads_is_given_up(path: str) -> None:
    async with served(unread=0.05, look=0.02) as (port, runner):
        line = await asyncio.to_thread(stalled, port, f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        with line:
            async with asyncio.timeout(10):
                while not (runner.server and runner.server.connections):
                    await asyncio.sleep(0.01)
            await until_ended(runner)


async def test_one_who_reads_slowly_gets_it_all() -> None:
    async with served(unread=5.0, look=0.02) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert len(await reader.read()) > LARGE
        writer.close()


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\nX: "])
async def test_a_head_that_does_not_come_is_not_waited_for(sent: bytes) -> None:
    async with served(idle=0.05) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        async with asyncio.timeout(10):
            assert await reader.read() == b""
        writer.close()


async def test_a_head_that_comes_letter_by_letter_is_not_waited_for_either() -> None:
    async with served(idle=0.2) as (port, _):
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


@pytest.mark.parametrize(
    "sent",
    [
        b"boom\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03boom",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: x\r\n" * 500 + b"\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n",
    ],
)
async def test_what_is_no_request_is_refused_in_a_line_and_leaves_none_in_the_log(
    sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as log:
        async with served() as (port, _):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(sent)
            said = await reader.read()
            writer.close()
    assert said.startswith(b"HTTP/1.")
    assert b" 400 " in said.partition(b"\r\n")[0]
    assert b"boom" not in said
    assert (log, caplog.records) == ([], [])


async def test_a_crowd_finds_no_more_room_and_leaves_it_for_others_when_it_goes() -> None:
    with capture_logs() as log:
        async with opened(whole_status()) as door:
            crowd = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(MOST)]
            for _ in range(3):
                reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
                with suppress(ConnectionError):
                    assert await reader.read() == b""
                writer.close()
            for _, writer in crowd:
                writer.close()
                await writer.wait_closed()
            assert (await ask(door, "/healthz")).code == 200
    assert [line["event"] for line in log if line["log_level"] == "warning"] == ["web.crowded"]


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
        assert isinstance(server, Lines)

        def come(address: str) -> bool:
            pipe, line = FromElsewhere(address), server()
            line.connection_made(pipe)
            lines.append(line)
            return not pipe.is_ended

        lines: list[asyncio.Protocol] = []
        assert [come("10.0.0.7") for _ in range(MOST_FROM_ONE + 1)] == [True] * MOST_FROM_ONE + [False]
        others = sum(come(f"10.0.1.{number}") for number in range(MOST))
        assert others + MOST_FROM_ONE == MOST_FROM_ELSEWHERE
        assert come("127.0.0.1")
        for line in lines:
            line.connection_lost(None)
        assert come("10.0.0.7")
        lines[-1].connection_lost(None)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        assert await reader.read() == b""


@pytest.mark.parametrize("path", ["/healthz", "/nothing"])
@pytest.mark.parametrize("expected", ["200-ok", "\xff", "100-continue, x"])
async def test_what_no_server_does_is_not_expected_here_and_nobody_is_woken_by_it(path: str, expected: str) -> None:
    with capture_logs() as log:
        async with opened(whole_status()) as door:
            said = await sent(door.port, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nExpect: {expected}\r\n\r\n")
    assert said.startswith("HTTP/1.1 417 ")
    assert log == []


async def test_who_expects_to_be_told_to_go_on_is_told_so() -> None:
    async with opened(whole_status()) as door:
        head = "Host: localhost\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        said = await sent(door.port, f"GET /healthz HTTP/1.1\r\n{head}")
    assert said.startswith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


async def test_an_answer_that_fails_again_and_again_is_one_line_in_the_log() -> None:
    async def fail(_: web.Request) -> web.Response:
        return web.Response(headers={"X": "a\nb"})  # found out where the answer is sent, behind all handlers

    app = web.Application()
    app.add_routes([web.get("/", fail)])

    def runner() -> web.AppRunner:
        return LinesRunner(app, idle=5)

    with capture_logs() as log:
        async with Listener("127.0.0.1", 0, runner) as door:
            for _ in range(5):
                assert await sent(door.port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") == ""
    assert [line["event"] for line in log] == ["web.failed"]


async def sent(port: int, request: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.encode("latin-1"))
    said = (await reader.read()).decode()
    writer.close()
    return said
