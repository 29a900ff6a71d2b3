"""wechatpy as a second opinion on what comes to the callback: cipher, signatures, and the event itself."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException

from beacon_gateway.adapters.wechat.callback.callback_crypto import CallbackCrypto, encrypted_part
from beacon_gateway.adapters.wechat.callback.message_xml import BadMessage, read_xml
from beacon_gateway.adapters.wechat.callback.shake_message import read_shake
from beacon_gateway.core.log.shake import ReportedShake
from beacon_gateway.core.model.ibeacon import BeaconKey
from tests.adapters.wechat.callback.scene import AES_KEY, APPID, FINE, TOKEN, Scene, encrypted, padded, plain_text

OURS = CallbackCrypto(appid=APPID, token=TOKEN, aes_key=AES_KEY)
THEIRS = WeChatCrypto(TOKEN, AES_KEY, APPID)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=300))
def test_what_wechatpy_encrypts_is_signed_for_us_and_opened(text: str) -> None:
    message = THEIRS.encrypt_message(text, "7", "1700000000").encode()
    sealed = encrypted_part(message)
    assert OURS.decrypt(sealed.encode()) == text.encode()
    assert OURS.signed(read_xml(message).text_of("MsgSignature"), "1700000000", "7", sealed)


def test_what_wechatpy_encrypts_for_another_account_is_not_opened() -> None:
    message = WeChatCrypto(TOKEN, AES_KEY, "wx0000000000000002").encrypt_message("x", "7", "1700000000")
    with pytest.raises(BadMessage):
        OURS.decrypt(encrypted_part(message.encode()).encode())


async def test_a_shake_that_wechatpy_encrypts_is_taken(safe: Scene) -> None:
    sealed = encrypted_part(THEIRS.encrypt_message(safe.xml(), "7", "1700000000").encode())
    assert await safe.post_sealed(sealed) == FINE
    assert len(safe.told) == 1


def test_wechatpy_opens_what_these_tests_encrypt_and_refuses_what_we_refuse(safe: Scene) -> None:
    xml = safe.xml()
    sealed = encrypted(padded(plain_text(xml.encode())))
    query = safe.query(sealed=sealed)
    signed = (query["msg_signature"], query["timestamp"], query["nonce"])
    assert THEIRS.decrypt_message({"Encrypt": sealed}, *signed) == xml
    with pytest.raises(InvalidSignatureException):
        THEIRS.decrypt_message({"Encrypt": sealed}, "0" * 40, *signed[1:])
    with pytest.raises(InvalidAppIdException):
        WeChatCrypto(TOKEN, AES_KEY, "wx0000000000000002").decrypt_message({"Encrypt": sealed}, *signed)


def event(around: int) -> str:
    def beacon(name: str, minor: int) -> str:
        uuid = "<Uuid><![CDATA[FDA50693-A4E2-4FB1-AFCF-C6EB07647825]]></Uuid>"
        return f"<{name}>{uuid}<Major>10001</Major><Minor>{minor}</Minor><Distance>0.057</Distance></{name}>"

    others = "".join(beacon("AroundBeacon", 302 + index) for index in range(around))
    return (
        "<xml><ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName><FromUserName><![CDATA[oEmu0001]]></FromUserName>"
        "<CreateTime>1700000000</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        f"<Event><![CDATA[ShakearoundUserShake]]></Event>{beacon('ChosenBeacon', 301)}"
        f"<AroundBeacons>{others}</AroundBeacons></xml>"
    )


def as_read_by_wechatpy(xml: str) -> ReportedShake:
    def key(beacon: dict[str, str]) -> BeaconKey:
        return BeaconKey(UUID(beacon["uuid"]), int(beacon["major"]), int(beacon["minor"]))

    told = parse_message(xml)
    return ReportedShake(told.source, told.create_time, key(told.chosen_beacon), tuple(map(key, told.around_beacons)))


@pytest.mark.parametrize("around", [0, 2, 3, 5])
def test_wechatpy_and_we_read_the_same_in_a_shake(around: int) -> None:
    assert read_shake(event(around).encode()) == as_read_by_wechatpy(event(around))


def test_of_exactly_one_beacon_around_only_we_read_it() -> None:
    with pytest.raises(TypeError):
        as_read_by_wechatpy(event(1))
    shake = read_shake(event(1).encode())
    assert shake
    assert [key.minor for key in shake.around] == [302]
