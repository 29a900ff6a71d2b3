"""How the last attempt at a binding target ended, as the status has it."""

from datetime import datetime
from typing import Final

from beacon_gateway.core.bindings.plan import Change, EditPage, MakePage, Rebind, RestorePage, Withheld, WithheldReason
from beacon_gateway.core.bindings.target import (
    LedgerUnusable,
    ListingShort,
    NeedsOperator,
    SlowDown,
    TargetError,
    Unreachable,
    WaitForQuota,
)
from beacon_gateway.core.model.settings import Role
from beacon_gateway.core.model.target_status import FailedChange, TargetState, TargetStatus
from beacon_gateway.core.model.unread_row import UnreadRow
from beacon_gateway.services.bindings.progress import FAILED, Progress, SyncState, SyncStep
from beacon_gateway.services.bindings.sync import Sync

MAX_FAILED_CHANGES: Final = 10
"""Changes that are named in the status."""

_TROUBLES: Final[tuple[tuple[type[TargetError], TargetState], ...]] = (
    (NeedsOperator, TargetState.OPERATOR),
    (WaitForQuota, TargetState.QUOTA),
    (SlowDown, TargetState.THROTTLED),
    (LedgerUnusable, TargetState.LEDGER),
    (ListingShort, TargetState.LISTING),
    (Unreachable, TargetState.UNREACHABLE),
    (TargetError, TargetState.RETRYING),
)
_WOULD_ANSWER: Final = {WithheldReason.FULL: "9001037", WithheldReason.NO_SUCH_PAGE: "9001026"}
"""The target's codes for what a plan leaves out because it would be refused."""
_OF_ALL_ALIKE: Final = (WaitForQuota, SlowDown)
"""Troubles of a kind of call, whichever thing met it first."""


class LastAttempt:
    """Of one sync: looks at it whenever it is asked, and remembers since when it stands as it does."""

    def __init__(self, sync: Sync, role: Role) -> None:
        self._sync, self._role = sync, role
        self._state, self._since = TargetState.STARTING, None  # type: TargetState, datetime | None

    def status(self, utc: datetime) -> TargetStatus:
        """Return how it stands now; `utc` is aware."""
        sync, progress = self._sync, self._sync.progress
        state = self._state_of(progress)
        if state is not self._state or self._since is None:
            self._state, self._since = state, utc
        trouble = None if state is TargetState.APPLYING else sync.trouble
        failed = self._failed(progress) if progress else []
        named = [self._named(change, progress) for change in failed] if progress else []
        if progress and state is TargetState.UNREAD:
            named += [_not_read(what, error) for what, error in progress.unread.items()]
        plan = progress.plan if progress else None  # one without a change is false, and may leave much out
        return TargetStatus(
            state=state,
            since=self._since,
            pending=_pending(progress) if progress else 0,
            retry_at=sync.next_look if state is TargetState.UNREAD else _retry_at(trouble, sync.next_look),
            code=trouble.code if trouble else "",
            reason=str(trouble or ""),
            path=trouble.path if isinstance(trouble, WaitForQuota) else "",
            losing=plan.losing if plan is not None else 0,
            bound=plan.bound if plan is not None else 0,
            readdressing=plan.readdressing if plan is not None else 0,
            failed=tuple(named[:MAX_FAILED_CHANGES]),
            failures=len(named),
            held_since=progress.hold.at if progress and progress.hold else None,
            vanished=plan.vanished_by_floor() if plan is not None else {},
        )

    def _state_of(self, progress: Progress | None) -> TargetState:
        """Return the state: trouble first, then whatever keeps changes from the target, the firmest reason first."""
        trouble = self._sync.trouble
        if progress and progress.state is SyncState.APPLYING:
            return TargetState.APPLYING
        if trouble:
            is_one_things = progress and trouble in progress.later.values() and not isinstance(trouble, _OF_ALL_ALIKE)
            kinds = (state for kind, state in _TROUBLES if isinstance(trouble, kind))
            return TargetState.UNFINISHED if is_one_things else next(kinds)
        if progress is None:
            return TargetState.STARTING
        kept_back = _kept_back(progress)
        if kept_back:
            return kept_back
        if progress.state is SyncState.PENDING:
            return self._why_pending(progress)
        return TargetState.UNREAD if progress.unread else TargetState.IN_SYNC

    def _why_pending(self, progress: Progress) -> TargetState:
        left = [change for change, step in progress.steps.items() if step is SyncStep.WAITING]
        failed = self._failed(progress)
        if failed and set(left) <= set(failed):
            return TargetState.REFUSED
        if not left and progress.waits_for_clock:
            return TargetState.CLOCK
        if not left and (not_made := progress.plan.withheld_pages):
            exist = any(item.like for item in not_made)
            return TargetState.PAGE_EXISTS if exist else TargetState.UNREAD
        if self._sync.existing and not self._sync.existing.bindings:
            return TargetState.NO_BEACONS
        return TargetState.PENDING if self._role is Role.WRITER else TargetState.READER

    def _failed(self, progress: Progress) -> list[Change | Withheld]:
        """Return what the target did not take, did not do or would not take, with what came to no good end before."""
        found: list[Change | Withheld] = [
            change
            for change, step in progress.steps.items()
            if step in FAILED or (step is SyncStep.WAITING and change in progress.setbacks)
        ]
        blocked = {change for change, step in progress.steps.items() if step is SyncStep.BLOCKED}
        return sorted([*found, *progress.impossible], key=lambda change: change in blocked)  # causes come first

    def _named(self, change: Change | Withheld, progress: Progress) -> FailedChange:
        if isinstance(change, Withheld):
            return FailedChange(_subject(change), _WOULD_ANSWER.get(change.why, ""), "")
        if error := progress.troubles.get(change):
            return FailedChange(_subject(change), error.code, str(error))
        setback = progress.setbacks.get(change)
        return FailedChange(_subject(change), setback.code if setback else "", setback.reason if setback else "")


def _not_read(what: str | UnreadRow, error: TargetError) -> FailedChange:
    return FailedChange(str(what), error.code, str(error), what if isinstance(what, UnreadRow) else None)


def _retry_at(trouble: TargetError | None, next_look: datetime | None) -> datetime | None:
    """Return when what the trouble kept from being done is tried again; there may be a pass for the rest before."""
    if isinstance(trouble, WaitForQuota):
        return trouble.until
    return next_look if trouble else None


def _kept_back(progress: Progress) -> TargetState | None:
    """Return what keeps changes back until a person decides, None where nothing does."""
    reasons = {
        TargetState.BRAKED: progress.braked,
        TargetState.STALE: progress.state is SyncState.STALE,
        TargetState.VANISHED: progress.plan.vanished,
        TargetState.HELD: progress.hold,
    }
    return next((state for state, holds in reasons.items() if holds), None)


def _pending(progress: Progress) -> int:
    return (
        progress.waiting
        + progress.count(SyncStep.REFUSED, SyncStep.DIFFERS)
        + len(progress.plan.vanished)
        + len(progress.impossible)
        + len(progress.plan.withheld_pages)
    )


def _subject(change: Change | Withheld) -> str:
    """Name what a change is about as people know it."""
    match change:
        case MakePage(page) | EditPage(page):
            return page.title
        case RestorePage(slug):
            return slug
        case Rebind() | Withheld():
            return change.place.name or change.place.slug if change.place else str(change.key)
        case _:
            return change.before.title
