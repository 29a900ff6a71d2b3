"""The event `ShakearoundUserShake` as WeChat writes, signs and encrypts it for a merchant's callback."""

import base64
import hashlib
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from beacon_gateway.simulator.wechat.state.account import EmulatedAccount
from beacon_gateway.simulator.wechat.state.records import EmulatedDevice, ShakeResult

MAX_DEVICES_AROUND = 5  # "Shake event notifications" page
_BLOCK_BYTES = 32  # of the padding; larger than the cipher's own 16


@dataclass(frozen=True, slots=True)
class CallbackTarget:
    """Where events go. `aes_key` is the 43 characters of EncodingAESKey, needed by all modes but plain."""

    url: str
    token: str = field(repr=False)
    mode: Literal["plain", "compatible", "safe"] = "plain"
    aes_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PushedEvent:
    """An event before it is signed. It carries no MsgId: sender and `create_time` identify it."""

    to: str
    sender: str
    create_time: int
    content: str

    def xml(self, *, beside: str = "") -> str:
        """The message; `beside` is put in as its last element."""
        return (
            f"<xml><ToUserName>{_cdata(self.to)}</ToUserName><FromUserName>{_cdata(self.sender)}</FromUserName>"
            f"<CreateTime>{self.create_time}</CreateTime><MsgType><![CDATA[event]]></MsgType>{self.content}{beside}</xml>"
        )


@dataclass(frozen=True, slots=True)
class SignedPush:
    """One POST to a callback: its query and its body."""

    query: dict[str, str]
    body: str


def shake_event(shake: ShakeResult, account: EmulatedAccount) -> PushedEvent | None:
    """The event of a shake; None when the phone showed a list, of which no merchant hears."""
    if shake.listed:
        return None
    chosen = _beacon("ChosenBeacon", account.device(shake.device_id), shake.distance)
    around = "".join(
        _beacon("AroundBeacon", account.device(device_id), distance)
        for device_id, distance in islice(shake.around, MAX_DEVICES_AROUND)
    )
    content = f"<Event><![CDATA[ShakearoundUserShake]]></Event>{chosen}<AroundBeacons>{around}</AroundBeacons>"
    return PushedEvent(account.settings.original_id, shake.openid, shake.when, content)


def signed(
    event: PushedEvent, callback: CallbackTarget, *, appid: str, timestamp: int, nonce: str, prefix: bytes
) -> SignedPush:
    """The event as one POST in the callback's mode; `prefix` are the 16 random bytes before an encrypted text."""
    query = {
        "signature": signature(callback.token, str(timestamp), nonce),
        "timestamp": str(timestamp),
        "nonce": nonce,
        "openid": event.sender,
    }
    if callback.mode == "plain":
        return SignedPush(query, event.xml())
    secret = encrypt(event.xml(), callback.aes_key, appid, prefix)
    query["encrypt_type"] = "aes"
    query["msg_signature"] = signature(callback.token, str(timestamp), nonce, secret)
    element = f"<Encrypt><![CDATA[{secret}]]></Encrypt>"
    if callback.mode == "compatible":
        return SignedPush(query, event.xml(beside=element))
    return SignedPush(query, f"<xml><ToUserName>{_cdata(event.to)}</ToUserName>{element}</xml>")


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts, as the callback checks it ("Message push" page)."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def encrypt(xml: str, aes_key: str, appid: str, prefix: bytes) -> str:
    """AES-256-CBC over prefix, length (4 bytes, big-endian), text and appid, in base64."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415 - only who encrypts

    key = base64.b64decode(aes_key + "=")
    text = xml.encode()
    plain = prefix + len(text).to_bytes(4, "big") + text + appid.encode()
    padding = _BLOCK_BYTES - len(plain) % _BLOCK_BYTES
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()


def _beacon(name: str, device: EmulatedDevice, distance: float) -> str:
    return (
        f"<{name}><Uuid>{_cdata(device.uuid)}</Uuid><Major>{device.major}</Major><Minor>{device.minor}</Minor>"
        f"<Distance>{distance:.3f}</Distance></{name}>"
    )


def _cdata(text: str) -> str:
    return "<![CDATA[{}]]>".format(text.replace("]]>", "]]]]><![CDATA[>"))
