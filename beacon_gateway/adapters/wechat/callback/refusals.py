"""Why a request to the callback was refused, and how often; told seldom, whatever knocks."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol

import structlog

TOLD_EVERY: Final = 60.0
"""Seconds between two lines about the same reason."""


class Reason(StrEnum):
    PATH = "path"
    METHOD = "method"
    TOO_LARGE = "too-large"
    CLOCK = "clock"
    """Ours is not set: nothing can be said about the age of a signature."""
    QUERY = "query"
    """What stands behind the address is not what WeChat writes there."""
    STALE = "stale"
    """Signed too long ago, or in the future."""
    FORGED = "forged"
    """Not signed with our token."""
    REPLAYED = "replayed"
    """The signature came before, with another message."""
    SEALED = "sealed"
    """Encrypted, and there is no key."""
    UNSEALED = "unsealed"
    """Not encrypted, though there is a key."""
    SEAL = "seal"
    """Rightly signed, but the key does not open it, or it is for another account."""
    MALFORMED = "malformed"
    HTTP = "http"
    """No request at all."""
    SLOW = "slow"
    CUT = "cut"
    """The connection ended before the request did."""
    CROWDED = "crowded"
    """Too many connections at once."""
    FAULT = "fault"
    """Ours."""


STATUS: Final[Mapping[Reason, int]] = {
    Reason.PATH: 404,
    Reason.METHOD: 405,
    Reason.TOO_LARGE: 413,
    Reason.CLOCK: 503,
    Reason.STALE: 403,
    Reason.FORGED: 403,
    Reason.REPLAYED: 403,
    Reason.SEALED: 403,
    Reason.UNSEALED: 403,
    Reason.FAULT: 500,
}
"""All others: 400."""

_TO_DO: Final[Mapping[Reason, str]] = {
    Reason.CLOCK: "wait for a time service to set the clock",
    Reason.FORGED: "if WeChat sent it: compare wechat-callback-token with the token in WeChat's console",
    Reason.SEALED: "give wechat-callback-aes-key, or choose the plain mode in WeChat's console",
    Reason.UNSEALED: "choose the safe mode in WeChat's console, or take wechat-callback-aes-key away",
    Reason.SEAL: "compare wechat-callback-aes-key and appid with those in WeChat's console",
}


class Refused(Exception):  # noqa: N818 - ends the handling of a request, and is told to nobody but a counter
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Clock(Protocol):
    def monotonic(self) -> float: ...


class Refusals:
    """Counts by reason, and says a line a minute for each."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.counts: Counter[str] = Counter()
        self._told: dict[Reason, float] = {}
        self._untold: Counter[Reason] = Counter()
        self._say = structlog.get_logger("callback")

    def note(self, reason: Reason, *, error: str = "") -> None:
        """Count one; `error` names the class of an exception."""
        self.counts[reason.value] += 1
        self._untold[reason] += 1
        now = self._clock.monotonic()
        told = self._told.get(reason)
        if told is not None and (reason is Reason.CLOCK or now - told < TOLD_EVERY):
            return
        self._told[reason] = now
        details = {"to_do": _TO_DO.get(reason), "error": error or None}
        said = {name: text for name, text in details.items() if text}
        self._say.warning("callback.refused", reason=reason.value, count=self._untold.pop(reason), **said)

    def clock_is_right(self) -> None:
        """Tell again of the next time when it is not."""
        self._told.pop(Reason.CLOCK, None)
