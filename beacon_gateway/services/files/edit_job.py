"""One order about the store's files, from what was asked to what came of it: check, plan, save, apply, undo.

Whatever speaks against it ends it before anything is saved; what is saved stays saved, whatever the target says then.
"""

import asyncio
from dataclasses import replace
from datetime import datetime
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS
from typing import Final, Protocol

import structlog

from beacon_gateway.core.bindings.target import TargetError, TryLater
from beacon_gateway.core.files.editing import (
    CAUSE,
    CheckResult,
    EditAction,
    EditCounts,
    EditOutcome,
    JobState,
    Preview,
    StoreFile,
    beacons_taken,
    beacons_unprotected,
    may_apply,
    may_edit,
)
from beacon_gateway.core.model.clocks import WallClock
from beacon_gateway.core.model.settings import ApplyPolicy, Role, WeChatSettings
from beacon_gateway.core.sentences.system_errors import reason_of
from beacon_gateway.core.text.newlines import for_file
from beacon_gateway.services.bindings.previews import READING_VALID_S
from beacon_gateway.services.bindings.progress import Progress, SyncState, SyncStep
from beacon_gateway.services.bindings.sync import ManualRequest, Sync
from beacon_gateway.services.bindings.sync_ports import as_target_error
from beacon_gateway.services.files.file_calls import FileCalls, FilesTimeout
from beacon_gateway.services.files.store_reloader import StoreReloader

NAMELESS: Final = "page"
"""Who did it, where visitors have no names."""

_REASONS: Final = {EACCES: "permission", EPERM: "permission", EROFS: "permission", ENOSPC: "full", EDQUOT: "full"}


class EditableFiles(Protocol):
    """The store's files as they are edited. Nothing here is quick: it is called in a thread."""

    def find(self, name: str) -> StoreFile | None: ...

    def check(self, name: str, text: str) -> CheckResult:
        """Read all files as they would be with this text. Raises KeyError if there is no such file any more."""

    def save(self, file: StoreFile, text: str, *, who: str, at: datetime) -> bool:
        """Put a text in the place of `file`; False if something else is there by now. Raises OSError."""


class _Ended(Exception):  # noqa: N818 - the end of an order, often no error
    """Nothing more is to be done for an order."""

    def __init__(self, work: JobState) -> None:
        self.work = work


