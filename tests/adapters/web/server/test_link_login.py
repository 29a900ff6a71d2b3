"""Where there are no accounts everybody may look, and only who came by a link may change anything."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar, web

from beacon_gateway.adapters.secrets.login_link_file import LOGIN_LINK_VALID_S, LoginLinkFile
from beacon_gateway.adapters.web.pages.dependencies import PageDependencies
from beacon_gateway.adapters.web.pages.heat import HeatPage
from beacon_gateway.adapters.web.pages.pages_server import BINDINGS, PagesServer
from beacon_gateway.core.model.settings import STORE_ZONE, Language
from beacon_gateway.services.tracking.live import LiveFeed
from tests.adapters.web.pages.test_metrics import whole_status
from tests.adapters.web.pages.test_pages_server import Ear, NoLog
from tests.adapters.web.server.access import Browser, token_on
from tests.services.status.test_heartbeat import NOW
from tests.services.tracking.manual_clock import ManualClock


@dataclass
class Here:
    links: LoginLinkFile
    clock: ManualClock
    base: str

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[Browser]:
        jar, headers = CookieJar(unsafe=True), {"Accept": "text/html,*/*"}
        async with ClientSession(cookie_jar=jar, headers=headers) as session:
            yield Browser(session, self.base)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Here]:
    clock = ManualClock()
    links = LoginLinkFile(tmp_path, clock.monotonic)
    dependencies = PageDependencies(
        status=whole_status,
        utc=lambda: NOW,
        zone=STORE_ZONE,
        language=Language.ENGLISH,
        looks=LiveFeed(Ear(), lambda: 0.0),
        heat=lambda frame: HeatPage(frame, NoLog(), lambda: NOW).handlers(),
        bindings=lambda _: dict.fromkeys((name for _, _, name in BINDINGS), act),
        links=links,
        monotonic=clock.monotonic,
    )
    async with PagesServer("127.0.0.1", 0, dependencies) as door:
        yield Here(links, clock, f"http://127.0.0.1:{door.port}")


async def enter(browser: Browser, secret: str) -> int:
    page = await browser.get(f"/login?link={secret}")
    return (await browser.post("/login", {"visit": token_on(page.text), "link": secret})).code


async def act(_: web.Request) -> web.Response:
    return web.Response(text="done")


async def may_write(browser: Browser) -> bool:
    """True if a form is let through to the page that it is for."""
    token = token_on((await browser.get("/login?link=x")).text) or token_on((await browser.get("/")).text)
    answer = await browser.post("/bindings/F6", {"visit": token})
    if answer.code == 200:
        assert answer.text == "done"
        return True
    assert answer.code == 403
    assert "sudo beacon-gateway login" in answer.text
    return False


async def test_everybody_may_look_and_nobody_may_write(here: Here) -> None:
    async with here.browser() as browser:
        assert (await browser.get("/")).code == 200
        assert not await may_write(browser)


async def test_a_link_lets_one_browser_write_once(here: Here) -> None:
    secret = here.links.make()
    async with here.browser() as browser, here.browser() as other:
        assert await enter(browser, secret) == 303
        assert await may_write(browser)
        assert await enter(other, secret) == 403
        assert not await may_write(other)
        page = await browser.get("/")
        assert (await browser.post("/logout", {"visit": token_on(page.text)})).code == 303
        assert not await may_write(browser)


async def test_looking_at_a_link_uses_none_up(here: Here) -> None:
    secret = here.links.make()
    async with here.browser() as browser:
        for _ in range(3):
            assert (await browser.get(f"/login?link={secret}")).code == 200
        assert await enter(browser, secret) == 303


@pytest.mark.parametrize("seconds", [LOGIN_LINK_VALID_S + 1, -1.0])
async def test_a_link_is_good_for_ten_minutes_of_this_boot(here: Here, seconds: float) -> None:
    secret = here.links.make()
    here.clock.advance(seconds)
    async with here.browser() as browser:
        assert await enter(browser, secret) == 403


@pytest.mark.parametrize("typed", ["", "x", "x" * 1000, "密"])
async def test_another_word_is_no_link_and_spoils_none(here: Here, typed: str) -> None:
    secret = here.links.make()
    async with here.browser() as browser:
        assert await enter(browser, typed) == 403
        assert await enter(browser, secret) == 303


async def test_a_new_link_makes_the_old_one_worthless(here: Here) -> None:
    old, new = here.links.make(), here.links.make()
    async with here.browser() as browser:
        assert await enter(browser, old) == 403
        assert await enter(browser, new) == 303


def test_what_lies_in_the_folder_is_no_secret(tmp_path: Path) -> None:
    secret = LoginLinkFile(tmp_path).make()
    (file,) = tmp_path.iterdir()
    assert secret not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"x", b"x y\n", b"\xff \xff", b"0" * 500])
def test_a_file_that_is_none_of_ours_lets_nobody_in(content: bytes, tmp_path: Path) -> None:
    links = LoginLinkFile(tmp_path)
    links.make()
    (tmp_path / "login-link").write_bytes(content)
    assert not links.redeem("x")


async def test_the_other_language_keeps_the_link(here: Here) -> None:
    secret = here.links.make()
    async with here.browser() as browser:
        page = await browser.get(f"/login?link={secret}")
        assert f'href="/login?link={secret}&amp;language=zh"' in page.text
        assert await enter(browser, secret) == 303


async def test_a_cookie_that_somebody_else_gave_is_exchanged(here: Here) -> None:
    secret = here.links.make()
    planted = {"Cookie": f"visit-f6-east={'x' * 43}"}
    async with here.browser() as victim, here.browser() as planter:
        token = token_on((await victim.get(f"/login?link={secret}", **planted)).text)
        entered = await victim.post("/login", {"visit": token, "link": secret}, **planted)
        assert entered.code == 303
        assert entered.cookies["visit-f6-east"].value != "x" * 43
        page = await planter.get("/login?link=x", **planted)
        assert (await planter.post("/bindings/F6", {"visit": token_on(page.text)}, **planted)).code == 403


async def test_nobody_is_told_where_the_link_was_opened(here: Here) -> None:
    async with here.browser() as browser:
        page = await browser.get(f"/login?link={here.links.make()}")
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert "<script" not in page.text


async def test_writing_ends_with_the_working_day(here: Here) -> None:
    async with here.browser() as browser:
        assert await enter(browser, here.links.make()) == 303
        for _ in range(7):
            assert await may_write(browser)
            here.clock.advance(7_000)
        assert not await may_write(browser)
