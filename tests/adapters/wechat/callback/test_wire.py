"""Bytes on a connection that no HTTP library would send."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest

from beacon_gateway.adapters.wechat.callback.callback_server import LIMITS
from tests.adapters.wechat.callback.scene import PATH, Scene, scene
from tests.patience import HANG_S

REQUEST_S = 0.25


@dataclass
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes, *, end: bool = False) -> bytes:
        """Send, and return what comes until the other side closes."""
        self.writer.write(data)
        if end:
            self.writer.write_eof()
        try:
            return await self.reader.read()
        except ConnectionResetError:
            return b""


@asynccontextmanager
async def connected(here: Scene) -> AsyncIterator[Connection]:
    reader, writer = await asyncio.open_connection("127.0.0.1", here.door.port)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()


def head(here: Scene, *headers: str, method: str = "POST", query: str = "") -> bytes:
    line = f"{method} {PATH}?{query or urlencode(here.query())} HTTP/1.1"
    return "\r\n".join([line, "Host: gateway", "Connection: close", *headers, "", ""]).encode()


def status(answer: bytes) -> int:
    line, _, rest = answer.partition(b"\r\n")
    assert rest.endswith(b"\r\n\r\n"), "a body"
    assert b"boom" not in answer
    return int(line.split()[1])


async def test_a_body_that_is_said_to_be_long_is_refused_before_it_comes(plain: Scene) -> None:
    async with connected(plain) as line:
        assert status(await line.send(head(plain, "Content-Length: 16385"))) == 413
    assert plain.door.refused == {"too-large": 1}
    await plain.next_good_one_is_taken()


async def test_a_body_that_grows_too_long_is_refused_on_the_way(plain: Scene) -> None:
    async with connected(plain) as line:
        body = b"4001\r\n" + b"x" * 0x4001  # and no end of it
        assert status(await line.send(head(plain, "Transfer-Encoding: chunked") + body)) == 413
    assert plain.door.refused == {"too-large": 1}
    await plain.next_good_one_is_taken()


async def test_the_longest_body_is_read(plain: Scene) -> None:
    good = plain.xml()
    assert await plain.post(good + " " * (16_384 - len(good))) == (200, "success")
    assert await plain.post(good + " " * (16_385 - len(good))) == (413, "")


@pytest.mark.parametrize("length", [1_000, 7_000, 9_000, 60_000])
async def test_a_long_query_is_refused(plain: Scene, length: int) -> None:
    async with connected(plain) as line:
        query = urlencode(plain.query()) + "&boom=" + "x" * length
        assert status(await line.send(head(plain, query=query))) == 413
    assert plain.door.refused == {"too-large": 1}
    await plain.next_good_one_is_taken()


async def test_a_body_that_comes_too_slowly_is_dropped() -> None:
    async with scene(request_s=REQUEST_S) as here:
        async with connected(here) as line:
            assert await line.send(head(here, "Content-Length: 100") + b"<xml>") == b""
        assert (here.told, here.door.refused) == ([], {"slow": 1})
        await here.next_good_one_is_taken()


async def test_a_head_that_comes_too_slowly_is_dropped() -> None:
    async with scene(request_s=REQUEST_S) as here:
        async with connected(here) as line:
            assert await line.send(head(here)[:-10]) == b""
        assert here.door.refused == {"slow": 1}
        await here.next_good_one_is_taken()


async def test_one_behind_another_is_not_waited_for_either() -> None:
    async with scene(request_s=REQUEST_S) as here:
        body = here.xml().encode()
        first = head(here, f"Content-Length: {len(body)}").replace(b"Connection: close\r\n", b"") + body
        async with connected(here) as line:
            assert (await line.send(first + head(here, "Content-Length: 100"))).endswith(b"\r\n\r\nsuccess")
        assert (len(here.told), here.door.refused) == (1, {"slow": 1})


async def test_a_request_that_ends_half_way_is_counted(plain: Scene) -> None:
    async with connected(plain) as line:
        await line.send(head(plain, "Content-Length: 100") + b"<xml>", end=True)
    assert (plain.told, plain.door.refused) == ([], {"cut": 1})
    await plain.next_good_one_is_taken()


@pytest.mark.parametrize(
    "data",
    [
        b"boom\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03boom",
        b"GET /boom HTTP/9.9.9\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nboom\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: boom\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET http://[::boom/ HTTP/1.1\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_refused_without_a_word(plain: Scene, data: bytes) -> None:
    async with connected(plain) as line:
        assert status(await line.send(data)) == 400
    assert plain.door.refused == {"http": 1}
    await plain.next_good_one_is_taken()


async def test_chunks_that_are_none_are_refused(plain: Scene) -> None:
    async with connected(plain) as line:
        assert status(await line.send(head(plain, "Transfer-Encoding: chunked") + b"boom\r\nboom\r\n0\r\n\r\n")) == 400
    assert (plain.told, sum(plain.door.refused.values())) == ([], 1)
    await plain.next_good_one_is_taken()


async def test_nothing_is_unpacked(plain: Scene) -> None:
    async with connected(plain) as line:
        packed = b"\x1f\x8b\x08\x00boom"
        assert status(await line.send(head(plain, "Content-Encoding: gzip", "Content-Length: 8") + packed)) == 400
    assert plain.door.refused == {"malformed": 1}
    await plain.next_good_one_is_taken()


async def test_who_asks_whether_to_go_on_is_told_to(plain: Scene) -> None:
    body = plain.xml().encode()
    async with connected(plain) as line:
        line.writer.write(head(plain, f"Content-Length: {len(body)}", "Expect: 100-continue"))
        assert await line.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert (await line.send(body)).startswith(b"HTTP/1.1 200 OK\r\n")
    assert len(plain.told) == 1


async def test_a_port_that_is_taken_is_told_and_nothing_is_left_open(plain: Scene) -> None:
    async with scene() as other:
        door = other.door
    door._port = plain.door.port
    with pytest.raises(OSError, match="address already in use"):
        await door.__aenter__()
    assert door.port == plain.door.port
    await plain.next_good_one_is_taken()


async def test_the_door_can_be_shut_while_somebody_stands_in_it() -> None:
    async with asyncio.timeout(HANG_S):
        async with scene() as here:
            _, writer = await asyncio.open_connection("127.0.0.1", here.door.port)
            writer.write(head(here, "Content-Length: 100"))
            await here.next_good_one_is_taken()
        writer.close()


async def test_a_crowd_is_kept_out(plain: Scene) -> None:
    crowd = [await asyncio.open_connection("127.0.0.1", plain.door.port) for _ in range(LIMITS.connections)]
    async with connected(plain) as line:
        assert await line.send(head(plain)) == b""
    assert plain.door.refused == {"crowded": 1}
    for _, writer in crowd:
        writer.close()
        await writer.wait_closed()
    await plain.next_good_one_is_taken()
