"""A door on loopback, WeChat's emulator in front of it, and somebody who knows the token and writes what he likes."""

import base64
import itertools
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import aiohttp
from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from beacon_gateway.adapters.wechat.callback.callback_server import LIMITS, CallbackServer
from beacon_gateway.core.log.shake import ReportedShake
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.simulator.wechat import CallbackTarget, Emulator, EmulatorSettings, ShakeResult
from beacon_gateway.simulator.wechat.events import shake_event, signature
from tests.services.tracking.manual_clock import ManualClock

APPID = "wx0000000000000001"
TOKEN = "gwtoken"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OPENID = "oEmu0001"
PATH = "/wechat/events"
NOON = datetime(2023, 11, 15, 4, tzinfo=UTC)
"""In Beijing."""
UUID_OF_ALL = UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825")
CHOSEN = BeaconKey(UUID_OF_ALL, 10001, 301)
FINE = (200, "success")

Mode = Literal["plain", "compatible", "safe"]
Answer = tuple[int, str]
"""Status and text."""


@dataclass
class Scene:
    clock: ManualClock
    door: CallbackServer
    emulator: Emulator
    session: aiohttp.ClientSession
    told: list[ReportedShake]
    devices: list[int] = field(default_factory=list)
    nonces: Callable[[], int] = field(default_factory=lambda: itertools.count(100).__next__)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.door.port}{PATH}"

    def callback(self, mode: Mode = "plain", *, url: str = "") -> CallbackTarget:
        return CallbackTarget(url or self.url, TOKEN, mode=mode, aes_key="" if mode == "plain" else AES_KEY)

    def shake(self, around: int = 0, openid: str = OPENID) -> ShakeResult:
        """Somebody shakes beside `CHOSEN`; the phone hears so many others too."""
        account = self.emulator.account
        if not self.devices:
            self.devices += [account.add_device(major=10001, minor=301 + index) for index in range(8)]
            page = account.add_page(title="前门", description="欢迎光临", page_url="https://m.example.com/d1")
            account.bind(self.devices[0], [page])
        heard = {device_id: float(index) for index, device_id in enumerate(self.devices[1 : around + 1], start=1)}
        result = account.shake(self.devices[0], openid, distance=0.057, around=heard)
        assert result is not None
        return result

    def xml(self, around: int = 0) -> str:
        """A good message."""
        event = shake_event(self.shake(around), self.emulator.account)
        assert event is not None
        return event.xml()

    def query(self, *, when: float | None = None, sealed: str | None = None, token: str = TOKEN) -> dict[str, str]:
        """A query signed just now, or `when` (unix seconds); with `sealed`, for an encrypted message."""
        timestamp = str(int(self.clock.utc().timestamp() if when is None else when))
        nonce = str(self.nonces())
        query = {"signature": signature(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        if sealed is not None:
            query |= {"encrypt_type": "aes", "msg_signature": signature(token, timestamp, nonce, sealed)}
        return query

    async def post(self, body: str | bytes, query: dict[str, str] | None = None, path: str = PATH) -> Answer:
        url = f"http://127.0.0.1:{self.door.port}{path}"
        async with self.session.post(url, params=query or self.query(), data=body) as response:
            return response.status, await response.text()

    async def post_sealed(self, sealed: str) -> Answer:
        body = f"<xml><ToUserName><![CDATA[gh_0]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return await self.post(body, self.query(sealed=sealed))

    async def next_good_one_is_taken(self, mode: Mode = "plain") -> None:
        """Check that all went on as if nothing had been."""
        before = len(self.told)
        delivery = await self.emulator.push(self.shake(), self.callback(mode))
        assert delivery is not None
        assert (delivery.tries, delivery.answer) == (1, "success")
        assert [told.key for told in self.told[before:]] == [CHOSEN]


@asynccontextmanager
async def scene(*, aes_key: str | None = None, token: str = TOKEN, request_s: float = 2.0) -> AsyncIterator[Scene]:
    clock = ManualClock(utc=NOON)
    settings = EmulatorSettings(appid=APPID, secret="s3cret", answer_within=2)
    emulator = Emulator(settings, clock=lambda: clock.utc().timestamp(), rng=random.Random(1))
    told: list[ReportedShake] = []
    door = CallbackServer(
        host="127.0.0.1",
        port=0,
        path=PATH,
        appid=APPID,
        token=token,
        aes_key=aes_key,
        take=told.append,
        clock=clock,
        limits=replace(LIMITS, request_s=request_s),
    )
    async with door, aiohttp.ClientSession() as session:
        yield Scene(clock, door, emulator, session, told)


@asynccontextmanager
async def serving(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """A server that is not ours; yields its address."""
    app = web.Application()
    app.router.add_route("*", "/", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


def plain_text(xml: bytes, *, appid: str = APPID, length: int | None = None) -> bytes:
    """What is encrypted, without its padding."""
    return b"0123456789abcdef" + (len(xml) if length is None else length).to_bytes(4, "big") + xml + appid.encode()


def padded(plain: bytes) -> bytes:
    padding = 32 - len(plain) % 32
    return plain + bytes([padding]) * padding


def encrypted(plain: bytes) -> str:
    """As it stands, in whole blocks."""
    key = base64.b64decode(AES_KEY + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()
