"""Where there are no accounts: everybody looks, and a link of `login` lets one browser change things."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.browser.desk import Desk
from tests.browser.shop import PHONE, Look, Shop
from tests.commands.command import run


async def link_of(shop: Shop) -> str:
    """Type the command, as store IT does; return the link that it prints."""
    done = await run("login", "--config", str(shop.folder / "f1.yaml"), "--language", "en")
    assert done.code == 0, done.err
    return done.out.splitlines()[-1].removeprefix(shop.url)


@asynccontextmanager
async def reader(shop: Shop, **options: Any) -> AsyncIterator[Look]:  # noqa: ANN401 - Playwright's own
    """Open a browser that came by no link."""
    async with shop.context(**options) as context:
        look = Look(await context.new_page(), shop.url)
        look.listen()
        yield look


async def test_who_came_by_no_link_looks_at_everything_and_is_told_how_to_change_something(shop: Shop) -> None:
    async with reader(shop) as look:
        await look.open("/bindings/F1")
        assert not await Desk(look, "F1").text.is_editable()
        assert not await look.page.locator("main button").count()
        assert await look.page.get_by_text("这里只能看").count()
        await look.page.get_by_role("link", name="登录").click()
        await look.page.wait_for_url(f"{shop.url}/login")
        assert await look.page.locator("main code").inner_text() == "sudo beacon-gateway login"
        assert not look.complaints
        assert not look.strange


async def test_a_link_lets_one_browser_write_once_and_looking_at_it_uses_none_up(shop: Shop) -> None:
    link = await link_of(shop)
    async with reader(shop) as look, reader(shop) as other:
        for _ in range(2):  # as messengers and virus scanners do
            await look.open(link)
            await other.open(link)
        await look.page.keyboard.press("Tab")
        await look.page.get_by_role("button", name="开始修改").focus()
        await look.page.keyboard.press("Enter")
        await look.page.wait_for_url(f"{shop.url}/")
        assert (await look.open("/bindings/F1")).status == 200
        assert await Desk(look, "F1").text.is_editable()
        assert await look.page.locator("button[value=apply]").count() == 1
        await other.page.get_by_role("button", name="开始修改").click()
        assert "已经失效" in await other.page.get_by_role("alert").inner_text()
        await other.open("/bindings/F1")
        assert not await Desk(other, "F1").text.is_editable()
        secret = link.partition("link=")[2]
        assert not [url for url in look.fetched[2:] if secret in url and "/login?" not in url]
        assert await look.ask("document.cookie") == ""


async def test_who_leaves_only_looks_again(shop: Shop) -> None:
    async with reader(shop) as look:
        await look.open(await link_of(shop))
        await look.page.get_by_role("button", name="开始修改").click()
        await look.page.wait_for_url(f"{shop.url}/")
        await look.page.get_by_role("button", name="退出").click()
        await look.page.wait_for_url(f"{shop.url}/")
        await look.open("/bindings/F1")
        assert not await Desk(look, "F1").text.is_editable()


async def test_a_link_works_on_a_phone_without_scripts_in_the_other_language(shop: Shop) -> None:
    async with reader(shop, java_script_enabled=False, viewport=PHONE) as look:
        await look.open(await link_of(shop))
        await look.page.get_by_role("link", name="English").click()
        await look.page.wait_for_url(re.compile(r".*language=en.*"))
        await look.page.get_by_role("button", name="Continue").click()
        await look.page.wait_for_url(f"{shop.url}/")
        await look.open("/bindings/F1")
        assert await look.page.locator("button[value=apply]").count() == 1
