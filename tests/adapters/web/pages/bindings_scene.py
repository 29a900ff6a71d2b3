"""The pages of bindings on a real folder, a real ledger and an emulated account; a browser that fills in the form."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import aiohttp
from aiohttp import web

from beacon_gateway.adapters.files.earlier_texts import EarlierTextFolder
from beacon_gateway.adapters.files.edited_files import EditedFiles
from beacon_gateway.adapters.files.last_good import LastGoodCopy
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.web.pages.bindings.pages import BindingPages
from beacon_gateway.adapters.web.pages.bindings.ports import EditorDependencies
from beacon_gateway.adapters.web.pages.pages_server import BINDINGS, MAX_REQUEST_BYTES
from beacon_gateway.adapters.web.server.deferred import Deferred
from beacon_gateway.adapters.web.server.frame import PageFrame, static
from beacon_gateway.adapters.web.server.guard import Guard
from beacon_gateway.adapters.web.server.visits import Visit, Visits
from beacon_gateway.core.bindings.history.audit import AuditLine
from beacon_gateway.core.model.brake import Brake
from beacon_gateway.core.model.settings import STORE_ZONE, ApplyPolicy, Language, Role, WeChatSettings
from beacon_gateway.core.model.visitor import AT_THIS_MACHINE, Rank, Visitor
from beacon_gateway.services.files.edit_queue import EditQueue
from beacon_gateway.services.files.file_calls import FileCalls
from beacon_gateway.services.files.store_reloader import StoreReloader
from tests.adapters.files.folders import write
from tests.adapters.web.pages.test_metrics import whole_status
from tests.services.bindings.scene import (
    SETTINGS,
    UUID_OF_ALL,
    Gateway,
    WallClock,
    WeChatSide,
    gateway_at,
    picture,
    wechat_side,
)

PAGES_TEXT: Final = """\
pages:
  spring:
    title: 春季新品
    description: 全场八折起
    url: https://h5.example.com/spring
    icon: icons/spring.png
  draw:
    title: 幸运抽奖
    description: 全场八折起
    url: https://h5.example.com/draw
    icon: icons/draw.png
"""
WANG: Final = Visitor("wang", Rank.STAFF, frozenset({"F6"}))
LI: Final = Visitor("li", Rank.IT)
GUEST: Final = Visitor("guest", Rank.VIEWER)


def floor(slug: str, *numbers: int, page: str = "spring", note: str = "") -> str:
    """Return the text of a floor's file."""
    beacons = "".join(
        f"  corner-{number}:\n    name: {number} 号\n    major: 10006\n    minor: {number}\n    pages: [{page}]\n"
        for number in numbers
    )
    return f"# {slug} 层{note}\nfloor: {slug}\nuuid: {UUID_OF_ALL}\nbeacons:\n{beacons}"


