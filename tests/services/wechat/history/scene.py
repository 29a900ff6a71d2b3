"""An account with shakes in it, a gateway that keeps its figures, and time that both share and that flies."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.database.log import figures_rows
from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.adapters.wechat.statistics import DEVICES, PAGES, StatisticsCalls
from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from beacon_gateway.core.bindings.target import TryLater
from beacon_gateway.core.model.beijing import beijing_midnight
from beacon_gateway.core.wechat.figures import DayFigures
from beacon_gateway.services.wechat.figures_history import FiguresHistory
from beacon_gateway.simulator.wechat import EmulatorSettings
from tests.patience import HANG_S
from tests.services.bindings.scene import NOON, SECRET, SETTINGS, Monotonic, WallClock, WeChatSide, wechat_side

TODAY: Final = date(2026, 11, 24)
DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)
YESTERDAY: Final = TODAY - DAY
ALL_DAYS: Final = [TODAY - number * DAY for number in range(89, 0, -1)]
"""What a gateway that begins today asks for."""
SOON: Final = NOON + 5 * MINUTE
"""When a first start has done its work."""
STATISTICS: Final = (DEVICES, PAGES)


def beijing(day: date, hour: int, minute: int = 0) -> datetime:
    return beijing_midnight(day) + timedelta(hours=hour, minutes=minute)


@dataclass
class Time:
    """The gateway's clocks and WeChat's, which move together while somebody sleeps."""

    wechat: WeChatSide
    wall: WallClock
    monotonic: Monotonic
    end: datetime
    """The sleep that would last beyond this moment never ends."""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    leap: timedelta = timedelta(0)
    """By how much the gateway's wall clock is set during the next sleep."""

    async def sleep(self, seconds: float) -> None:
        self.wall.now, self.leap = self.wall.now + self.leap, timedelta(0)
        left = (self.end - self.wall.now).total_seconds()
        self.move(min(seconds, max(left, 0.0)))
        if seconds > left:
            self.over.set()
            await asyncio.Event().wait()
        await asyncio.sleep(0)

    def move(self, seconds: float) -> None:
        self.wall.now += timedelta(seconds=seconds)
        self.monotonic.now += seconds
        self.wechat.clock.now += seconds


@dataclass
class Asking:
    """WeChat's statistics, and who asked for what when."""

    statistics: StatisticsCalls
    wall: WallClock
    poisoned: set[date] = field(default_factory=set)
    """Days whose answers nobody understands."""
    asked: list[tuple[date, datetime]] = field(default_factory=list)

    async def day(self, day: date) -> DayFigures:
        self.asked.append((day, self.wall.now))
        if day in self.poisoned:
            raise TryLater("an answer without a number as click_pv")
        return await self.statistics.day(day)

    def days(self) -> list[date]:
        """Return the days that were asked for, in that order, since this was last asked."""
        days = [day for day, _ in self.asked]
        self.asked.clear()
        return days


@dataclass
class Scene:
    wechat: WeChatSide
    time: Time
    asking: Asking
    book: HitLogFile

    def history(self, seed: int = 1) -> FiguresHistory:
        return FiguresHistory(
            source=self.asking,
            book=self.book,
            clock=self.time.wall,
            chance=random.Random(seed),
            sleep=self.time.sleep,
        )

    async def live(self, until: datetime, history: FiguresHistory | None = None) -> FiguresHistory:
        """Start a gateway and let it live until a moment, at which it is stopped."""
        history = history or self.history()
        self.time.end = until
        self.time.over.clear()
        run = asyncio.create_task(history.run())
        over = asyncio.create_task(self.time.over.wait())
        async with asyncio.timeout(HANG_S):
            await asyncio.wait({run, over}, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run  # one that ended by itself shows why
        return history

    def calls(self) -> dict[str, int]:
        """Count the calls for statistics, by path, since calls were last counted."""
        return {path: times for path, times in self.wechat.calls().items() if path in STATISTICS}

    def shake(self, day: date, number: int, *people: str) -> None:
        """Let people shake beside a beacon at noon of a day, and the last of them open its page."""
        now, self.wechat.clock.now = self.wechat.clock.now, beijing(day, 12).timestamp()
        shakes = [self.wechat.account.shake(self.wechat.device_id(number), openid) for openid in people]
        assert shakes[-1]
        self.wechat.account.open_page(shakes[-1].ticket)
        self.wechat.clock.now = now

    def beacons(self, *numbers: int) -> int:
        """Put up beacons that show one page; return its id."""
        page_id = self.wechat.page()
        self.wechat.devices(*numbers)
        for number in numbers:
            self.wechat.bind(number, page_id)
        return page_id

    async def kept(self, first: date = ALL_DAYS[0], last: date = TODAY) -> list[DayFigures]:
        return await self.book.run(lambda db: figures_rows.select(db, first, last))


@asynccontextmanager
async def scene_at(folder: Path, settings: EmulatorSettings = SETTINGS) -> AsyncIterator[Scene]:
    """Open an account and a gateway at noon of TODAY."""
    async with AsyncExitStack() as stack:
        wechat = await stack.enter_async_context(wechat_side(settings))
        wall, monotonic = WallClock(), Monotonic()
        time = Time(wechat, wall, monotonic, end=wall.now)
        client = WeChatClient(
            api_base=wechat.url,
            appid=settings.appid,
            secret=SECRET,
            monotonic=monotonic,
            utc=wall.utc,
            sleep=time.sleep,
        )
        statistics = StatisticsCalls(await stack.enter_async_context(client))
        book = await stack.enter_async_context(HitLogFile(folder))
        await book.run(lambda db: db.execute("PRAGMA synchronous = OFF"))  # nobody pulls the plug here; much faster
        yield Scene(wechat, time, Asking(statistics, wall), book)
