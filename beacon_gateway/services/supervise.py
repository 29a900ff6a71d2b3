"""Keeps the trouble of one part of the daemon its own: it is counted, logged once, and the part is started again.

Radio, tracker, log and heartbeat are vital. If one of them fails, the process ends, and systemd starts it anew; nothing
else may end it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any, Final, Protocol

import structlog

from beacon_gateway.core.log.event import EventKind
from beacon_gateway.core.model.clocks import BothClocks
from beacon_gateway.core.model.status import PartStatus

FIRST_RESTART_AFTER_S: Final = 1.0
MAX_RESTART_AFTER_S: Final = 600.0
"""Doubled each time. A part that talks to WeChat spends calls with each start."""
MAX_RESTART_DOUBLINGS: Final = 16
SETTLED_AFTER_S: Final = 900.0
"""A part that has worked for so long after a failure works again; longer than the longest pause."""

Guard = Callable[[str], AbstractContextManager[Any]]
"""Gives, for a name, a block whose failure goes no further."""

LOOP: Final = "event-loop"
"""What runs beside all parts: callbacks, connections that are accepted."""


class PartEventLog(Protocol):
    def event(self, kind: EventKind, when: float, details: Mapping[str, str]) -> None:
        """Log an event."""


@dataclass(frozen=True, slots=True)
class SupervisedPart:
    """One of the tasks that the daemon consists of. Its `run` never returns before it is cancelled."""

    name: str
    run: Callable[[], Coroutine[Any, Any, None]]
    is_vital: bool = False


class Ended(Exception):  # noqa: N818 - no error that was raised anywhere
    """A part returned, or cancelled itself, though it is to run for ever."""


@dataclass(slots=True)
class _Record:
    """What is known of one part."""

    failures: int = 0
    in_a_row: int = 0
    last_error: str = ""
    failing_since: float | None = None
    """Monotonic; None while it works."""
    works_since: float | None = None
    """Since when it has been running again; None while it does not."""
    restarting_at: datetime | None = None


class PartFailures:
    """Counts the failures of all parts of one daemon, and logs each kind of failure once."""

    def __init__(self, notes: PartEventLog, clock: BothClocks) -> None:
        self._notes, self._clock = notes, clock
        self._records: dict[str, _Record] = {}
        self._log = structlog.get_logger("supervise")

    def expect(self, name: str) -> None:
        """Show a part that has not failed yet."""
        self._records.setdefault(name, _Record())

    def status(self) -> dict[str, PartStatus]:
        """Return how each part is."""
        return {name: self._status(name, record) for name, record in self._records.items()}

    def note(self, name: str, error: BaseException, *, pause_s: float | None = None) -> None:
        """Count a failure; the part starts again after `pause_s`, or was never stopped."""
        record, now = self._records.setdefault(name, _Record()), self._clock.monotonic()
        self._settle(name, record, now)
        told = _kind_and_place(error)
        is_news = record.failing_since is None or told != record.last_error
        record.failures += 1
        record.in_a_row += 1
        record.last_error = told
        record.failing_since = now if record.failing_since is None else record.failing_since
        record.works_since = None
        record.restarting_at = None if pause_s is None else self._clock.utc() + timedelta(seconds=pause_s)
        if is_news:
            self._notes.event(EventKind.PART, now, {"part": name, "error": told})
            self._log.error("part.exception", part=name, failures=record.failures, exc_info=error)

    def note_of_loop(self, _: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        """Count what failed in the event loop and belongs to no part; given to the loop, which calls it."""
        self.note(LOOP, context.get("exception") or RuntimeError(str(context.get("message"))))
        self.started(LOOP)  # it goes on

    def started(self, name: str) -> None:
        """Note that a part runs again."""
        record = self._records.setdefault(name, _Record())
        record.restarting_at, record.works_since = None, self._clock.monotonic()

    def in_a_row(self, name: str) -> int:
        """Return how often a part failed since it last worked for a while."""
        record = self._records.setdefault(name, _Record())
        self._settle(name, record, self._clock.monotonic())
        return record.in_a_row

    @contextmanager
    def guard(self, name: str) -> Iterator[None]:
        """Keep an exception of the block from going further: what a vital part does beside its own work."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the daemon
            self.note(name, error)
        else:
            record = self._records.get(name)
            if record and record.failing_since is not None:
                self._recover(name, record)

    def _settle(self, name: str, record: _Record, now: float) -> None:
        if (
            record.failing_since is not None
            and record.works_since is not None
            and now - record.works_since >= SETTLED_AFTER_S
        ):
            self._recover(name, record)

    def _recover(self, name: str, record: _Record) -> None:
        record.failing_since, record.in_a_row = None, 0
        self._log.info("part.works_again", part=name, failures=record.failures)

    def _status(self, name: str, record: _Record) -> PartStatus:
        now = self._clock.monotonic()
        self._settle(name, record, now)
        since = record.failing_since
        return PartStatus(
            failures=record.failures,
            last_error=record.last_error,
            failing_since=None if since is None else self._clock.utc() - timedelta(seconds=now - since),
            restarting_at=record.restarting_at,
        )


class Supervisor:
    """Runs all parts of one daemon."""

    def __init__(self, failures: PartFailures, *, first_pause_s: float = FIRST_RESTART_AFTER_S) -> None:
        self._failures, self._first_pause_s = failures, first_pause_s

    async def run(self, parts: Sequence[SupervisedPart]) -> None:
        """Run all of them until cancelled. Raises, in a group, what a vital part failed at."""
        for part in parts:
            if not part.is_vital:
                self._failures.expect(part.name)
        asyncio.get_running_loop().set_exception_handler(self._failures.note_of_loop)
        async with asyncio.TaskGroup() as tasks:
            for part in parts:
                run = _run_once if part.is_vital else self._keep_running
                tasks.create_task(run(part), name=f"supervise {part.name}")

    async def _keep_running(self, part: SupervisedPart) -> None:
        while True:
            try:
                await _run_once(part)
            except _FailedAtItsEnd as failed:
                self._failures.note(part.name, failed.error)
                raise asyncio.CancelledError from failed
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this part's own
                doublings = min(self._failures.in_a_row(part.name), MAX_RESTART_DOUBLINGS)
                pause_s = min(self._first_pause_s * 2**doublings, MAX_RESTART_AFTER_S)
                self._failures.note(part.name, error, pause_s=pause_s)
                await asyncio.sleep(pause_s)
                self._failures.started(part.name)


class _FailedAtItsEnd(Exception):  # noqa: N818 - the part was to end, and has
    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


async def _run_once(part: SupervisedPart) -> None:
    """Run a part until it is cancelled. Raises what it fails at; Ended if it ends without a reason.

    It has a task of its own: a task group that fails leaves its task, in Python 3.11, looking as if it was cancelled.
    """
    task, is_cancelled = asyncio.create_task(part.run(), name=part.name), False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            is_cancelled = True
            task.cancel()
    error = None if task.cancelled() else task.exception()
    if is_cancelled:
        if error:
            raise _FailedAtItsEnd(error) from error
        raise asyncio.CancelledError
    raise error or Ended(part.name)


def _kind_and_place(error: BaseException) -> str:
    """Return the exception's class and the line of code; never its text, which may hold what came from outside."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    kind, trace = type(error).__name__, error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None or isinstance(error, Ended):
        return kind
    return f"{kind} in {PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
