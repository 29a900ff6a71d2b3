"""ShakearoundUserShake, from the shake to the merchant's callback server."""

import asyncio
import base64
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from beacon_gateway.simulator.wechat import CallbackTarget, ShakeResult
from beacon_gateway.simulator.wechat.delivery import DeliveryResult, EventPusher
from beacon_gateway.simulator.wechat.events import encrypt, shake_event, signature
from tests.simulator.wechat.wechat_client import NOON, SETTINGS, Wechat, serving

TOKEN = "gwtoken"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
PLAIN = CallbackTarget("http://unused.invalid", TOKEN)
IMPATIENT = replace(SETTINGS, answer_within=0.05)


@dataclass(frozen=True)
class Received:
    query: dict[str, str]
    body: str


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def merchant(answer: Answer) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/wechat", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/wechat"
    finally:
        await runner.cleanup()


class Merchant:
    """Answers in turn with texts, statuses, or None for a cut connection; keeps what came."""

    def __init__(self, *answers: str | int | None) -> None:
        self._answers = list(answers)
        self.received: list[Received] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.received.append(Received(dict(request.query), await request.text()))
        match self._answers.pop(0):
            case str(text):
                return web.Response(text=text)
            case int(status):
                return web.Response(status=status)
            case _:
                assert request.transport is not None
                request.transport.abort()
                return web.Response()


def shake(wechat: Wechat, around: int = 0, *, listed: bool = False) -> ShakeResult:
    devices = [wechat.account.add_device(major=10001, minor=301 + index) for index in range(around + 1)]
    wechat.account.bind(devices[0], [wechat.add_page()])
    heard = {device_id: float(index) for index, device_id in enumerate(devices[1:], start=1)}
    result = wechat.account.shake(devices[0], "oEmu0001", distance=0.057, around=heard, listed=listed)
    assert result is not None
    return result


def event_xml(wechat: Wechat, around: int = 0) -> str:
    event = shake_event(shake(wechat, around), wechat.account)
    assert event is not None
    return event.xml()


async def test_strings_are_cdata_numbers_are_bare_and_nothing_else_is_told(wechat: Wechat) -> None:
    uuid = "<Uuid><![CDATA[FDA50693-A4E2-4FB1-AFCF-C6EB07647825]]></Uuid>"
    assert event_xml(wechat, around=1) == (
        "<xml><ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName><FromUserName><![CDATA[oEmu0001]]></FromUserName>"
        f"<CreateTime>{NOON}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        "<Event><![CDATA[ShakearoundUserShake]]></Event>"
        f"<ChosenBeacon>{uuid}<Major>10001</Major><Minor>301</Minor><Distance>0.057</Distance></ChosenBeacon>"
        f"<AroundBeacons><AroundBeacon>{uuid}<Major>10001</Major><Minor>302</Minor><Distance>1.000</Distance>"
        "</AroundBeacon></AroundBeacons></xml>"
    )


@pytest.mark.parametrize(("around", "told"), [(0, 0), (1, 1), (5, 5), (6, 5)])
async def test_at_most_the_five_nearest_beacons_are_told(wechat: Wechat, around: int, told: int) -> None:
    beacons = ET.fromstring(event_xml(wechat, around)).findall("AroundBeacons/AroundBeacon")  # noqa: S314 - our own XML
    assert [beacon.findtext("Minor") for beacon in beacons] == [str(302 + index) for index in range(told)]


async def test_no_openid_breaks_out_of_its_cdata(wechat: Wechat) -> None:
    event = shake_event(replace(shake(wechat), openid="a]]><b>"), wechat.account)
    assert event is not None
    assert ET.fromstring(event.xml()).findtext("FromUserName") == "a]]><b>"  # noqa: S314 - our own XML


async def test_a_list_of_results_makes_no_event(wechat: Wechat) -> None:
    assert await wechat.emulator.push(shake(wechat, listed=True), PLAIN) is None


@pytest.mark.parametrize("answer", ["", "success", "anything else"])
async def test_any_answer_in_time_ends_the_delivery(wechat: Wechat, answer: str) -> None:
    server = Merchant(answer)
    async with merchant(server.answer) as url:
        delivery = await wechat.emulator.push(shake(wechat), CallbackTarget(url, TOKEN))
    assert delivery == DeliveryResult(tries=1, answer=answer)


@pytest.mark.parametrize(
    ("answers", "delivery"),
    [
        ((None, 500, ""), DeliveryResult(3, "")),
        ((None, None, None), DeliveryResult(3, None)),
    ],
)
async def test_a_failed_push_is_repeated_twice_with_the_same_message_signed_afresh(
    answers: tuple[str | int | None, ...], delivery: DeliveryResult
) -> None:
    server = Merchant(*answers)
    async with serving(IMPATIENT) as wechat, merchant(server.answer) as url:
        assert await wechat.emulator.push(shake(wechat), CallbackTarget(url, TOKEN)) == delivery
    assert len({received.body for received in server.received}) == 1
    assert len({received.query["nonce"] for received in server.received}) == 3
    for received in server.received:
        parts = (TOKEN, received.query["timestamp"], received.query["nonce"])
        assert received.query["signature"] == signature(*parts)
        assert received.query["openid"] == "oEmu0001"


