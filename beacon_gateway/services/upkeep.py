"""Keeps the log small and quick to ask: adds rows to the sums by the hour, deletes what is too old by the day."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Protocol

import structlog

from beacon_gateway.core.audit import AuditLine, Cause
from beacon_gateway.services.ticking import until_tick

UPKEEP_EVERY: Final = 3600.0
PAUSE: Final = 0.2
"""Seconds between two steps, in which new rows are written."""


class Kept(Protocol):
    """The log, as far as it is kept. Each method does a little, gives how many rows that were, and raises OSError."""

    async def fold(self, boot: str, zone: tzinfo, at: datetime) -> int: ...

    async def expire(self, boot: str, *, monotonic: float, at: datetime | None, now: datetime) -> int:
        """Delete rows from before then, by either clock; the wall clock's only if it is known."""

    async def expire_shakes(self, before: datetime, zone: tzinfo) -> int: ...


class Notes(Protocol):
    async def note(self, line: AuditLine) -> None:
        """Add a line to the audit log. Raises OSError."""


class Times(Protocol):
    """A journal's clocks."""

    def now(self) -> float:
        """Return monotonic seconds."""

    def at(self, when: float) -> datetime: ...

    @property
    def time_is_known(self) -> bool: ...


class Upkeep:
    """Looks after one gateway's log. `retain` and `retain_shakes` are seconds."""

    def __init__(
        self,
        *,
        log: Kept,
        notes: Notes,
        times: Times,
        boot: str,
        zone: tzinfo,
        retain: float,
        retain_shakes: float,
        pause: float = PAUSE,
    ) -> None:
        self._log, self._notes, self._times, self._boot, self._zone = log, notes, times, boot, zone
        self._retain, self._retain_shakes, self._pause = retain, retain_shakes, pause
        self._expired_on: date | None = None
        self._say = structlog.get_logger("upkeep")

    async def run(self) -> None:
        """Look after it by the hour, until cancelled."""
        while True:
            await asyncio.sleep(until_tick(UPKEEP_EVERY))
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

    async def _step_by_step(self, step: Callable[[], Awaitable[int]]) -> int:
        """Repeat a step until nothing is left to do; return the rows of all."""
        rows = 0
        while done := await step():
            rows += done
            await asyncio.sleep(self._pause)
        return rows

    async def _expire(self) -> None:
        now = self._times.now()
        at = self._times.at(now)
        before = at - timedelta(seconds=self._retain)
        known = before if self._times.time_is_known else None
        rows = await self._step_by_step(
            lambda: self._log.expire(self._boot, monotonic=now - self._retain, at=known, now=at)
        )
        await self._note(at, before, rows, "hits, minutes and events")
        if known is None:
            return
        too_old = at - timedelta(seconds=self._retain_shakes)
        rows = await self._step_by_step(lambda: self._log.expire_shakes(too_old, self._zone))
        await self._note(at, too_old, rows, "shakes")

    async def _note(self, at: datetime, before: datetime, rows: int, what: str) -> None:
        if not rows:
            return
        day = f"{before.astimezone(self._zone):%Y-%m-%d}"
        change = f"{what} from before {day}: {rows} rows"
        await self._notes.note(AuditLine(at, Cause("retention"), "", "", 0, change, "deleted"))
        self._say.info("upkeep.expired", what=what, rows=rows, before=before.isoformat(timespec="minutes"))
