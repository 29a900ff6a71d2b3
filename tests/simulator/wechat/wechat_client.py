"""The emulator served on loopback, and a client that knows nothing but HTTP."""

import io
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from beacon_gateway.simulator.wechat import EmulatedAccount, Emulator, EmulatorSettings

SETTINGS = EmulatorSettings(appid="wx0000000000000001", secret="s3cret")
DAY = 86_400
TODAY = 1_699_977_600  # 2023-11-15 00:00 in Beijing
NOON = TODAY + 12 * 3_600

Json = dict[str, Any]


@dataclass
class Clock:
    now: float = NOON

    def __call__(self) -> float:
        return self.now


@dataclass
class Wechat:
    emulator: Emulator
    clock: Clock
    session: aiohttp.ClientSession
    base_url: str

    @property
    def account(self) -> EmulatedAccount:
        return self.emulator.account

    async def send(self, method: str, path: str, body: object = None, **query: str) -> Json:
        async with self.session.request(method, path, json=body, params=query) as response:
            answer: Json = await response.json()
            return answer

    async def stable_token(self, *, force: bool = False) -> Json:
        credentials = {"grant_type": "client_credential", "appid": SETTINGS.appid, "secret": SETTINGS.secret}
        return await self.send("POST", "/cgi-bin/stable_token", {**credentials, "force_refresh": force})

    async def classic_token(self, **changed: str) -> Json:
        query = {"grant_type": "client_credential", "appid": SETTINGS.appid, "secret": SETTINGS.secret, **changed}
        return await self.send("GET", "/cgi-bin/token", **query)

    async def token(self) -> str:
        answer = await self.stable_token()
        return str(answer["access_token"])

    async def call(self, name: str, body: object) -> Json:
        """POST to `/shakearound/<name>` with a good token."""
        return await self.send("POST", f"/shakearound/{name}", body, access_token=await self.token())

    async def data(self, name: str, body: object) -> Any:  # noqa: ANN401 - an object or an array
        answer = await self.call(name, body)
        assert answer["errcode"] == 0, answer
        return answer["data"]

    async def errcode(self, name: str, body: object) -> int:
        answer = await self.call(name, body)
        return int(answer["errcode"])

    async def upload(self, content: bytes, filename: str = "icon.png", **query: str) -> Json:
        form = aiohttp.FormData()
        form.add_field("media", io.BytesIO(content), filename=filename)
        query = {"access_token": await self.token(), **query}
        async with self.session.post("/shakearound/material/add", data=form, params=query) as response:
            answer: Json = await response.json()
            return answer

    def add_page(self, title: str = "前门") -> int:
        return self.account.add_page(title=title, description="欢迎光临", page_url="https://m.example.com/d1")


@asynccontextmanager
async def serving(settings: EmulatorSettings = SETTINGS) -> AsyncIterator[Wechat]:
    clock = Clock()
    emulator = Emulator(settings, clock=clock, rng=random.Random(1))
    async with emulator.serve() as base_url, aiohttp.ClientSession(base_url) as session:
        yield Wechat(emulator, clock, session, base_url)


def png(width: int = 120, height: int = 120) -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big")
