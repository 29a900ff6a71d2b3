"""An emulated account on loopback, a gateway that keeps it, and the few words that tests need for both."""

import asyncio
import hashlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath
from typing import Final
from uuid import UUID

from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.adapters.wechat.shakearound import Shakearound
from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from beacon_gateway.adapters.wechat.transport.http import CALL_TIMEOUT_S
from beacon_gateway.core.bindings.target import PageRef, TryLater
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.settings import WeChatSettings
from beacon_gateway.core.model.store import Beacon, ConsolePage, OwnPage, Page, Slot, Store
from beacon_gateway.services.bindings.progress import Progress, SyncState
from beacon_gateway.services.bindings.retries import FIRST_SYNC_RETRY_S
from beacon_gateway.services.bindings.sync import Sync
from beacon_gateway.simulator.wechat import EmulatedAccount, Emulator, EmulatorSettings
from tests.pictures import png

SECRET: Final = "5ecret5ecret5ecret5ecret5ecret00"
SETTINGS: Final = EmulatorSettings(appid="wx0000000000000001", secret=SECRET)
UUID_OF_ALL: Final = UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825")
NOON: Final = datetime(2026, 11, 24, 4, tzinfo=UTC)
"""12:00 in Shanghai."""

TOKEN: Final = "/cgi-bin/stable_token"
PAGES: Final = "/shakearound/page/search"
DEVICES: Final = "/shakearound/device/search"
RELATIONS: Final = "/shakearound/relation/search"
ICON: Final = "/shakearound/material/add"
MAKE: Final = "/shakearound/page/add"
EDIT: Final = "/shakearound/page/update"
BIND: Final = "/shakearound/device/bindpage"
READS: Final = frozenset({TOKEN, PAGES, DEVICES, RELATIONS})
"""Every other path counts as a write."""

MOST_PASSES: Final = 12


def key(number: int) -> BeaconKey:
    return BeaconKey(UUID_OF_ALL, 10006, number)


def picture(name: str) -> bytes:
    """Return a PNG of 120 by 120, with a content of its own for each name."""
    return png(text=name)


def icon_of(page: OwnPage) -> bytes:
    return picture(PurePath(page.icon).stem)


def own(
    slug: str, *, title: str = "春季新品", icon: str = "spring", url: str = "", text: str = "全场八折起"
) -> OwnPage:
    digest = hashlib.sha256(picture(icon)).hexdigest()
    return OwnPage(slug, title, text, url or f"https://h5.example.com/{slug}", f"icons/{icon}.png", digest)


def beacon(
    number: int, *pages: str, floor: str = "F6", schedule: tuple[Slot, ...] = (), protect: bool = False
) -> Beacon:
    return Beacon(key(number), f"corner-{number}", f"{number} 号", floor, pages, schedule, protect)


def store(beacons: Iterable[Beacon], pages: Iterable[Page]) -> Store:
    return Store({}, {item.key: item for item in beacons}, {page.slug: page for page in pages})


@dataclass
class UnixClock:
    """WeChat's clock."""

    now: float = NOON.timestamp()

    def __call__(self) -> float:
        return self.now


@dataclass
class WallClock:
    """The gateway's clock."""

    now: datetime = NOON
    right: bool = True

    def utc(self) -> datetime:
        return self.now

    def synchronised(self) -> bool:
        return self.right


@dataclass
class Monotonic:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


class Naps:
    """Sleep that takes no time: the gateway's clocks move on instead."""

    def __init__(self, clock: WallClock, monotonic: Monotonic) -> None:
        self._clock, self._monotonic = clock, monotonic
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        until, date = self._monotonic.now + seconds, self._clock.now + timedelta(seconds=seconds)
        self.taken.append(seconds)
        await asyncio.sleep(0)
        self._monotonic.now, self._clock.now = max(self._monotonic.now, until), max(self._clock.now, date)


