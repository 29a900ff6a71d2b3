"""What WeChat writes behind the callback's address, and whether it has the form that it should."""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from beacon_gateway.adapters.wechat.callback.refusals import CallbackRefused, RefusalReason

MAX_QUERY_CHARACTERS: Final = 1_024
"""Of the whole query; WeChat's have 250."""
MAX_QUERY_FIELDS: Final = 16
MAX_QUERY_FIELD_CHARACTERS: Final = 128

_SHA1: Final = re.compile(r"[0-9a-f]{40}")
_SECONDS: Final = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class CallbackQuery:
    signature: str = field(repr=False)
    timestamp: str = field(repr=False)
    """As it was signed."""
    nonce: str = field(repr=False)
    encrypted: bool = False
    message_signature: str = field(default="", repr=False)
    echo: str = field(default="", repr=False)

    @property
    def signed_at(self) -> int:
        """Return unix seconds, by WeChat's clock."""
        return int(self.timestamp)


def read_query(text: str) -> CallbackQuery:
    """Read what stands behind the question mark. Raises CallbackRefused."""
    try:
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_QUERY_FIELDS)
    except ValueError:
        fields = []
    found = dict(fields)
    if not found or len(found) < len(fields):  # twice the same name: others might read the other one
        raise CallbackRefused(RefusalReason.QUERY)
    query = CallbackQuery(
        signature=found.get("signature", ""),
        timestamp=found.get("timestamp", ""),
        nonce=found.get("nonce", ""),
        encrypted=found.get("encrypt_type") == "aes",
        message_signature=found.get("msg_signature", ""),
        echo=found.get("echostr", ""),
    )
    if not _is_sound(query):
        raise CallbackRefused(RefusalReason.QUERY)
    return query


def _is_sound(query: CallbackQuery) -> bool:
    return (
        bool(_SHA1.fullmatch(query.signature))
        and bool(_SECONDS.fullmatch(query.timestamp))
        and query.nonce != ""
        and all(_is_plain(text) for text in (query.nonce, query.echo))
        and bool(_SHA1.fullmatch(query.message_signature)) >= query.encrypted
    )


def _is_plain(text: str) -> bool:
    return len(text) <= MAX_QUERY_FIELD_CHARACTERS and text.isascii() and (text.isprintable() or not text)
