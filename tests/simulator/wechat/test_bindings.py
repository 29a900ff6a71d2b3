"""device/bindpage and relation/search."""

from dataclasses import replace
from typing import Any

import pytest

from tests.simulator.wechat.wechat_client import SETTINGS, Wechat, serving

UUID = "FDA50693-A4E2-4FB1-AFCF-C6EB07647825"
LEGACY = replace(SETTINGS, generation="legacy")


def bindpage(device_id: int, page_ids: list[int], **flags: int) -> dict[str, Any]:
    return {"device_identifier": {"device_id": device_id}, "page_ids": page_ids, **flags}


async def test_bindpage_replaces_the_whole_set(wechat: Wechat) -> None:
    device_id, first, second = wechat.account.add_device(major=1, minor=1), wechat.add_page(), wechat.add_page()
    await wechat.data("device/bindpage", bindpage(device_id, [first]))
    assert await wechat.data("device/bindpage", bindpage(device_id, [second])) == {}
    assert wechat.account.bindings(device_id) == (second,)


async def test_bindpage_twice_is_bindpage_once(wechat: Wechat) -> None:
    device_id, page_id = wechat.account.add_device(major=1, minor=1), wechat.add_page()
    await wechat.data("device/bindpage", bindpage(device_id, [page_id]))
    await wechat.data("device/bindpage", bindpage(device_id, [page_id]))
    assert wechat.account.bindings(device_id) == (page_id,)


async def test_an_empty_set_unbinds_everything(wechat: Wechat) -> None:
    device_id = wechat.account.add_device(major=1, minor=1)
    wechat.account.bind(device_id, [wechat.add_page()])
    await wechat.data("device/bindpage", bindpage(device_id, []))
    relations = {"type": 1, "device_identifier": {"device_id": device_id}}
    assert await wechat.data("relation/search", relations) == {"relations": [], "total_count": 0}


@pytest.mark.parametrize("flags", [{"append": 1}, {"bind": 1, "append": 1}, {"bind": 0}, {"bind": 0, "append": 1}])
async def test_the_old_flags_are_ignored(wechat: Wechat, flags: dict[str, int]) -> None:
    device_id, old, new = wechat.account.add_device(major=1, minor=1), wechat.add_page(), wechat.add_page()
    wechat.account.bind(device_id, [old])
    await wechat.data("device/bindpage", bindpage(device_id, [new], **flags))
    assert wechat.account.bindings(device_id) == (new,)


@pytest.mark.parametrize(
    ("flags", "wanted"),
    [
        ({"bind": 1, "append": 0}, [1, 2]),
        ({"bind": 1, "append": 1}, [0, 1, 2]),
        ({"bind": 0, "append": 0}, [0]),
        ({"bind": 0, "append": 1}, [0]),
    ],
)
async def test_the_legacy_api_honours_the_flags(flags: dict[str, int], wanted: list[int]) -> None:
    async with serving(LEGACY) as wechat:
        device_id, pages = wechat.account.add_device(major=1, minor=1), [wechat.add_page() for _ in range(3)]
        wechat.account.bind(device_id, pages[:2])
        await wechat.data("device/bindpage", bindpage(device_id, pages[1:], **flags))
        assert wechat.account.bindings(device_id) == tuple(pages[index] for index in wanted)


async def test_the_legacy_api_knows_no_other_flags() -> None:
    async with serving(LEGACY) as wechat:
        device_id = wechat.account.add_device(major=1, minor=1)
        assert await wechat.errcode("device/bindpage", bindpage(device_id, [], bind=2)) == 9001032


async def test_thirty_pages_fit_on_a_device_and_duplicates_count_once(wechat: Wechat) -> None:
    device_id, pages = wechat.account.add_device(major=1, minor=1), [wechat.add_page() for _ in range(31)]
    assert await wechat.errcode("device/bindpage", bindpage(device_id, pages)) == 9001037
    assert await wechat.errcode("device/bindpage", bindpage(device_id, [*pages[:30], pages[0]])) == 0
    assert wechat.account.bindings(device_id) == tuple(pages[:30])


