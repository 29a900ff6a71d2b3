"""Carries what the files say to the binding target: read, plan, brake, write, read back.

One pass is `Sync.once`; `Sync.run` repeats it when the files, the schedule or the clock give a reason. Anything that
goes wrong half-way ends the pass: the next one reads the world anew, so there is nothing to repair.
"""

import asyncio
import random
from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Protocol

import structlog

from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.plan import EditPage, MakePage, Plan, Rebind, as_it_should_be, make_plan
from beacon_gateway.core.schedule import desired, next_switch
from beacon_gateway.core.settings import Apply, Drift, Role, WeChat
from beacon_gateway.core.store import OwnPage, Store
from beacon_gateway.core.target import (
    Existing,
    Ledger,
    NeedsOperator,
    PageRef,
    Refused,
    SlowDown,
    TargetError,
    TryLater,
    WaitForQuota,
)

Change = MakePage | EditPage | Rebind

FIRST_RETRY: Final = 5.0
LONGEST_RETRY: Final = 600.0
"""Seconds. Doubled each time, with up to a half more by chance: the gateways of a chain must not knock in step."""


class Target(Protocol):
    """Where bindings live. Every method raises `TargetError`, and nothing else, when the target does not do it."""

    async def read(self) -> Existing:
        """Read all pages and the bindings of all beacons."""

    async def read_back(self, beacons: Sequence[BeaconKey], pages: Sequence[PageRef]) -> Existing:
        """Read only these; what does not exist is left out."""

    async def make_page(self, page: OwnPage) -> PageRef: ...

    async def edit_page(self, ref: PageRef, page: OwnPage) -> None: ...

    async def bind(self, beacon: BeaconKey, pages: Iterable[PageRef]) -> None:
        """Make a beacon's pages exactly these."""


class LedgerBook(Protocol):
    """Durable memory of what this gateway did. Each method returns when it is on the card."""

    def writing(self) -> AbstractAsyncContextManager[None]:
        """Hold the right to write to the target; one process at a time."""

    async def read(self) -> Ledger: ...

    async def put_page(self, slug: str, ref: PageRef) -> None: ...

    async def put_binding(self, beacon: BeaconKey, pages: frozenset[PageRef]) -> None: ...

    async def note(self, at: datetime, cause: str, plan: str, change: str, outcome: str) -> None:
        """Append one line to the audit log."""


class WallClock(Protocol):
    def utc(self) -> datetime: ...


class Reason(StrEnum):
    """Why a pass is due, for the audit log too."""

    START = "start"
    FILES = "files"
    SCHEDULE = "schedule"
    DRIFT = "drift"


class State(StrEnum):
    STARTING = "starting"
    IN_SYNC = "in-sync"
    APPLYING = "applying"
    PENDING = "pending"
    """Something is to be done, and waits for a person or for `apply: auto`."""
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

    def count(self, *steps: Step) -> int:
        return sum(1 for step in self.steps.values() if step in steps)

    @property
    def applied(self) -> int:
        return self.count(Step.WRITTEN, Step.VERIFIED, Step.DIFFERS)

    @property
    def verified(self) -> int:
        return self.count(Step.VERIFIED)


