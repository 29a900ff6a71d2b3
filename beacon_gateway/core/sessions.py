"""Who is logged in at the web pages: in memory only, so a restart of the daemon logs everybody out."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.web_accounts import WebAccount, WebAccounts

LONGEST: Final = 12 * 3600.0
"""Seconds: a working day, however much somebody does."""
IDLE: Final = 2 * 3600.0
"""Seconds without a request. A page that stays open asks every 15 s: on such a screen the working day counts."""
MOST: Final = 1_000


@dataclass(slots=True)
class _Session:
    account: WebAccount
    begun: float
    seen: float


class Sessions:
    """By the digest of their token: who reads the memory of this process has no key. Times are monotonic."""

    def __init__(self) -> None:
        self._by_digest: OrderedDict[bytes, _Session] = OrderedDict()

    def begin(self, digest: bytes, account: WebAccount, now: float) -> None:
        self._by_digest[digest] = _Session(account, now, now)
        if len(self._by_digest) > MOST:
            self._by_digest.popitem(last=False)

    def find(self, digest: bytes, accounts: WebAccounts, now: float, *, is_request: bool = True) -> WebAccount | None:
        """Give whose session it is; None where there is none, or not any more. A changed account has none.

        A look that is no request leaves it as idle as it is.
        """
        session = self._by_digest.get(digest)
        if session is None:
            return None
        account = accounts.of(session.account.visitor.name)
        if now - session.begun > LONGEST or now - session.seen > IDLE or account != session.account:
            del self._by_digest[digest]
            return None
        if is_request:
            session.seen = now
        return account

    def end(self, digest: bytes) -> None:
        self._by_digest.pop(digest, None)

    def __len__(self) -> int:
        return len(self._by_digest)
