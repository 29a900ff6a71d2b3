"""How far a pass has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from beacon_gateway.core.bindings.drift import Drift
from beacon_gateway.core.bindings.history.hold import is_held
from beacon_gateway.core.bindings.history.sent import Mismatch, sent_key
from beacon_gateway.core.bindings.plan import Change, MakePage, Plan, Withheld, WithheldReason
from beacon_gateway.core.bindings.setback import Setback
from beacon_gateway.core.bindings.target import Blocked, Hold, Moved, PageRef, TargetError
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.model.unread_row import UnreadRow


class SyncState(StrEnum):
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


class SyncStep(StrEnum):
    """How far one change has come."""

    WAITING = "waiting"
    WRITTEN = "written"
    VERIFIED = "verified"
    DIFFERS = "differs"
    """Written without complaint, and yet the target says something else."""
    REFUSED = "refused"
    POSTPONED = "postponed"
    """It met a trouble that may pass, and is tried again by itself."""
    BLOCKED = "blocked"
    """It needs another change that was not done."""


FAILED: Final = frozenset({SyncStep.REFUSED, SyncStep.DIFFERS, SyncStep.POSTPONED, SyncStep.BLOCKED})
"""Steps of what a pass tried and did not bring to a good end."""


@dataclass(slots=True)
class Progress:
    """What a pass did and what came of it; grows while it runs."""

    plan: Plan
    state: SyncState = SyncState.APPLYING
    steps: dict[Change, SyncStep] = field(default_factory=dict)
    troubles: dict[Change, TargetError] = field(default_factory=dict)
    """Why a change is not done, or not known to be."""
    differences: dict[Change, tuple[Mismatch, ...]] = field(default_factory=dict)
    """What the target keeps otherwise than it was sent."""
    setbacks: Mapping[Change, Setback] = field(default_factory=dict)
    """What was not tried, since it came to no good end before."""
    unread: Mapping[str | UnreadRow, TargetError] = field(default_factory=dict)
    """What of the target could not be read, by the name that people gave it where it has one, and why."""
    made: dict[str, PageRef] = field(default_factory=dict)
    """References of the pages that were made, by slug."""
    done_before: tuple[int, int] = (0, 0)
    """Changes that were written and verified before this pass had to plan again."""
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
        return cls(plan, steps=dict.fromkeys(plan.changes, SyncStep.WAITING), drift=drift, hold=hold)

    def keep_back(self, hold: Hold | None, store: Store) -> None:
        """Note what of the plan a hold keeps back; one that keeps nothing back is none."""
        self.held = frozenset(change for change in self.plan.changes if is_held(hold, store, change))
        self.hold = hold if self.held else None

    def go_on_from(self, before: "Progress") -> None:
        """Keep what a pass did before it had to plan again, and what came to nothing then."""
        self.done_before = before.applied, before.verified
        known = {self.key_of(change): change for change in self.steps}
        for former, error in before.troubles.items():
            change = known.get(before.key_of(former))
            if change is not None and before.steps[former] is SyncStep.POSTPONED and not isinstance(error, Moved):
                self.fail(change, SyncStep.POSTPONED, error)

    def block_what_waits(self) -> None:
        """Note which bindings need a page that is not made, since it came to no good end before."""
        not_made = {change.page.slug for change in self.setbacks if isinstance(change, MakePage)}
        for change in self.plan.bindings:
            for slug in change.pages:
                if slug in not_made:
                    self.fail(change, SyncStep.BLOCKED, Blocked.by_page(slug))

    def key_of(self, change: Change) -> str:
        """Return by what a change is known in later passes too (`core.bindings.history.sent`)."""
        return sent_key(change, {**self.plan.known, **self.made})

    def succeed(self, change: Change, step: SyncStep) -> None:
        """Note that a change came a step further."""
        self.steps[change] = step
        self.troubles.pop(change, None)

    def fail(self, change: Change, step: SyncStep, error: TargetError) -> None:
        """Note why a change did not come further."""
        self.steps[change], self.troubles[change] = step, error

    def not_read_back(self, change: Change, error: TargetError) -> None:
        """Note that it is not known whether a change arrived."""
        self.troubles[change] = error

    def differ(self, change: Change, found: tuple[Mismatch, ...]) -> None:
        """Note what the target made of a change."""
        self.steps[change], self.differences[change] = SyncStep.DIFFERS, found
        self.troubles.pop(change, None)

    def count(self, *steps: SyncStep) -> int:
        return sum(1 for step in self.steps.values() if step in steps)

    @property
    def trouble(self) -> TargetError | None:
        """The first trouble that a change met."""
        return next(iter(self.troubles.values()), None)

    @property
    def has_moved(self) -> bool:
        """True if somebody changed something at the target meanwhile, so that a new plan is wanted."""
        return any(isinstance(error, Moved) for error in self.troubles.values())

    @property
    def later(self) -> dict[Change, TargetError]:
        """What is to be tried or looked at again soon, and why: troubles that may pass."""
        soon = {SyncStep.POSTPONED, SyncStep.WRITTEN}
        return {change: error for change, error in self.troubles.items() if self.steps[change] in soon}

    @property
    def applied(self) -> int:
        return self.done_before[0] + self.count(SyncStep.WRITTEN, SyncStep.VERIFIED, SyncStep.DIFFERS)

    @property
    def waiting(self) -> int:
        """Return how many changes are not at the target yet."""
        return self.count(SyncStep.WAITING, SyncStep.POSTPONED, SyncStep.BLOCKED)

    @property
    def waits_for_clock(self) -> bool:
        return any(item.why is WithheldReason.CLOCK for item in self.plan.withheld)

    @property
    def impossible(self) -> tuple[Withheld, ...]:
        """Return what the target would refuse as the files have it: it is left out of the plan, and not done."""
        return tuple(
            item for item in self.plan.withheld if item.why in {WithheldReason.FULL, WithheldReason.NO_SUCH_PAGE}
        )

    @property
    def state_at_rest(self) -> SyncState:
        """Return the state where nothing is left to be done, for what the plan leaves out."""
        if self.plan.vanished:
            return SyncState.BRAKED
        waits = self.waits_for_clock or self.impossible or self.plan.withheld_pages
        return SyncState.PENDING if waits else SyncState.IN_SYNC

    @property
    def waits_only_for_hold(self) -> bool:
        """True if all is done but what is held back after an undo."""
        return bool(self.held) and all(
            step is SyncStep.VERIFIED or change in self.held for change, step in self.steps.items()
        )

    @property
    def verified(self) -> int:
        return self.done_before[1] + self.count(SyncStep.VERIFIED)
