"""Bindings edited in a browser: what is typed, what is shown of it, what WeChat and the disk have afterwards."""

from typing import Final

import pytest
from playwright.async_api import Dialog

from tests.browser.desk import Desk, rebound
from tests.browser.shop import PHONE, Shop

DRAW, SPRING, NEW = "幸运抽奖", "春季新品", "新品上架"
"""Titles of the pages lucky-draw, spring-sale and new-arrivals."""

WRONG: Final = "    pages: [no-such-page]"
AT_LINE: Final = """
    () => {
      const text = document.getElementById("text");
      return document.activeElement === text && text.value.slice(0, text.selectionStart).split("\\n").length;
    }"""
"""The line where the cursor is; false where the focus is elsewhere."""
LINES: Final = "document.getElementById('text').value.split('\\n').length"
SEEN: Final = "document.querySelector('.plan').getBoundingClientRect().bottom <= innerHeight"
TOGETHER: Final = "Math.abs(gutter.scrollTop - text.scrollTop) < 1"
NUMBERS: Final = "[...document.querySelectorAll('#gutter div')].map((row) => row.textContent)"


@pytest.mark.parametrize("scripts", [True, False], ids=["with a script", "without"])
async def test_what_is_typed_is_checked_planned_and_applied(shop: Shop, scripts: bool) -> None:
    beacon = "window-west" if scripts else "window-east"
    async with shop.look(java_script_enabled=scripts) as look:
        desk = Desk(look, "F3")
        await desk.open()
        text = await desk.rebind(beacon, "lucky-draw")
        note = f"# {beacon}: 抽奖到月底\n"
        await desk.text.press("Control+End")
        await desk.text.press_sequentially(note)
        before = shop.file("F3").read_bytes()

        await desk.press("check")
        assert "检查通过" in await desk.done()
        assert await desk.text.input_value() == text + note

        await desk.press("plan")
        plan = await look.page.locator(".plan").inner_text()
        assert not scripts or await look.ask(SEEN)
        assert "新品上架" in plan
        assert DRAW in plan
        assert shop.file("F3").read_bytes() == before
        assert shop.shown("F3", beacon) == [NEW]

        await desk.press("apply")
        assert "已完成" in await desk.done()
        assert shop.file("F3").read_bytes() == (text + note).encode()
        assert shop.shown("F3", beacon) == [DRAW]
        assert await desk.text.input_value() == text + note
        assert not look.complaints


async def test_a_faulty_line_is_marked_and_leads_there_and_nothing_changes(shop: Shop) -> None:
    async with shop.look() as look:
        desk = Desk(look, "F2")
        text = await desk.open()
        before, calls = shop.file("F2").read_bytes(), shop.shown("F2", "stairs")
        faulty = rebound(text, "stairs", "no-such-page")
        line = faulty.split("\n").index(WRONG) + 1
        await desk.text.fill(faulty)
        await desk.press("apply")

        assert await desk.marks.all_inner_texts() == [f"■ {line}"]
        place = look.page.locator(".faults a")
        assert await place.inner_text() == f"第 {line} 行"
        await place.click()
        assert await look.ask(AT_LINE) == line
        box, mark = await desk.text.bounding_box(), await desk.marks.bounding_box()
        assert box
        assert mark
        assert box["y"] <= mark["y"] <= box["y"] + box["height"]
        assert await desk.text.input_value() == faulty
        assert shop.file("F2").read_bytes() == before
        assert shop.shown("F2", "stairs") == calls
        assert not look.complaints


async def test_who_comes_second_is_told_and_loses_nothing(shop: Shop) -> None:
    async with shop.look() as first, shop.look() as second:
        early, late = Desk(first, "F2"), Desk(second, "F2")
        await early.open()
        await late.open()
        theirs = await early.rebind("lift", "spring-sale")
        await early.press("apply")
        await early.press("apply")
        assert "已完成" in await early.done()

        ours = await late.rebind("cashier", "spring-sale")
        await late.press("apply")
        assert "这个文件被改过" in await late.done()
        assert await late.text.input_value() == ours
        assert shop.file("F2").read_bytes() == theirs.encode()
        difference = await second.page.locator(".diff").inner_text()
        assert "−    pages: [spring-sale]" in difference
        assert "+    pages: [spring-sale]" in difference

        await late.text.fill(rebound(theirs, "cashier", "spring-sale"))
        await late.press("apply")
        await late.press("apply")
        assert "已完成" in await late.done()
        assert (shop.shown("F2", "lift"), shop.shown("F2", "cashier")) == ([SPRING], [SPRING])


