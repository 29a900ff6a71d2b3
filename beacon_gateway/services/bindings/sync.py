"""Carries what the files say to the binding target: read, plan, brake, write, read back.

One pass is `Sync.once`; `Sync.run` repeats it when the files, the schedule or the clock give a reason. Anything that
goes wrong half-way ends the pass: the next one reads the world anew, so there is nothing to repair.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from beacon_gateway.core.bindings.drift import find_drift
from beacon_gateway.core.bindings.history.audit import AuditCause
from beacon_gateway.core.bindings.history.due import PassPermissions, due
from beacon_gateway.core.bindings.history.hold import after_apply, in_force, with_undone
from beacon_gateway.core.bindings.history.pointless import pointless
from beacon_gateway.core.bindings.history.records import ledger_updates
from beacon_gateway.core.bindings.history.undo import done_by, plan_back
from beacon_gateway.core.bindings.plan import Plan, make_plan
from beacon_gateway.core.bindings.schedule import desired
from beacon_gateway.core.bindings.target import (
    Existing,
    Hold,
    Ledger,
    NeedsOperator,
    PageRef,
    TargetError,
)
from beacon_gateway.core.model.clocks import WallClock
from beacon_gateway.core.model.settings import DriftPolicy, WeChatSettings
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.model.unread_row import RowKind, UnreadRow
from beacon_gateway.services.bindings.account_look import AccountLook, hold_of
from beacon_gateway.services.bindings.anomaly_log import AnomalyLog
from beacon_gateway.services.bindings.next_sync import CLOCK_POLL_S, LEDGER_POLL_S, PassReason
from beacon_gateway.services.bindings.plan_executor import FRESH_PLAN_S, PlanContext, PlanExecutor
from beacon_gateway.services.bindings.previews import Previews
from beacon_gateway.services.bindings.progress import Progress, SyncState, SyncStep
from beacon_gateway.services.bindings.retries import FIRST_SYNC_RETRY_S, Retries
from beacon_gateway.services.bindings.sync_loop import SyncLoop
from beacon_gateway.services.bindings.sync_ports import LedgerStore, Target, as_target_error

MAX_PLANS_PER_PASS: Final = 3
"""So often a pass plans anew because somebody is at work in the console at the same time."""


@dataclass(frozen=True, slots=True)
class ManualRequest:
    """A person who typed `apply` or `undo`, or pressed the button for it."""

    who: str = ""
    why: str = ""
    prune: bool = False
    plan: str = ""
    """The digest of the plan that was agreed to; "" for whatever there is to do."""
    seen_within: float = 0.0
    """Seconds for which a reading of the target is new enough: it was made for the plan that was agreed to."""
    keeps_hold: bool = False
    """Whether what an undo holds back stays so: what was typed concerns something else."""


@dataclass(frozen=True, slots=True)
class _PassRequest:
    """Why a pass is made, and what it may do."""

    cause: AuditCause
    write: bool
    force: bool
    leave_drift: bool
    owed: frozenset[str]
    insist: bool


class Sync:
    """Keeps one target as the files say."""

    def __init__(
        self,
        *,
        target: Target,
        ledger: LedgerStore,
        clock: WallClock,
        options: WeChatSettings,
        fresh_seconds: float = FRESH_PLAN_S,
        look_at_clock: float = CLOCK_POLL_S,
        look_at_ledger: float = LEDGER_POLL_S,
        first_retry: float = FIRST_SYNC_RETRY_S,
    ) -> None:
        self._target, self._ledger, self._clock, self._options = target, ledger, clock, options
        self._look = AccountLook(target, clock)
        self.previews = Previews(self._look, ledger, clock, options)
        self._fresh, self._retries = fresh_seconds, Retries(first_retry)
        self._loop = SyncLoop(
            ledger=ledger,
            clock=clock,
            options=options,
            retries=self._retries,
            look_at_clock=look_at_clock,
            look_at_ledger=look_at_ledger,
            progress=lambda: self.progress,
        )
        self.turn = self._loop.turn
        """Held by this sync's own passes; an order that saves files and applies them holds it over both."""
        self._store: Store | None = None
        self._log = structlog.get_logger("sync").bind(target="shakearound")
        self._anomalies = AnomalyLog(ledger, clock)
        self.progress: Progress | None = None
        """The last pass, or the one under way."""
        self.trouble: TargetError | None = None
        """Why the last pass did not come to its end; None where it did."""
        self.existing: Existing | None = None
        """The target as it was read last."""
        self.applied = 0
        self.verified = 0
        """Changes since the start."""

    def use(self, store: Store) -> None:
        """Aim at what this store says from now on."""
        self._store = store
        self._loop.use(store)

    @property
    def next_look(self) -> datetime | None:
        """When the next pass is due at the latest; aware UTC."""
        return self._loop.next_look

    async def run(self) -> None:
        """Sync at the start, when the files or the schedule change, and every `drift_every`; until cancelled."""
        await self._loop.run(self._pass)

    async def once(
        self, *, write: bool, cause: str, force: bool = False, by_hand: ManualRequest | None = None
    ) -> Progress:
        """Read and plan; if `write`, and the brake allows or `force`, carry the plan out and read it back.

        Within a daemon, its caller holds `turn`; so with `undo`. Raises TargetError where the pass could not go on;
        `progress` shows how far it came.
        """
        context = AuditCause(cause, by_hand.who, by_hand.why) if by_hand else AuditCause(cause)
        return await self._pass(context, write=write, force=force, by_hand=by_hand)

    async def _pass(
        self,
        cause: AuditCause,
        *,
        write: bool,
        force: bool = False,
        leave_drift: bool = False,
        owed: frozenset[str] = frozenset(),
        insist: bool = True,
        by_hand: ManualRequest | None = None,
    ) -> Progress:
        """With `leave_drift`, what others changed at the target stays unless the settings say `repair` or it is `owed`.

        With `insist`, and without `leave_drift`, what came to no good end before is tried again.
        """
        wish = _PassRequest(
            cause, write=write, force=force, leave_drift=leave_drift, owed=owed, insist=insist and not leave_drift
        )
        is_edit = write and cause.what == PassReason.FILES and by_hand is None
        async with self._attempt(write=write):
            # Under the lock: noted where the ledger is, never in a new one in its place.
            if is_edit and not leave_drift:
                await self._ledger.put_edit_due(due=True)
            progress = await self._plan_and_carry_out(wish, by_hand)
            for _ in range(MAX_PLANS_PER_PASS - 1):
                if not progress.has_moved or (by_hand and by_hand.plan):
                    break
                self._look.forget()
                progress = await self._plan_and_carry_out(wish, by_hand, before=progress)
            if is_edit and not progress.later:
                await self._ledger.put_edit_due(due=False)
            return progress

    async def _plan_and_carry_out(
        self, wish: _PassRequest, by_hand: ManualRequest | None, before: Progress | None = None
    ) -> Progress:
        """`before` is how far this pass came until it had to plan again."""
        store, force = self._store_in_force(), wish.force
        within = by_hand.seen_within if by_hand else 0.0
        existing, ledger, read_at = await self._read(force=force, within=within)
        clock_is_right = self._clock.synchronised()
        plan = make_plan(
            store,
            desired(store, self._clock.utc()),
            existing,
            ledger,
            force=force,
            prune=bool(by_hand and by_hand.prune),
            clock_is_right=clock_is_right,
        )
        write = wish.write
        hold = in_force(await hold_of(self._ledger, ledger, store), store)
        if write and by_hand and not by_hand.keeps_hold:
            hold = after_apply(hold, store)
        progress = self.progress = Progress.of(plan, drift=find_drift(store, existing, ledger))
        progress.keep_back(hold, store)
        progress.unread = {_named(name, existing): error for name, error in existing.unread.items()}
        if before:
            progress.go_on_from(before)
        self._anomalies.note_drift(progress.drift)
        now = self._due(progress, existing, ledger, wish)
        progress.state = self._standing(now, progress, existing, write=write, force=force, by_hand=by_hand)
        if write and hold != ledger.hold and not (progress.braked or progress.state is SyncState.STALE):
            await self._ledger.put_hold(hold)
        await self._anomalies.note_absence(store, ledger, plan, wish.cause, write=write)
        if progress.state is SyncState.APPLYING:
            number = await self._ledger.begin_run(store.revision)
            again, unread = before is not None, bool(existing.unread)
            context = PlanContext(
                wish.cause, store.revision, number, ledger, read_at, planned_again=again, unread=unread
            )
            await self._carry_out(now, progress, context)
        if write:
            entry = ledger_updates(
                store, desired(store, self._clock.utc()), existing, ledger, plan, accept_foreign=not wish.leave_drift
            )
            if entry:
                await self._ledger.record(entry)
        return progress

    def _due(self, progress: Progress, existing: Existing, ledger: Ledger, wish: _PassRequest) -> Plan:
        """Return what of a plan is to be done now."""
        progress.setbacks = pointless(progress.plan, ledger.setbacks, self._clock.utc())
        tried = progress.troubles.keys()  # before this pass had to plan again
        held = progress.held if wish.write else frozenset()
        plan = progress.plan.only(lambda change: change not in tried and change not in held)
        if wish.insist and wish.write:
            return plan
        repairs = not wish.leave_drift or self._options.drift is DriftPolicy.REPAIR
        now = due(plan, existing, ledger, PassPermissions(repairs, wish.owed, progress.setbacks))
        progress.block_what_waits()
        return now

    @asynccontextmanager
    async def _attempt(self, *, write: bool) -> AsyncIterator[None]:
        """Remember how an attempt ended; only one that may `write` holds the right to, and waits for no other."""
        self._ledger.mark_seen()
        try:
            async with self._ledger.writing() if write else nullcontext():
                yield
        except (TargetError, OSError) as error:
            self.trouble = as_target_error(error)
            if self.progress:
                self.progress.state = SyncState.OPERATOR if isinstance(error, NeedsOperator) else SyncState.RETRYING
            raise
        self.trouble = next(iter(self.progress.later.values()), None) if self.progress else None

    async def undo(self, by_hand: ManualRequest, *, force: bool = False) -> Progress:
        """Put back what the last run that changed something changed, and hold it so until somebody edits it.

        Undone once more, it is done again. Raises TargetError as `once` does.
        """
        async with self._attempt(write=True):
            store = self._store_in_force()
            existing, ledger, read_at = await self._read(force=force, within=by_hand.seen_within)
            images = done_by(await self._ledger.last_run())
            plan = plan_back(images, store, existing, ledger, force=force)
            held = in_force(await hold_of(self._ledger, ledger, store), store)
            new = Hold(store.revision, self._clock.utc(), by_hand.who, by_hand.why)
            before, after = with_undone(held, new, plan.changes, store)
            progress = self.progress = Progress.of(plan, hold=before if plan and before is not held else None)
            progress.state = self._standing(plan, progress, existing, write=True, force=force, by_hand=by_hand)
            if progress.state is SyncState.APPLYING:
                # Before the first write: nothing may do it again by itself, whatever happens now.
                await self._ledger.put_hold(before)
                cause = AuditCause("undo", by_hand.who, by_hand.why)
                # A number of its own: what is undone may be a run that came to no end.
                await self._ledger.end_run(await self._ledger.begin_run(store.revision))
                number = await self._ledger.begin_run(store.revision)
                unread = bool(existing.unread)
                await self._carry_out(
                    plan, progress, PlanContext(cause, store.revision, number, ledger, read_at, unread=unread)
                )
                if after != before:
                    await self._ledger.put_hold(after)
            return progress

    def _store_in_force(self) -> Store:
        if self._store is None:
            raise RuntimeError("no store to sync with")
        return self._store

    async def _read(self, *, force: bool, within: float = 0.0) -> tuple[Existing, Ledger, float]:
        ledger = await self._ledger.read()
        seen = await self._look.accepted(self._store_in_force(), ledger, force=force, within=within)
        self.existing = seen.existing
        return seen.existing, ledger, seen.read_at

    def _standing(
        self,
        plan: Plan,
        progress: Progress,
        existing: Existing,
        *,
        write: bool,
        force: bool,
        by_hand: ManualRequest | None,
    ) -> SyncState:
        """Tell what becomes of a plan: APPLYING, or why not."""
        if not progress.plan:
            return progress.state_at_rest
        if by_hand and by_hand.plan and by_hand.plan != plan.digest:
            return SyncState.STALE
        braked = plan if write and plan else progress.plan
        if braked.braked_by(self._options.brake) and not force:
            self._log.warning("sync.braked", losing=braked.losing, bound=braked.bound, plan=braked.digest)
            progress.braked = True
            return SyncState.BRAKED
        if not write or not plan:
            return SyncState.PENDING
        if not existing.bindings and not force:
            # Nothing to bind a page to: it is another account, or its list came empty.
            self._log.warning("sync.no_beacons", plan=plan.digest)
            return SyncState.PENDING
        return SyncState.APPLYING

    async def _carry_out(self, plan: Plan, progress: Progress, context: PlanContext) -> None:
        self._log.info("sync.applying", plan=plan.digest, changes=len(plan), cause=context.cause.what)
        executor = PlanExecutor(self._target, self._ledger, self._clock, context, fresh_seconds=self._fresh)
        try:
            await executor.execute(plan, progress, self._retries.failing(progress))
        finally:
            self._retries.note(progress)
            self._look.forget()
            self.applied += progress.applied - progress.done_before[0]
            self.verified += progress.verified - progress.done_before[1]
        if not progress.later:
            await self._ledger.end_run(context.run)
        differing = progress.count(SyncStep.REFUSED, SyncStep.DIFFERS)
        if progress.later:
            progress.state = SyncState.RETRYING
        else:
            progress.state = SyncState.PENDING if differing or progress.waiting else progress.state_at_rest
        counts = {"verified": progress.verified, "differing": differing, "left": progress.waiting}
        self._log.info("sync.applied", plan=plan.digest, **counts)


def _named(what: PageRef | UnreadRow, existing: Existing) -> str | UnreadRow:
    """Return what could not be read as people know it: a page of which only its bindings are not known has a title."""
    if isinstance(what, UnreadRow):
        return what
    page = existing.pages.get(what)
    return f"{page.title} ({what})" if page else UnreadRow(RowKind.PAGE, what)
