"""When a plan is too large to be carried out without a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brake:
    """Stop a plan that touches what customers see at more than `beacons` beacons *and* `share` of those bound.

    A plan after which no beacon shows anything is stopped whatever these are.
    """

    beacons: int = 5
    share: float = 0.3

    def stops(self, affected: int, bound: int) -> bool:
        """True if so many of the beacons that show a page are too many."""
        return affected > self.beacons and affected > self.share * bound
