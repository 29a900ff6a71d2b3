"""Who is logged in at the web pages: in memory only, so a restart of the daemon logs everybody out."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")

MAX_SESSION_S: Final = 12 * 3600.0
"""Seconds: a working day, however much somebody does."""
IDLE_SESSION_S: Final = 2 * 3600.0
"""Seconds without a request. A page that stays open asks every 15 s: on such a screen the working day counts."""
MAX_SESSIONS: Final = 1_000


@dataclass(slots=True)
class _Session(Generic[T]):
    owner: T
    begun: float
    seen: float


class Sessions(Generic[T]):
    """By the digest of their token: who reads the memory of this process has no key. Times are monotonic."""

    def __init__(self) -> None:
        self._by_digest: OrderedDict[bytes, _Session[T]] = OrderedDict()

    def begin(self, digest: bytes, owner: T, now: float) -> None:
        self._by_digest[digest] = _Session(owner, now, now)
        if len(self._by_digest) > MAX_SESSIONS:
            self._by_digest.popitem(last=False)

    def find(self, digest: bytes, now: float, *, still: Callable[[T], bool], is_request: bool = True) -> T | None:
        """Return the owner of a session; None where there is none, or not any more: `still` says of an owner.

        A look that is no request leaves it as idle as it is.
        """
        session = self._by_digest.get(digest)
        if session is None:
            return None
        if now - session.begun > MAX_SESSION_S or now - session.seen > IDLE_SESSION_S or not still(session.owner):
            del self._by_digest[digest]
            return None
        if is_request:
            session.seen = now
        return session.owner

    def end(self, digest: bytes) -> None:
        self._by_digest.pop(digest, None)

    def __len__(self) -> int:
        return len(self._by_digest)