async def test_silence_counts_as_failure() -> None:
    tries = 0
    enough = asyncio.Event()

    async def silent(_request: web.Request) -> web.StreamResponse:
        nonlocal tries
        tries += 1
        await enough.wait()
        return web.Response()

    async with serving(IMPATIENT) as wechat, merchant(silent) as url:
        assert await wechat.emulator.push(shake(wechat), CallbackTarget(url, TOKEN)) == DeliveryResult(3, None)
        enough.set()
    assert tries == 3


async def test_nobody_listening_is_the_same_as_silence() -> None:
    async with merchant(Merchant().answer) as url:
        pass
    async with serving(IMPATIENT) as wechat:
        assert await wechat.emulator.push(shake(wechat), CallbackTarget(url, TOKEN)) == DeliveryResult(3, None)


def decrypt(secret: str) -> bytes:
    key = base64.b64decode(AES_KEY + "=")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    return decryptor.update(base64.b64decode(secret)) + decryptor.finalize()


@pytest.mark.parametrize(("mode", "readable"), [("compatible", True), ("safe", False)])
async def test_encrypted_modes_sign_the_secret_and_name_the_account(wechat: Wechat, mode: str, readable: bool) -> None:
    server = Merchant("")
    async with merchant(server.answer) as url:
        callback = CallbackTarget(url, TOKEN, mode="compatible" if mode == "compatible" else "safe", aes_key=AES_KEY)
        await wechat.emulator.push(shake(wechat), callback)
    query, body = server.received[0].query, server.received[0].body
    message = ET.fromstring(body)  # noqa: S314 - our own XML
    secret = message.findtext("Encrypt") or ""
    plain = decrypt(secret)
    length = int.from_bytes(plain[16:20], "big")
    assert query["encrypt_type"] == "aes"
    assert query["msg_signature"] == signature(TOKEN, query["timestamp"], query["nonce"], secret)
    assert b"ShakearoundUserShake" in plain[20 : 20 + length]
    assert plain[20 + length : -plain[-1]].decode() == SETTINGS.appid
    assert len(plain) % 32 == 0
    assert 1 <= plain[-1] <= 32
    assert message.findtext("ToUserName") == "gh_0a1b2c3d4e5f"
    assert (message.find("Event") is not None) is readable


def test_encryption_matches_a_message_that_wechatpy_decrypts() -> None:
    xml = (
        "<xml><ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName><FromUserName><![CDATA[oEmu0001]]></FromUserName>"
        "<CreateTime>1700000000</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        "<Event><![CDATA[ShakearoundUserShake]]></Event></xml>"
    )
    secret = encrypt(xml, AES_KEY, "wx0000000000000001", b"0123456789abcdef")
    assert secret == (
        "Q3stYC6hdFzMh9T8HCvyDLT0iVBa/v13jJBzvTKLwK72D2pDU05j4/fU8lZNqATbGiJI1hubx4SvNV5yO+ImrrcfKG8KM+E9f/Y6uaaqsNbb"
        "KBqSPsUIGQBZ+M6J+78L0Tqg7EChLRrFEY5uYZ95yMeuZ6iUYv+b9DQ5xvZm1mELHzGMg8QVgnSuASHTtsyYPjphsdgY3xWV8J08mzNZzZSv"
        "XVQgbhLDbLt4tHXM/8MwgyHNs5SR8MaN6YPtxQsX/U+itmRexkQemNLY0kNLHKxWOS9hcGcL9K6s7jvqMfsYA+NB04KcAdatOgDBLqArN57D"
        "GceN1RH83vafaWz8d4pdv1vW0GKGyOdBOXxrinQYH7lOgQVJ6vcJBpgcGeeV"
    )
    assert signature(TOKEN, "1700000000", "123456789", secret) == "ae3d5ab92339232752f83b3bb203e29735474a0a"
    assert signature(TOKEN, "1700000000", "123456789") == "1f55b8400e72dd7d9a2427bb59daa4567307976c"


def test_signatures_match_the_official_sample() -> None:
    assert signature("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"


@pytest.mark.parametrize("honest", [True, False])
async def test_a_callback_is_verified_by_its_echo(honest: bool) -> None:
    async def echo(request: web.Request) -> web.StreamResponse:
        query = request.query
        assert query["signature"] == signature(TOKEN, query["timestamp"], query["nonce"])
        return web.Response(text=query["echostr"] if honest else "hello")

    courier = EventPusher(SETTINGS.appid, lambda: NOON, random.Random(1), answer_within=1)
    async with merchant(echo) as url:
        assert await courier.verify(CallbackTarget(url, TOKEN)) is honest
    assert await courier.verify(CallbackTarget(url, TOKEN)) is False
