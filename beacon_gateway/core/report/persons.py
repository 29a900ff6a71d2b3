"""Numbers of persons: few of them are never told exactly, since who is one of three may be known by the other two."""

from typing import Final

MIN_PEOPLE: Final = 5
FEWER: Final = "<5"

Told = float | str
"""A number, or `FEWER`."""


def told(persons: float) -> Told:
    """Return a number of persons, or a mean of such numbers, as it may be shown."""
    return FEWER if 0 < persons < MIN_PEOPLE else persons
