"""Ids as the service allocates them: ascending, with gaps."""

import random


class IdSequence:
    """Hands out the next id. That gaps occur is certain, their size is chosen."""

    def __init__(self, first: int, rng: random.Random) -> None:
        self._next = first
        self._rng = rng

    def take(self, wanted: int | None = None) -> int:
        """The next id, or `wanted`, after which the ids go on."""
        taken = self._next if wanted is None else wanted
        self._next = max(self._next, taken + 1 + self._rng.randrange(3))
        return taken
