"""device/group/…"""

from dataclasses import replace

import pytest

from tests.simulator.wechat.wechat_client import SETTINGS, Json, Wechat, serving


async def group(wechat: Wechat, name: str = "lobby") -> int:
    return int((await wechat.data("device/group/add", {"group_name": name}))["group_id"])


def members(group_id: int, *device_ids: int) -> Json:
    return {"group_id": group_id, "device_identifiers": [{"device_id": device_id} for device_id in device_ids]}


async def test_a_group_is_added_renamed_and_listed(wechat: Wechat) -> None:
    added = await wechat.data("device/group/add", {"group_name": "lobby"})
    group_id = added["group_id"]
    assert added == {"group_id": group_id, "group_name": "lobby"}
    assert await wechat.data("device/group/update", {"group_id": group_id, "group_name": "hall"}) == {}
    second = await group(wechat)
    listed = await wechat.data("device/group/getlist", {"begin": 0, "count": 1000})
    rows = [{"group_id": group_id, "group_name": "hall"}, {"group_id": second, "group_name": "lobby"}]
    assert listed == {"total_count": 2, "groups": rows}
    assert (await wechat.data("device/group/getlist", {"begin": 1, "count": 1}))["groups"] == rows[1:]


async def test_a_group_tells_its_devices_page_by_page(wechat: Wechat) -> None:
    devices = [wechat.account.add_device(major=1, minor=minor, comment="gate") for minor in range(3)]
    wechat.account.place_device(devices[1], 555)
    group_id = await group(wechat)
    assert await wechat.data("device/group/adddevice", members(group_id, *devices)) == {}
    detail = await wechat.data("device/group/getdetail", {"group_id": group_id, "begin": 1, "count": 1})
    uuid = "FDA50693-A4E2-4FB1-AFCF-C6EB07647825"
    row = {"device_id": devices[1], "uuid": uuid, "major": 1, "minor": 1, "comment": "gate", "poi_id": 555}
    assert detail == {"group_id": group_id, "group_name": "lobby", "total_count": 3, "devices": [row]}


async def test_only_an_empty_group_can_be_deleted(wechat: Wechat) -> None:
    device_id, group_id = wechat.account.add_device(major=1, minor=1), await group(wechat)
    await wechat.data("device/group/adddevice", members(group_id, device_id))
    assert await wechat.errcode("device/group/delete", {"group_id": group_id}) == 9001054
    assert await wechat.data("device/group/deletedevice", members(group_id, device_id)) == {}
    assert await wechat.data("device/group/delete", {"group_id": group_id}) == {}
    assert await wechat.errcode("device/group/delete", {"group_id": group_id}) == 9001058


async def test_a_device_in_no_group_is_invisible_to_h5(wechat: Wechat) -> None:
    inside, outside = (wechat.account.add_device(major=1, minor=minor) for minor in range(2))
    await wechat.data("device/group/adddevice", members(await group(wechat), inside))
    assert wechat.account.groups.heard_by_h5(inside)
    assert not wechat.account.groups.heard_by_h5(outside)


async def test_leaving_is_all_or_nothing(wechat: Wechat) -> None:
    inside, outside = (wechat.account.add_device(major=1, minor=minor) for minor in range(2))
    group_id = await group(wechat)
    await wechat.data("device/group/adddevice", members(group_id, inside))
    assert await wechat.errcode("device/group/deletedevice", members(group_id, inside, outside)) == 9001056
    assert wechat.account.groups.members(group_id) == [inside]


@pytest.mark.parametrize("limit", [100, 3])
async def test_the_number_of_groups_is_limited_by_a_setting(limit: int) -> None:
    async with serving(replace(SETTINGS, group_limit=limit)) as wechat:
        for _ in range(limit):
            wechat.account.groups.add("x")
        assert await wechat.errcode("device/group/add", {"group_name": "x"}) == 9001050


async def test_a_group_holds_so_many_devices() -> None:
    async with serving(replace(SETTINGS, group_capacity=2)) as wechat:
        devices = [wechat.account.add_device(major=1, minor=minor) for minor in range(3)]
        group_id = await group(wechat)
        assert await wechat.errcode("device/group/adddevice", members(group_id, *devices[:2])) == 0
        assert await wechat.errcode("device/group/adddevice", members(group_id, *devices[:2])) == 0
        assert await wechat.errcode("device/group/adddevice", members(group_id, devices[2])) == 9001051


@pytest.mark.parametrize(
    ("name", "body", "errcode"),
    [
        ("add", {"group_name": "组" * 101}, 9001055),
        ("add", {"group_name": "组" * 100}, 0),
        ("add", {"group_name": ""}, 9001055),
        ("add", {}, 9001001),
        ("update", {"group_id": 901, "group_name": "x" * 201}, 9001055),
        ("update", {"group_id": 1, "group_name": "x"}, 9001058),
        ("getdetail", {"group_id": 1, "begin": 0, "count": 1}, 9001058),
        ("getdetail", {"group_id": 901, "begin": 0, "count": 1001}, 9001001),
        ("getlist", {"begin": 0, "count": 1001}, 9001001),
        ("getlist", {"begin": -1, "count": 1}, 9001036),
        ("adddevice", members(901, *[20001] * 1001), 9001052),
        ("deletedevice", members(901, *[20001] * 1001), 9001053),
        ("adddevice", members(901, 1), 9001025),
        ("adddevice", members(1, 20001), 9001058),
        ("adddevice", {"group_id": 901}, 9001001),
    ],
)
async def test_a_group_call_names_its_fault(wechat: Wechat, name: str, body: Json, errcode: int) -> None:
    wechat.account.add_device(major=1, minor=1, device_id=20001)
    assert await group(wechat) == 901
    assert await wechat.errcode(f"device/group/{name}", body) == errcode
