"""What WeChat sends in each of its modes, and what arrives."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.simulator.wechat import CallbackTarget
from beacon_gateway.simulator.wechat.delivery import DeliveryResult, EventPusher
from tests.adapters.wechat.callback.people import counting
from tests.adapters.wechat.callback.scene import (
    AES_KEY,
    APPID,
    CHOSEN,
    FINE,
    NOON,
    OPENID,
    UUID_OF_ALL,
    Mode,
    Scene,
    scene,
    serving,
)

MODES: list[tuple[Mode, str | None]] = [
    ("plain", None),
    ("compatible", None),
    ("compatible", AES_KEY),
    ("safe", AES_KEY),
]
in_each_mode = pytest.mark.parametrize(
    ("mode", "aes_key"), MODES, ids=["plain", "compatible without a key", "compatible", "safe"]
)


def courier(here: Scene, answer_within: float) -> EventPusher:
    return EventPusher(APPID, lambda: here.clock.utc().timestamp(), random.Random(1), answer_within=answer_within)


@pytest.mark.parametrize(("around", "told"), [(0, 0), (1, 1), (2, 2), (5, 5), (7, 5)])
@in_each_mode
async def test_a_shake_arrives_with_the_beacons_around(mode: Mode, aes_key: str | None, around: int, told: int) -> None:
    async with scene(aes_key=aes_key) as here:
        delivery = await here.emulator.push(here.shake(around), here.callback(mode))
        assert delivery == DeliveryResult(tries=1, answer="success")
        (shake,) = here.told
        assert (shake.openid, shake.created, shake.key) == (OPENID, NOON, CHOSEN)
        assert shake.around == tuple(BeaconKey(UUID_OF_ALL, 10001, 302 + index) for index in range(told))
        assert (here.door.taken, here.door.refused) == (1, {})


@pytest.mark.parametrize("openid", ["a]]><b>&", "词" * 40, "o" * 128, " x "])
async def test_an_openid_arrives_as_it_is(plain: Scene, openid: str) -> None:
    await plain.emulator.push(plain.shake(openid=openid), plain.callback())
    assert [shake.openid for shake in plain.told] == [openid]


@in_each_mode
async def test_the_address_is_verified(mode: Mode, aes_key: str | None) -> None:
    async with scene(aes_key=aes_key) as here:
        assert await courier(here, 1).verify(here.callback(mode))
        assert not await courier(here, 1).verify(CallbackTarget(here.url, "another"))
        assert (here.told, here.door.refused) == ([], {"forged": 1})


@asynccontextmanager
async def losing_answers(here: Scene, losses: int) -> AsyncIterator[str]:
    """Something between WeChat and the door that loses the first answers."""
    left = losses

    async def forward(request: web.Request) -> web.StreamResponse:
        nonlocal left
        status, text = await here.post(await request.read(), dict(request.query))
        if left:
            left -= 1
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=status, text=text)

    async with serving(forward) as url:
        yield url


@in_each_mode
async def test_an_event_told_three_times_is_one_shake(mode: Mode, aes_key: str | None) -> None:
    async with scene(aes_key=aes_key) as here, losing_answers(here, 2) as url:
        here.emulator.courier = courier(here, 0.2)
        assert await here.emulator.push(here.shake(), here.callback(mode, url=url)) == DeliveryResult(3, "success")
        shakes, noted = counting(here.clock)
        for told in here.told:
            shakes.take(told)
        assert (len(here.told), len(noted), shakes.repeated) == (3, 1, 2)


async def test_the_same_request_again_is_thanked_for_and_told_nobody(plain: Scene) -> None:
    query, body = plain.query(), plain.xml()
    assert [await plain.post(body, query) for _ in range(3)] == [FINE] * 3
    assert (len(plain.told), plain.door.taken, plain.door.repeated) == (1, 1, 2)


async def test_the_same_encrypted_request_again_is_told_nobody(safe: Scene) -> None:
    requests = []

    async def keep(request: web.Request) -> web.StreamResponse:
        requests.append((dict(request.query), await request.read()))
        return web.Response()

    async with serving(keep) as url:
        await safe.emulator.push(safe.shake(), safe.callback("safe", url=url))
    ((query, body),) = requests
    assert [await safe.post(body, query) for _ in range(2)] == [FINE] * 2
    assert (len(safe.told), safe.door.taken, safe.door.repeated) == (1, 1, 1)


async def test_messages_about_something_else_are_thanked_for_and_ignored(plain: Scene) -> None:
    for kind in (
        "<MsgType>text</MsgType><Content>boom</Content>",
        "<MsgType>event</MsgType><Event>subscribe</Event>",
        "<MsgType>event</MsgType><Event>ShakearoundLotteryBind</Event><Money>88</Money>",
    ):
        body = f"<xml><FromUserName>{OPENID}</FromUserName><CreateTime>1700020800</CreateTime>{kind}</xml>"
        assert await plain.post(body) == FINE
    assert (plain.told, plain.door.ignored, plain.door.refused) == ([], 3, {})
    await plain.next_good_one_is_taken()
