"""Why a request to the callback was refused, and how often; logged seldom, whatever comes."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import structlog

from beacon_gateway.core.model.clocks import MonotonicClock

LOG_EVERY_S: Final = 60.0
"""Seconds between two lines about the same reason."""


class RefusalReason(StrEnum):
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


STATUS: Final[Mapping[RefusalReason, int]] = {
    RefusalReason.PATH: 404,
    RefusalReason.METHOD: 405,
    RefusalReason.TOO_LARGE: 413,
    RefusalReason.CLOCK: 503,
    RefusalReason.STALE: 403,
    RefusalReason.FORGED: 403,
    RefusalReason.REPLAYED: 403,
    RefusalReason.SEALED: 403,
    RefusalReason.UNSEALED: 403,
    RefusalReason.FAULT: 500,
}
"""All others: 400."""

_TO_DO: Final[Mapping[RefusalReason, str]] = {
    RefusalReason.CLOCK: "wait for a time service to set the clock",
    RefusalReason.FORGED: "if WeChat sent it: compare wechat-callback-token with the token in WeChat's console",
    RefusalReason.SEALED: "give wechat-callback-aes-key, or choose the plain mode in WeChat's console",
    RefusalReason.UNSEALED: "choose the safe mode in WeChat's console, or take wechat-callback-aes-key away",
    RefusalReason.SEAL: "compare wechat-callback-aes-key and appid with those in WeChat's console",
}


class CallbackRefused(Exception):  # noqa: N818 - ends the handling of a request, and only a counter takes it
    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class RefusalLog:
    """Counts by reason, and says a line a minute for each."""

    def __init__(self, clock: MonotonicClock) -> None:
        self._clock = clock
        self.counts: Counter[str] = Counter()
        self._told: dict[RefusalReason, float] = {}
        self._untold: Counter[RefusalReason] = Counter()
        self._say = structlog.get_logger("callback")

    def note(self, reason: RefusalReason, *, error: str = "") -> None:
        """Count one; `error` names the class of an exception."""
        self.counts[reason.value] += 1
        self._untold[reason] += 1
        now = self._clock.monotonic()
        told = self._told.get(reason)
        if told is not None and (reason is RefusalReason.CLOCK or now - told < LOG_EVERY_S):
            return
        self._told[reason] = now
        details = {"to_do": _TO_DO.get(reason), "error": error or None}
        said = {name: text for name, text in details.items() if text}
        self._say.warning("callback.refused", reason=reason.value, count=self._untold.pop(reason), **said)

    def clock_is_right(self) -> None:
        """Tell again of the next time when it is not."""
        self._told.pop(RefusalReason.CLOCK, None)