async def test_one_unknown_page_changes_nothing(wechat: Wechat) -> None:
    device_id, old, new = wechat.account.add_device(major=1, minor=1), wechat.add_page(), wechat.add_page()
    wechat.account.bind(device_id, [old])
    assert await wechat.errcode("device/bindpage", bindpage(device_id, [new, 1])) == 9001026
    assert wechat.account.bindings(device_id) == (old,)


async def test_device_id_wins_over_a_key_that_disagrees(wechat: Wechat) -> None:
    first, second = (wechat.account.add_device(major=1, minor=minor) for minor in (1, 2))
    page_id = wechat.add_page()
    identifier = {"device_id": first, "uuid": UUID, "major": 1, "minor": 2}
    await wechat.data("device/bindpage", {"device_identifier": identifier, "page_ids": [page_id]})
    assert wechat.account.bindings(first) == (page_id,)
    assert wechat.account.bindings(second) == ()


@pytest.mark.parametrize(
    ("identifier", "errcode"),
    [
        ({"uuid": UUID, "major": 1, "minor": 1}, 0),
        ({"device_id": None, "uuid": UUID, "major": 1, "minor": 1}, 0),
        ({"device_id": 20001, "uuid": None, "major": None, "minor": None}, 0),
        ({"uuid": UUID, "major": 1}, 9001001),
        ({"uuid": UUID, "minor": 1}, 9001001),
        ({"major": 1, "minor": 1}, 9001001),
        ({}, 9001001),
        ({"device_id": 1}, 9001025),
        ({"uuid": UUID, "major": 1, "minor": 9}, 9001025),
        ({"uuid": UUID.lower(), "major": 1, "minor": 1}, 9001025),
    ],
)
async def test_a_device_is_named_by_id_or_by_whole_key(
    wechat: Wechat, identifier: dict[str, object], errcode: int
) -> None:
    wechat.account.add_device(major=1, minor=1)
    assert await wechat.errcode("relation/search", {"type": 1, "device_identifier": identifier}) == errcode


@pytest.mark.parametrize(("page_ids", "errcode"), [(None, 9001001), (7, 9001001), (["x"], 9001032), ([1.5], 9001032)])
async def test_page_ids_must_be_a_list_of_numbers(wechat: Wechat, page_ids: object, errcode: int) -> None:
    device_id = wechat.account.add_device(major=1, minor=1)
    body = {"device_identifier": {"device_id": device_id}, "page_ids": page_ids}
    assert await wechat.errcode("device/bindpage", body) == errcode


async def test_relations_of_a_device_ignore_paging(wechat: Wechat) -> None:
    device_id, pages = wechat.account.add_device(major=1, minor=2), [wechat.add_page(), wechat.add_page()]
    wechat.account.bind(device_id, pages)
    body = {"type": 1, "device_identifier": {"device_id": device_id}, "begin": 1, "count": 1}
    row = {"device_id": device_id, "uuid": UUID, "major": 1, "minor": 2}
    assert await wechat.data("relation/search", body) == {
        "relations": [{**row, "page_id": page_id} for page_id in pages],
        "total_count": 2,
    }


async def test_relations_of_a_page_are_paged_by_offset(wechat: Wechat) -> None:
    page_id, devices = wechat.add_page(), [wechat.account.add_device(major=1, minor=minor) for minor in range(5)]
    for device_id in devices:
        wechat.account.bind(device_id, [page_id])
    found = await wechat.data("relation/search", {"type": 2, "page_id": page_id, "begin": 3, "count": 50})
    assert [row["device_id"] for row in found["relations"]] == devices[3:]
    assert found["total_count"] == 5


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"type": 2}, 9001001),
        ({"type": 2, "begin": 0}, 9001001),
        ({"type": 2, "count": 50}, 9001001),
        ({"type": 2, "begin": -1, "count": 50}, 9001036),
        ({"type": 2, "begin": 0, "count": 51}, 9001024),
        ({"type": 2, "begin": 0, "count": 0}, 9001001),
        ({"type": 2, "begin": 0, "count": 50, "page_id": 1}, 9001026),
        ({"type": 3}, 9001001),
        ({}, 9001001),
    ],
)
async def test_relations_refuse_bad_questions(wechat: Wechat, body: dict[str, int], errcode: int) -> None:
    assert await wechat.errcode("relation/search", {"page_id": wechat.add_page(), **body}) == errcode
