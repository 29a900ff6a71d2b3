"""How long somebody must wait who gave a wrong password too often.

Three things are counted: wrong passwords for a name from an address, from an address, and for a name. The first is the
one that somebody meets who has forgotten a password. The second stops an address that tries many names; it is allowed
more, since a shop's people may share one. The third stops many addresses that try one name: its wait is short, and
does not hold for an address from which that name logged in before, so that nobody can keep an owner out.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

FAILURES_WINDOW_S: Final = 900.0
"""Seconds after which a failure is forgotten."""
MAX_ADDRESSES: Final = 1_000
"""Of each kind; then the oldest are forgotten. An address can fill 20 places and is stopped then."""
MAX_KNOWN_ADDRESSES: Final = 200


@dataclass(frozen=True, slots=True)
class ThrottleRule:
    free: int
    """Failures that cost nothing."""
    longest: float
    """Seconds of waiting at most: 1, 2, 4 and so on until then."""


FOR_PAIR: Final = ThrottleRule(5, 900.0)
FOR_ADDRESS: Final = ThrottleRule(20, 900.0)
FOR_NAME: Final = ThrottleRule(20, 60.0)


@dataclass(slots=True)
class _Count:
    failures: int = 0
    latest: float = 0.0
    until: float = 0.0


class _Counts:
    """Failures of one kind."""

    def __init__(self, rule: ThrottleRule) -> None:
        self._rule = rule
        self._of: OrderedDict[Hashable, _Count] = OrderedDict()

    def wait(self, key: Hashable, now: float) -> float:
        count = self._of.get(key)
        return max(0.0, count.until - now) if count else 0.0

    def add(self, key: Hashable, now: float) -> None:
        count = self._of.setdefault(key, _Count())
        self._of.move_to_end(key)
        if now - max(count.latest, count.until) > FAILURES_WINDOW_S:
            count.failures = 0
        count.failures += 1
        count.latest = now
        if (over := count.failures - self._rule.free) >= 0:
            count.until = now + min(2.0 ** min(over, 30), self._rule.longest)
        if len(self._of) > MAX_ADDRESSES:
            self._of.popitem(last=False)

    def take_back(self, key: Hashable) -> None:
        """Forget the last failure: it was none."""
        if count := self._of.get(key):
            count.failures -= 1
            count.until = 0.0
            if count.failures <= 0:
                del self._of[key]

    def forget(self, key: Hashable) -> None:
        self._of.pop(key, None)

    def __len__(self) -> int:
        return len(self._of)


class Throttle:
    """Remembers failures. Every try counts as one until it is known that it was none: two at once gain nothing."""

    def __init__(self) -> None:
        self._pairs, self._addresses, self._names = _Counts(FOR_PAIR), _Counts(FOR_ADDRESS), _Counts(FOR_NAME)
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def attempt(self, name: str, address: str, now: float) -> float:
        """Note a try and give 0; or give the seconds that are to be waited, and note nothing. `now` is monotonic."""
        pair = (name, address)
        wait = max(self._pairs.wait(pair, now), self._addresses.wait(address, now))
        if pair not in self._known:
            wait = max(wait, self._names.wait(name, now))
        if wait > 0:
            return wait
        self._pairs.add(pair, now)
        self._addresses.add(address, now)
        self._names.add(name, now)
        return 0.0

    def succeeded(self, name: str, address: str) -> None:
        """Take back the try that was noted. Of an address, earlier failures stay: it may have an account of its own."""
        pair = (name, address)
        self._pairs.forget(pair)
        self._addresses.take_back(address)
        self._names.take_back(name)
        self._known[pair] = None
        self._known.move_to_end(pair)
        if len(self._known) > MAX_KNOWN_ADDRESSES:
            self._known.popitem(last=False)

    @property
    def kept(self) -> int:
        """Return how much is remembered."""
        return len(self._pairs) + len(self._addresses) + len(self._names) + len(self._known)
