"""page/add, update, search, delete."""

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.simulator.wechat.wechat_client import SETTINGS, Json, Wechat, png, serving

LEGACY = replace(SETTINGS, generation="legacy")


async def page(wechat: Wechat, **changed: object) -> Json:
    icon_url = (await wechat.upload(png()))["data"]["pic_url"]
    return {
        "title": "前门",
        "description": "欢迎光临",
        "page_url": "https://m.example.com/d1",
        "icon_url": icon_url,
        "comment": "gw:door1",
        **changed,
    }


async def test_a_page_comes_back_as_it_was_added(wechat: Wechat) -> None:
    body = await page(wechat)
    page_id = (await wechat.data("page/add", body))["page_id"]
    found = await wechat.data("page/search", {"type": 1, "page_ids": [page_id]})
    assert found == {"pages": [{**body, "page_id": page_id}], "total_count": 1}


async def test_adding_twice_makes_two_pages_with_ascending_ids(wechat: Wechat) -> None:
    body = await page(wechat)
    ids = [(await wechat.data("page/add", body))["page_id"] for _ in range(10)]
    assert ids == sorted(set(ids))
    assert {after - before for before, after in pairwise(ids)} == {1, 2, 3}


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"title": "欢迎光临本店"}, 0),
        ({"title": "欢迎光临本店a"}, 9001027),
        ({"title": "abcdefghijkl"}, 0),
        ({"title": "abcdefghijklm"}, 9001027),
        ({"title": "欢迎光临本ab"}, 0),
        ({"title": "欢迎光临本abc"}, 9001027),
        ({"title": ""}, 9001027),
        ({"title": None}, 9001001),
        ({"title": 7}, 9001001),
        ({"description": "欢迎光临本店哦"}, 0),
        ({"description": "欢迎光临本店哦!"}, 9001027),
        ({"description": None}, 9001001),
        ({"comment": "x" * 30}, 0),
        ({"comment": "x" * 31}, 9001027),
        ({"comment": None}, 0),
        ({"page_url": "http://m.example.com"}, 0),
        ({"page_url": "m.example.com"}, 9001027),
        ({"page_url": "ftp://m.example.com"}, 9001027),
        ({"page_url": "http:///d1"}, 9001027),
        ({"page_url": None}, 9001001),
        ({"icon_url": "http://shp.qpic.cn/from/elsewhere/120"}, 9001027),
        ({"icon_url": None}, 9001001),
    ],
)
async def test_a_page_must_fit_its_limits(wechat: Wechat, changed: Json, errcode: int) -> None:
    assert await wechat.errcode("page/add", await page(wechat, **changed)) == errcode


async def test_a_licence_is_no_icon(wechat: Wechat) -> None:
    url = (await wechat.upload(png(), type="license"))["data"]["pic_url"]
    assert await wechat.errcode("page/add", await page(wechat, icon_url=url)) == 9001027


async def test_foreign_icons_may_be_allowed() -> None:
    async with serving(replace(SETTINGS, strict_icon_url=False)) as wechat:
        assert await wechat.errcode("page/add", await page(wechat, icon_url="https://cdn.example.com/i.png")) == 0
        assert await wechat.errcode("page/add", await page(wechat, icon_url="")) == 9001027


async def test_an_update_overwrites_and_answers_an_empty_object(wechat: Wechat) -> None:
    page_id = wechat.add_page()
    body = await page(wechat, page_id=page_id, title="后门")
    assert await wechat.data("page/update", body) == {}
    assert wechat.account.pages[page_id].title == "后门"


@pytest.mark.parametrize("field", ["page_id", "title", "description", "page_url", "icon_url"])
async def test_an_update_needs_every_field(wechat: Wechat, field: str) -> None:
    page_id = wechat.add_page()
    before = wechat.account.pages[page_id]
    body = {**await page(wechat), "page_id": page_id, field: None}
    assert await wechat.errcode("page/update", body) == 9001001
    assert wechat.account.pages[page_id] == before


async def test_an_update_of_a_page_made_in_the_console_may_keep_its_icon(wechat: Wechat) -> None:
    page_id = wechat.add_page()
    icon_url = wechat.account.pages[page_id].icon_url
    assert await wechat.errcode("page/update", await page(wechat, page_id=page_id, icon_url=icon_url)) == 0


