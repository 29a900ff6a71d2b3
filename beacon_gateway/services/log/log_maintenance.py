"""Keeps the log small and quick to ask: adds rows to the sums by the hour, deletes what is too old by the day."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Protocol

import structlog

from beacon_gateway.core.bindings.history.audit import AuditCause, AuditLine
from beacon_gateway.services.ticking import until_tick

MAINTENANCE_EVERY_S: Final = 3600.0
PAUSE_BETWEEN_STEPS_S: Final = 0.2
"""Seconds between two steps, in which new rows are written."""
ROWS: Final = "hits, minutes and events"
SHAKES: Final = "shakes"
"""What is deleted, in the words of the audit log."""


class RetainedLog(Protocol):
    """The log, as far as it is kept. Each method does a little, gives how many rows that were, and raises OSError."""

    async def fold(self, boot: str, zone: tzinfo, at: datetime) -> int: ...

    async def expire(self, boot: str, *, monotonic: float, at: datetime | None, now: datetime) -> int:
        """Delete rows from before then, by either clock; the wall clock's only if it is known."""

    async def expire_shakes(self, before: datetime, zone: tzinfo) -> int: ...


class AuditTrail(Protocol):
    async def note(self, line: AuditLine) -> None:
        """Add a line to the audit log, once however often it is tried. Raises OSError."""


class LogClock(Protocol):
    """A journal's clocks."""

    def now(self) -> float:
        """Return monotonic seconds."""

    def at(self, when: float) -> datetime: ...

    @property
    def time_is_known(self) -> bool: ...


class LogMaintenance:
    """Looks after one gateway's log. `retain` and `retain_shakes` are seconds."""

    def __init__(
        self,
        *,
        log: RetainedLog,
        notes: AuditTrail,
        times: LogClock,
        boot: str,
        zone: tzinfo,
        retain: float,
        retain_shakes: float,
        pause: float = PAUSE_BETWEEN_STEPS_S,
    ) -> None:
        self._log, self._notes, self._times, self._boot, self._zone = log, notes, times, boot, zone
        self._retain, self._retain_shakes, self._pause = retain, retain_shakes, pause
        self._expired_on: date | None = None
        self._deleted: Counter[str] = Counter()
        """Rows by what they are, which no line of the audit log speaks of yet."""
        self._unnoted: dict[str, AuditLine] = {}
        """Lines that could not be written, or may be there all the same."""
        self._say = structlog.get_logger("upkeep")

    async def run(self) -> None:
        """Look after it by the hour, until cancelled."""
        while True:
            await asyncio.sleep(until_tick(MAINTENANCE_EVERY_S))
            await self.once()

    async def once(self) -> None:
        """Add up what is new; once a day, delete what is too old."""
        try:
            now = self._times.at(self._times.now())
            await self._step_by_step(lambda: self._log.fold(self._boot, self._zone, now))
            today = now.astimezone(self._zone).date()
            if today != self._expired_on:
                await self._expire()
                self._expired_on = today
        except OSError as error:
            self._say.warning("upkeep.failed", reason=str(error))

    async def _step_by_step(self, step: Callable[[], Awaitable[int]], what: str = "") -> None:
        """Repeat a step until nothing is left to do; count its rows as deleted if it is said what they are."""
        while done := await step():
            if what:
                self._deleted[what] += done
            await asyncio.sleep(self._pause)

    async def _expire(self) -> None:
        now = self._times.now()
        at = self._times.at(now)
        before = at - timedelta(seconds=self._retain)
        known = before if self._times.time_is_known else None
        await self._step_by_step(
            lambda: self._log.expire(self._boot, monotonic=now - self._retain, at=known, now=at), ROWS
        )
        await self._note(at, before, ROWS)
        if known is None:
            return
        too_old = at - timedelta(seconds=self._retain_shakes)
        await self._step_by_step(lambda: self._log.expire_shakes(too_old, self._zone), SHAKES)
        await self._note(at, too_old, SHAKES)

    async def _note(self, at: datetime, before: datetime, what: str) -> None:
        """Write what was deleted into the audit log; what cannot be written now is not forgotten."""
        if line := self._unnoted.get(what):
            await self._notes.note(line)
            del self._unnoted[what]
        rows = self._deleted.pop(what, 0)
        if not rows:
            return
        day = f"{before.astimezone(self._zone):%Y-%m-%d}"
        change = f"{what} from before {day}: {rows} rows"
        self._say.info("upkeep.expired", what=what, rows=rows, before=before.isoformat(timespec="minutes"))
        line = self._unnoted[what] = AuditLine(at, AuditCause("retention"), "", "", 0, change, "deleted")
        await self._notes.note(line)
        del self._unnoted[what]
