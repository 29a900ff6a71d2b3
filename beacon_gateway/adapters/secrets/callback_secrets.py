"""What the callback is signed and encrypted with: from where the account's secret comes from too."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from beacon_gateway.adapters.secrets.secret import NoSecret, SecretMissing, read_named_secret

TOKEN_CREDENTIAL: Final = "wechat-callback-token"  # noqa: S105 - where it is, not what it is
TOKEN_VARIABLE: Final = "BEACON_GATEWAY_WECHAT_CALLBACK_TOKEN"  # noqa: S105 - the same
AES_KEY_CREDENTIAL: Final = "wechat-callback-aes-key"
AES_KEY_VARIABLE: Final = "BEACON_GATEWAY_WECHAT_CALLBACK_AES_KEY"

_TOKEN: Final = re.compile(r"[A-Za-z0-9]{3,32}")
_AES_KEY: Final = re.compile(r"[A-Za-z0-9+/]{43}")
"""32 bytes in base64, without the `=` at the end (WeChat's console: EncodingAESKey)."""


@dataclass(frozen=True, slots=True)
class CallbackSecrets:
    token: str = field(repr=False)
    aes_key: str | None = field(default=None, repr=False)
    """None: WeChat is to send in the plain mode."""


def read_callback_secrets(environment: Mapping[str, str] = os.environ) -> CallbackSecrets:
    """Read both; a key that is nowhere is none. Raises NoSecret."""
    token = read_named_secret(TOKEN_CREDENTIAL, TOKEN_VARIABLE, environment)
    if not _TOKEN.fullmatch(token):
        raise NoSecret(f"{TOKEN_CREDENTIAL} ({TOKEN_VARIABLE}) is no token: 3 to 32 letters and digits")
    try:
        aes_key = read_named_secret(AES_KEY_CREDENTIAL, AES_KEY_VARIABLE, environment)
    except SecretMissing:
        return CallbackSecrets(token)
    if not _AES_KEY.fullmatch(aes_key):
        raise NoSecret(f"{AES_KEY_CREDENTIAL} ({AES_KEY_VARIABLE}) is no EncodingAESKey: 43 characters of base64")
    return CallbackSecrets(token, aes_key)
