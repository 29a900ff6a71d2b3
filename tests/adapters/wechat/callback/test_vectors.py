"""Messages that others signed and encrypted (facts, section 4.3)."""

from datetime import UTC, datetime

from beacon_gateway.adapters.wechat.callback.callback_crypto import CallbackCrypto
from tests.adapters.wechat.callback.scene import AES_KEY, APPID, PATH, TOKEN, Scene, scene

XML = (
    "<xml><ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName><FromUserName><![CDATA[oEmu0001]]></FromUserName>"
    "<CreateTime>1700000000</CreateTime><MsgType><![CDATA[event]]></MsgType>"
    "<Event><![CDATA[ShakearoundUserShake]]></Event></xml>"
)
SEALED = (
    "Q3stYC6hdFzMh9T8HCvyDLT0iVBa/v13jJBzvTKLwK72D2pDU05j4/fU8lZNqATbGiJI1hubx4SvNV5yO+ImrrcfKG8KM+E9f/Y6uaaqsNbb"
    "KBqSPsUIGQBZ+M6J+78L0Tqg7EChLRrFEY5uYZ95yMeuZ6iUYv+b9DQ5xvZm1mELHzGMg8QVgnSuASHTtsyYPjphsdgY3xWV8J08mzNZzZSv"
    "XVQgbhLDbLt4tHXM/8MwgyHNs5SR8MaN6YPtxQsX/U+itmRexkQemNLY0kNLHKxWOS9hcGcL9K6s7jvqMfsYA+NB04KcAdatOgDBLqArN57D"
    "GceN1RH83vafaWz8d4pdv1vW0GKGyOdBOXxrinQYH7lOgQVJ6vcJBpgcGeeV"
)
SIGNED = {
    "signature": "1f55b8400e72dd7d9a2427bb59daa4567307976c",
    "timestamp": "1700000000",
    "nonce": "123456789",
    "encrypt_type": "aes",
    "msg_signature": "ae3d5ab92339232752f83b3bb203e29735474a0a",
}


def seal() -> CallbackCrypto:
    return CallbackCrypto(appid=APPID, token=TOKEN, aes_key=AES_KEY)


async def test_the_official_sample_verifies_the_address() -> None:
    query = {"signature": "f464b24fc39322e44b38aa78f5edd27bd1441696", "timestamp": "1714036504", "nonce": "1514711492"}
    async with scene(token="AAAAA") as here:
        here.clock.set_right(datetime.fromtimestamp(1714036504, UTC))
        url = f"http://127.0.0.1:{here.door.port}{PATH}"
        async with here.session.get(url, params={**query, "echostr": "4375120948345356249"}) as response:
            assert (response.status, await response.text()) == (200, "4375120948345356249")
            assert response.content_type == "text/plain"


def test_what_wechatpy_decrypts_is_opened() -> None:
    assert seal().decrypt(SEALED.encode()) == XML.encode()
    assert seal().signed(SIGNED["msg_signature"], SIGNED["timestamp"], SIGNED["nonce"], SEALED)


async def test_an_event_without_a_beacon_gets_as_far_as_its_text(safe: Scene) -> None:
    safe.clock.set_right(datetime.fromtimestamp(1700000000, UTC))
    body = f"<xml><ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName><Encrypt><![CDATA[{SEALED}]]></Encrypt></xml>"
    assert await safe.post(body, SIGNED) == (400, "")
    assert safe.door.refused == {"malformed": 1}
    await safe.next_good_one_is_taken("safe")