class Sync:
    """Keeps one target as the files say."""

    def __init__(self, *, target: Target, ledger: LedgerBook, clock: WallClock, options: WeChat) -> None:
        self._target, self._ledger, self._clock, self._options = target, ledger, clock, options
        self._store: Store | None = None
        self._new_store = asyncio.Event()
        self._log = structlog.get_logger("sync").bind(target="shakearound")
        self.progress: Progress | None = None
        """The last pass, or the one under way."""
        self.trouble: TargetError | None = None
        self.existing: Existing | None = None
        """The target as it was read last."""
        self.applied = 0
        self.verified = 0
        """Changes since the start."""

    def use(self, store: Store) -> None:
        """Aim at what this store says from now on."""
        self._store = store
        self._new_store.set()

    async def run(self) -> None:
        """Sync at the start, when the files or the schedule change, and every `drift_every`; until cancelled."""
        retry = FIRST_RETRY
        reason = Reason.START
        while True:
            if self._store is None:
                await self._new_store.wait()
            self._new_store.clear()
            begun = self._clock.utc()
            try:
                await self.once(write=self._may_write(reason), cause=reason)
            except NeedsOperator as error:
                self._complain("sync.needs_operator", error)
                pause = error.look_again.total_seconds()
            except (WaitForQuota, SlowDown) as error:
                self._complain("sync.waits", error)
                pause = max(FIRST_RETRY, (error.until - self._clock.utc()).total_seconds()) + retry * random.random()  # noqa: S311 - spreads load
            except (TargetError, OSError) as error:
                self._complain("sync.failed", _as_target_error(error))
                pause = retry * (1 + random.random() / 2)  # noqa: S311 - spreads load, guards nothing
                retry = min(retry * 2, LONGEST_RETRY)
            else:
                self.trouble = None
                retry = FIRST_RETRY
                pause = self._options.drift_every
                reason = Reason.DRIFT
            reason = await self._next(reason, begun, pause)

    def _may_write(self, reason: Reason) -> bool:
        """Tell whether a pass for this reason may write without a person."""
        options = self._options
        if reason is Reason.DRIFT:
            return options.role is Role.WRITER and options.drift is Drift.REPAIR
        return options.role is Role.WRITER and options.apply is Apply.AUTO

    async def once(self, *, write: bool, force: bool = False, cause: str) -> Progress:
        """Read and plan; if `write`, and the brake allows or `force`, carry the plan out and read it back.

        Raises TargetError where the pass could not go on; `progress` shows how far it came.
        """
        if self._store is None:
            raise RuntimeError("no store to sync with")
        async with self._ledger.writing():
            store = self._store
            existing, ledger = await self._target.read(), await self._ledger.read()
            self.existing = existing
            if (ledger.pages or ledger.bindings) and not existing.pages and not force:
                raise TryLater("the account lists no page at all, and there were some; if that is right: apply --force")
            plan = make_plan(store, desired(store, self._clock.utc()), existing, ledger, force=force)
            progress = self.progress = Progress(plan, steps=dict.fromkeys((*plan.pages, *plan.bindings), Step.WAITING))
            if not plan:
                progress.state = State.IN_SYNC
            elif plan.braked_by(self._options.brake) and not force:
                progress.state = State.BRAKED
                self._log.warning("sync.braked", losing=plan.losing, bound=plan.bound, plan=plan.digest)
            elif not write:
                progress.state = State.PENDING
            elif not existing.bindings and not force:
                # Nothing to bind a page to: it is another account, or its list came empty.
                progress.state = State.PENDING
                self._log.warning("sync.no_beacons", plan=plan.digest)
            else:
                await self._carry_out(progress, cause)
            if write:
                await self._forget_what_is_gone(existing, ledger, plan)
        return progress

    async def _forget_what_is_gone(self, existing: Existing, ledger: Ledger, plan: Plan) -> None:
        """Leave to others what was taken away by a call whose answer was lost, or by somebody else."""
        changed = {change.key for change in plan.bindings}
        for key, ours in ledger.bindings.items():
            if key in existing.bindings and key not in changed and ours - existing.bindings[key]:
                await self._ledger.put_binding(key, ours & existing.bindings[key])

    async def _carry_out(self, progress: Progress, cause: str) -> None:
        plan = progress.plan
        self._log.info("sync.applying", plan=plan.digest, changes=len(plan), cause=cause)
        known = dict(plan.known)
        written: dict[Change, frozenset[PageRef]] = {}
        try:
            for change in (*plan.pages, *plan.bindings):
                try:
                    written[change] = await self._write(change, known)
                except Refused as error:
                    progress.steps[change] = Step.REFUSED
                    progress.trouble = progress.trouble or error
                    await self._note(cause, plan, change, f"refused {error.code}")
                    self._log.error("sync.refused", change=name_of(change), code=error.code, reason=str(error))
                else:
                    progress.steps[change] = Step.WRITTEN
                    self.applied += 1
        except TargetError:
            await self._verify(progress, cause, written)
            raise
        await self._verify(progress, cause, written)
        differing = progress.count(Step.REFUSED, Step.DIFFERS)
        progress.state = State.PENDING if differing else State.IN_SYNC
        self._log.info("sync.applied", plan=plan.digest, verified=progress.verified, differing=differing)

    async def _write(self, change: Change, known: dict[str, PageRef]) -> frozenset[PageRef]:
        """Write one change, ledger first; give the references that it concerns."""
        match change:
            case MakePage(page):
                # A page/add whose answer is lost is found again by its mark, so nothing can be noted before it.
                known[page.slug] = await self._target.make_page(page)
                await self._ledger.put_page(page.slug, known[page.slug])
                return frozenset({known[page.slug]})
            case EditPage(page, ref, _):
                await self._ledger.put_page(page.slug, ref)
                await self._target.edit_page(ref, page)
                return frozenset({ref})
            case Rebind():
                missing = [slug for slug in change.pages if slug not in known]
                if missing:
                    raise Refused(f"page {missing[0]} could not be made")
                ours = frozenset(known[slug] for slug in change.pages)
                await self._ledger.put_binding(change.key, ours | change.loses)
                await self._target.bind(change.key, ours | change.keeps)
                return ours | change.keeps

    async def _verify(self, progress: Progress, cause: str, written: dict[Change, frozenset[PageRef]]) -> None:
        """Read back what was written, compare, and only then let the ledger forget what was taken away."""
        if not written:
            return
        beacons = [change.key for change in written if isinstance(change, Rebind)]
        pages = [ref for change, refs in written.items() if not isinstance(change, Rebind) for ref in refs]
        try:
            seen = await self._target.read_back(beacons, pages)
        except TargetError:
            self._log.warning("sync.not_verified", changes=len(written))
            raise
        for change, refs in written.items():
            if isinstance(change, Rebind):
                as_written = seen.bindings.get(change.key) == refs
                if as_written:
                    await self._ledger.put_binding(change.key, refs - change.keeps)
            else:
                as_written = all(seen.pages.get(ref) == as_it_should_be(change.page) for ref in refs)
            progress.steps[change] = Step.VERIFIED if as_written else Step.DIFFERS
            self.verified += as_written
            await self._note(cause, progress.plan, change, "verified" if as_written else "differs")
            if not as_written:
                self._log.error("sync.differs", change=name_of(change))

    async def _note(self, cause: str, plan: Plan, change: Change, outcome: str) -> None:
        await self._ledger.note(self._clock.utc(), cause, plan.digest, name_of(change), outcome)

    async def _next(self, reason: Reason, begun: datetime, pause: float) -> Reason:
        """Wait for another store, a switch of the schedule, or until `pause` seconds are over; give what it was.

        Switches are counted from when the last pass began: one that fell into it was not seen by it.
        """
        # An account that needs a person is left alone: no switch can be made there.
        stuck = isinstance(self.trouble, NeedsOperator)
        switch = next_switch(self._store, begun) if self._store and not stuck else None
        if switch and (until := (switch.astimezone(UTC) - self._clock.utc()).total_seconds()) < pause:
            pause, reason = max(0.0, until), Reason.SCHEDULE
        try:
            async with asyncio.timeout(pause):
                await self._new_store.wait()
        except TimeoutError:
            return reason
        return Reason.FILES

    def _complain(self, event: str, error: TargetError) -> None:
        self.trouble = error
        if self.progress:
            self.progress.state = State.OPERATOR if isinstance(error, NeedsOperator) else State.RETRYING
        self._log.warning(event, code=error.code, reason=str(error))


def _as_target_error(error: TargetError | OSError) -> TargetError:
    return error if isinstance(error, TargetError) else TryLater(f"the ledger cannot be used: {error}")


def name_of(change: Change) -> str:
    """Name a change for logs and the audit."""
    match change:
        case MakePage(page):
            return f"make page {page.slug}"
        case EditPage(page, ref, _):
            return f"edit page {page.slug} ({ref})"
        case Rebind():
            return f"bind {change.key} to {', '.join(change.pages) or 'nothing'}"
