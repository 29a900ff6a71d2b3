"""What customers do, and user/getshakeinfo."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.simulator.wechat.wechat_client import SETTINGS, Wechat, serving

UUID = "FDA50693-A4E2-4FB1-AFCF-C6EB07647825"


def bound_device(wechat: Wechat, pages: int = 1) -> int:
    device_id = wechat.account.add_device(major=1, minor=2)
    wechat.account.bind(device_id, [wechat.add_page() for _ in range(pages)])
    return device_id


async def test_a_shake_tells_page_beacon_and_person(wechat: Wechat) -> None:
    shake = wechat.account.shake(bound_device(wechat), "oEmu0001", distance=3.2106)
    assert shake is not None
    assert await wechat.data("user/getshakeinfo", {"ticket": shake.ticket}) == {
        "page_id": shake.page_id,
        "openid": "oEmu0001",
        "beacon_info": {"distance": 3.2106, "uuid": UUID, "major": 1, "minor": 2},
    }


@pytest.mark.parametrize(
    ("page_url", "opened"),
    [
        ("https://m.example.com/d1", "https://m.example.com/d1?ticket={}"),
        ("https://m.example.com/d1?floor=6", "https://m.example.com/d1?floor=6&ticket={}"),
        ("https://m.example.com/#/d1", "https://m.example.com/?ticket={}#/d1"),
    ],
)
async def test_the_ticket_is_appended_to_the_page(wechat: Wechat, page_url: str, opened: str) -> None:
    device_id = wechat.account.add_device(major=1, minor=2)
    wechat.account.bind(device_id, [wechat.account.add_page(title="t", description="d", page_url=page_url)])
    shake = wechat.account.shake(device_id, "someone")
    assert shake is not None
    assert shake.url == opened.format(shake.ticket)


async def test_each_shake_has_its_own_ticket(wechat: Wechat) -> None:
    device_id = bound_device(wechat)
    shakes = [wechat.account.shake(device_id, "someone") for _ in range(100)]
    assert len({shake.ticket for shake in shakes if shake}) == 100


async def test_a_ticket_lives_thirty_minutes_and_may_be_used_again(wechat: Wechat) -> None:
    shake = wechat.account.shake(bound_device(wechat), "someone")
    assert shake is not None
    codes = []
    for seconds in (0, 1_799, 1):
        wechat.clock.now += seconds
        codes.append(await wechat.errcode("user/getshakeinfo", {"ticket": shake.ticket}))
    assert codes == [0, 0, 9001003]


@pytest.mark.parametrize(("body", "errcode"), [({"ticket": "x"}, 9001003), ({}, 9001001), ({"ticket": 1}, 9001001)])
async def test_an_unknown_ticket_is_invalid(wechat: Wechat, body: dict[str, object], errcode: int) -> None:
    assert await wechat.errcode("user/getshakeinfo", body) == errcode


@pytest.mark.parametrize(
    ("poi_id", "owner", "need_poi", "told"),
    [(555, "", 1, {"poi_id": 555}), (555, "", 0, {}), (0, "", 1, {}), (555, "wxaa", 1, {})],
)
async def test_the_store_is_told_only_if_there_is_one_and_it_is_asked_for(
    wechat: Wechat, poi_id: int, owner: str, need_poi: int, told: dict[str, int]
) -> None:
    device_id = bound_device(wechat)
    wechat.account.place_device(device_id, poi_id, owner)
    shake = wechat.account.shake(device_id, "someone")
    assert shake is not None
    info = await wechat.data("user/getshakeinfo", {"ticket": shake.ticket, "need_poi": need_poi})
    assert {name: value for name, value in info.items() if name == "poi_id"} == told


async def test_undocumented_fields_may_be_told() -> None:
    async with serving(replace(SETTINGS, extra_shake_fields=True)) as wechat:
        shake = wechat.account.shake(bound_device(wechat), "someone")
        assert shake is not None
        info = await wechat.data("user/getshakeinfo", {"ticket": shake.ticket})
    assert "brand_userame" in info
    assert {"rssi", "measure_power"} < set(info["beacon_info"])


async def test_chance_picks_among_the_bound_pages_whatever_else_is_called() -> None:
    pages = []
    for calls in (0, 5):
        async with serving() as wechat:
            device_id = bound_device(wechat, pages=3)
            for _ in range(calls):
                await wechat.errcode("page/delete", {"page_id": 1})
            shakes = [wechat.account.shake(device_id, "someone") for _ in range(300)]
            pages.append([shake.page_id for shake in shakes if shake])
    assert pages[0] == pages[1]
    assert all(70 < times < 130 for times in Counter(pages[0]).values())


async def test_a_device_without_pages_shows_nothing(wechat: Wechat) -> None:
    device_id = wechat.account.add_device(major=1, minor=1)
    assert wechat.account.shake(device_id, "someone") is None
