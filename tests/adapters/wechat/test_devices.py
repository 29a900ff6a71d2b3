"""Devices: read in full, bound, asked for."""

from dataclasses import replace
from typing import Final

import pytest
from aiohttp import web

from beacon_gateway.adapters.wechat.devices import BIND_PAGE, SEARCH, DeviceCalls, WeChatDevice
from beacon_gateway.adapters.wechat.reviews import Review, ReviewVerdict
from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from beacon_gateway.core.bindings.target import Refused, TryLater
from tests.services.bindings.liars import answering
from tests.services.bindings.scene import NOON, SECRET, SETTINGS, TOKEN, WeChatSide, key, wechat_side

KEY: Final = {"uuid": str(key(1).uuid), "major": 10006, "minor": 1}


@pytest.fixture
def devices(client: WeChatClient) -> DeviceCalls:
    return DeviceCalls(client)


async def test_a_device_is_read_with_its_key_its_comment_and_its_last_shake(
    wechat: WeChatSide, devices: DeviceCalls
) -> None:
    wechat.devices(1)
    device_id = wechat.device_id(1)
    wechat.account.describe_device(device_id, "北扶梯口")
    wechat.bind(1, wechat.page())
    wechat.account.shake(device_id, "somebody")
    fresh = WeChatDevice(device_id, key(1), comment="北扶梯口", activated=False, last_active=None, dated=True)
    assert await devices.all() == [fresh]
    wechat.clock.now += 86_400
    assert await devices.all() == [replace(fresh, activated=True, last_active=NOON)]


@pytest.mark.parametrize("many", [0, 1, 49, 50, 51, 100, 151])
async def test_every_device_is_read_once_with_a_call_for_each_fifty(
    wechat: WeChatSide, devices: DeviceCalls, many: int
) -> None:
    wechat.devices(*range(many))
    assert [device.key for device in await devices.all()] == [key(number) for number in range(many)]
    assert wechat.calls() == {TOKEN: 1, SEARCH: max(1, -(-many // 50))}


async def test_an_application_brings_its_own_devices_and_no_others(wechat: WeChatSide, devices: DeviceCalls) -> None:
    wechat.devices(*range(70))
    asked = await devices.apply(60, "六楼重新装修", comment="F6")
    assert await devices.application(asked) == Review(ReviewVerdict.PENDING, "审核中")
    assert await devices.of_batch(asked) == []
    wechat.clock.now += 10
    assert await devices.application(asked) == Review(ReviewVerdict.APPROVED, "")
    wechat.calls()
    batch = await devices.of_batch(asked)
    assert len({device.device_id for device in batch}) == 60
    assert {device.comment for device in batch} == {"F6"}
    assert wechat.calls() == {SEARCH: 3}  # the count is the account's, so only an empty answer ends the list


async def test_a_batch_whose_count_is_its_own_takes_no_call_too_many() -> None:
    async with (
        wechat_side(replace(SETTINGS, batch_total_count=True)) as wechat,
        WeChatClient(api_base=wechat.url, appid=SETTINGS.appid, secret=SECRET) as client,
    ):
        devices = DeviceCalls(client)
        asked = await devices.apply(60, "六楼重新装修")
        wechat.clock.now += 10
        assert len(await devices.of_batch(asked)) == 60
        assert wechat.calls()[SEARCH] == 2


async def test_the_staffs_refusal_is_told_with_its_reason(wechat: WeChatSide, devices: DeviceCalls) -> None:
    asked = await devices.apply(501, "六楼重新装修")
    wechat.account.review(asked, approve=False, comment="材料不全")
    said = await devices.application(asked)
    assert (said.verdict, said.comment) == (ReviewVerdict.REJECTED, "材料不全")
    assert await devices.of_batch(asked) == []


async def test_a_second_application_is_refused_while_one_is_pending(devices: DeviceCalls) -> None:
    await devices.apply(1, "六楼重新装修")
    with pytest.raises(Refused) as caught:
        await devices.apply(1, "六楼重新装修")
    assert caught.value.code == "9001023"


async def test_the_interface_of_2015_gives_devices_at_once() -> None:
    async with (
        wechat_side(replace(SETTINGS, generation="legacy")) as wechat,
        WeChatClient(api_base=wechat.url, appid=SETTINGS.appid, secret=SECRET) as client,
    ):
        asked = await DeviceCalls(client).apply(3, "六楼重新装修")
        assert (await DeviceCalls(client).application(asked)).verdict is ReviewVerdict.APPROVED
        (one, *_) = await DeviceCalls(client).all()
        assert (one.dated, one.last_active) == (False, None)


async def test_binding_replaces_all_that_a_device_shows(wechat: WeChatSide, devices: DeviceCalls) -> None:
    wechat.devices(1)
    first, second = wechat.page("一"), wechat.page("二")
    for page_ids, shown in (([second, first], ["一", "二"]), ([second], ["二"]), ([], [])):
        await devices.bind(key(1), page_ids)
        assert wechat.shown(1) == shown
    assert wechat.writes() == {BIND_PAGE: 3}


async def test_ids_that_come_as_strings_are_ids() -> None:
    async with (
        wechat_side(replace(SETTINGS, ids_as_strings=True)) as wechat,
        WeChatClient(api_base=wechat.url, appid=SETTINGS.appid, secret=SECRET) as client,
    ):
        wechat.devices(*range(60))
        assert [device.device_id for device in await DeviceCalls(client).all()] == [
            wechat.device_id(number) for number in range(60)
        ]


async def test_a_batch_that_repeats_itself_is_given_up() -> None:
    """An interface of 2015 knows no `last_seen`, and gives the first fifty again and again."""
    rows = [{"device_id": number, **KEY, "minor": number} for number in range(1, 51)]

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response({"errcode": 0, "data": {"devices": rows, "total_count": 1000}})

    async with answering(answer) as url, WeChatClient(api_base=url, appid=SETTINGS.appid, secret=SECRET) as client:
        with pytest.raises(TryLater, match="again and again"):
            await DeviceCalls(client).of_batch(70011)
