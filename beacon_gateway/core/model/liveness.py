"""Whether the parts that carry the data still turn: what a watchdog is fed on."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Liveness:
    """One part that comes round again and again, or does not any more."""

    part: str
    turned: float
    """When it last came round; monotonic."""
    allowed: float
    """Seconds that a round may take, whatever it has to wait for."""


def stalled(pulses: Iterable[Liveness], now: float) -> tuple[str, ...]:
    """Return the parts that have taken longer than they may."""
    return tuple(pulse.part for pulse in pulses if now - pulse.turned > pulse.allowed)
