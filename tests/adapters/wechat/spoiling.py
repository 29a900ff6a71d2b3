"""A server between client and emulator that spoils what it hands on: the answers of a WeChat that lost its mind."""

import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from aiohttp import web

Spoil = Callable[[bytes], bytes]

VALUES: Final[tuple[object, ...]] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 10**20, 10**400, 1.5, 7.0, 1e300, float("nan"), float("inf")),
    *("", " ", "7", "-7", "7.0", "1" * 400, "NaN", "１２", "0x7", "1_0", "soon", "\ud83d", "\udc00x", "字\ud83d字"),
    *("\x00", "\x1b[2J\x1b]0;t\x07", "a\nb\r\tc", "\x85\x9b31m", "\u202egnp.exe", "\u2028", "长" * 10_000),
    *([], {}, [[]], [None], [{}], {"": ""}, [1, "2", None], {"page_id": "x"}, 10**15, 253402300799, -(10**15)),
)
"""What may stand in any place of an answer."""

BODIES: Final[dict[str, bytes]] = {
    "nothing": b"",
    "blanks": b" " * 1000,
    "a page of HTML": b"<html><body>502</body></html>",
    "null": b"null",
    "a number": b"7",
    "a text": b'"success."',
    "a list": b"[]",
    "an empty object": b"{}",
    "no code": b'{"data":{}}',
    "success and no more": b'{"errcode":0,"errmsg":"success."}',
    "data as text": b'{"errcode":0,"data":"{}"}',
    "data as list": b'{"errcode":0,"data":[1,[2],{}]}',
    "an infinite code": b'{"errcode":Infinity,"errmsg":"x"}',
    "a code as text": b'{"errcode":"-1","errmsg":["x"]}',
    "a huge code": b'{"errcode":' + b"9" * 4000 + b',"errmsg":{}}',
    "a code with too many digits": b'{"errcode":' + b"9" * 5000 + b"}",
    "an errmsg that a terminal obeys": b'{"errcode":40013,"errmsg":"\x1b[2J\x9b\xff\\ud83d\xe2\x80\xae"}',
    "an endless errmsg": b'{"errcode":9001001,"errmsg":"' + "长".encode() * 50_000 + b'"}',
    "a hundred thousand brackets": b"[" * 100_000,
    "a hundred objects in each other": b'{"data":' * 100 + b"1" + b"}" * 100,
    "forty in each other under a list": b'{"errcode":0,"data":{"x":' + b"[" * 40 + b"]" * 40 + b"}}",
    "twice the same key": b'{"errcode":0,"errcode":40001,"data":{},"data":[]}',
    "UTF-16": '{"errcode":0}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"errcode":0,"data":{}}',
    "GBK": '{"errcode":0,"errmsg":"成功","data":{"title":"咖啡"}}'.encode("gbk"),
    "larger than any": b'{"errcode":0,"errmsg":"' + b"x" * (5 << 20) + b'"}',
    "something behind it": b'{"errcode":0,"data":{}}{"errcode":0}',
}


def spoilt(content: bytes, chance: random.Random) -> bytes:
    """Return an answer with one to three things wrong with it."""
    try:
        answer = json.loads(content)
    except ValueError:  # a spoilt one that came round
        return content
    for _ in range(chance.randint(1, 3)):
        answer = _spoilt_value(answer, chance)
    body = json.dumps(answer, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    return _spoilt_bytes(body, chance) if chance.random() < 0.4 else body


def _spoilt_value(answer: Any, chance: random.Random) -> Any:  # noqa: ANN401 - whatever JSON holds
    places = [*_places(answer)]
    if not places:
        return chance.choice(VALUES)
    holder, name = chance.choice(places)
    match chance.randrange(6):
        case 0 if isinstance(holder, dict):
            del holder[name]
        case 1 if isinstance(holder, dict):
            holder[f" {name} "] = holder.pop(name)
        case 2 if isinstance(holder, list):
            holder.append(holder[name])
        case _:
            holder[name] = chance.choice(VALUES)
    return answer


def _places(value: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 - whatever JSON holds
    """List every place in an answer that can be given another value."""
    names = [*value] if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [place for name in names for place in ((value, name), *_places(value[name]))]


def _spoilt_bytes(body: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(body))
    match chance.randrange(4):
        case 0:
            return body[:at]
        case 1:
            return body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]
        case 2:
            return body[:at] + chance.choice((b"\x00", b"\x07", b"\n", b"\xe9\x97", b"\xff", b"\\ud83d")) + body[at:]
        case _:
            return body[:at] + body[at + 1 :]


@dataclass
class SpoilingServer:
    """Hands everything on to the emulator; what comes back from `path` is spoilt, if a way to spoil it is set."""

    url: str = ""
    path: str = ""
    spoil: Spoil | None = None
    headers: tuple[tuple[str, str], ...] = ()


@asynccontextmanager
async def spoiling(target: str) -> AsyncIterator[SpoilingServer]:
    """Serve while the block runs."""
    server = SpoilingServer()
    async with aiohttp.ClientSession() as session:

        async def hand_on(request: web.Request) -> web.Response:
            headers = {"Content-Type": request.headers["Content-Type"]} if request.can_read_body else {}
            async with session.request(
                request.method, target + request.path_qs, data=await request.read() or None, headers=headers
            ) as answer:
                body = await answer.read()
            if server.spoil and request.path == server.path:
                return web.Response(body=server.spoil(body), headers=dict(server.headers))
            return web.Response(body=body, status=answer.status)

        app = web.Application(client_max_size=4 << 20)
        app.router.add_route("*", "/{all:.*}", hand_on)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield server
        finally:
            await runner.cleanup()
