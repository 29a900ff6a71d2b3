"""Carries what happened to the log: timed by both clocks, kept while it cannot be written, written in batches."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

import structlog

from beacon_gateway.core.log.backlog import Backlog
from beacon_gateway.core.log.event import Event, EventKind
from beacon_gateway.core.log.listening import Minute
from beacon_gateway.core.log.logged import LoggedHit, LoggedMinute, LoggedShake, NamedPresence, Record
from beacon_gateway.core.log.shake import Shake
from beacon_gateway.core.log.timeline import MIN_STEP_S, ClockSegment, Timeline
from beacon_gateway.core.model.clocks import Clock
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.liveness import Liveness
from beacon_gateway.core.tracking.hit import Hit

MAX_MINUTES_WAITING: Final = 5
"""Minutes that wait for a hit to be written with: where nothing moves they alone would wear the card. So many are lost
at most when the power goes."""
MAX_IDLE_MINUTES_WAITING: Final = 60
"""Of minutes in which nothing was heard, so that a gateway with nothing around it does not write."""
MAX_WRITE_RETRY_S: Final = 60.0
"""Seconds between two tries to write, while it does not work."""
WRITE_TIMEOUT_S: Final = 600.0
"""Seconds. A card that takes longer for one commit does not come back by itself; a new process may be luckier."""


class LogStore(Protocol):
    async def append(self, records: Sequence[Record], segments: Sequence[ClockSegment]) -> None:
        """Write durably, all or nothing, the segments first. Raises OSError if it cannot be done now.

        A segment replaces the one of the same boot and beginning. One that is known puts right all of its boot that
        are not. A boot id that comes again with an earlier moment is another boot's, and what had it is kept apart.
        """


class _RecordRefused(Exception):  # noqa: N818 - says which batch it is in
    """One of so many records cannot be written, now or later."""

    def __init__(self, records: int) -> None:
        super().__init__(records)
        self.records = records


class Journal:
    """What one gateway has to write down."""

    def __init__(
        self,
        *,
        gateway: str,
        boot: str,
        clock: Clock,
        log: LogStore,
        commit_every: float,
        former: ClockSegment | None = None,
    ) -> None:
        """Begin; `former` is the last segment of this boot that the log knows."""
        self.gateway, self._clock = gateway, clock
        self._log, self._commit_every = log, commit_every
        self._timeline = Timeline(
            boot, clock.monotonic(), clock.utc(), synchronised=clock.synchronised(), former=former
        )
        self._segments = [self._timeline.segment]
        """Not written yet."""
        self._turned = False
        """What was written before is to be put right."""
        self._backlog = Backlog()
        self._minutes, self._somebody_heard = 0, False
        """Of the minutes that wait."""
        self._to_write = asyncio.Event()
        self._writing = asyncio.Lock()
        self._writing_since: float | None = None
        self._failing_since: float | None = None
        self._lost_before = 0
        self._say = structlog.get_logger("journal").bind(gateway=gateway)
        self.trouble = ""
        """Why the log cannot be written now; "" while it can."""

    @property
    def unwritten(self) -> int:
        """Return how many rows wait for the log."""
        return self._backlog.rows

    @property
    def dropped(self) -> int:
        """Return how many rows were lost because the log could not be written for too long."""
        return self._backlog.dropped

    @property
    def time_is_known(self) -> bool:
        return self._timeline.segment.known

    def now(self) -> float:
        """Return monotonic seconds."""
        return self._clock.monotonic()

    def at(self, when: float) -> datetime:
        """Return the wall clock's time of a monotonic moment, as far as this process can know."""
        return self._timeline.segment.at(when)

    def pulse(self) -> Liveness:
        return Liveness("log", self.now() if self._writing_since is None else self._writing_since, WRITE_TIMEOUT_S)

    def look_at_clock(self) -> None:
        """Notice that the wall clock was set or jumped; call it every few seconds."""
        clock = self._clock
        now = clock.monotonic()
        turn = self._timeline.look(now, clock.utc(), synchronised=clock.synchronised())
        if turn is None:
            return
        segment, by = self._timeline.segment, self._timeline.stepped_by
        self._segments = [old for old in self._segments if old.since != segment.since]
        self._segments.append(segment)  # the last: a known one puts those right that were not, written or waiting
        self._turned = True
        self._to_write.set()
        if abs(by) > MIN_STEP_S:
            self.event(EventKind.CLOCK, now, {"turn": turn.value, "seconds": f"{by:.0f}"})

    def hit(self, hit: Hit, *, floor: str, beacon: str, revision: str) -> LoggedHit:
        """Write down a hit, with the names that are in force."""
        logged = LoggedHit(hit, self._timeline.segment, self.gateway, floor, beacon, revision)
        self._put(logged)
        return logged

    def event(
        self,
        kind: EventKind,
        when: float,
        details: Mapping[str, str],
        *,
        key: BeaconKey | None = None,
        beacon: str = "",
    ) -> None:
        """Write down an event, and then say it to the logs of this machine."""
        self._put(Event(kind, when, self._timeline.segment, self.gateway, key, beacon, details))
        said = {"beacon": beacon or str(key)} if key else {}
        self._say.info(kind.value, **said, **details)

    def minute(self, minute: Minute, heard: Iterable[NamedPresence], *, revision: str) -> None:
        """Write down a minute, when there is something else to write or some have gathered."""
        logged = LoggedMinute(minute, self._timeline.segment, revision, tuple(heard))
        self._minutes += 1
        self._somebody_heard |= bool(logged.heard)
        self._put(
            logged, now=self._minutes >= (MAX_MINUTES_WAITING if self._somebody_heard else MAX_IDLE_MINUTES_WAITING)
        )

    def shake(self, shake: Shake) -> None:
        """Write down a shake that WeChat reported."""
        self._put(LoggedShake(shake, self._clock.monotonic(), self._timeline.segment))

    async def run(self) -> None:
        """Write what comes, until cancelled; the rest is flushed by the caller."""
        pause = self._commit_every
        while True:
            await self._to_write.wait()
            await asyncio.sleep(pause)
            await self.flush()
            pause = min(pause * 2, MAX_WRITE_RETRY_S) if self.trouble else self._commit_every

    async def flush(self) -> None:
        """Write what is waiting. What cannot be written goes back to the head of the queue.

        A record that no table takes, which only a bug could make, is found by halves and left out: it must not keep
        all others from being written for ever.
        """
        async with self._writing:
            most: int | None = None
            while True:
                try:
                    is_written = await self._write(most)
                except _RecordRefused as refused:
                    most = refused.records // 2 or None
                    if most is None:
                        self._leave_out(refused)
                else:
                    if most is None or not is_written:
                        break
                    most = None

    async def _write(self, most: int | None) -> bool:
        """Write so many of the oldest, or all; False if that cannot be done now. Raises _RecordRefused."""
        batch, segments = self._backlog.take(most), self._segments
        self._segments = []
        self._to_write.clear()
        self._minutes, self._somebody_heard = 0, False
        if not batch and not self._turned:
            self._segments = segments  # of interest only with what belongs to them
            return True
        self._turned = False
        write = asyncio.ensure_future(self._log.append(batch, segments))
        self._writing_since = self.now()
        try:
            await asyncio.shield(write)
            self._written()
        except OSError as error:
            self._not_written(str(error), len(batch))
            return False
        except Exception as error:  # one record that cannot be written must not take the others with it
            if not batch:
                self._not_written(type(error).__name__, 0)
                return False
            raise _RecordRefused(len(batch)) from error
        finally:
            await asyncio.wait({write})  # a write under way happens, even where its caller is cancelled
            self._writing_since = None
            if write.exception():
                self._put_back(batch, segments)
        return True

    def _leave_out(self, refused: "_RecordRefused") -> None:
        """Drop the oldest record."""
        kind = self._backlog.drop_oldest()
        self._say.error("journal.record_refused", record=kind, exc_info=refused.__cause__)

    def _written(self) -> None:
        if self._failing_since is None:
            return
        seconds = self._clock.monotonic() - self._failing_since
        lost = self.dropped - self._lost_before
        reason, self.trouble, self._failing_since = self.trouble, "", None
        details = {"reason": reason, "minutes": f"{max(1, round(seconds / 60))}", "lost": str(lost)}
        self.event(EventKind.LOG, self._clock.monotonic(), {"what": "written-again", **details})

    def _not_written(self, reason: str, waiting: int) -> None:
        is_news, self.trouble = reason != self.trouble, reason
        if self._failing_since is None:
            self._failing_since, self._lost_before = self._clock.monotonic(), self.dropped
        if is_news:  # a full disk is reported once, not twelve times a minute
            self._say.error("journal.not_written", waiting=waiting, reason=reason)

    def _put(self, record: Record, *, now: bool = True) -> None:
        self._backlog.put(record)
        if now:
            self._to_write.set()

    def _put_back(self, batch: list[Record], segments: Sequence[ClockSegment]) -> None:
        self._backlog.put_back(batch)
        # One that was looked at meanwhile is newer.
        newer = {segment.since for segment in self._segments}
        self._segments = [*(old for old in segments if old.since not in newer), *self._segments]
        self._turned = True
        self._to_write.set()
