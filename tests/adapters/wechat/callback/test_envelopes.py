"""Encrypted messages: what is not opened, and which modes go with which key."""

import base64
from collections.abc import Callable
from typing import Final

import pytest

from tests.adapters.wechat.callback.conftest import Log
from tests.adapters.wechat.callback.scene import APPID, FINE, OPENID, Scene, encrypted, padded, plain_text

Forge = Callable[[bytes], str]
BAD_ENVELOPES: Final[dict[str, Forge]] = {
    "another account": lambda xml: encrypted(padded(plain_text(xml, appid="wx0000000000000002"))),
    "no account": lambda xml: encrypted(padded(plain_text(xml, appid=""))),
    "more behind the account": lambda xml: encrypted(padded(plain_text(xml, appid=APPID + "x"))),
    "padding of 0": lambda xml: encrypted(padded(plain_text(xml))[:-1] + b"\0"),
    "padding of 33": lambda xml: encrypted(in_blocks(plain_text(xml)) + b"\x21" * 48),
    "padding of 255": lambda xml: encrypted(padded(plain_text(xml))[:-1] + b"\xff"),
    "uneven padding": lambda xml: encrypted(in_blocks(plain_text(xml)) + b"\1" * 15 + b"\x10"),
    "a length too short": lambda xml: encrypted(padded(plain_text(xml, length=len(xml) - 1))),
    "a huge length": lambda xml: encrypted(padded(plain_text(xml, length=2**32 - 1))),
    "nothing": lambda _: "",
    "padding only": lambda _: encrypted(b"\x20" * 32),
    "too short": lambda _: encrypted(b"x" * 15 + b"\1"),
    "half a block": lambda xml: base64.b64encode(base64.b64decode(encrypted(padded(plain_text(xml))))[:-8]).decode(),
    "not encrypted": lambda _: "boom",
    "no base64": lambda _: "词" * 16,
    "blanks in it": lambda xml: " " + encrypted(padded(plain_text(xml))),
}


def in_blocks(plain: bytes) -> bytes:
    """Blanks in the message until it ends with a block of the cipher."""
    blanks = -len(plain) % 16
    return plain_text(plain[20 : -len(APPID)] + b" " * blanks)


@pytest.mark.parametrize("forge", BAD_ENVELOPES.values(), ids=BAD_ENVELOPES)
async def test_an_envelope_that_is_signed_but_wrong_is_refused(safe: Scene, forge: Forge) -> None:
    assert await safe.post_sealed(forge(safe.xml().encode())) == (400, "")
    assert safe.told == []
    assert safe.door.refused in ({"seal": 1}, {"malformed": 1})
    await safe.next_good_one_is_taken("safe")


async def test_blanks_behind_the_message_are_no_fault(safe: Scene) -> None:
    assert await safe.post_sealed(encrypted(padded(in_blocks(plain_text(safe.xml().encode()))))) == FINE


async def test_an_envelope_signed_by_somebody_else_is_refused(safe: Scene) -> None:
    sealed = encrypted(padded(plain_text(safe.xml().encode())))
    query = safe.query(sealed=sealed) | {"msg_signature": safe.query(sealed=sealed, token="another")["msg_signature"]}
    assert await safe.post(f"<xml><Encrypt>{sealed}</Encrypt></xml>", query) == (403, "")
    assert (safe.told, safe.door.refused) == ([], {"forged": 1})
    await safe.next_good_one_is_taken("safe")


async def test_what_stands_beside_the_envelope_is_not_read(safe: Scene) -> None:
    sealed = encrypted(padded(plain_text(safe.xml().encode())))
    forged = safe.xml().replace(OPENID, "somebody else").replace("</xml>", f"<Encrypt>{sealed}</Encrypt></xml>")
    assert await safe.post(forged, safe.query(sealed=sealed)) == FINE
    assert [shake.openid for shake in safe.told] == [OPENID]


async def test_with_a_key_nothing_is_read_that_is_not_encrypted(safe: Scene, log: Log) -> None:
    assert await safe.post(safe.xml()) == (403, "")
    assert (safe.told, safe.door.refused) == ([], {"unsealed": 1})
    assert "safe mode" in log[0]["to_do"]
    await safe.next_good_one_is_taken("safe")


async def test_without_a_key_an_encrypted_message_is_refused_and_what_to_do_is_told(plain: Scene, log: Log) -> None:
    assert await plain.post_sealed(encrypted(padded(plain_text(plain.xml().encode())))) == (403, "")
    assert (plain.told, plain.door.refused) == ([], {"sealed": 1})
    assert "wechat-callback-aes-key" in log[0]["to_do"]
    await plain.next_good_one_is_taken()
