"""Keeps WeChat's figures: fetches each day once it is published, and those that were missed before WeChat forgets them.

The account's quota is shared with the sync: one call after another, and none for a day that is final.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final, Protocol

import structlog

from beacon_gateway.core.bindings.target import NeedsOperator, Refused, SlowDown, TargetError, TryLater, WaitForQuota
from beacon_gateway.core.model.clocks import WallClock
from beacon_gateway.core.model.status import FiguresStatus
from beacon_gateway.core.wechat.figures import DayFigures
from beacon_gateway.core.wechat.missing_days import MORNING, FetchedDays, is_final, missing_days, next_look
from beacon_gateway.services.ticking import until_tick

FIRST_FIGURES_RETRY_S: Final = 5.0
MAX_FIGURES_RETRY_S: Final = 3600.0
"""Seconds. Doubled each time, with up to a half more by chance. Nobody waits for a figure."""
FIGURES_CLOCK_POLL_S: Final = 60.0
"""Seconds. The wall clock may jump, and no timer ends early because of it: it is looked at so often."""
MORNING_SPREAD_S: Final = 1800.0
"""Seconds of the morning over which the gateways of an account begin to ask."""


class FiguresSource(Protocol):
    """Where the figures come from."""

    async def day(self, day: date) -> DayFigures:
        """Read one day. Raises TargetError; Refused only where nothing will ever be told of that day."""


class FiguresStore(Protocol):
    """Durable memory of the days. Each method raises OSError if it cannot be done now."""

    async def days(self) -> Mapping[date, bool]:
        """Return the days that are there, each with whether it is final."""

    async def shakes_and_clicks(self, day: date) -> tuple[int, int]:
        """Add a day up over all beacons."""

    async def keep(self, figures: DayFigures, *, final: bool, fetched: datetime) -> None:
        """Replace a day; return when it is on the card."""


class FiguresHistory:
    """Fills one book. `chance` spreads what the gateways of an account would else do at one moment."""

    def __init__(
        self,
        *,
        source: FiguresSource,
        book: FiguresStore,
        clock: WallClock,
        chance: random.Random,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._source, self._book, self._clock, self._chance, self._sleep = source, book, clock, chance, sleep
        self._morning = MORNING + self._by_chance(MORNING_SPREAD_S)
        self._days: dict[date, bool] = {}
        self._asked: dict[date, datetime] = {}
        self._failed = Counter[date]()
        """How often each day did: one that never comes must not keep the others waiting until they are lost."""
        self._log = structlog.get_logger("history")
        self.last: date | None = None
        """The newest day in the book; None as long as there is none, or it was not read."""
        self.trouble: TargetError | None = None
        self._counts: tuple[int, int] | None = None
        """Shakes and clicks of that day."""

    def status(self) -> FiguresStatus:
        shakes, clicks = self._counts or (None, None)
        trouble = self.trouble
        code = trouble.code if trouble else ""
        return FiguresStatus(str(self.last) if self.last else None, str(trouble or ""), shakes, clicks, code)

    async def run(self) -> None:
        """Fetch what is missing, now and as soon as there is more, until cancelled.

        Which day it is must be known: nothing is asked for while the clock may be wrong.
        """
        retry = FIRST_FIGURES_RETRY_S
        while True:
            while not self._clock.synchronised():
                await self._sleep(until_tick(FIGURES_CLOCK_POLL_S))
            try:
                await self._fetch_missing()
            except NeedsOperator as error:
                until = self._complain("history.needs_operator", error, error.look_again)
            except (WaitForQuota, SlowDown) as error:
                away = max(timedelta(0), error.until - self._clock.utc())
                until = self._complain("history.waits", error, away + self._by_chance(retry))
            except (TargetError, OSError) as error:
                pause = timedelta(seconds=retry) + self._by_chance(retry / 2)
                until = self._complain("history.failed", _as_target_error(error), pause)
                retry = min(retry * 2, MAX_FIGURES_RETRY_S)
            else:
                self.trouble = None
                retry = FIRST_FIGURES_RETRY_S
                until = next_look(self._clock.utc(), self._fetched, self._morning)
            await self._rest(until)

    async def _fetch_missing(self) -> None:
        """Fetch one day after another until none is missing; what came is kept, however this ends."""
        self._days = dict(await self._book.days())
        await self._look_at_last()
        days = rows = 0
        try:
            while self._clock.synchronised():
                now = self._clock.utc()
                missing = missing_days(now, self._fetched, self._morning)
                if not missing:
                    break
                rows += await self._fetch(min(missing, key=lambda day: (self._failed[day], day)), now)
                days += 1
        finally:
            if days:
                self._log.info("history.fetched", days=days, rows=rows, last=str(self.last))

    async def _fetch(self, day: date, now: datetime) -> int:
        """Fetch and keep a day; return its rows."""
        figures = await self._ask(day)
        if figures.unread:
            self._log.warning("history.rows_unread", day=str(day), rows=figures.unread)
        final = is_final(figures, now, self._morning)
        await self._book.keep(figures, final=final, fetched=now)
        del self._failed[day]
        self._days[day] = final
        if final:
            self._asked.pop(day, None)
        else:
            self._asked[day] = now
        await self._look_at_last()
        return len(figures.beacons) + len(figures.pages)

    async def _look_at_last(self) -> None:
        self.last = max(self._days, default=None)
        self._counts = await self._book.shakes_and_clicks(self.last) if self.last else None

    async def _ask(self, day: date) -> DayFigures:
        """Ask for a day; one that is refused counts as empty, so that it is not asked for without end."""
        try:
            return await self._source.day(day)
        except Refused as error:
            self._log.warning("history.refused", day=str(day), code=error.code, reason=str(error))
            return DayFigures(day, {}, {})
        except (WaitForQuota, SlowDown):
            raise  # no fault of this day
        except TryLater:
            self._failed[day] += 1
            raise

    @property
    def _fetched(self) -> FetchedDays:
        return FetchedDays(self._days, self._asked)

    async def _rest(self, until: datetime) -> None:
        """Sleep until the wall clock shows a moment, and no longer than that was away, whatever the clock does."""
        left = (until - self._clock.utc()).total_seconds()
        while left > 0 and self._clock.utc() < until:
            nap = min(left, until_tick(FIGURES_CLOCK_POLL_S))
            await self._sleep(nap)
            left -= nap

    def _complain(self, event: str, error: TargetError, pause: timedelta) -> datetime:
        """Tell a trouble; return until when it is left alone."""
        self.trouble = error
        self._log.warning(event, code=error.code, reason=str(error), pause=round(pause.total_seconds()))
        return self._clock.utc() + pause

    def _by_chance(self, most: float) -> timedelta:
        return timedelta(seconds=self._chance.uniform(0, most))


def _as_target_error(error: TargetError | OSError) -> TargetError:
    return error if isinstance(error, TargetError) else TryLater(f"the figures cannot be kept: {error}")
