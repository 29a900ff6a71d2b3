"""Groups: made, renamed, filled by the thousand, emptied, deleted."""

from dataclasses import replace

import pytest

from beacon_gateway.adapters.wechat.groups import ADD_DEVICES, DELETE_DEVICES, DETAIL, LIST, Group, Groups, Member
from beacon_gateway.adapters.wechat.transport.client import Client
from beacon_gateway.core.bindings.target import Refused
from tests.services.bindings.scene import SECRET, SETTINGS, WeChatSide, key, wechat_side


@pytest.fixture
def groups(client: Client) -> Groups:
    return Groups(client)


async def test_a_group_is_made_renamed_and_deleted(groups: Groups) -> None:
    lobby = await groups.add("大堂")
    assert await groups.all() == [lobby] == [Group(lobby.group_id, "大堂")]
    await groups.rename(lobby.group_id, "六楼")
    assert await groups.all() == [Group(lobby.group_id, "六楼")]
    await groups.delete(lobby.group_id)
    assert await groups.all() == []
    with pytest.raises(Refused) as caught:
        await groups.rename(lobby.group_id, "七楼")
    assert caught.value.code == "9001058"


async def test_groups_are_filled_read_and_emptied_by_the_thousand(wechat: WeChatSide, groups: Groups) -> None:
    wechat.devices(*range(1001))
    lobby = (await groups.add("大堂")).group_id
    wechat.calls()
    await groups.add_devices(lobby, [key(number) for number in range(1001)])
    assert [member.key for member in await groups.members(lobby)] == [key(number) for number in range(1001)]
    await groups.remove_devices(lobby, [wechat.device_id(number) for number in range(1001)])
    assert await groups.members(lobby) == []
    assert wechat.calls() == {ADD_DEVICES: 2, DETAIL: 2 + 1, DELETE_DEVICES: 2}


async def test_a_member_is_told_with_comment_and_store(wechat: WeChatSide, groups: Groups) -> None:
    wechat.devices(1, 2)
    wechat.account.describe_device(wechat.device_id(1), "服务台")
    wechat.account.place_device(wechat.device_id(1), 555)
    lobby = (await groups.add("大堂")).group_id
    await groups.add_devices(lobby, [key(1), key(2)])
    assert await groups.members(lobby) == [
        Member(wechat.device_id(1), key(1), "服务台", 555),
        Member(wechat.device_id(2), key(2), "", None),
    ]


async def test_what_is_not_in_a_group_cannot_be_taken_out_and_what_is_full_not_deleted(
    wechat: WeChatSide, groups: Groups
) -> None:
    wechat.devices(1, 2)
    lobby = (await groups.add("大堂")).group_id
    await groups.add_devices(lobby, [key(1)])
    with pytest.raises(Refused) as caught:
        await groups.remove_devices(lobby, [key(1), key(2)])
    assert caught.value.code == "9001056"
    with pytest.raises(Refused) as caught:
        await groups.delete(lobby)
    assert caught.value.code == "9001054"


async def test_more_than_a_thousand_groups_are_read_whole() -> None:
    async with (
        wechat_side(replace(SETTINGS, group_limit=2000)) as wechat,
        Client(api_base=wechat.url, appid=SETTINGS.appid, secret=SECRET) as client,
    ):
        for number in range(1001):
            wechat.account.groups.add(f"第{number}组")
        assert len({group.group_id for group in await Groups(client).all()}) == 1001
        assert wechat.calls()[LIST] == 2
