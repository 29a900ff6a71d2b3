"""The beacons of a floor: those that are not heard stay visible. With a list to print and a page to walk with."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol
from uuid import UUID

from aiohttp import web

from beacon_gateway.adapters.web.pages.beats import bar_lines, bar_words, legend
from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.adapters.web.server.words import say_plainly
from beacon_gateway.core.bindings.schedule import pages_now
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.status import BeaconStatus, Status
from beacon_gateway.core.model.store import OwnPage, Store
from beacon_gateway.core.monitoring.alerts import is_running_low
from beacon_gateway.core.monitoring.battery_round import visits_first
from beacon_gateway.core.monitoring.heartbeat_bar import Bars, Day, begins_at, known_until
from beacon_gateway.core.monitoring.judgement import RECEIVING
from beacon_gateway.presentation.batteries import battery_text

KEPT: Final = timedelta(minutes=1)
"""For how long the log's answer is shown again: it grows by the minute."""
FLOORS_LOG_TIMEOUT_S: Final = 2.0
"""Seconds that a page waits for the log; a card may be busy for longer."""
INSPECTION_REFRESH_S: Final = 5
"""Seconds between two looks of somebody who walks along the beacons."""
LIST_REFRESH_S: Final = 300
"""Seconds for which a list stands still, to be printed."""
MAX_TITLES_SHOWN: Final = 3
"""Of one beacon; it may show thirty."""


class HeardLog(Protocol):
    """What the log knows of the last day."""

    async def heard_by_slot(self, begins: datetime, keys: Collection[BeaconKey]) -> Day:
        """Return what is known of these beacons in the half hours from then (aware) on. Raises OSError."""


@dataclass(frozen=True, slots=True)
class BeaconRow:
    """A beacon, its day and its pages."""

    status: BeaconStatus
    words: str
    """Its day; "" where the log cannot be read."""
    lines: Sequence[tuple[str, str]]
    """The same as lines to draw: class and path."""
    pages: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Answer:
    day: Day
    keys: Sequence[BeaconKey]
    asked: datetime


class FloorPages:
    """All pages below `/floors`."""

    def __init__(
        self,
        frame: PageFrame,
        log: HeardLog | None = None,
        store: Callable[[], Store | None] = lambda: None,
        *,
        patience: float = FLOORS_LOG_TIMEOUT_S,
    ) -> None:
        """`store` gives the one in force. Without it there are no pages to show, without `log` no bars."""
        self._frame, self._log, self._store, self._patience = frame, log, store, patience
        self._answers: dict[str, _Answer] = {}
        """By floor."""
        self._asking = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/floors", self._show),
            web.get("/floors/{floor}", self._show),
            web.get("/floors/{floor}/list", self._list),
            web.get("/floors/{floor}/inspection", self._inspect),
        ]

    async def _show(self, request: web.Request) -> web.Response:
        """Show one floor: as asked for, else this gateway's own, else the first."""
        status = self._frame.status()
        names = _floors(status)
        usual = status.floor if status.floor in names else next(iter(names), "")
        floor = request.match_info.get("floor", usual)
        if floor not in names and "floor" in request.match_info:
            return self._frame.missing(request)
        language = self._frame.language(request)
        beacons = _beacons(status, floor)
        bars = await self._bars(status, floor, beacons) if status.time_known else None
        store = self._store()
        return self._frame.page(
            request,
            "floors",
            status,
            title="page.floors",
            floors=names,
            floor=floor,
            rows=[_row(beacon, status, bars, store, language) for beacon in beacons],
            has_bars=bars is not None,
            why_no_bars=self._why_no_bars(status) if bars is None else "",
            has_pages=store is not None,
            battery=partial(battery_text, language),
            running_low=is_running_low,
            legend=legend(),
        )

    async def _list(self, request: web.Request) -> web.Response:
        """Show a list to print: who needs a visit stands first."""
        status = self._frame.status()
        floor = request.match_info["floor"]
        if floor not in _floors(status):
            return self._frame.missing(request)
        wanted, others = visits_first(_beacons(status, floor), own=floor == status.floor)
        groups = [("list.visits", wanted), ("list.others", others)]
        return self._frame.page(
            request,
            "floor_list",
            status,
            title="page.list",
            floor=floor,
            groups=groups,
            refresh=LIST_REFRESH_S,
            running_low=is_running_low,
        )

    async def _inspect(self, request: web.Request) -> web.Response:
        """Show what is heard of a floor, to somebody who walks along it."""
        status = self._frame.status()
        floor = request.match_info["floor"]
        if floor not in _floors(status):
            return self._frame.missing(request)
        store = self._store()
        expected = [beacon for beacon in _beacons(status, floor) if not _is_carried(beacon, store)]
        return self._frame.page(
            request,
            "inspection",
            status,
            title="page.inspection",
            floor=floor,
            beacons=expected,
            heard=sum(beacon.present for beacon in expected),
            radio_is_well=status.radio.state in RECEIVING,
            refresh=INSPECTION_REFRESH_S,
        )

    def _why_no_bars(self, status: Status) -> str:
        """Return the phrase; "" where there is no log to ask."""
        if self._log is None:
            return ""
        return "bar.trouble" if status.time_known else "bar.no-time"

    async def _bars(self, status: Status, floor: str, beacons: Sequence[BeaconStatus]) -> Bars | None:
        """Return the bars of a floor; None where the log cannot be read now."""
        if self._log is None:
            return None
        now = status.written
        try:
            async with asyncio.timeout(self._patience), self._asking:
                day = await self._day(self._log, status, floor, beacons)
        except OSError:  # a time-out is one too
            return None
        known = known_until(day, now=now, started=status.started, writable=not status.log_trouble)
        return Bars(day, now=now, known=known)

    async def _day(self, log: HeardLog, status: Status, floor: str, beacons: Sequence[BeaconStatus]) -> Day:
        """Return what the log holds of a floor: what it held a moment ago, if nothing can have come since."""
        now, keys = status.written, [_key(beacon) for beacon in beacons]
        begins = begins_at(now)
        kept = self._answers.get(floor)
        if kept and (kept.day.begins, kept.keys) == (begins, keys) and timedelta() <= now - kept.asked < KEPT:
            return kept.day
        day = await log.heard_by_slot(begins, keys)
        floors = set(_floors(status))
        self._answers = {name: answer for name, answer in self._answers.items() if name in floors}
        self._answers[floor] = _Answer(day, keys, now)
        return day


