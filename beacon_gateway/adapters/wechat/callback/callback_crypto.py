"""Whether a message is WeChat's, and what is in it: signatures and encryption of the callback ("Message push" page).

The cipher is wechatpy's. The rest is not: its `check_signature` and `WeChatCrypto` compare signatures with `!=`, which
takes the longer the more of the beginning is right; and it strips padding without a look at it (1.8.18).
"""

import base64
import hashlib
import hmac
from contextlib import suppress
from typing import Final

from beacon_gateway.adapters.wechat.callback.message_xml import BadMessage, read_xml

NONCE_BYTES: Final = 16
"""Random bytes in front, so that two equal messages differ."""
LENGTH_BYTES: Final = 4
PADDING_BLOCK_BYTES: Final = 32
"""Of the padding; the cipher's own blocks have 16."""


class CallbackCrypto:
    """Token and key of one account's callback. Neither leaves this class."""

    def __init__(self, *, appid: str, token: str, aes_key: str | None) -> None:
        """`aes_key` has 43 characters, as WeChat's console shows it; without one, nothing is opened."""
        self._appid, self._token = appid.encode(), token
        self._key = base64.b64decode(aes_key + "=") if aes_key else None

    @property
    def can_decrypt(self) -> bool:
        return self._key is not None

    def signed(self, signature: str, *parts: str) -> bool:
        """True if it is the token's over these. It takes as long for a wrong one as for the right one."""
        text = "".join(sorted((self._token, *parts)))
        right = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        return hmac.compare_digest(right.encode(), signature.encode())

    def decrypt(self, sealed: bytes) -> bytes:
        """Return the message in an encrypted part, in the account's name. Raises BadMessage."""
        text = _decrypted(self._key, sealed) if self._key else b""
        padding = text[-1] if text else 0
        if not 1 <= padding <= PADDING_BLOCK_BYTES or not text.endswith(bytes([padding]) * padding):
            raise BadMessage("wrong padding")
        text = text[NONCE_BYTES:-padding]
        end = LENGTH_BYTES + int.from_bytes(text[:LENGTH_BYTES], "big")
        if text[end:] != self._appid:
            raise BadMessage("not for this account")
        return text[LENGTH_BYTES:end]


def encrypted_part(body: bytes) -> str:
    """Return the encrypted part of a message, whatever stands beside it. Raises BadMessage."""
    sealed = read_xml(body).text_of("Encrypt")
    if not sealed.isascii():
        raise BadMessage("Encrypt is no base64")
    return sealed


def _decrypted(key: bytes, sealed: bytes) -> bytes:
    # Imported here: it brings a cryptographic library along, of no use in the plain mode.
    from wechatpy.crypto.base import WeChatCipher  # noqa: PLC0415 - only with a key

    with suppress(ValueError):  # no base64, or no whole blocks
        return bytes(WeChatCipher(key).decrypt(base64.b64decode(sealed, validate=True)))
    raise BadMessage("Encrypt cannot be decrypted")
