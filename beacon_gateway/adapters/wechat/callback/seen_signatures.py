"""Which signatures came already, and with what: in the plain mode WeChat does not sign the message itself.

So anyone who reads one signature on its way could put another message behind it; each is therefore good for one
message.
"""

import hashlib
import secrets
from enum import Enum, auto
from typing import Final

from beacon_gateway.core.model.recent import RecentNumbers

MAX_SIGNATURES: Final = 130_000
"""In a generation: 130 s of 1,000 events a second, longer than a signature is good for. Both take 29 MB, if ever."""


class SeenSignature(Enum):
    NEVER = auto()
    WITH_THIS = auto()
    WITH_ANOTHER = auto()


class SeenSignatures:
    """Remembers signatures that were right, and of what came with them a digest that nobody else can compute."""

    def __init__(self, *, seconds: float, most: int = MAX_SIGNATURES) -> None:
        self._recent = RecentNumbers(seconds=seconds, most=most)
        # Eight bytes are enough as long as nobody can look for a second message with the same digest beforehand.
        self._salt = secrets.token_bytes(16)

    @property
    def dropped(self) -> int:
        """Return how many were forgotten before their time."""
        return self._recent.dropped

    def look(self, signature: str, message: bytes) -> SeenSignature:
        """Return whether the signature came before; `signature` is hexadecimal."""
        known = self._recent.get(_number(signature))
        if known is None:
            return SeenSignature.NEVER
        return SeenSignature.WITH_THIS if known == self._digest(message) else SeenSignature.WITH_ANOTHER

    def remember(self, signature: str, message: bytes, now: float) -> None:
        """Bind the signature to this message; `now` is monotonic seconds."""
        self._recent.put(_number(signature), self._digest(message), now)

    def _digest(self, message: bytes) -> int:
        return int.from_bytes(hashlib.blake2b(message, digest_size=8, key=self._salt).digest(), "big")


def _number(signature: str) -> int:
    return int(signature[:16], 16)
