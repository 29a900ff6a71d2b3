"""Numbers as reports write them."""

from math import floor
from typing import Final

from beacon_gateway.core.report.persons import Told

PERCENT: Final = 100


def amount(told: Told, *, is_mean: bool = False) -> str:
    """Return a count, or a mean with a decimal as long as that means something."""
    if isinstance(told, str):
        return told
    return f"{told:.1f}" if is_mean and 0 < told < PERCENT else f"{told:.0f}"


def number(told: Told, *, is_mean: bool = False) -> Told:
    """Return the same for scripts."""
    if isinstance(told, str):
        return told
    return round(told, 2) if is_mean else round(told)


def percent(share: float, digits: int = 0) -> str:
    """Return a share; rounded down, so that 100 % is all of it."""
    scale = 10**digits
    return f"{floor(share * PERCENT * scale + 1e-9) / scale:.{digits}f}%"


def change(part: float) -> str:
    """Return by how much more or less."""
    return f"{part * PERCENT:+.0f}%"
