"""How far a pass has come, for whoever looks at it."""

from dataclasses import dataclass, field
from enum import StrEnum

from beacon_gateway.core.drift import Drift
from beacon_gateway.core.hold import is_held
from beacon_gateway.core.plan import Change, Plan, Why
from beacon_gateway.core.store import Store
from beacon_gateway.core.target import Hold, TargetError


class State(StrEnum):
    STARTING = "starting"
    IN_SYNC = "in-sync"
    APPLYING = "applying"
    PENDING = "pending"
    """Something is to be done, and waits for a person, for `apply: auto` or for the clock."""
    STALE = "stale"
    """The plan is not the one that a person agreed to."""
    BRAKED = "braked"
    RETRYING = "retrying"
    OPERATOR = "operator"


class Step(StrEnum):
    """How far one change has come."""

    WAITING = "waiting"
    WRITTEN = "written"
    VERIFIED = "verified"
    DIFFERS = "differs"
    """Written without complaint, and yet the target says something else."""
    REFUSED = "refused"


@dataclass(slots=True)
class Progress:
    """What a pass did and what came of it; grows while it runs."""

    plan: Plan
    state: State = State.APPLYING
    steps: dict[Change, Step] = field(default_factory=dict)
    trouble: TargetError | None = None
    drift: tuple[Drift, ...] = ()
    """What somebody else changed."""
    hold: Hold | None = None
    """Why some of it is not applied by itself, if so."""
    held: frozenset[Change] = frozenset()
    """What of the plan is held back."""
    braked: bool = False
    """Whether the plan is too large to be carried out without a person."""

    @classmethod
    def of(cls, plan: Plan, *, drift: tuple[Drift, ...] = (), hold: Hold | None = None) -> "Progress":
        return cls(plan, steps=dict.fromkeys(plan.changes, Step.WAITING), drift=drift, hold=hold)

    def keep_back(self, hold: Hold | None, store: Store) -> None:
        """Note what of the plan a hold keeps back; one that keeps nothing back is none."""
        self.held = frozenset(change for change in self.plan.changes if is_held(hold, store, change))
        self.hold = hold if self.held else None

    def count(self, *steps: Step) -> int:
        return sum(1 for step in self.steps.values() if step in steps)

    @property
    def applied(self) -> int:
        return self.count(Step.WRITTEN, Step.VERIFIED, Step.DIFFERS)

    @property
    def waiting(self) -> int:
        """Give how many changes are not at the target yet."""
        return self.count(Step.WAITING)

    @property
    def waits_for_clock(self) -> bool:
        return any(item.why is Why.CLOCK for item in self.plan.withheld)

    @property
    def waits_only_for_hold(self) -> bool:
        """True if all is done but what is held back after an undo."""
        return bool(self.held) and all(
            step is Step.VERIFIED or change in self.held for change, step in self.steps.items()
        )

    @property
    def verified(self) -> int:
        return self.count(Step.VERIFIED)
