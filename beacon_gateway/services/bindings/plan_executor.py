"""Carries one plan out: ledger first, then the call, and at the end everything that was written is read back.

The trouble of one page or beacon is its own: it is noted, and all that does not depend on it is done. What concerns
every call, or meets one thing after another, ends the pass.
"""

import asyncio
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import structlog

from beacon_gateway.core.bindings.history.audit import BEGUN, REFUSED, AuditCause, LedgerEntry
from beacon_gateway.core.bindings.history.circuit_breaker import CircuitBreaker
from beacon_gateway.core.bindings.history.sent import SentChange, made, sent_key, to_send
from beacon_gateway.core.bindings.plan import Change, DeletePage, EditPage, MakePage, Plan, Rebind, RestorePage
from beacon_gateway.core.bindings.setback import Setback
from beacon_gateway.core.bindings.target import (
    Blocked,
    IconAway,
    Ledger,
    Moved,
    Outdated,
    PageRef,
    Refused,
    SlowDown,
    TargetError,
    TryLater,
    Unreachable,
    WaitForQuota,
)
from beacon_gateway.core.model.clocks import WallClock
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.services.bindings.ledger_writer import LedgerWriter, name_of
from beacon_gateway.services.bindings.progress import Progress, SyncStep
from beacon_gateway.services.bindings.reading_back import ReadingBack
from beacon_gateway.services.bindings.sync_ports import LedgerStore, Target

FRESH_PLAN_S: Final = 5.0
"""A plan older than this looks at a beacon once more before it overwrites its pages: somebody may be at the console."""
BEACONS_PER_BLOCK: Final = 10
"""Beacons that are looked at together."""


@dataclass(frozen=True, slots=True)
class PlanContext:
    """On whose word a plan is carried out, and what it was made from."""

    cause: AuditCause
    revision: str
    run: int
    ledger: Ledger
    read_at: float
    """In the event loop's time."""
    planned_again: bool = False
    """Whether the target was read anew since this pass found that it has moved."""
    unread: bool = False
    """Whether something at the target could not be read: a beacon may show what no list names."""


