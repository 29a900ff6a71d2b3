"""Makes one pass after another for as long as the daemon runs, each for a reason, and says why something is left."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from beacon_gateway.core.bindings.history.audit import AuditCause
from beacon_gateway.core.bindings.target import NeedsOperator, SlowDown, TargetError, WaitForQuota
from beacon_gateway.core.model.clocks import WallClock
from beacon_gateway.core.model.settings import ApplyPolicy, DriftPolicy, Role, WeChatSettings
from beacon_gateway.core.model.store import Store
from beacon_gateway.services.bindings.next_sync import NextSync, Pass, PassReason
from beacon_gateway.services.bindings.progress import Progress
from beacon_gateway.services.bindings.retries import Retries, by_chance
from beacon_gateway.services.bindings.sync_ports import LedgerStore, as_target_error

COMPARE_JITTER_SHARE: Final = 0.1
"""Of the time between two compares, by chance: the gateways of a chain must not knock in step."""

_COMPLAINTS: Final = (
    (NeedsOperator, "sync.needs_operator"),
    ((WaitForQuota, SlowDown), "sync.waits"),
    (TargetError, "sync.failed"),
)


class PassRunner(Protocol):
    """Makes one pass, as `Sync` does. Raises TargetError, OSError."""

    def __call__(
        self, cause: AuditCause, *, write: bool, leave_drift: bool, owed: frozenset[str], insist: bool
    ) -> Awaitable[Progress]: ...


class SyncLoop:
    """Of one target."""

    def __init__(
        self,
        *,
        ledger: LedgerStore,
        clock: WallClock,
        options: WeChatSettings,
        retries: Retries,
        look_at_clock: float,
        look_at_ledger: float,
        progress: Callable[[], Progress | None],
    ) -> None:
        """`progress` gives the last pass, or the one under way."""
        self._ledger, self._clock, self._options, self._retries = ledger, clock, options, retries
        self._progress = progress
        self.turn = asyncio.Lock()
        """Held over each pass; an order that saves files and applies them holds it over both."""
        self.next_look: datetime | None = None
        """When the next pass is due at the latest; aware UTC."""
        self._store: Store | None = None
        self._new_store = asyncio.Event()
        self._next = NextSync(
            self._new_store, clock, ledger.another_wrote, look_at_clock=look_at_clock, look_at_ledger=look_at_ledger
        )
        self._back_at: datetime | None = None
        """For when a quota is back, as it was logged last."""
        self._log = structlog.get_logger("sync").bind(target="shakearound")

    def use(self, store: Store) -> None:
        """Make a pass for what this store says."""
        self._store = store
        self._new_store.set()

    async def run(self, make_pass: PassRunner) -> None:
        """Make a pass at the start, when the files or the schedule change, and every `drift_every`; until cancelled."""
        reason = PassReason.FILES if await self._owes_an_edit() else PassReason.START
        owed: frozenset[str] | None = None
        """What an edit of the files still wants, by what is sent; None for all that they say."""
        while True:
            if self._store is None:
                await self._new_store.wait()
            self._new_store.clear()
            begun, clock_was_right = self._clock.utc(), self._clock.synchronised()
            trouble: TargetError | None = None
            try:
                progress = await self._once(make_pass, reason, owed)
            except (TargetError, OSError) as error:
                trouble = as_target_error(error)
                pause = self._after_failure(trouble)
            else:
                pause = self._after(progress)
                if progress.later:
                    owed = self._retries.owed(progress)
                else:
                    reason, owed = PassReason.DRIFT, None
            self.next_look = self._clock.utc() + timedelta(seconds=pause)
            last = Pass(begun, clock_was_right, stuck=isinstance(trouble, NeedsOperator))
            reason = await self._next.wait(reason, self._store, last, pause)
            if self._new_store.is_set():
                owed = None

    async def _once(self, make_pass: PassRunner, reason: PassReason, owed: frozenset[str] | None) -> Progress:
        options, by_files = self._options, reason is PassReason.FILES
        write = options.role is Role.WRITER and options.apply is ApplyPolicy.AUTO
        if reason is PassReason.DRIFT and options.drift is DriftPolicy.REPAIR:
            write = options.role is Role.WRITER
        async with self.turn:
            return await make_pass(
                AuditCause(reason.value),
                write=write,
                leave_drift=not by_files or owed is not None,
                owed=owed or frozenset() if by_files else frozenset(),
                insist=False,
            )

    def _after_failure(self, trouble: TargetError) -> float:
        """Return the seconds until the next pass."""
        pause = self._retries.after_failure(trouble, self._clock.utc())
        if isinstance(trouble, NeedsOperator):
            pause = trouble.look_again.total_seconds()
        self._complain(trouble, pause)
        return pause

    def _after(self, progress: Progress) -> float:
        """Return the seconds until the next pass: the next compare, or sooner for what is left."""
        compare = self._options.drift_every + by_chance(self._options.drift_every * COMPARE_JITTER_SHARE)
        retry = self._retries.after(progress, self._clock.utc())
        if progress.later:
            self._complain(next(iter(progress.later.values())), compare if retry is None else retry)
        return compare if retry is None else min(compare, retry)

    async def _owes_an_edit(self) -> bool:
        """Return whether an earlier process was to carry out an edit of the files, and did not come to its end."""
        try:
            return (await self._ledger.read()).edit_is_due
        except (TargetError, OSError):
            return False  # the first pass says why

    def _complain(self, error: TargetError, pause: float) -> None:
        """Log why there is something left, and in how many seconds it is tried again; what is waited for, once."""
        before, self._back_at = self._back_at, error.until if isinstance(error, WaitForQuota) else None
        if before and before == self._back_at:
            return
        progress = self._progress()
        event = next(name for kind, name in _COMPLAINTS if isinstance(error, kind))
        left = progress.waiting if progress else None
        self._log.warning(event, code=error.code, reason=str(error), pause=round(pause), left=left)
