"""What is no request, what finds no room, and answers that fail: over real sockets."""

import asyncio
from contextlib import suppress

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.web.server.runner import LIMITS, PagesRunner
from tests.adapters.web.pages.test_metrics import whole_status
from tests.adapters.web.pages.test_pages_server import ask, opened


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
        async with opened(whole_status()) as door:
            reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
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
            crowd = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(LIMITS.connections)]
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
        return PagesRunner(app)

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
