"""cgi-bin/token and cgi-bin/stable_token."""

from dataclasses import replace
from typing import Literal

import pytest

from tests.simulator.wechat.wechat_client import NOON, SETTINGS, TODAY, Wechat, serving


async def accepts(wechat: Wechat, token: str) -> int:
    body = {"type": 2, "begin": 0, "count": 1}
    answer = await wechat.send("POST", "/shakearound/page/search", body, access_token=token)
    return int(answer["errcode"])


async def test_each_classic_token_outlives_the_next_by_five_minutes(wechat: Wechat) -> None:
    first = await wechat.classic_token()
    second = await wechat.classic_token()
    assert first["access_token"] != second["access_token"]
    assert first["expires_in"] == second["expires_in"] == 7200
    codes = []
    for seconds in (299, 1):
        wechat.clock.now += seconds
        codes.append([await accepts(wechat, answer["access_token"]) for answer in (first, second)])
    assert codes == [[0, 0], [40001, 0]]


async def test_a_stable_token_stays_until_five_minutes_before_its_end(wechat: Wechat) -> None:
    first = await wechat.stable_token()
    wechat.clock.now += 6900
    again = await wechat.stable_token()
    assert again == {"access_token": first["access_token"], "expires_in": 300}
    wechat.clock.now += 1
    fresh = await wechat.stable_token()
    assert fresh["access_token"] != first["access_token"]
    assert fresh["expires_in"] == 7200
    assert await accepts(wechat, first["access_token"]) == 0
    wechat.clock.now += 299
    assert await accepts(wechat, first["access_token"]) == 42001
    assert await accepts(wechat, fresh["access_token"]) == 0


async def test_an_expired_token_says_so(wechat: Wechat) -> None:
    token = (await wechat.classic_token())["access_token"]
    wechat.clock.now += 7200
    assert await accepts(wechat, token) == 42001


async def test_the_families_never_touch_each_other(wechat: Wechat) -> None:
    stable, classic = await wechat.stable_token(), await wechat.classic_token()
    await wechat.classic_token()
    wechat.clock.now += 300
    assert await accepts(wechat, stable["access_token"]) == 0
    newest = await wechat.classic_token()
    await wechat.stable_token(force=True)
    assert await accepts(wechat, newest["access_token"]) == 0
    assert await accepts(wechat, stable["access_token"]) == 40001
    assert await accepts(wechat, classic["access_token"]) == 40001


async def test_a_forced_refresh_kills_the_old_token_at_once(wechat: Wechat) -> None:
    old, new = await wechat.stable_token(), await wechat.stable_token(force=True)
    assert await accepts(wechat, old["access_token"]) == 40001
    assert await accepts(wechat, new["access_token"]) == 0


async def test_a_forced_refresh_within_thirty_seconds_changes_nothing(wechat: Wechat) -> None:
    forced = await wechat.stable_token(force=True)
    wechat.clock.now += 29
    early = await wechat.stable_token(force=True)
    wechat.clock.now += 1
    late = await wechat.stable_token(force=True)
    assert early["access_token"] == forced["access_token"]
    assert late["access_token"] != forced["access_token"]


async def test_the_twenty_first_forced_refresh_of_a_day_changes_nothing(wechat: Wechat) -> None:
    tokens = []
    for _ in range(21):
        wechat.clock.now += 30
        tokens.append((await wechat.stable_token(force=True))["access_token"])
    assert len(set(tokens[:20])) == 20
    assert tokens[20] == tokens[19]
    wechat.clock.now = TODAY + 86_400
    assert (await wechat.stable_token(force=True))["access_token"] != tokens[20]


@pytest.mark.parametrize(("token", "errcode"), [("", 41001), ("never-issued", 40001), ("not a token!", 40014)])
async def test_a_foreign_token_is_refused(wechat: Wechat, token: str, errcode: int) -> None:
    assert await accepts(wechat, token) == errcode


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"grant_type": "password"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wxother"}, 40013),
        ({"secret": "wrong"}, 40125),
    ],
)
async def test_bad_credentials_are_named_by_both_endpoints(
    wechat: Wechat, changed: dict[str, str], errcode: int
) -> None:
    assert (await wechat.classic_token(**changed))["errcode"] == errcode
    credentials = {"grant_type": "client_credential", "appid": SETTINGS.appid, "secret": SETTINGS.secret}
    assert (await wechat.send("POST", "/cgi-bin/stable_token", {**credentials, **changed}))["errcode"] == errcode


@pytest.mark.parametrize("errcode", [40001, 40125])
async def test_a_wrong_secret_has_two_documented_answers(errcode: Literal[40001, 40125]) -> None:
    async with serving(replace(SETTINGS, wrong_secret=errcode)) as wechat:
        assert (await wechat.classic_token(secret="wrong"))["errcode"] == errcode


async def test_the_whitelist_guards_only_the_token_endpoints() -> None:
    async with serving(replace(SETTINGS, ip_whitelist=frozenset({"203.0.113.9"}))) as wechat:
        refused = [await wechat.classic_token(), await wechat.stable_token()]
        token = wechat.emulator.tokens.stable(NOON)[0]
        assert await accepts(wechat, token) == 0
    for answer in refused:
        assert answer["errcode"] == 40164
        assert answer["errmsg"].startswith("invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: ")


async def test_a_whitelisted_caller_gets_its_token() -> None:
    async with serving(replace(SETTINGS, ip_whitelist=frozenset({"127.0.0.1"}))) as wechat:
        assert "access_token" in await wechat.classic_token()