class EditJob:
    """`work` is how far it is. Use for one order only, and never for two at a time."""

    def __init__(
        self,
        work: JobState,
        *,
        files: EditableFiles,
        reload: StoreReloader,
        sync: Sync | None,
        options: WeChatSettings | None,
        clock: WallClock,
        checking: asyncio.Lock,
        looks: FileCalls,
    ) -> None:
        """`sync` is None where this gateway keeps no account; `checking` is held while files are read."""
        self._work, self._order = work, work.request
        self._files, self._reload, self._clock, self._checking = files, reload, clock, checking
        self._ask = looks.ask
        self._sync = sync
        self._by_hand = options is not None and options.apply is ApplyPolicy.MANUAL
        self._writer = sync if options is not None and options.role is Role.WRITER else None
        self._before: Progress | None = None
        self._carries_out = False
        self._edits = False
        """Whether what was typed differs from the file as it was found."""
        self._log = structlog.get_logger("editing")

    @property
    def work(self) -> JobState:
        progress = self._sync.progress if self._sync and self._carries_out else None
        if progress is None or progress is self._before or self._work.outcome.is_over:
            return self._work
        return replace(self._work, counts=_counts(progress))

    async def run(self) -> None:
        """Do it. The outcome says what went wrong."""
        self._note(outcome=EditOutcome.WORKING)
        try:
            match self._order.action:
                case EditAction.CHECK:
                    await self._look_over()
                case EditAction.PLAN:
                    await self._plan()
                case EditAction.APPLY | EditAction.SAVE:
                    await self._apply()
                case EditAction.UNDO | EditAction.LOOK_BACK:
                    await self._undo()
        except _Ended as ended:
            self._work = ended.work
        except FilesTimeout:
            self._note(outcome=EditOutcome.NO_FILES)
        except (TargetError, OSError) as error:
            self._failed(as_target_error(error))
        except Exception as error:  # whatever it is, the caller is not left waiting
            self._failed(TryLater(f"an internal fault: {type(error).__name__}"))
            raise

    def _failed(self, trouble: TargetError) -> None:
        if self._carries_out and self._sync:
            self._log.warning("editing.not_applied", code=trouble.code, reason=str(trouble))
            done = self._sync.progress if self._sync.progress is not self._before else None
            self._note(outcome=EditOutcome.SAVED_ONLY, trouble=trouble, counts=_counts(done) if done else EditCounts())
        else:
            self._note(outcome=EditOutcome.NO_TARGET, trouble=trouble)

    async def _look_over(self) -> tuple[StoreFile, CheckResult]:
        """Find the file and read all of them with the new text."""
        order = self._order
        now = await self._ask(self._files.find, order.file)
        self._note(now=now)
        if now is None:
            raise self._end(EditOutcome.GONE)
        self._edits = for_file(order.typed, now.text) != now.text
        if not may_edit(order.visitor, now):
            raise self._end(EditOutcome.FORBIDDEN)
        if now.fault:
            raise self._end(EditOutcome.LOCKED)
        if order.action in {EditAction.APPLY, EditAction.SAVE} and order.base != now.digest:
            raise self._end(EditOutcome.CHANGED)
        try:
            async with self._checking:
                checked = await self._ask(self._files.check, order.file, for_file(order.typed, now.text))
        except KeyError:
            raise self._end(EditOutcome.GONE) from None
        self._note(checked=checked)
        if checked.is_own_fault:
            raise self._end(EditOutcome.FAULTY)
        if not may_edit(order.visitor, replace(now, floor=checked.floor)):  # a floor's file stays that floor's
            raise self._end(EditOutcome.FORBIDDEN)
        self._check_beacons(checked)
        if checked.new:
            raise self._end(EditOutcome.BREAKS_OTHERS)
        self._note(outcome=EditOutcome.CHECKED)
        return now, checked

    def _check_beacons(self, checked: CheckResult) -> None:
        """End the order where it gives or takes what only IT gives and takes."""
        for beacons_of, outcome in ((beacons_taken, EditOutcome.TAKES), (beacons_unprotected, EditOutcome.UNPROTECTS)):
            if named := beacons_of(self._order.visitor, checked.floor, self._reload.store, checked.store):
                self._note(reason=", ".join(named))
                raise self._end(outcome)

    async def _plan(self) -> None:
        _, checked = await self._look_over()
        self._note(outcome=EditOutcome.WORKING)
        if self._sync is None or not checked.is_sound:
            raise self._end(EditOutcome.NO_PLAN)
        preview = await self._sync.previews.of(checked.store, force=self._forces, keeps_hold=self._keeps_hold)
        self._note(outcome=EditOutcome.PLANNED, preview=preview)

    async def _apply(self) -> None:
        """Save and carry out, or say why not. With SAVE nobody saw a plan: the next pass makes one."""
        now, checked = await self._look_over()
        self._note(outcome=EditOutcome.WORKING)
        former = self._reload.store
        preview: Preview | None = None
        carries_out = self._order.action is EditAction.APPLY
        if self._writer and checked.is_sound and carries_out:
            preview = await self._writer.previews.of(
                checked.store, force=self._forces, within=0.0, keeps_hold=self._keeps_hold
            )
            self._is_agreed(preview)
        await self._save(now)
        if not checked.is_sound:
            raise self._end(EditOutcome.SAVED_FAULTY)
        if preview is None or self._writer is None:
            raise self._end(EditOutcome.SAVED if self._writer is None else EditOutcome.SAVED_FOR_LATER)
        if self._by_hand and not may_apply(self._order.visitor, preview.plan, former, checked.store):
            raise self._end(EditOutcome.SAVED_FOR_IT)
        await self._carry_out(preview, self._writer)

    async def _save(self, now: StoreFile) -> None:
        """Save and load, if there is something to save."""
        text = for_file(self._order.typed, now.text)
        if text == now.text:
            return
        try:
            saved = await self._ask(self._files.save, now, text, who=self._who, at=self._clock.utc())
        except FilesTimeout:
            self._note(reason="save")
            raise
        except OSError as error:
            self._note(reason=_REASONS.get(error.errno or 0) or reason_of(error))
            self._log.warning("editing.not_saved", file=now.shown_as, reason=str(error))
            raise self._end(EditOutcome.NOT_SAVED) from error
        if not saved:
            found = await self._ask(self._files.find, self._order.file)
            self._note(now=found)
            raise self._end(EditOutcome.CHANGED if found else EditOutcome.GONE)
        self._log.info("editing.saved", file=now.shown_as, who=self._who)
        await self._reload.load()

    async def _undo(self) -> None:
        """Show what an undo would do, or do what was seen."""
        store, undoes = self._reload.store, self._order.action is EditAction.UNDO
        if self._writer is None or store is None:
            raise self._end(EditOutcome.NO_PLAN)
        within = 0.0 if undoes else READING_VALID_S
        preview = await self._writer.previews.of_undo(store, force=self._forces, within=within)
        self._note(preview=preview)
        if not (preview.plan or preview.plan.leaves_out):
            raise self._end(EditOutcome.NOTHING)
        if not may_apply(self._order.visitor, preview.plan, store):
            raise self._end(EditOutcome.NEEDS_IT)
        if not undoes:
            raise self._end(EditOutcome.PLANNED)
        self._is_agreed(preview)
        await self._carry_out(preview, self._writer)

    def _is_agreed(self, preview: Preview) -> None:
        """Make sure that somebody saw this plan, and may carry it out."""
        self._note(preview=preview)
        if not preview.plan:
            return
        if not self._order.agreed:
            raise self._end(EditOutcome.AGREE)
        if self._order.agreed != preview.plan.digest:
            raise self._end(EditOutcome.STALE)
        if preview.braked and not self._forces:
            raise self._end(EditOutcome.BRAKED)

    async def _carry_out(self, preview: Preview, sync: Sync) -> None:
        """Do what the plan says that was agreed to. Raises TargetError, OSError."""
        self._before, self._carries_out = sync.progress, True
        plan = preview.plan.digest
        by_hand = ManualRequest(
            self._who, self._order.reason.strip(), plan=plan, seen_within=READING_VALID_S, keeps_hold=self._keeps_hold
        )
        if self._order.action is EditAction.UNDO:
            progress = await sync.undo(by_hand, force=self._forces)
        else:
            progress = await sync.once(write=True, cause=CAUSE, force=self._forces, by_hand=by_hand)
        well = progress.state is SyncState.IN_SYNC or (progress.waits_only_for_hold and self._keeps_hold)
        later = EditOutcome.SAVED_ONLY if progress.state is SyncState.RETRYING else EditOutcome.UNFINISHED
        self._note(
            outcome=EditOutcome.DONE if well else later,
            preview=replace(preview, plan=progress.plan, hold=progress.hold),
            counts=_counts(progress),
            trouble=progress.trouble,
            reason="" if well else progress.state.value,
        )

    @property
    def _who(self) -> str:
        return self._order.visitor.name or NAMELESS

    @property
    def _keeps_hold(self) -> bool:
        """True if what was undone stays so: an edit concerns itself; IT that applies a file as it is means it."""
        now = self._work.now
        return now is None or self._edits or not self._order.visitor.is_it

    @property
    def _forces(self) -> bool:
        """True if somebody goes on past the brake who may, and says why."""
        order = self._order
        return order.force and order.visitor.is_it and bool(order.reason.strip())

    def _note(self, **known: object) -> None:
        self._work = replace(self._work, **known)  # type: ignore[arg-type]  # the fields of what it replaces

    def _end(self, outcome: EditOutcome) -> _Ended:
        return _Ended(replace(self._work, outcome=outcome))


def _counts(progress: Progress) -> EditCounts:
    failed = progress.count(SyncStep.REFUSED, SyncStep.DIFFERS)
    return EditCounts(len(progress.steps), progress.applied, progress.verified, failed)
