"""Figures by Beijing day, and how the account's opening stands."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final, Literal

import pytest
from aiohttp import web

from beacon_gateway.adapters.wechat.account import opening
from beacon_gateway.adapters.wechat.reviews import Review, ReviewVerdict
from beacon_gateway.adapters.wechat.statistics import DEVICES, PAGES, StatisticsCalls
from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from beacon_gateway.core.bindings.target import NeedsOperator, Refused, TryLater
from beacon_gateway.core.wechat.figures import DayFigures, Figures
from beacon_gateway.core.wechat.missing_days import is_final
from beacon_gateway.simulator.wechat import InjectedFault
from tests.services.bindings.liars import answering
from tests.services.bindings.scene import NOON, SECRET, SETTINGS, WeChatSide, key, ref, wechat_side

TODAY: Final = date(2026, 11, 24)
DAY: Final = timedelta(days=1)


@pytest.fixture
def statistics(client: WeChatClient) -> StatisticsCalls:
    return StatisticsCalls(client)


def shake(wechat: WeChatSide, number: int, *people: str) -> None:
    """Let people shake beside a beacon, and the last of them open the page."""
    shakes = [wechat.account.shake(wechat.device_id(number), openid) for openid in people]
    assert shakes[-1]
    wechat.account.open_page(shakes[-1].ticket)


@pytest.mark.parametrize("day", [TODAY, TODAY + DAY, TODAY - 91 * DAY])
async def test_a_day_that_is_not_told_is_refused(wechat: WeChatSide, statistics: StatisticsCalls, day: date) -> None:
    wechat.devices(1)
    with pytest.raises(Refused) as caught:
        await statistics.day(day)
    assert caught.value.code == "9001031"


@pytest.mark.parametrize("many", [1, 50, 51, 101])
async def test_the_list_of_a_day_is_read_whole(wechat: WeChatSide, statistics: StatisticsCalls, many: int) -> None:
    page_id = wechat.page()
    wechat.devices(*range(many))
    wechat.clock.now -= 86_400
    for number in range(many):
        wechat.bind(number, page_id)
        shake(wechat, number, "a")
    wechat.clock.now += 86_400
    assert (await statistics.day(TODAY - DAY)).beacons.keys() == {key(number) for number in range(many)}
    assert wechat.calls()[DEVICES] == -(-many // 50)


async def test_a_day_of_the_account_is_its_beacons_and_its_pages(
    wechat: WeChatSide, statistics: StatisticsCalls
) -> None:
    wechat.devices(1, 2)
    page_id = wechat.page()
    wechat.bind(1, page_id)
    wechat.bind(2, page_id)
    wechat.clock.now -= 86_400
    shake(wechat, 1, "a", "b", "a")
    shake(wechat, 2, "b")
    wechat.clock.now += 86_400
    here, there = Figures(shakes=3, shakers=2, clicks=1, clickers=1), Figures(1, 1, 1, 1)
    assert await statistics.day(TODAY - DAY) == DayFigures(
        TODAY - DAY, {key(1): here, key(2): there}, {ref(page_id): Figures(4, 2, 2, 2)}
    )
    assert await statistics.day(TODAY - 2 * DAY) == DayFigures(TODAY - 2 * DAY, {}, {})


async def test_only_a_day_that_is_not_told_is_refused_for_good(wechat: WeChatSide, statistics: StatisticsCalls) -> None:
    with pytest.raises(Refused):
        await statistics.day(TODAY)
    for path in (DEVICES, PAGES):
        wechat.emulator.faults.add(path, InjectedFault.error(9001001))
        with pytest.raises(TryLater) as caught:
            await statistics.day(TODAY - DAY)
        assert caught.value.code == "9001001"


@pytest.mark.parametrize("inside", [True, False], ids=["count inside data", "count beside data"])
async def test_the_count_may_stand_inside_data_or_beside(inside: bool) -> None:
    row = {"page_id": "7", "shake_pv": "4", "shake_uv": 2, " click_pv": 1, "click_uv ": 1}

    async def answer(request: web.Request) -> web.StreamResponse:
        rows = {"devices": []} if request.path == DEVICES else {"pages": [row]}
        count = {"total_count": 1}
        return web.json_response({"data": {**rows, **(count if inside else {})}, **({} if inside else count)})

    async with answering(answer) as url, WeChatClient(api_base=url, appid=SETTINGS.appid, secret=SECRET) as client:
        assert (await StatisticsCalls(client).day(TODAY - DAY)).pages == {ref(7): Figures(4, 2, 1, 1)}


async def test_a_row_that_makes_no_sense_is_counted_and_costs_no_other_row_of_its_day() -> None:
    figures = {"shake_pv": 4, "shake_uv": 2, "click_pv": 1, "click_uv": 1}
    good = {"device_id": 7, "uuid": str(key(1).uuid), "major": key(1).major, "minor": key(1).minor, **figures}
    devices = [None, {**good, "device_id": 8, "uuid": ""}, good]
    pages = [{"page_id": 5, **figures}, {"page_id": "x", **figures}]

    async def answer(request: web.Request) -> web.StreamResponse:
        rows = {"devices": devices} if request.path == DEVICES else {"pages": pages}
        return web.json_response(
            {"data": rows if (await request.json())["page_index"] == 1 else {name: [] for name in rows}}
        )

    async with answering(answer) as url, WeChatClient(api_base=url, appid=SETTINGS.appid, secret=SECRET) as client:
        day = await StatisticsCalls(client).day(TODAY - DAY)
    found = Figures(4, 2, 1, 1)
    assert day == DayFigures(TODAY - DAY, {key(1): found}, {ref(5): found}, unread=3)
    assert not is_final(day, NOON)  # it is asked for once more
    assert is_final(day, NOON + DAY)


async def test_a_list_of_a_day_that_counts_all_devices_of_the_account_comes_to_its_end() -> None:
    asked: list[int] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == DEVICES:
            return web.json_response({"data": {"devices": []}})
        asked.append((await request.json())["page_index"])
        figures = {"shake_pv": 1, "shake_uv": 1, "click_pv": 0, "click_uv": 0}
        rows = [{"page_id": 7, **figures}] if len(asked) == 1 else []
        return web.json_response({"data": {"pages": rows}, "total_count": 1000})

    async with answering(answer) as url, WeChatClient(api_base=url, appid=SETTINGS.appid, secret=SECRET) as client:
        assert [*(await StatisticsCalls(client).day(TODAY - DAY)).pages] == [ref(7)]
    assert asked == [1, 2]


@pytest.mark.parametrize("data", [None, {}, [1], {"devices": None}, {"devices": {}}, "x"])
async def test_figures_that_make_no_sense_are_a_passing_trouble(data: object) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response({"errcode": 0, "data": data})

    async with answering(answer) as url, WeChatClient(api_base=url, appid=SETTINGS.appid, secret=SECRET) as client:
        with pytest.raises(TryLater):
            await StatisticsCalls(client).day(TODAY - DAY)


async def test_the_opening_of_the_service_is_told(wechat: WeChatSide, client: WeChatClient) -> None:
    assert await opening(client) == Review(ReviewVerdict.APPROVED, "")
    wechat.account.registration.review(NOON.timestamp(), approve=False, comment="材料不全")
    assert await opening(client) == Review(ReviewVerdict.REJECTED, "材料不全")


async def test_an_account_that_never_asked_needs_a_person() -> None:
    async with (
        wechat_side(replace(SETTINGS, enabled=False)) as wechat,
        WeChatClient(api_base=wechat.url, appid=SETTINGS.appid, secret=SECRET) as client,
    ):
        with pytest.raises(NeedsOperator) as caught:
            await opening(client)
        assert caught.value.code == "9001020"


@pytest.mark.parametrize("status", [3, -1, "x", None])
async def test_a_review_that_is_no_known_one_is_not_guessed(status: Literal[3, -1, "x"] | None) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response({"errcode": 0, "data": {"audit_status": status}})

    async with answering(answer) as url, WeChatClient(api_base=url, appid=SETTINGS.appid, secret=SECRET) as client:
        with pytest.raises(TryLater):
            await opening(client)