class PlanExecutor:
    """One plan on its way to the target."""

    def __init__(
        self,
        target: Target,
        ledger: LedgerStore,
        clock: WallClock,
        context: PlanContext,
        *,
        fresh_seconds: float = FRESH_PLAN_S,
    ) -> None:
        self._target, self._book, self._clock, self._context = target, ledger, clock, context
        self._fresh = fresh_seconds
        self._known: dict[str, PageRef] = {}
        self._written: dict[Change, SentChange] = {}
        self._uncertain: dict[Change, SentChange] = {}
        """What came to nothing, as far as the answers say; it may have arrived all the same."""
        self._used_up: dict[type[Change], TryLater] = {}
        """Kinds of changes that the target takes none of for now."""
        self._breaker = CircuitBreaker()
        self._log = structlog.get_logger("sync").bind(target="shakearound")

    async def execute(self, plan: Plan, progress: Progress, last: AbstractSet[Change] = frozenset()) -> None:
        """Write and read back; `last` comes behind all else, since it came to nothing before.

        Raises TargetError for what is not one change's own trouble; what was written is read back then too.
        """
        self._known = dict(plan.known)
        context = self._context
        scribe = LedgerWriter(
            self._book, self._clock, context.cause, plan=plan.digest, revision=context.revision, run=context.run
        )
        reading = ReadingBack(self._target, scribe, self._context.ledger)
        try:
            for part in _parts(plan, last):
                await self._write_all(part, plan, progress, scribe)
        except TargetError:
            await reading.verify(progress, self._written, self._uncertain)
            raise
        absent = await reading.verify(progress, self._written, self._uncertain)
        if again := _worth_another_try(plan, progress, absent):
            try:
                await self._write_all(again, plan, progress, scribe)
            finally:
                await reading.verify(progress, self._written, self._uncertain)

    async def _write_all(self, part: Plan, plan: Plan, progress: Progress, scribe: LedgerWriter) -> None:
        for change in part.pages:
            await self._try(change, progress, scribe)
        for start in range(0, len(part.bindings), BEACONS_PER_BLOCK):
            block = [
                change
                for change in part.bindings[start : start + BEACONS_PER_BLOCK]
                if self._has_its_pages(change, progress)
            ]
            for binding in await self._look_again(block, progress):
                await self._try(binding, progress, scribe)
        for deletion in part.deletions:
            if still_shown(deletion.ref, plan.bindings, progress):
                progress.fail(deletion, SyncStep.BLOCKED, Blocked(f"a beacon still shows page {deletion.ref}"))
            else:
                await self._try(deletion, progress, scribe)

    def _has_its_pages(self, change: Rebind, progress: Progress) -> bool:
        missing = [slug for slug in change.pages if slug not in self._known]
        if missing:
            progress.fail(change, SyncStep.BLOCKED, Blocked.by_page(missing[0]))
        return not missing

    async def _look_again(self, block: Sequence[Rebind], progress: Progress) -> list[Rebind]:
        """Return those that are as they were planned for; one that was verified and planned just now is not asked."""
        context, asked = self._context, list(block)
        verified = context.ledger.verified.bindings
        if not context.unread and asyncio.get_running_loop().time() - context.read_at < self._fresh:
            # What was not verified is known from a list only, which may lack what others bound.
            asked = [change for change in block if verified.get(change.key) != change.before]
        if not asked:
            return list(block)
        seen = await self._target.read_back([change.key for change in asked], [])
        still: list[Rebind] = []
        for change in block:
            if change not in asked:
                still.append(change)
            elif trouble := seen.unread.get(change.key):
                self._postpone(change, progress, trouble)
            elif seen.bindings.get(change.key) != change.before:
                self._postpone(change, progress, self._otherwise(change))
            else:
                still.append(change)
        return still

    def _otherwise(self, change: Rebind) -> TargetError:
        """Return the trouble of a beacon that shows other pages than it was planned for."""
        if self._context.unread:  # a new plan would not know better
            return TryLater(f"{change.key} shows other pages than the lists say, of which not all can be read")
        return Moved(f"the pages of {change.key} were changed by somebody else just now")

    async def _try(self, change: Change, progress: Progress, scribe: LedgerWriter) -> None:
        """Write one change, or note why not. Raises what is not its own trouble."""
        if used_up := self._used_up.get(type(change)):
            progress.fail(change, SyncStep.POSTPONED, used_up)
            return
        self._uncertain.pop(change, None)
        sent = None if isinstance(change, MakePage) else to_send(change, self._known, self._context.ledger)
        try:
            self._written[change] = await self._write(change, sent, scribe)
        except Refused as error:
            self._breaker.answered()
            await self._refused(change, progress, error, scribe, sent)
        except TryLater as error:
            self._came_to_nothing(change, progress, error, sent)
        else:
            self._breaker.answered()
            progress.succeed(change, SyncStep.WRITTEN)
            if isinstance(change, MakePage):
                progress.made[change.page.slug] = self._known[change.page.slug]

    async def _write(self, change: Change, sent: SentChange | None, scribe: LedgerWriter) -> SentChange:
        match change:
            case MakePage(page):
                # A page/add whose answer is lost is found again by its mark, so nothing can be noted before it.
                ref = await self._target.make_page(page)
                self._known[page.slug] = ref
                sent = made(change, ref)
                await self._begin(change, sent, scribe)
                return sent
        if sent is None:
            raise RuntimeError("unreachable")
        await self._begin(change, sent, scribe)
        match change:
            case EditPage(page, ref, _):
                await self._target.edit_page(ref, page)
            case RestorePage(_, ref, _, former):
                await self._target.restore_page(ref, former)
            case DeletePage(ref, _):
                await self._target.delete_page(ref)
            case Rebind(key):
                await self._target.bind(key, sent.refs)
        return sent

    async def _begin(self, change: Change, sent: SentChange, scribe: LedgerWriter) -> None:
        noted = sent.entry
        line = scribe.line(change, BEGUN, sent.image)
        await scribe.record(LedgerEntry((line,), noted.pages, noted.bindings, sent=noted.sent))

    async def _refused(
        self, change: Change, progress: Progress, error: Refused, scribe: LedgerWriter, sent: SentChange | None
    ) -> None:
        line = scribe.line(change, f"{REFUSED} {error.code}".strip())
        if isinstance(error, Outdated) and not self._context.planned_again:
            await scribe.record(LedgerEntry((line,), unsent=_subjects(sent)))
            self._postpone(change, progress, Moved(str(error), error.code))
            return
        progress.fail(change, SyncStep.REFUSED, error)
        setback = Setback(scribe.now(), name_of(change), error.code, str(error))
        await scribe.record(
            LedgerEntry((line,), unsent=_subjects(sent), setbacks={sent_key(change, self._known): setback})
        )
        self._log.error("sync.refused", change=name_of(change), code=error.code, reason=str(error))

    def _came_to_nothing(self, change: Change, progress: Progress, error: TryLater, sent: SentChange | None) -> None:
        """Note a trouble that may pass. Raises it where it is not this change's own."""
        self._postpone(change, progress, error)
        if isinstance(error, IconAway):  # nothing was sent
            return
        if isinstance(error, WaitForQuota | SlowDown) and not error.concerns_all:
            if not isinstance(change, EditPage | MakePage):  # some send an icon first, and others do not
                self._used_up[type(change)] = error
            return
        if sent:
            self._uncertain[change] = sent
        self._breaker.met(error)

    def _postpone(self, change: Change, progress: Progress, error: TargetError) -> None:
        progress.fail(change, SyncStep.POSTPONED, error)
        self._log.warning("sync.postponed", change=name_of(change), code=error.code, reason=str(error))


def _worth_another_try(plan: Plan, progress: Progress, absent: AbstractSet[Change]) -> Plan | None:
    """Return what a busy moment kept from being done, and was read to be `absent`.

    Whatever waited for an answer in vain is left to a later pass, as are pages: none may be made twice.
    """
    again = {change for change in absent if not isinstance(progress.troubles[change], Unreachable)}
    return plan.only(lambda change: change in again) if again else None


def _parts(plan: Plan, last: AbstractSet[Change]) -> Iterable[Plan]:
    """Split a plan: first what nothing speaks against, then what came to nothing before and what waits for that.

    Deletions come at the very end: what still shows a page may be among the last.
    """
    late_pages = {change.page.slug for change in last if isinstance(change, MakePage)}

    def is_late(change: Change) -> bool:
        waits = isinstance(change, Rebind) and not late_pages.isdisjoint(change.pages)
        return waits or change in last or isinstance(change, DeletePage)

    yield plan.only(lambda change: not is_late(change))
    yield plan.only(is_late)


def still_shown(ref: PageRef, bindings: Iterable[Rebind], progress: Progress) -> bool:
    """Return whether a page is on a beacon from which it was to be taken, and was not."""
    done = {SyncStep.WRITTEN, SyncStep.VERIFIED}
    return any(ref in change.loses and progress.steps.get(change) not in done for change in bindings)


def _subjects(sent: SentChange | None) -> frozenset[BeaconKey | PageRef]:
    """Return what the ledger notes as sent."""
    return frozenset({*sent.entry.sent.pages, *sent.entry.sent.bindings}) if sent else frozenset()