@dataclass
class WeChatSide:
    """The account as its owner sees it, and every call that arrived there."""

    emulator: Emulator
    clock: UnixClock
    url: str
    _seen: Counter[str] = field(default_factory=Counter)

    @property
    def account(self) -> EmulatedAccount:
        return self.emulator.account

    def devices(self, *numbers: int) -> None:
        for number in numbers:
            self.account.add_device(major=10006, minor=number)

    def device_id(self, number: int) -> int:
        return self.account.device_of_key(str(UUID_OF_ALL).upper(), 10006, number).device_id

    def page(self, title: str = "会员日", comment: str = "") -> int:
        """Make a page in the console; return its id."""
        return self.account.add_page(
            title=title, description="会员双倍积分", page_url="https://h5.example.com/members", comment=comment
        )

    def bind(self, number: int, *page_ids: int) -> None:
        """Bind in the console."""
        self.account.bind(self.device_id(number), page_ids)

    def shown(self, number: int) -> list[str]:
        """Return the titles that a beacon shows."""
        shown = self.account.bindings(self.device_id(number))
        return sorted(self.account.pages[page_id].title for page_id in shown)

    def titles(self) -> list[str]:
        return sorted(page.title for page in self.account.pages.values())

    def page_id(self, title: str) -> int:
        (found,) = [page.page_id for page in self.account.pages.values() if page.title == title]
        return found

    def calls(self) -> Counter[str]:
        """Count the calls of each path since this was last asked."""
        now = Counter({call.path: self.emulator.count(call.path) for call in self.emulator.calls})
        new = now - self._seen
        self._seen = now
        return new

    def writes(self) -> dict[str, int]:
        """Count the calls that change something, by path, since calls were last counted."""
        return {path: times for path, times in self.calls().items() if path not in READS}

    def order_of_writes(self) -> list[str]:
        return [call.path for call in self.emulator.calls if call.path not in READS]


@dataclass
class Gateway:
    """One gateway: what `app` opens for a sync, with clocks that stand still."""

    sync: Sync
    ledger: LedgerFile
    client: WeChatClient
    target: Shakearound
    clock: WallClock
    monotonic: Monotonic
    naps: Naps

    async def once(self, wanted: Store, *, write: bool = True, force: bool = False) -> Progress:
        self.sync.use(wanted)
        return await self.sync.once(write=write, force=force, cause="files")

    async def settle(self, wanted: Store, *, force: bool = False) -> int:
        """Repeat passes until one finds nothing to do; return how many ended in TryLater before."""
        failed = 0
        for _ in range(MOST_PASSES):
            try:
                progress = await self.once(wanted, force=force)
            except TryLater:
                failed += 1
            else:
                if progress.state is SyncState.IN_SYNC and not progress.plan:
                    return failed
        raise AssertionError(f"still not in sync after {MOST_PASSES} passes")


@asynccontextmanager
async def wechat_side(
    settings: EmulatorSettings = SETTINGS, emulator: Emulator | None = None
) -> AsyncIterator[WeChatSide]:
    clock = UnixClock()
    emulator = emulator or Emulator(settings, clock=clock, rng=random.Random(1))
    async with emulator.serve() as url:
        yield WeChatSide(emulator, clock, url)


@asynccontextmanager
async def gateway_at(
    url: str,
    folder: Path,
    *,
    options: WeChatSettings | None = None,
    secret: str = SECRET,
    fresh_seconds: float = 60.0,
    look_at_clock: float = 60.0,
    look_at_ledger: float = 3.0,
    first_retry: float = FIRST_SYNC_RETRY_S,
    call_seconds: float = CALL_TIMEOUT_S,
    clock: WallClock | None = None,
    icon: Callable[[OwnPage], bytes] = icon_of,
    ledger_file: Callable[[Path], LedgerFile] = LedgerFile,
) -> AsyncIterator[Gateway]:
    """Open a gateway whose state is in `folder`: another folder is another SD card."""
    options = replace(options or WeChatSettings(appid=SETTINGS.appid), api_base=url)
    clock, monotonic = clock or WallClock(), Monotonic()
    naps = Naps(clock, monotonic)
    async with AsyncExitStack() as stack:
        ledger = await stack.enter_async_context(ledger_file(folder))
        await ledger.run(lambda db: db.execute("PRAGMA synchronous = OFF"))  # nobody pulls the plug here; twice as fast
        client = await stack.enter_async_context(
            WeChatClient(
                api_base=url,
                appid=options.appid,
                secret=secret,
                call_seconds=call_seconds,
                monotonic=monotonic,
                utc=clock.utc,
                sleep=naps,
            )
        )
        target = Shakearound(client, icon)
        sync = Sync(
            target=target,
            ledger=ledger,
            clock=clock,
            options=options,
            fresh_seconds=fresh_seconds,
            look_at_clock=look_at_clock,
            look_at_ledger=look_at_ledger,
            first_retry=first_retry,
        )
        yield Gateway(sync, ledger, client, target, clock, monotonic, naps)


def console(slug: str, page_id: int) -> ConsolePage:
    return ConsolePage(slug, page_id)


def ref(page_id: int) -> PageRef:
    return PageRef(str(page_id))
