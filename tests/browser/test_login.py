"""People log in with a browser: the way in and out, and what each of them sees and may do."""

import pytest

from tests.browser.desk import Desk
from tests.browser.people import EVERYBODY, IT, STAFF, VIEWER, Person
from tests.browser.shop import Look, Shop

DRAW, NEW = "幸运抽奖", "新品上架"
"""Titles of the pages lucky-draw and new-arrivals."""


async def test_a_wrong_password_is_told_and_a_right_one_leads_where_one_wanted_to_go(guarded: Shop) -> None:
    async with guarded.look("/floors/F3") as look:
        assert look.page.url == f"{guarded.url}/login?next=/floors/F3"
        assert not await look.page.get_by_role("link", name="楼层").count()
        await IT.log_in(look, "a wrong one")
        assert "名字或密码不对" in await look.page.get_by_role("alert").inner_text()
        await IT.log_in(look)
        await look.page.wait_for_url(f"{guarded.url}/floors/F3")
        assert "li.na" in await look.page.locator("header").inner_text()
        assert await look.page.get_by_role("link", name="楼层").count()
        assert not look.complaints


async def test_whoever_logs_out_is_out(guarded: Shop) -> None:
    async with guarded.look() as look:
        await VIEWER.come_to(look, "/heat")
        await look.page.get_by_role("button", name="退出").click()
        await look.page.wait_for_url(f"{guarded.url}/login")
        await look.page.go_back()
        await look.page.get_by_label("密码").wait_for()
        assert not await look.page.get_by_text("手推车").count()


async def test_no_script_and_no_other_site_gets_at_the_session(guarded: Shop) -> None:
    async with guarded.look() as look:
        await IT.come_to(look, "/gateway")
        (cookie,) = await look.page.context.cookies()
        assert (cookie.get("httpOnly"), cookie.get("sameSite"), cookie.get("expires")) == (True, "Lax", -1)
        assert await look.ask("document.cookie") == ""


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.visitor.rank.value)
async def test_everybody_sees_how_it_stands(guarded: Shop, person: Person) -> None:
    async with guarded.look() as look:
        await person.come_to(look, "/floors/F2")
        assert "北扶梯口" in await look.page.locator("main").inner_text()
        for path in ("/", "/live", "/heat", "/bindings", "/gateway"):
            assert (await look.open(path)).status == 200


@pytest.mark.parametrize(
    ("person", "file", "edits"),
    [
        *((IT, file, True) for file in ("F1", "F2", "pages")),
        *((STAFF, file, file == "F2") for file in ("F1", "F2", "pages")),
        *((VIEWER, file, False) for file in ("F1", "F2", "pages")),
    ],
    ids=lambda value: value.visitor.rank.value if isinstance(value, Person) else str(value),
)
async def test_who_may_edit_has_buttons_and_who_may_not_is_told(
    guarded: Shop, person: Person, file: str, edits: bool
) -> None:
    async with guarded.look() as look:
        await person.come_to(look, f"/bindings/{file}")
        assert await look.page.locator("button[value=apply]").count() == edits
        assert await Desk(look, file).text.is_editable() == edits
        refusal = look.page.get_by_text("要改请联系 IT").or_(look.page.get_by_text("只有 IT 能改"))
        assert await refusal.count() == (not edits)


async def test_the_log_and_the_bundle_are_for_it_alone(guarded: Shop) -> None:
    for person in EVERYBODY:
        async with guarded.look() as look:
            await person.come_to(look, "/gateway")
            is_it = person is IT
            assert await look.page.get_by_role("button", name="下载支持包").count() == is_it
            assert (await look.open("/gateway/log")).status == (200 if is_it else 403)


async def test_staff_rebind_a_beacon_of_their_floor_in_their_own_name(guarded: Shop) -> None:
    async with guarded.look() as look:
        await STAFF.come_to(look, "/bindings")
        desk = Desk(look, "F2")
        assert await look.page.locator(".tabs [aria-current]").inner_text() == "F2"
        await desk.rebind("window-east", "lucky-draw")
        await desk.press("apply")
        await desk.press("apply")
        assert "已完成" in await desk.done()
        assert guarded.shown("F2", "window-east") == [DRAW]
        assert "张三" in await look.page.locator(".runs").inner_text()


async def test_a_form_that_another_page_could_have_made_is_refused(guarded: Shop) -> None:
    async with guarded.look() as look:
        await IT.come_to(look, "/bindings/F1")
        before = guarded.file("F1").read_bytes()
        desk = Desk(look, "F1")
        await desk.rebind("window-west", "lucky-draw")
        await look.ask("document.querySelector('#editing [name=visit]').value = '0'.repeat(64)")
        await desk.press("apply")
        assert "没有执行" in await look.page.get_by_role("alert").inner_text()
        assert guarded.file("F1").read_bytes() == before
        assert guarded.shown("F1", "window-west") == [NEW]


async def test_whoever_is_logged_out_meanwhile_does_not_lose_what_was_typed(guarded: Shop) -> None:
    async with guarded.look() as look:
        await IT.come_to(look, "/bindings/F1")
        desk = Desk(look, "F1")
        text = await desk.rebind("window-west", "lucky-draw")
        await _log_out_elsewhere(look)
        await desk.press("check")
        assert "登录" in await look.page.get_by_role("alert").inner_text()
        saved = guarded.file("F1").read_text(encoding="utf-8")
        guarded.file("F1").write_text(f"{saved}# by somebody else, meanwhile\n", encoding="utf-8")
        await look.page.get_by_role("link", name="回到首页").click()
        await IT.log_in(look)
        await look.page.wait_for_url(f"{guarded.url}/")
        await desk.open()
        assert await desk.text.input_value() == text
        assert await look.page.get_by_text("放回编辑框").is_visible()
        await desk.press("apply")
        assert "这个文件被改过" in await desk.done()
        await look.page.get_by_role("link", name="放弃改动").click()
        await look.page.wait_for_function("(text) => document.getElementById('text').value !== text", arg=text)
        assert not await look.page.get_by_text("放回编辑框").is_visible()
        guarded.file("F1").write_text(saved, encoding="utf-8")


async def _log_out_elsewhere(look: Look) -> None:
    tab = await look.page.context.new_page()
    await tab.goto(f"{look.url}/")
    await tab.get_by_role("button", name="退出").click()
    await tab.wait_for_url(f"{look.url}/login")
    await tab.close()