@pytest.mark.parametrize(("omitted", "left"), [("kept", "gw:door1"), ("cleared", "")])
async def test_an_omitted_comment_is_kept_or_cleared_by_choice(omitted: str, left: str) -> None:
    settings = SETTINGS if omitted == "kept" else replace(SETTINGS, omitted_comment="cleared")
    async with serving(settings) as wechat:
        page_id = (await wechat.data("page/add", await page(wechat)))["page_id"]
        await wechat.data("page/update", await page(wechat, page_id=page_id, comment=None))
        assert wechat.account.pages[page_id].comment == left


async def test_the_legacy_update_answers_the_page_id() -> None:
    async with serving(LEGACY) as wechat:
        page_id = wechat.add_page()
        assert await wechat.data("page/update", await page(wechat, page_id=page_id)) == {"page_id": page_id}


@pytest.mark.parametrize("changed", [{"page_id": 1}, {"title": "x" * 13}])
async def test_a_bad_update_changes_nothing(wechat: Wechat, changed: Json) -> None:
    page_id = wechat.add_page()
    before = dict(wechat.account.pages)
    errcode = await wechat.errcode("page/update", await page(wechat, **{"page_id": page_id, **changed}))
    assert errcode in {9001026, 9001027}
    assert wechat.account.pages == before


async def test_pages_are_paged_by_offset_so_a_deletion_skips_a_row(wechat: Wechat) -> None:
    pages = [wechat.add_page() for _ in range(4)]
    first = await wechat.data("page/search", {"type": 2, "begin": 0, "count": 2})
    await wechat.data("page/delete", {"page_id": pages[0]})
    second = await wechat.data("page/search", {"type": 2, "begin": 2, "count": 2})
    assert [row["page_id"] for row in first["pages"] + second["pages"]] == [pages[0], pages[1], pages[3]]
    assert second["total_count"] == 3


async def test_total_count_is_that_of_the_account(wechat: Wechat) -> None:
    pages = [wechat.add_page() for _ in range(3)]
    assert (await wechat.data("page/search", {"type": 1, "page_ids": pages[:1]}))["total_count"] == 3


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"type": 2, "begin": 0, "count": 51}, 9001030),
        ({"type": 2, "begin": -1, "count": 50}, 9001036),
        ({"type": 2, "begin": 0}, 9001001),
        ({"type": 1, "page_ids": list(range(51))}, 9001030),
        ({"type": 1, "page_ids": [1]}, 9001026),
        ({"type": 1}, 9001001),
        ({"begin": 0, "count": 50}, 9001001),
        ({"type": 3}, 9001001),
    ],
)
async def test_a_search_names_its_fault(wechat: Wechat, body: Json, errcode: int) -> None:
    assert await wechat.errcode("page/search", body) == errcode


async def test_the_legacy_search_needs_no_type() -> None:
    async with serving(LEGACY) as wechat:
        pages = [wechat.add_page(), wechat.add_page()]
        assert len((await wechat.data("page/search", {"begin": 0, "count": 50}))["pages"]) == 2
        assert len((await wechat.data("page/search", {"page_ids": pages[:1]}))["pages"]) == 1


async def test_a_bound_page_cannot_be_deleted(wechat: Wechat) -> None:
    page_id, device_id = wechat.add_page(), wechat.account.add_device(major=1, minor=1)
    wechat.account.bind(device_id, [page_id])
    assert await wechat.errcode("page/delete", {"page_id": page_id}) == 9001029
    wechat.account.bind(device_id, [])
    assert await wechat.data("page/delete", {"page_id": page_id}) == {}
    assert await wechat.errcode("page/delete", {"page_id": page_id}) == 9001026


async def test_a_deleted_id_is_never_given_again(wechat: Wechat) -> None:
    deleted = wechat.add_page()
    await wechat.data("page/delete", {"page_id": deleted})
    assert wechat.add_page() > deleted


async def test_the_legacy_delete_takes_ten_pages() -> None:
    async with serving(LEGACY) as wechat:
        pages = [wechat.add_page() for _ in range(11)]
        assert await wechat.errcode("page/delete", {"page_ids": pages}) == 9001028
        assert await wechat.errcode("page/delete", {"page_ids": pages[:10]}) == 0
        assert list(wechat.account.pages) == pages[10:]
