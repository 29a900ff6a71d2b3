"""When a plan is too large to be carried out without a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brake:
    """Stop a plan that takes pages from more than `beacons` beacons *and* more than `share` of those bound."""

    beacons: int = 5
    share: float = 0.3
