"""Short names for things that have none yet: readable, unique, and such as the files allow."""

import re
from collections.abc import Iterable
from itertools import chain
from typing import Final

MAX_SLUG_CHARACTERS: Final = 48
_NO_LETTERS = re.compile(r"[^a-z0-9]+")


def slug_of(text: str) -> str:
    """Return the slug that a text reads as; "" for one with letters that a slug cannot hold.

    "3号门" is not "3": half of a name names something else.
    """
    if any(character.isalnum() and not character.isascii() for character in text):
        return ""
    return _NO_LETTERS.sub("-", text.lower())[:MAX_SLUG_CHARACTERS].strip("-")


class Slugs:
    """Slugs that were taken: no two things get the same."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def take(self, *wishes: str) -> str:
        """Return the first wish that is a name and free; the last one, a word of letters, is numbered if need be."""
        fallback = wishes[-1]
        numbered = (f"{fallback[: MAX_SLUG_CHARACTERS - 8].rstrip('-')}-{number}" for number in range(2, 10_000_000))
        for wish in chain(wishes, numbered):
            if wish and wish not in self._taken:
                self._taken.add(wish)
                return wish
        raise AssertionError("ten million names are taken")
