"""Access tokens: a classic and a stable family that never touch each other."""

import random
import re
import string
from dataclasses import dataclass, replace

from beacon_gateway.simulator.wechat.beijing import midnight
from beacon_gateway.simulator.wechat.errors import EmulatedError

# "Get access token" and "Get stable access token" pages.
TOKEN_LIFETIME_S = 7_200
TOKEN_OVERLAP_S = 300
MAX_FORCED_PER_DAY = 20
FORCED_INTERVAL_S = 30

_ALPHABET = string.ascii_letters + string.digits + "-_"
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]+")
_TOKEN_CHARACTERS = 136  # as seen; the pages ask clients to reserve 512
_MAX_TOKENS_REMEMBERED = 1_000  # dead tokens whose cause of death is still reported


@dataclass(frozen=True, slots=True)
class TokenLease:
    """A token, its natural end and its earlier end if it was replaced."""

    token: str
    expires_at: float
    ends_at: float


class TokenFamily:
    """The tokens of one kind: the newest, and those before it whose cause of death is still reported."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._leases: dict[str, TokenLease] = {}
        self.newest: TokenLease | None = None

    def issue(self, now: float, previous_ends_at: float) -> TokenLease:
        """A new token; the one before ends at `previous_ends_at`, or earlier if it expires."""
        if self.newest is not None:
            ends_at = min(self.newest.ends_at, previous_ends_at)
            self._leases[self.newest.token] = replace(self.newest, ends_at=ends_at)
        token = "".join(self._rng.choices(_ALPHABET, k=_TOKEN_CHARACTERS))
        self.newest = self._leases[token] = TokenLease(token, now + TOKEN_LIFETIME_S, now + TOKEN_LIFETIME_S)
        if len(self._leases) > _MAX_TOKENS_REMEMBERED:
            del self._leases[next(iter(self._leases))]
        return self.newest

    def find(self, token: str) -> TokenLease | None:
        return self._leases.get(token)


class Tokens:
    """Issues and checks the tokens of one account. Every method takes the present time in unix seconds."""

    def __init__(self, rng: random.Random) -> None:
        self._classic = TokenFamily(rng)
        self._stable = TokenFamily(rng)
        self._forced_at = float("-inf")
        self._forced_today = (0, 0)

    def classic(self, now: float) -> tuple[str, int]:
        """A new token and its seconds; the previous one has 300 s left."""
        return self._classic.issue(now, now + TOKEN_OVERLAP_S).token, TOKEN_LIFETIME_S

    def stable(self, now: float, *, force: bool = False) -> tuple[str, int]:
        """The same token until 300 s before its end, so that `expires_in` is never below 300.

        `force` replaces it and kills the old one at once, at most 20 times a day and 30 s apart; beyond that nothing
        is refreshed and the token stays as it is.
        """
        lease = self._stable.newest
        if force and self._may_force(now):
            lease = self._stable.issue(now, now)
        elif lease is None or lease.expires_at - now < TOKEN_OVERLAP_S:
            lease = self._stable.issue(now, now + TOKEN_OVERLAP_S)
        return lease.token, int(lease.expires_at - now)

    def check(self, token: str, now: float) -> None:
        """Raise 41001 for none, 40014 for nonsense, 42001 for an expired token, 40001 for unknown or replaced."""
        if not token:
            raise EmulatedError(41001)
        if not _WELL_FORMED.fullmatch(token):
            raise EmulatedError(40014)
        lease = self._classic.find(token) or self._stable.find(token)
        if lease is None:
            raise EmulatedError(40001)
        if now >= lease.expires_at:
            raise EmulatedError(42001)
        if now >= lease.ends_at:
            raise EmulatedError(40001)

    def _may_force(self, now: float) -> bool:
        day, times = self._forced_today
        if day != midnight(now):
            times = 0
        if times >= MAX_FORCED_PER_DAY or now - self._forced_at < FORCED_INTERVAL_S:
            return False
        self._forced_at, self._forced_today = now, (midnight(now), times + 1)
        return True
