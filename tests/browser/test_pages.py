"""Every page in a browser: it loads, it stays here, it can be read by all and on a phone."""

from typing import Final

import pytest

from tests.browser.fit import barriers, too_wide
from tests.browser.shop import DESK, LANGUAGES, PATHS, PHONE, Shop

DRAWN: Final = """
    ([one, other]) => {
      const font = getComputedStyle(document.body).font;
      const pixels = (text) => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 40 });
        const pen = canvas.getContext("2d");
        pen.font = font;
        pen.fillText(text, 5, 30);
        return canvas.toDataURL();
      };
      return pixels(one) !== pixels(other) && pixels(one) !== pixels("\\u{10FFFD}");
    }"""
"""Whether two signs look different, and not like one that no font has: all of those look the same."""

FOCUSED: Final = """
    () => {
      const node = document.activeElement, style = getComputedStyle(node), box = node.getBoundingClientRect();
      return {
        name: node.className || node.id || node.textContent.trim() || node.nodeName,
        inside: node.closest("main") !== null,
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        seen: box.width > 0 && box.left >= 0 && box.right <= innerWidth && box.top < innerHeight && box.bottom > 0,
      };
    }"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
async def test_a_page_loads_without_a_complaint_and_asks_nobody_else(shop: Shop, path: str, language: str) -> None:
    async with shop.look() as look:
        answer = await look.open(f"{path}?language={language}")
        assert answer.status == (404 if path == "/no-such-page" else 200)
        assert await look.ask("document.documentElement.lang") == language
        assert await look.page.title()
        await look.page.wait_for_function("() => document.querySelector('main h1').offsetHeight > 0")
        assert not look.complaints
        assert not look.strange


async def test_the_first_page_is_three_requests_and_a_hundred_kilobytes_at_most(shop: Shop) -> None:
    async with shop.look() as look:
        sizes: list[int] = []
        async with look.page.expect_event("load"):
            answer = await look.open("/")
        sizes = await look.ask("performance.getEntriesByType('resource').map((each) => each.transferSize)")
        assert sum(sizes) + len(await answer.body()) < 100_000
        assert len([url for url in look.fetched if not url.startswith("data:")]) <= 3


async def test_chinese_is_drawn_and_not_shown_as_boxes(shop: Shop) -> None:
    async with shop.look("/") as look:
        assert not await look.ask(DRAWN, ["\U000ffffe", "\U0010ffff"])  # what no font has: the check can fail
        for word in ("总览", "楼层", "网关", "摇一"):
            assert await look.ask(DRAWN, [word[0], word[1]]), word


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_on_a_phone_nothing_scrolls_sideways(shop: Shop, path: str, language: str) -> None:
    async with shop.look(f"{path}?language={language}", viewport=PHONE) as look:
        assert not await too_wide(look)


async def test_on_a_phone_each_entry_of_the_menu_can_be_hit_with_a_thumb(shop: Shop) -> None:
    async with shop.look("/", viewport=PHONE, has_touch=True) as look:
        entries = look.page.locator("header nav a")
        count = await entries.count()
        assert count >= 6
        for number in range(count):
            box = await entries.nth(number).bounding_box()
            assert box
            assert box["height"] >= 32
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]
        await look.page.get_by_role("link", name="楼层", exact=True).tap()
        await look.page.wait_for_url("**/floors")
        assert await look.page.locator("main table tbody tr").count() > 10


@pytest.mark.parametrize("path", PATHS)
async def test_the_keyboard_reaches_everything_and_shows_where_it_is(shop: Shop, path: str) -> None:
    async with shop.look(path) as look:
        await look.page.keyboard.press("Tab")
        first = await look.ask(FOCUSED)
        assert first["name"] == "skip"
        assert first["seen"]
        await look.page.keyboard.press("Enter")
        await look.page.wait_for_function("() => location.hash === '#content'")
        things = await look.page.locator("main :is(a[href], button, input, select, [tabindex='0']):visible").count()
        for _ in range(min(things, 12)):
            await look.page.keyboard.press("Tab")
            focus = await look.ask(FOCUSED)
            assert focus["inside"], focus
            assert focus["outlined"], focus
            assert focus["seen"], focus


@pytest.mark.parametrize(("scheme", "size"), [("light", DESK), ("dark", DESK), ("light", PHONE)])
@pytest.mark.parametrize("path", PATHS)
async def test_no_page_shuts_somebody_out(shop: Shop, path: str, scheme: str, size: dict[str, int]) -> None:
    async with shop.look(path, color_scheme=scheme, viewport=size) as look:
        if path == "/live":
            await look.page.locator("#live-rows button").first.click()
        assert not await barriers(look)


async def test_what_looks_for_faults_finds_them(shop: Shop) -> None:
    async with shop.look("/") as look:
        await look.ask("document.querySelector('main').append(document.createElement('button'))")
        await look.ask("document.querySelector('h1').style.color = '#aaa'")
        found = [fault.split(": ")[1] for fault in await barriers(look)]
        assert found == ["button-name", "color-contrast"]


@pytest.mark.parametrize("path", PATHS)
async def test_without_a_script_a_page_can_be_read(shop: Shop, path: str) -> None:
    async with shop.look(path, java_script_enabled=False) as look:
        main = await look.page.locator("main").inner_text()
        assert len(main.split()) > 1
        assert not await look.page.locator("main [hidden]:visible").count()
        assert not look.complaints


async def test_without_a_script_the_beacons_and_who_is_heard_are_there(shop: Shop) -> None:
    async with shop.look("/floors", java_script_enabled=False) as look:
        assert "北扶梯口" in await look.page.locator("main table").inner_text()
        await look.open("/live")
        assert "北扶梯口" in await look.page.locator("#live-rows").inner_text()
        assert not await look.page.locator("#live-pause").is_visible()
