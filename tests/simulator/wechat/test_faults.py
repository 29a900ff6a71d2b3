"""Misfortune on demand."""

import asyncio
import json

import aiohttp
import pytest

from beacon_gateway.simulator.wechat import InjectedFault
from tests.simulator.wechat.wechat_client import Wechat, serving

SEARCH = ("page/search", {"type": 2, "begin": 0, "count": 1})
PATH = "/shakearound/page/search"


@pytest.mark.parametrize("errcode", [45009, 45011, -1, 9001002, 40001])
async def test_an_error_comes_once_and_only_on_its_path(wechat: Wechat, errcode: int) -> None:
    wechat.emulator.faults.add(PATH, InjectedFault.error(errcode))
    assert await wechat.errcode("page/delete", {"page_id": 1}) == 9001026
    assert await wechat.errcode(*SEARCH) == errcode
    assert await wechat.errcode(*SEARCH) == 0


async def test_an_error_may_bring_its_own_text(wechat: Wechat) -> None:
    wechat.emulator.faults.add("*/page/*", InjectedFault.error(89503, "wait for the administrator"))
    assert (await wechat.call(*SEARCH))["errmsg"].startswith("wait for the administrator rid: ")


async def test_a_fault_lasts_as_often_as_told_or_until_removed(wechat: Wechat) -> None:
    wechat.emulator.faults.add(PATH, InjectedFault.error(-1), times=2)
    rule = wechat.emulator.faults.add(PATH, InjectedFault.error(45009), times=None)
    assert [await wechat.errcode(*SEARCH) for _ in range(4)] == [-1, -1, 45009, 45009]
    wechat.emulator.faults.remove(rule)
    assert await wechat.errcode(*SEARCH) == 0
    wechat.emulator.faults.add("*", InjectedFault.error(-1), times=None)
    wechat.emulator.faults.clear()
    assert await wechat.errcode(*SEARCH) == 0


async def test_a_bad_gateway_is_html(wechat: Wechat) -> None:
    wechat.emulator.faults.add(PATH, InjectedFault.http(502))
    async with wechat.session.post(PATH) as response:
        assert response.status == 502
        assert response.content_type == "text/html"
    assert wechat.emulator.calls[-1].errcode is None


async def test_truncated_json_is_not_json(wechat: Wechat) -> None:
    token = await wechat.token()
    wechat.emulator.faults.add(PATH, InjectedFault.truncate())
    async with wechat.session.post(PATH, json=SEARCH[1], params={"access_token": token}) as response:
        assert response.status == 200
        with pytest.raises(json.JSONDecodeError):
            await response.json()


async def test_garbled_texts_are_not_strict_json(wechat: Wechat) -> None:
    token = await wechat.token()
    wechat.emulator.faults.add(PATH, InjectedFault.garble())
    async with wechat.session.post(PATH, json=SEARCH[1], params={"access_token": token}) as response:
        body = await response.read()
    with pytest.raises(UnicodeDecodeError):
        body.decode()
    with pytest.raises(json.JSONDecodeError):
        json.loads(body.decode("utf-8", "replace"))
    assert json.loads(body.decode("utf-8", "replace"), strict=False)["errcode"] == 0


async def test_another_content_type_has_the_same_bytes(wechat: Wechat) -> None:
    token = await wechat.token()
    wechat.emulator.faults.add(PATH, InjectedFault.content_type("text/plain"))
    async with wechat.session.post(PATH, json=SEARCH[1], params={"access_token": token}) as response:
        assert response.content_type == "text/plain"
        assert (await response.json(content_type=None))["errcode"] == 0


async def test_a_lost_answer_has_acted(wechat: Wechat) -> None:
    page_id = wechat.add_page()
    wechat.emulator.faults.add("*/page/delete", InjectedFault.lose_answer())
    with pytest.raises(aiohttp.ClientConnectionError):
        await wechat.call("page/delete", {"page_id": page_id})
    assert page_id not in wechat.account.pages
    assert wechat.emulator.calls[-1].errcode == 0


async def test_a_dropped_call_has_not_acted(wechat: Wechat) -> None:
    page_id = wechat.add_page()
    wechat.emulator.faults.add("*/page/delete", InjectedFault.drop())
    with pytest.raises(aiohttp.ClientConnectionError):
        await wechat.call("page/delete", {"page_id": page_id})
    assert page_id in wechat.account.pages
    assert wechat.emulator.count("/shakearound/page/delete") == 1
    assert wechat.emulator.calls[-1].errcode is None


async def test_a_delayed_call_is_answered_in_the_end(wechat: Wechat) -> None:
    wechat.emulator.faults.add(PATH, InjectedFault.delay(0.01))
    assert await wechat.errcode(*SEARCH) == 0


@pytest.mark.parametrize("fault", [InjectedFault.hang(), InjectedFault.delay(3_600)])
async def test_what_hangs_ends_with_the_server(fault: InjectedFault) -> None:
    before = asyncio.all_tasks()
    async with serving() as wechat:
        wechat.emulator.faults.add(PATH, fault)
        waiting = asyncio.create_task(wechat.call(*SEARCH))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(waiting), 0.1)
    await asyncio.gather(waiting, return_exceptions=True)
    assert waiting.done()
    assert asyncio.all_tasks() == before


async def test_a_hanging_call_holds_up_nobody_else(wechat: Wechat) -> None:
    wechat.emulator.faults.add(PATH, InjectedFault.hang())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(wechat.call(*SEARCH), 0.05)
    assert await wechat.errcode(*SEARCH) == 0


async def test_the_state_outlives_the_server(wechat: Wechat) -> None:
    page_id = wechat.add_page()
    async with wechat.emulator.serve() as base_url, aiohttp.ClientSession(base_url) as session:
        again = Wechat(wechat.emulator, wechat.clock, session, base_url)
        assert (await again.data(*SEARCH))["pages"][0]["page_id"] == page_id
