"""Which changes of a plan a pass makes that no person asked for."""

from collections.abc import Container
from dataclasses import dataclass, field

from beacon_gateway.core.bindings.drift import undoes_drift
from beacon_gateway.core.bindings.history.sent import sent_key
from beacon_gateway.core.bindings.plan import Change, MakePage, Plan, Rebind
from beacon_gateway.core.bindings.target import Existing, Ledger


@dataclass(frozen=True, slots=True)
class PassPermissions:
    """What a pass may do."""

    undoes_drift: bool = False
    """Whether it puts right what somebody changed at the target."""
    owed: Container[str] = field(default_factory=frozenset)
    """What an edit of the files asked for and is not done yet, by what is sent: it is done whatever anybody changed."""
    not_now: Container[Change] = field(default_factory=frozenset)


def due(plan: Plan, existing: Existing, ledger: Ledger, wish: PassPermissions) -> Plan:
    """Return the plan with only those changes that are wished for, and that do not need one that is not."""

    def is_wished(change: Change) -> bool:
        if change in wish.not_now:
            return False
        if wish.undoes_drift or sent_key(change, plan.known) in wish.owed:
            return True
        return not undoes_drift(change, existing, ledger, plan.known)

    missing = {change.page.slug for change in plan.pages if isinstance(change, MakePage) and not is_wished(change)}
    return plan.only(
        lambda change: is_wished(change) and not (isinstance(change, Rebind) and not missing.isdisjoint(change.pages))
    )
