"""HTTP around the emulator: status 200 for business errors, the JSON envelope, and faults."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final, Protocol

from aiohttp import BodyPartReader, web

from beacon_gateway.simulator.wechat.control import CONTROL, obey
from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.faults import FaultQueue, InjectedFault
from beacon_gateway.simulator.wechat.request import ApiRequest, Reply
from beacon_gateway.simulator.wechat.settings import EmulatorSettings

GARBLE: Final = b"\x07\xe9\x97"
"""A control character that JSON forbids, and two of the three bytes of a Chinese one: both were seen in the field."""
_TEXT_FOR_PEOPLE = re.compile(rb'("(?:title|description|comment|audit_comment|group_name|errmsg)": "[^"\\]*)')
_IDS = frozenset({"page_id", "device_id", "group_id"})


class Backend(Protocol):
    """What is served."""

    settings: EmulatorSettings
    faults: FaultQueue

    def answer(self, request: ApiRequest) -> Reply: ...
    def suffix(self) -> str: ...
    def record(self, path: str, errcode: int | None) -> None: ...
    def picture(self, path: str) -> bytes | None: ...
    def counts(self) -> dict[str, int]: ...


@asynccontextmanager
async def running(backend: Backend, host: str, port: int) -> AsyncIterator[str]:
    """Serve while the block runs; yields the base URL. What hangs at its end is let go."""
    closing = asyncio.Event()
    app = web.Application(client_max_size=backend.settings.body_limit)
    app.router.add_route("*", "/{path:.*}", EmulatorServer(backend, closing).handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        where, number = runner.addresses[0][:2]
        yield f"http://[{where}]:{number}" if ":" in where else f"http://{where}:{number}"
    finally:
        closing.set()
        await runner.cleanup()


class EmulatorServer:
    """One handler for every path."""

    def __init__(self, backend: Backend, closing: asyncio.Event) -> None:
        self._backend = backend
        self._closing = closing

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if (picture := self._backend.picture(path)) is not None:
            return web.Response(body=picture, content_type="application/octet-stream")
        if self._backend.settings.controlled and path.startswith(CONTROL):
            return await obey(request, self._backend)
        return await self._call(request)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        fault = self._backend.faults.take(path, await _body(request))
        match fault:
            case InjectedFault(kind="hang"):
                self._backend.record(path, None)
                await self._closing.wait()
                return _cut(request)
            case InjectedFault(kind="drop"):
                self._backend.record(path, None)
                return _cut(request)
            case InjectedFault(kind="http"):
                self._backend.record(path, None)
                return web.Response(status=int(fault.number), text="<html></html>", content_type="text/html")
            case InjectedFault(kind="delay"):
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), fault.number)
        try:
            call = await _read(request)
        except ConnectionError:  # the caller hung up half-way: it has asked for nothing
            return _cut(request)
        reply = self._reply(call, fault)
        if fault is not None and fault.kind == "lose_answer":
            return _cut(request)
        return self._response(reply, fault)

    def _reply(self, request: ApiRequest, fault: InjectedFault | None) -> Reply:
        try:
            if fault is not None and fault.kind == "error":
                raise fault.as_error()
            reply = self._backend.answer(request)
        except EmulatedError as error:
            self._backend.record(request.path, error.errcode)
            return {"errcode": error.errcode, "errmsg": error.errmsg + self._backend.suffix()}
        self._backend.record(request.path, 0)
        if "access_token" in reply:
            return reply
        return {**reply, "errcode": 0, "errmsg": "success." if request.path.startswith("/shakearound/") else "ok"}

    def _response(self, reply: Reply, fault: InjectedFault | None) -> web.Response:
        content_type = self._backend.settings.content_type
        shown = _with_string_ids(reply) if self._backend.settings.ids_as_strings else reply
        body = json.dumps(shown, ensure_ascii=False).encode()
        match fault:
            case InjectedFault(kind="truncate"):
                body = body[: len(body) // 2]
            case InjectedFault(kind="garble"):
                body = _TEXT_FOR_PEOPLE.sub(rb"\1" + GARBLE, body)
            case InjectedFault(kind="content_type"):
                content_type = fault.text
        return web.Response(body=body, headers={"Content-Type": content_type})


async def _body(request: web.Request) -> bytes:
    """What was sent, as far as it can be read twice."""
    try:
        return b"" if request.content_type == "multipart/form-data" else await request.read()
    except ConnectionError:
        return b""


async def _read(request: web.Request) -> ApiRequest:
    """The call behind an HTTP request. Raises aiohttp's HTTP 413 for a body above the limit."""
    is_form = request.content_type == "multipart/form-data"
    form = await _read_form(request) if is_form else {}
    return ApiRequest(
        method=request.method,
        path=request.path,
        query=dict(request.query),
        body=b"" if is_form else await request.read(),
        form={"type": form["type"].decode(errors="replace")} if "type" in form else {},
        media=form.get("media"),
        caller=request.remote or "",
    )


async def _read_form(request: web.Request) -> dict[str, bytes]:
    """The parts named `type` and `media`, the latter only with a filename; nothing when the form is malformed."""
    found: dict[str, bytes] = {}
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and (part.name == "type" or (part.name == "media" and part.filename)):
                found[part.name] = bytes(await part.read())
    except ValueError:
        return {}
    return found


def _cut(request: web.Request) -> web.Response:
    """Close the connection; the response that aiohttp asks for goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _with_string_ids(value: object) -> object:
    match value:
        case dict():
            return {name: str(item) if name in _IDS else _with_string_ids(item) for name, item in value.items()}
        case list():
            return [_with_string_ids(item) for item in value]
        case _:
            return value
