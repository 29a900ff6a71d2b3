"""Messages that are rightly signed, and are none that WeChat would write."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.adapters.wechat.callback.scene import FINE, OPENID, Scene, encrypted, padded, plain_text

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "boom">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(9))
    + b"]><xml><MsgType>&j;</MsgType></xml>"
)
BAD_BODIES: Final[dict[str, Callable[[bytes], bytes]]] = {
    "nothing": lambda _: b"",
    "blanks": lambda _: b" \n",
    "no XML": lambda _: b"boom",
    "JSON": lambda _: b'{"xml": {"MsgType": "event"}}',
    "truncated": lambda good: good[:-30],
    "truncated by one": lambda good: good[:-1],
    "two messages": lambda good: good * 2,
    "another root": lambda good: good.replace(b"xml>", b"lmx>"),
    "billion laughs": lambda _: BOMB,
    "external entity": lambda good: (
        b'<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + good.replace(b"10001", b"&e;")
    ),
    "external DTD": lambda good: b'<!DOCTYPE xml SYSTEM "http://127.0.0.1/boom.dtd">' + good,
    "empty DOCTYPE": lambda good: b"<!DOCTYPE xml>" + good,
    "unknown entity": lambda good: good.replace(b"10001", b"&boom;"),
    "deep": lambda good: good.replace(b"</xml>", b"<a>" * 2_000 + b"</a>" * 2_000 + b"</xml>"),
    "wide": lambda good: good.replace(b"</xml>", b"<a/>" * 2_000 + b"</xml>"),
    "not UTF-8": lambda good: good.replace(OPENID.encode(), b"\xff\xfe"),
    "UTF-16": lambda good: good.decode().encode("utf-16"),
    "declared as another encoding": lambda good: (
        b'<?xml version="1.0" encoding="boom"?>' + good.replace(b"oE", b"\xe9")
    ),
    "a null byte": lambda good: good.replace(b"oEmu", b"\0"),
    "no openid": lambda good: good.replace(OPENID.encode(), b""),
    "a long openid": lambda good: good.replace(OPENID.encode(), b"o" * 129),
    "two openids": lambda good: good.replace(b"</xml>", b"<FromUserName>boom</FromUserName></xml>"),
    "elements for an openid": lambda good: good.replace(b"<![CDATA[oEmu0001]]>", b"<a>oEmu0001</a>"),
    "no time": lambda good: good.replace(b"1700020800", b""),
    "a time in words": lambda good: good.replace(b"1700020800", b"boom"),
    "a time before there were phones": lambda good: good.replace(b"1700020800", b"0"),
    "a time after all": lambda good: good.replace(b"1700020800", b"9999999999"),
    "a time of a thousand digits": lambda good: good.replace(b"1700020800", b"1" * 1_000),
    "digits of another script": lambda good: good.replace(b"1700020800", "１７０００２０８００".encode()),
    "no beacon": lambda good: good.replace(b"ChosenBeacon", b"LostBeacon"),
    "two beacons": lambda good: good.replace(b"<AroundBeacons>", b"<ChosenBeacon/><AroundBeacons>"),
    "no uuid": lambda good: good.replace(b"FDA50693-A4E2", b"boom"),
    "a uuid without dashes": lambda good: good.replace(b"FDA50693-A4E2-", b"FDA50693A4E2"),
    "a large major": lambda good: good.replace(b"10001", b"65536"),
    "a negative minor": lambda good: good.replace(b"301", b"-1"),
    "a minor in the dark": lambda good: good.replace(b"302", b" 302"),
    "no kind": lambda good: good.replace(b"MsgType", b"Type"),
    "an event without a name": lambda good: good.replace(b"Event>", b"Boom>"),
}


@pytest.mark.parametrize("spoil", BAD_BODIES.values(), ids=BAD_BODIES)
async def test_a_spoilt_message_is_refused(plain: Scene, spoil: Callable[[bytes], bytes]) -> None:
    good = plain.xml(around=1).encode()
    assert spoil(good) != good
    assert await plain.post(spoil(good)) == (400, "")
    assert (plain.told, plain.door.refused) == ([], {"malformed": 1})
    await plain.next_good_one_is_taken()


@pytest.mark.parametrize("spoil", BAD_BODIES.values(), ids=BAD_BODIES)
async def test_a_spoilt_message_is_refused_in_its_envelope(safe: Scene, spoil: Callable[[bytes], bytes]) -> None:
    sealed = encrypted(padded(plain_text(spoil(safe.xml(around=1).encode()))))
    # Sixteen kilobytes are few when they come in base64.
    assert (await safe.post_sealed(sealed))[0] in ({413} if len(sealed) > 16_000 else {400})
    assert safe.told == []
    await safe.next_good_one_is_taken("safe")


async def test_a_spoilt_message_does_not_spend_the_signature_of_the_good_one(plain: Scene) -> None:
    query, body = plain.query(), plain.xml()
    assert (await plain.post(body[:-9], query))[0] == 400
    assert await plain.post(body, query) == FINE
    assert len(plain.told) == 1
