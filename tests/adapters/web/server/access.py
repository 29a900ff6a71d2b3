"""A door with accounts, and a browser that stands before it."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, ClientSession, CookieJar

from beacon_gateway.adapters.secrets.web_accounts_file import WebAccountsFile
from beacon_gateway.adapters.web.pages.dependencies import PageDependencies
from beacon_gateway.adapters.web.pages.heat import HeatPage
from beacon_gateway.adapters.web.pages.pages_server import PagesServer
from beacon_gateway.core.access.password import PasswordHash
from beacon_gateway.core.access.web_accounts import WebAccount, with_account, without_account
from beacon_gateway.core.model.settings import STORE_ZONE, Language
from beacon_gateway.core.model.visitor import Rank, Visitor
from beacon_gateway.services.tracking.live import LiveFeed
from tests.adapters.web.pages.test_metrics import whole_status
from tests.adapters.web.pages.test_pages_server import Ear, NoLog
from tests.services.status.test_heartbeat import NOW
from tests.services.tracking.manual_clock import ManualClock

PASSWORD = "correct horse"
IT = Visitor("li.na", Rank.IT)
STAFF = Visitor("张三", Rank.STAFF, frozenset({"F6"}))
VIEWER = Visitor("tv", Rank.VIEWER)


def account(visitor: Visitor, password: str = PASSWORD) -> WebAccount:
    """Return one whose hash costs next to nothing."""
    cheap = PasswordHash(b"salt" * 4, bytes(32), log_n=10, r=1, p=1)
    return WebAccount(visitor, replace(cheap, digest=cheap.digest_of(password)))


@dataclass(frozen=True)
class Said:
    code: int
    text: str
    headers: Mapping[str, str]
    cookies: Mapping[str, Any]

    @property
    def place(self) -> str:
        return self.headers.get("Location", "")


class Browser:
    """With a cookie jar of its own, and no scripts."""

    def __init__(self, session: ClientSession, base: str) -> None:
        self.session, self.base = session, base

    async def get(self, path: str, **headers: str) -> Said:
        async with self.session.get(self.base + path, headers=headers, allow_redirects=False) as answer:
            return await _said(answer)

    async def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Said:
        async with self.session.post(self.base + path, data=fields, headers=headers, allow_redirects=False) as answer:
            return await _said(answer)

    async def token(self, path: str = "/login") -> str:
        """Return what a form of that page carries."""
        return token_on((await self.get(path)).text)

    async def log_in(self, name: str = "li.na", password: str = PASSWORD, *, after: str = "", **headers: str) -> Said:
        token = token_on((await self.get("/login", **headers)).text)
        fields = {"visit": token, "name": name, "password": password, "next": after}
        return await self.post("/login", fields, **headers)

    @property
    def cookie(self) -> str:
        return next((cookie.value for cookie in self.session.cookie_jar if cookie.key.startswith("visit")), "")


def token_on(page: str) -> str:
    found = re.search(r'name="visit" value="(\w+)"', page)
    return found[1] if found else ""


@dataclass
class Scene:
    door: PagesServer
    file: WebAccountsFile
    clock: ManualClock

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.door.port}"

    @asynccontextmanager
    async def browser(self, accept: str = "text/html,*/*") -> AsyncIterator[Browser]:
        headers = {"Accept": accept}
        async with ClientSession(cookie_jar=CookieJar(unsafe=True), headers=headers) as session:
            yield Browser(session, self.base)

    def keep(self, *accounts: WebAccount) -> None:
        """Let these be in the file, beside those that are; seconds later they count."""
        for one in accounts:
            self.file.change(partial(with_account, account=one), self.file.path.parent)
        self.clock.advance(5)

    def remove(self, name: str) -> None:
        self.file.change(lambda text: without_account(text, name), self.file.path.parent)
        self.clock.advance(5)


@asynccontextmanager
async def scene(
    folder: Path, *, names: tuple[str, ...] = (), host: str = "127.0.0.1", **guard: float
) -> AsyncIterator[Scene]:
    clock = ManualClock()
    file = WebAccountsFile(folder / "gateway.yaml", clock.monotonic)
    dependencies = PageDependencies(
        status=whole_status,
        utc=lambda: NOW,
        zone=STORE_ZONE,
        language=Language.ENGLISH,
        looks=LiveFeed(Ear(), lambda: 0.0),
        heat=lambda frame: HeatPage(frame, NoLog(), lambda: NOW).handlers(),
        accounts=file,
        names=names,
        monotonic=clock.monotonic,
    )
    async with PagesServer(host, 0, dependencies, **guard) as door:
        here = Scene(door, file, clock)
        here.keep(account(IT), account(STAFF), account(VIEWER))
        yield here


async def _said(answer: ClientResponse) -> Said:
    return Said(answer.status, await answer.text(), answer.headers, answer.cookies)