class Page(HTMLParser):
    """A page as a browser has it: its form, filled in, and its words. The way out, in the head, is no part of it."""

    def __init__(self, code: int, address: str, body: str) -> None:
        super().__init__()
        self.code, self.address, self.body = code, address, body
        self.fields: dict[str, str] = {}
        self.action = ""
        self.buttons: list[str] = []
        self.words: list[str] = []
        self.lines: list[int] = []
        self._area: str | None = None
        self.feed(re.sub('<form class="leave".*?</form>', "", body, flags=re.DOTALL))
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        assert not [name for name in named if name.startswith("on") or name == "style"]
        if tag == "form":
            assert named["enctype"] == "multipart/form-data"
            self.action = named["action"]
        elif tag == "input" and named.get("type") != "checkbox":
            self.fields[named["name"]] = named.get("value", "")
        elif tag == "button":
            self.buttons.append(named["value"])
        elif tag == "textarea":
            self._area = ""
            self.read_only = "readonly" in named
        elif tag == "a" and "data-line" in named:
            self.lines.append(int(named["data-line"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            # As browsers do: the first line end is not the text's, and all of them are LF.
            self.fields["text"] = re.sub("\r\n|\r", "\n", self._area).removeprefix("\n")
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area += data
        else:
            self.words.append(data)


class Named(Visits):
    """Visits of a person who is not at this machine."""

    def __init__(self) -> None:
        super().__init__()
        self.visitor = AT_THIS_MACHINE

    async def of(self, request: web.Request) -> Visit:
        return replace(await super().of(request), visitor=self.visitor)


@dataclass
class Browser:
    session: aiohttp.ClientSession
    port: int

    async def see(self, path: str) -> Page:
        async with self.session.get(f"http://127.0.0.1:{self.port}{path}") as answer:
            return Page(answer.status, answer.url.path_qs, await answer.text())

    async def send(self, page: Page, deed: str, **typed: str) -> Page:
        """Press a button, with some fields as they were typed; return the page that comes."""
        fields = {**page.fields, "deed": deed, **typed}
        form = aiohttp.FormData(default_to_multipart=True)
        for name, value in fields.items():
            form.add_field(name, re.sub("\r\n|\r|\n", "\r\n", value))
        async with self.session.post(f"http://127.0.0.1:{self.port}{page.action}", data=form) as answer:
            return Page(answer.status, answer.url.path_qs, await answer.text())


@dataclass
class Shop:
    folder: Path
    """The store's."""
    browser: Browser
    visits: Named
    reload: StoreReloader
    editing: EditQueue
    gateway: Gateway | None
    wechat: WeChatSide
    clock: WallClock = field(default_factory=WallClock)

    def path(self, name: str) -> Path:
        return self.folder / ("pages.yaml" if name == "pages" else f"floors/{name}.yaml")

    def read(self, name: str = "F6") -> str:
        return self.path(name).read_bytes().decode()

    @contextmanager
    def visited_by(self, visitor: Visitor) -> Iterator[None]:
        self.visits.visitor, before = visitor, self.visits.visitor
        yield
        self.visits.visitor = before

    async def settle(self) -> None:
        """Bring the account to what the files say, as a daemon does at its start."""
        await self.reload.load()
        assert self.gateway
        assert self.reload.store
        await self.gateway.settle(self.reload.store)
        self.wechat.calls()

    async def edit(self, old: str, new: str, name: str = "F6") -> tuple[Page, str]:
        """Open a file; return the page, and its text with something replaced."""
        page = await self.browser.see(f"/bindings/{name}?language=en")
        assert page.code == 200
        assert old in page.fields["text"]
        return page, page.fields["text"].replace(old, new)

    async def plan_and_apply(self, old: str, new: str, name: str = "F6", **typed: str) -> Page:
        page, text = await self.edit(old, new, name)
        planned = await self.browser.send(page, "plan", text=text)
        return await self.browser.send(planned, "apply", **typed)


async def give_styles(_: web.Request) -> web.Response:
    """Return the server's answer to a visitor of these pages."""
    return web.Response(body=static("pages.css"), content_type="text/css")


@asynccontextmanager
async def opened(
    folder: Path,
    files: Mapping[str, str | bytes],
    *,
    account: bool = True,
    role: Role = Role.WRITER,
    apply: ApplyPolicy = ApplyPolicy.AUTO,
    brake: Brake | None = None,
    patience: float = 30.0,
    history: Callable[[], Awaitable[list[AuditLine]]] | None = None,
    looks: FileCalls | None = None,
) -> AsyncIterator[Shop]:
    """Open the pages of a gateway whose store has these files, and pages and icons besides."""
    icons = {f"icons/{name}.png": picture(name) for name in ("spring", "draw")}
    store = write(folder / "store", {"pages.yaml": PAGES_TEXT, **icons, **files})
    options = WeChatSettings(SETTINGS.appid, role=role, apply=apply, brake=brake or Brake())
    reader, clock, visits = StoreFiles(store, STORE_ZONE), WallClock(), Named()
    (folder / "state").mkdir(exist_ok=True)
    async with AsyncExitStack() as stack:
        side = await stack.enter_async_context(wechat_side())
        gateway = None
        if account:
            gateway = await stack.enter_async_context(
                gateway_at(side.url, folder / "state", options=options, icon=reader.icon, clock=clock)
            )
        sync = gateway.sync if gateway else None
        reload = StoreReloader(reader, [sync.use] if sync else [], LastGoodCopy(reader, folder / "state" / "last-good"))
        edited = EditedFiles(StoreFiles(store, STORE_ZONE), EarlierTextFolder(folder / "state" / "earlier"))
        editing = EditQueue(
            files=edited, reload=reload, sync=sync, options=options if account else None, clock=clock, looks=looks
        )
        audit = partial(gateway.ledger.audit, since=None, limit=1000) if gateway else None
        frame = PageFrame(whole_status, zone=STORE_ZONE, language=Language.ENGLISH)
        desk = EditorDependencies(editing, edited, clock.utc, options.brake, history or audit, editing.looks.ask)
        pages = BindingPages(frame, desk, patience=patience)

        def runner() -> web.AppRunner:
            app = web.Application(middlewares=[Guard(visits).watch], client_max_size=MAX_REQUEST_BYTES)
            app.add_routes(Deferred(BINDINGS, pages.handlers).routes())
            app.add_routes([web.get("/static/pages.css", give_styles)])
            return web.AppRunner(app, access_log=None)

        door = await stack.enter_async_context(Listener("127.0.0.1", 0, runner))
        jar = aiohttp.CookieJar(unsafe=True)  # an address without a name
        session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
        running = asyncio.create_task(editing.run())
        await reload.load()
        yield Shop(store, Browser(session, door.port), visits, reload, editing, gateway, side, clock)
        running.cancel()
