"""Whatever is on the other end: a caller hears a target error, an icon is missing, and nothing else is raised."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from beacon_gateway.adapters.wechat.account import opening
from beacon_gateway.adapters.wechat.icon_download import MAX_DOWNLOADED_ICON_BYTES, download_icons
from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from beacon_gateway.core.bindings.target import TargetError
from beacon_gateway.core.files.outline import OutlinedIcon
from tests.services.bindings.scene import SECRET, SETTINGS, picture

OK = b"HTTP/1.1 200 OK\r\n"
ANSWERS: dict[str, bytes] = {
    "nothing": b"",
    "zeros": bytes(4096),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    "SSH": b"SSH-2.0-OpenSSH_9.2\r\n",
    "no status": b"HTTP/1.1\r\n\r\n",
    "a status of letters": b"HTTP/1.1 abc OK\r\n\r\n",
    "a status of six digits": b"HTTP/1.1 200000 OK\r\n\r\n",
    "another version": b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "a head without an end": OK + b"X: y\r\n",
    "a long header": OK + b"X: " + b"y" * 100_000 + b"\r\n\r\n",
    "many headers": OK + b"X: y\r\n" * 20_000 + b"\r\n",
    "a header of zeros": OK + b"X: \x00\x00\r\n\r\n",
    "a header that is no text": OK + b"X\xff\xfe: \xff\r\n\r\n",
    "a folded header": OK + b"X: a\r\n b\r\n\r\n",
    "a negative length": OK + b"Content-Length: -5\r\n\r\n{}",
    "a length of letters": OK + b"Content-Length: abc\r\n\r\n{}",
    "two lengths": OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a length beyond all": OK + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n{}",
    "less than its length": OK + b"Content-Length: 100\r\n\r\n{}",
    "no length": OK + b"\r\n{}",
    "chunks of letters": OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n",
    "a huge chunk": OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 20 + b"\r\n{}",
    "a chunk without an end": OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
    "chunks and a length": OK + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "an unknown coding": OK + b"Transfer-Encoding: rot13\r\nContent-Length: 2\r\n\r\n{}",
    "no gzip": OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    "no deflate": OK + b"Content-Encoding: deflate\r\nContent-Length: 2\r\n\r\n{}",
    "an unknown compression": OK + b"Content-Encoding: br, zstd, x\r\nContent-Length: 2\r\n\r\n{}",
    "a charset of nobody": OK + b"Content-Type: text/html; charset=no-such\r\nContent-Length: 2\r\n\r\n{}",
    "a type that is none": OK + b"Content-Type: ;;;=\r\nContent-Length: 2\r\n\r\n{}",
    "a cookie of zeros": OK + b"Set-Cookie: \x01=\x02; Expires=x\r\nContent-Length: 2\r\n\r\n{}",
    "switching protocols": b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n",
    "a hundred continues": b"HTTP/1.1 100 Continue\r\n\r\n" * 100,
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "elsewhere": b"HTTP/1.1 302 Found\r\nLocation: http://[::1/\r\nContent-Length: 0\r\n\r\n",
    "two answers": (OK + b"Content-Length: 2\r\n\r\n{}") * 2,
    "who are you": b"HTTP/1.1 401 No\r\nWWW-Authenticate: Digest ,,,=\r\nContent-Length: 0\r\n\r\n",
}


@asynccontextmanager
async def answering(content: bytes) -> AsyncIterator[str]:
    """Serve these bytes to every client; yield the address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(content)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def no_pause(_: float) -> None:
    await asyncio.sleep(0)


async def asked(url: str) -> str:
    """Ask; return what the caller hears."""
    async with WeChatClient(
        api_base=url, appid=SETTINGS.appid, secret=SECRET, sleep=no_pause, environment={}
    ) as client:
        with pytest.raises(TargetError) as caught:
            await opening(client)
    return str(caught.value)


@pytest.mark.parametrize("name", ANSWERS)
async def test_no_answer_is_more_than_a_target_error(name: str) -> None:
    async with answering(ANSWERS[name]) as url:
        said = await asked(url)
    assert said.isprintable()
    assert SECRET not in said


@pytest.mark.parametrize("name", ANSWERS)
async def test_no_answer_is_more_than_an_icon_that_is_missing(name: str) -> None:
    async with answering(ANSWERS[name]) as url:
        found = await download_icons([f"{url}/icon"], environment={})
    why = found[f"{url}/icon"]
    assert isinstance(why, str)
    assert why.isprintable()


@pytest.mark.parametrize("seed", range(40))
async def test_neither_is_one_with_some_bytes_changed(seed: int) -> None:
    chance = random.Random(seed)
    good = OK + b'Content-Type: text/plain\r\nContent-Length: 42\r\n\r\n{"errcode":-1,"errmsg":"system is too busy"}'
    answer = bytearray(good)
    for _ in range(chance.randint(1, 6)):
        answer[chance.randrange(len(answer))] = chance.randrange(256)
    async with answering(bytes(answer)) as url:
        assert (await asked(url)).isprintable()
        assert isinstance((await download_icons([url], environment={}))[url], str)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "http://",
            "http:///x",
            "https://",
            "http://[::1",
            "http://a b/",
            "http://127.0.0.1:99999/",
            "http://:80",
        ),
        *("http://\ud83d/", "http://x/\ud83d", "http://\x00/", "http://x\r\nHost: y/", "http://" + "x" * 10_000),
        *(
            "http://" + "a." * 200 + "b",
            "http://xn--/",
            "http://é.invalid/",
            "http://%/",
            "http://x/%",
            "HTTP://x.invalid",
        ),
        *("//x", "file:///etc/passwd", "http://u:p:q@127.0.0.1:1/", "http://127.0.0.1:1/?\udcff", "http://0x7f.1:1/"),
    ],
)
async def test_no_address_is_more_than_an_icon_that_is_missing(address: str) -> None:
    found = await download_icons([address, address], environment={})
    assert isinstance(found[address], str)


async def test_an_icon_that_does_not_end_is_left() -> None:
    async with answering(OK + b"\r\n" + picture("a") + bytes(MAX_DOWNLOADED_ICON_BYTES)) as url:
        assert (await download_icons([url], environment={}))[url] == f"larger than {MAX_DOWNLOADED_ICON_BYTES:,} bytes"


async def test_an_icon_of_another_type_is_told_by_its_bytes() -> None:
    async with answering(OK + b"Content-Type: image/png\r\n\r\n<svg onload=x>") as url:
        assert (await download_icons([url], environment={}))[url] == "not a jpg, png or gif"
    async with answering(OK + b"Content-Type: text/html\r\n\r\n" + picture("a")) as url:
        assert isinstance((await download_icons([url], environment={}))[url], OutlinedIcon)