async def test_each_line_has_its_number_beside_it(shop: Shop) -> None:
    async with shop.look() as look:
        desk = Desk(look, "F2")
        await desk.open()
        assert await look.ask(NUMBERS) == [str(line + 1) for line in range(await look.ask(LINES))]
        await desk.text.press("Control+End")
        await desk.text.press_sequentially("#\n\n\n#")
        assert await look.ask(NUMBERS) == [str(line + 1) for line in range(await look.ask(LINES))]
        await look.page.wait_for_function(f"() => text.scrollTop > 24 && {TOGETHER}")
        await desk.text.press("Control+Home")
        await look.page.wait_for_function(f"() => text.scrollTop < 24 && {TOGETHER}")


async def test_whoever_leaves_with_unsaved_text_is_asked(shop: Shop) -> None:
    asked: list[str] = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    async with shop.look() as look:
        look.page.on("dialog", stay)
        desk = Desk(look, "F2")
        await desk.open()
        await desk.text.press("Control+End")
        await desk.text.press_sequentially("# half a thought")
        async with look.page.expect_event("dialog"):
            await look.page.locator("header nav a").first.click(no_wait_after=True)
        assert asked == ["beforeunload"]
        assert (await desk.text.input_value()).endswith("# half a thought")


async def test_whoever_typed_nothing_is_not_asked(shop: Shop) -> None:
    async with shop.look() as look:
        desk = Desk(look, "F2")
        await desk.open()
        await desk.text.click()
        await look.page.locator("header nav a").first.click()
        await look.page.wait_for_url(f"{shop.url}/")


async def test_an_undo_shows_first_what_it_puts_back(shop: Shop) -> None:
    async with shop.look() as look:
        desk = Desk(look, "F1")
        text = await desk.open()
        await desk.rebind("fitting-room", "lucky-draw")
        await desk.press("apply")
        await desk.press("apply")
        assert "已完成" in await desk.done()
        assert shop.shown("F1", "fitting-room") == [DRAW]

        await look.page.get_by_role("link", name="回滚上一次改动").click()
        await desk.press("look-back")
        assert NEW in await look.page.locator(".plan").inner_text()
        assert shop.shown("F1", "fitting-room") == [DRAW]
        await desk.press("undo")
        assert "已完成" in await desk.done()
        assert shop.shown("F1", "fitting-room") == [NEW]

        await desk.open()  # the files stayed as they were: they too go back
        await desk.text.fill(text)
        await desk.press("apply")
        assert "微信那边不用改" in await desk.done()


async def test_an_answer_to_a_form_is_not_asked_for_anew(shop: Shop) -> None:
    async with shop.look() as look:
        await look.page.clock.install()
        desk = Desk(look, "F2")
        text = await desk.open()
        await desk.text.fill(text + WRONG)
        await desk.press("check")
        fetched = len(look.fetched)
        await look.page.clock.run_for(60_000)
        assert len(look.fetched) == fetched
        assert await desk.text.input_value() == text + WRONG


async def test_on_a_phone_a_beacon_can_be_rebound(shop: Shop) -> None:
    async with shop.look(viewport=PHONE, has_touch=True, is_mobile=True) as look:
        desk = Desk(look, "F1")
        await desk.open()
        await desk.rebind("window-east", "spring-sale")
        await look.page.locator("button[value=plan]").tap()
        await look.page.locator(".plan").wait_for()
        await look.page.locator("button[value=apply]").tap()
        assert "已完成" in await desk.done()
        assert shop.shown("F1", "window-east") == [SPRING]