def _floors(status: Status) -> list[str]:
    return sorted({beacon.floor for beacon in status.beacons})


def _beacons(status: Status, floor: str) -> list[BeaconStatus]:
    return [beacon for beacon in status.beacons if beacon.floor == floor]


def _key(beacon: BeaconStatus) -> BeaconKey:
    return BeaconKey(UUID(beacon.uuid), beacon.major, beacon.minor)


def _is_carried(beacon: BeaconStatus, store: Store | None) -> bool:
    """True if it is a tag that is carried about, which nobody expects on its floor."""
    declared = store.beacons.get(_key(beacon)) if store else None
    return declared is not None and declared.mobile


def _row(beacon: BeaconStatus, status: Status, bars: Bars | None, store: Store | None, language: Language) -> BeaconRow:
    pages = _pages(beacon, store, status.written, language) if store else []
    if bars is None:
        return BeaconRow(beacon, "", (), pages)
    silent = beacon.silent_seconds
    last = None if silent is None else status.written - timedelta(seconds=silent)
    bar = bars.of(_key(beacon), last)
    return BeaconRow(beacon, bar_words(bar, language), bar_lines(bar), pages)


def _pages(beacon: BeaconStatus, store: Store, now: datetime, language: Language) -> list[str]:
    """Return what the files have a beacon show now: titles, or why there are none."""
    declared = store.beacons.get(_key(beacon))
    slugs = pages_now(declared, now) if declared else None
    if slugs is None:
        return [say_plainly(language, "shown.elsewhere")]
    titles = [_title(slug, store, language) for slug in slugs[:MAX_TITLES_SHOWN]] or [
        say_plainly(language, "shown.none")
    ]
    more = len(slugs) - MAX_TITLES_SHOWN
    return [*titles, say_plainly(language, "status.more", count=more)] if more > 0 else titles


def _title(slug: str, store: Store, language: Language) -> str:
    page = store.pages[slug]
    if isinstance(page, OwnPage):
        return page.title
    return say_plainly(language, "shown.console", page=page.slug, number=page.page_id)
