"""What was met lately: numbers under numbers, for a while, and never more than fits."""


class RecentNumbers:
    """Remembers each number for at least `seconds` after it was put, in two generations of at most `most`.

    The older generation is dropped as a whole when the younger is full or old enough. Two numbers below 2**64 cost
    about 115 bytes.
    """

    def __init__(self, *, seconds: float, most: int) -> None:
        self._seconds, self._most = seconds, most
        self._young: dict[int, int] = {}
        self._old: dict[int, int] = {}
        self._since = float("-inf")
        """Monotonic seconds: when the young generation began."""
        self._old_until = float("-inf")
        self.dropped = 0
        """How many were forgotten before their time, because too many came."""

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def get(self, key: int) -> int | None:
        """Return what was put under the key, if it is still known; it may be known for longer than was promised."""
        value = self._young.get(key)
        return self._old.get(key) if value is None else value

    def put(self, key: int, value: int, now: float) -> None:
        """Remember; `now` is monotonic seconds."""
        if now - self._since >= self._seconds or len(self._young) >= self._most:
            self._turn(now)
        self._young[key] = value

    def _turn(self, now: float) -> None:
        if now < self._old_until:
            self.dropped += len(self._old)
        self._old, self._young = self._young, {}
        self._since, self._old_until = now, now + self._seconds
