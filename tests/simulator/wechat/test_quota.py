"""Daily and minute limits, and clear_quota."""

from dataclasses import replace

import pytest

from tests.simulator.wechat.wechat_client import DAY, SETTINGS, TODAY, Wechat, serving

SEARCH = ("page/search", {"type": 2, "begin": 0, "count": 1})
LIMITED = replace(SETTINGS, daily_limits={"/shakearound/page/*": 2})


async def clear(wechat: Wechat, appid: str = SETTINGS.appid) -> int:
    answer = await wechat.send("POST", "/cgi-bin/clear_quota", {"appid": appid}, access_token=await wechat.token())
    return int(answer["errcode"])


async def test_the_daily_quota_is_counted_per_path_until_midnight_in_beijing() -> None:
    async with serving(LIMITED) as wechat:
        assert [await wechat.errcode(*SEARCH) for _ in range(3)] == [0, 0, 45009]
        assert await wechat.errcode("page/delete", {"page_id": 1}) == 9001026
        wechat.clock.now = TODAY + DAY - 1
        assert await wechat.errcode(*SEARCH) == 45009
        wechat.clock.now = TODAY + DAY
        assert await wechat.errcode(*SEARCH) == 0


async def test_the_minute_quota_ends_with_the_minute() -> None:
    async with serving(replace(SETTINGS, minute_limits={"/shakearound/*": 1})) as wechat:
        assert [await wechat.errcode(*SEARCH) for _ in range(2)] == [0, 45011]
        wechat.clock.now += 60
        assert await wechat.errcode(*SEARCH) == 0


async def test_the_two_thousand_and_first_classic_token_of_a_day_is_refused(wechat: Wechat) -> None:
    for _ in range(1_999):
        wechat.emulator.quota.spend("/cgi-bin/token", wechat.clock.now)
    assert "access_token" in await wechat.classic_token()
    assert (await wechat.classic_token())["errcode"] == 45009
    assert "access_token" in await wechat.stable_token()


async def test_clearing_frees_every_path_ten_times_a_month() -> None:
    async with serving(LIMITED) as wechat:
        for _ in range(10):
            assert [await wechat.errcode(*SEARCH) for _ in range(3)] == [0, 0, 45009]
            assert await clear(wechat) == 0
        assert await clear(wechat) == 48006
        wechat.clock.now = TODAY + 16 * DAY - 1
        assert await clear(wechat) == 48006
        wechat.clock.now = TODAY + 16 * DAY
        assert await clear(wechat) == 0


async def test_clearing_needs_the_appid_of_the_token(wechat: Wechat) -> None:
    assert await clear(wechat, "wxother") == 40013


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({}, 0),
        ({"appid": ""}, 41002),
        ({"appid": "wx"}, 40013),
        ({"appsecret": ""}, 41004),
        ({"appsecret": "x"}, 40125),
    ],
)
async def test_clearing_by_secret_takes_body_or_query(wechat: Wechat, changed: dict[str, str], errcode: int) -> None:
    credentials = {"appid": SETTINGS.appid, "appsecret": SETTINGS.secret, **changed}
    assert (await wechat.send("POST", "/cgi-bin/clear_quota/v2", credentials))["errcode"] == errcode
    assert (await wechat.send("POST", "/cgi-bin/clear_quota/v2", **credentials))["errcode"] == errcode


async def test_both_ways_of_clearing_share_ten_uses(wechat: Wechat) -> None:
    credentials = {"appid": SETTINGS.appid, "appsecret": SETTINGS.secret}
    codes = [(await wechat.send("POST", "/cgi-bin/clear_quota/v2", credentials))["errcode"] for _ in range(10)]
    assert codes == [0] * 10
    assert await clear(wechat) == 48006
