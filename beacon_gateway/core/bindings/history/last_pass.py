"""The last comparison of the files with the binding target, as pages and commands show it."""

from dataclasses import dataclass

from beacon_gateway.core.bindings.drift import Drift
from beacon_gateway.core.bindings.plan import Plan


@dataclass(frozen=True, slots=True)
class LastPass:
    plan: Plan
    drift: tuple[Drift, ...]
    state: str
    """What became of the plan, as `services.bindings.progress` names it."""
    applied: int
    verified: int
