"""Carries out what is asked on the page of bindings, one order at a time, as a task of the daemon.

An order is one turn: while it checks, saves, loads and carries out, no pass of the daemon's own comes in between.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import structlog

from beacon_gateway.core.files.editing import EditRequest, JobState, SyncSnapshot
from beacon_gateway.core.model.clocks import WallClock
from beacon_gateway.core.model.settings import ApplyPolicy, Role, WeChatSettings
from beacon_gateway.services.bindings.sync import Sync
from beacon_gateway.services.files.edit_job import NAMELESS, EditableFiles, EditJob
from beacon_gateway.services.files.file_calls import FileCalls
from beacon_gateway.services.files.store_reloader import StoreReloader

MAX_WAITING_JOBS: Final = 4
"""Orders that may wait; more people than that do not press buttons in one store at one time."""
MAX_FINISHED_JOBS: Final = 8
"""Orders of which it is known what became of them; each holds a text."""


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    order: EditJob
    over: asyncio.Event = field(default_factory=asyncio.Event)


class EditQueue:
    """`sync` is None where this gateway keeps no account."""

    def __init__(
        self,
        *,
        files: EditableFiles,
        reload: StoreReloader,
        sync: Sync | None,
        options: WeChatSettings | None,
        clock: WallClock,
        looks: FileCalls | None = None,
    ) -> None:
        self._files, self._reload, self._sync, self._options, self._clock = files, reload, sync, options, clock
        self.looks = looks or FileCalls()
        self._waiting: asyncio.Queue[_Job] = asyncio.Queue(MAX_WAITING_JOBS)
        self._jobs: dict[str, _Job] = {}
        self._checking = asyncio.Lock()  # the worst of files takes 100 MB while it is read: one at a time
        self._log = structlog.get_logger("editing")

    async def check(self, order: EditRequest) -> JobState:
        """Look a text over, at once."""
        checking = self._of(JobState("", order))
        await checking.run()
        return checking.work

    def begin(self, order: EditRequest) -> JobState | None:
        """Put an order behind the others; None if there are too many."""
        job = _Job(self._of(JobState(secrets.token_urlsafe(9), order)))
        try:
            self._waiting.put_nowait(job)
        except asyncio.QueueFull:
            return None
        finished = [ident for ident, known in self._jobs.items() if known.over.is_set()]
        for ident in finished[: max(0, len(self._jobs) + 1 - MAX_FINISHED_JOBS)]:
            del self._jobs[ident]
        work = job.order.work
        self._jobs[work.ident] = job
        return work

    async def wait(self, ident: str, seconds: float) -> JobState | None:
        """Return what became of an order, or how far it is by then; None if it is not known any more."""
        job = self._jobs.get(ident)
        if job is None:
            return None
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await job.over.wait()
        return job.order.work

    def work(self, ident: str) -> JobState | None:
        """Return how far an order is; None if it is not known any more."""
        job = self._jobs.get(ident)
        return job.order.work if job else None

    def standing(self) -> SyncSnapshot:
        """Say how files and account stand."""
        sync, options = self._sync, self._options
        if sync is None or options is None:
            return SyncSnapshot(self._reload.store)
        progress, writes = sync.progress, options.role is Role.WRITER
        return SyncSnapshot(
            self._reload.store,
            keeps_account=True,
            writes=writes,
            by_itself=writes and options.apply is ApplyPolicy.AUTO,
            plan=progress.plan if progress else None,
            drift=progress.drift if progress else (),
            hold=progress.hold if progress else None,
            existing=sync.existing,
        )

    async def run(self) -> None:
        """Do what was ordered, until cancelled."""
        while True:
            job = await self._waiting.get()
            try:
                async with self._turn():
                    await job.order.run()
            finally:
                job.over.set()
            self._tell(job.order.work)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._sync is None:
            yield
            return
        async with self._sync.turn:
            yield

    def _of(self, work: JobState) -> EditJob:
        return EditJob(
            work,
            files=self._files,
            reload=self._reload,
            sync=self._sync,
            options=self._options,
            clock=self._clock,
            checking=self._checking,
            looks=self.looks,
        )

    def _tell(self, work: JobState) -> None:
        order = work.request
        self._log.info(
            "editing.done",
            deed=order.action.value,
            file=order.file,
            who=order.visitor.name or NAMELESS,
            outcome=work.outcome.value,
            forced=order.force,
        )
