"""A floor's page with the day of each beacon, the list that is printed, and the page to walk with."""

import asyncio
import re
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from beacon_gateway.adapters.database.log import heard_by_slot
from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.web.pages.floors import FLOORS_LOG_TIMEOUT_S, KEPT, FloorPages
from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.adapters.web.server.guard import Guard
from beacon_gateway.adapters.web.server.visits import Visits
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.battery_status import BatteryStatus
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.settings import STORE_ZONE, Language
from beacon_gateway.core.model.status import BeaconStatus, Status
from beacon_gateway.core.model.store import Beacon, ConsolePage, Floor, OwnPage, Slot, Store
from beacon_gateway.core.monitoring.heartbeat_bar import SLOT, SLOTS_PER_DAY, Day, begins_at
from tests.adapters.database.days import minute
from tests.adapters.database.hits import KEY
from tests.adapters.web.pages.test_metrics import beacon, whole_status
from tests.adapters.web.pages.test_pages import FETCHED, Reader, asked, shown
from tests.adapters.web.pages.test_pages_server import ask, opened
from tests.services.status.test_heartbeat import NOW

EVIL = '<script>alert("1")</script>'
BEGAN = replace(whole_status(), started=NOW - timedelta(days=2))
DAY = 86_400.0
BOOT = ClockSegment("this-boot", 0.0, NOW.timestamp() - DAY, known=True)
"""Of a machine that was started a day ago."""


def key(number: int) -> BeaconKey:
    return BeaconKey(KEY.uuid, KEY.major, number)


def with_beacons(*beacons: BeaconStatus) -> Status:
    return replace(BEGAN, beacons=beacons)


@dataclass
class Asked:
    """A log that counts what it is asked; `trouble` is what it raises."""

    day: Day | None = None
    trouble: OSError | None = None
    begins: list[datetime] = field(default_factory=list)
    keys: list[Collection[BeaconKey]] = field(default_factory=list)

    async def heard_by_slot(self, begins: datetime, keys: Collection[BeaconKey]) -> Day:
        self.begins.append(begins)
        self.keys.append(keys)
        if self.trouble:
            raise self.trouble
        return self.day or Day(begins, NOW, [SLOT.total_seconds()] * SLOTS_PER_DAY, [0.0] * SLOTS_PER_DAY, {})


class Busy:
    """A log whose card never answers."""

    async def heard_by_slot(self, begins: datetime, keys: Collection[BeaconKey]) -> Day:
        await asyncio.Event().wait()
        raise AssertionError(begins, keys)


class Written:
    """The log's file."""

    def __init__(self, file: HitLogFile) -> None:
        self.file = file

    async def heard_by_slot(self, begins: datetime, keys: Collection[BeaconKey]) -> Day:
        return await self.file.run(lambda db: heard_by_slot.select(db, begins, keys))


class Shop:
    """A gateway's pages, whose status changes."""

    def __init__(
        self,
        status: Status,
        log: Asked | Written | Busy | None = None,
        store: Store | None = None,
        patience: float = FLOORS_LOG_TIMEOUT_S,
    ) -> None:
        self.status = status
        frame = PageFrame(lambda: self.status, zone=STORE_ZONE, language=Language.ENGLISH)
        self._pages = FloorPages(frame, log, lambda: store, patience=patience)

    def runner(self) -> web.AppRunner:
        app = web.Application(middlewares=[Guard(Visits()).watch])
        app.add_routes(self._pages.routes())
        return web.AppRunner(app, access_log=None)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Visitor"]:
        async with Listener("127.0.0.1", 0, self.runner) as door, aiohttp.ClientSession() as session:
            yield Visitor(session, door.port)


class Visitor:
    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self._session, self._port = session, port

    async def see(self, path: str = "/floors") -> str:
        async with self._session.get(f"http://127.0.0.1:{self._port}{path}") as answer:
            assert answer.status == 200
            return await answer.text()


async def seen(shop: Shop, path: str = "/floors") -> str:
    async with shop.open() as visitor:
        return await visitor.see(path)


def bars(page: str) -> list[str]:
    return re.findall('<svg class="beats" [^>]*aria-label="([^"]*)"', page)


def paths(page: str) -> list[tuple[str, str]]:
    """Return what is drawn for the first beacon."""
    return re.findall('<path class="([a-z]+)" d="([^"]*)"', page.partition("</svg>")[0])


async def test_each_beacon_has_its_day_in_words_and_in_shapes_out_of_the_log(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as file:
        rows = [minute(60.0 * number, *([1] if number >= 120 else [])) for number in range(1440)]
        await file.append([replace(row, segment=BOOT) for row in rows], [BOOT])
        page = await seen(Shop(with_beacons(beacon(1), beacon(2, present=False, rssi=None)), Written(file)))
    # NOW begins a half hour, of which nothing is known yet; 47 are over.
    assert bars(page) == ["heard 22 h, not heard 1.5 h", "not heard 23.5 h"]
    assert paths(page) == [("silent", "M0 8h11"), ("heard", "M12 8h175"), ("unknown", "M188 8h3")]
    assert page.count("<title>heard 22 h, not heard 1.5 h</title>") == 1


async def test_the_gateways_own_deafness_and_what_is_not_written_yet_are_told_apart() -> None:
    now = NOW + timedelta(minutes=20)
    worked = [0.0] * 2 + [SLOT.total_seconds()] * 45 + [0.0]
    day = Day(begins_at(now), NOW, worked, [0.0] * SLOTS_PER_DAY, {key(1): [0] * 2 + [30] * 44 + [0, 0]})
    gone = replace(beacon(1, present=False), silent_seconds=1900.0)
    page = await seen(Shop(replace(with_beacons(gone), written=now), Asked(day)))
    assert bars(page) == ["heard 22 h, not heard 30 min, gateway not receiving 1 h, not yet known 20 min"]
    assert paths(page) == [
        ("deaf", "M0 8h7"),
        ("heard", "M8 8h175"),
        ("silent", "M184 8h3"),
        ("unknown", "M188 8h3"),
    ]
    here = await seen(Shop(replace(with_beacons(beacon(1)), written=now), Asked(day)))
    assert paths(here)[1] == ("heard", "M8 8h175M188 8h3")


async def test_each_kind_of_beat_is_explained_beside_its_shape() -> None:
    legend = (await seen(Shop(with_beacons(beacon(1)), Asked()))).partition('<ul class="legend')[2]
    assert re.findall('class="([a-z]+)" d', legend) == ["heard", "partly", "silent", "deaf", "unknown"]
    text = Reader(legend).text
    for words in ("heard", "now and then", "not heard", "gateway not receiving or not running", "not yet known"):
        assert words in text


async def test_a_log_that_cannot_be_read_takes_the_bars_and_nothing_else() -> None:
    page = await seen(Shop(with_beacons(beacon(1)), Asked(trouble=OSError("disk is gone"))))
    assert "The log cannot be read now" in page
    assert not bars(page)
    assert "信标 1" in page
    assert "disk is gone" not in page


async def test_a_card_that_does_not_answer_holds_up_a_page_for_seconds_only() -> None:
    assert "The log cannot be read now" in await seen(Shop(with_beacons(beacon(1)), Busy(), patience=0.01))


async def test_while_nobody_knows_the_time_nobody_knows_the_day() -> None:
    log = Asked()
    page = await seen(Shop(replace(with_beacons(beacon(1)), time_known=False), log))
    assert "the bars of the last 24 hours come when it is set" in page
    assert not bars(page)
    assert not log.begins


async def test_a_log_is_asked_for_one_floor_once_a_minute_however_many_look() -> None:
    log = Asked()
    shop = Shop(with_beacons(beacon(1), beacon(2), beacon(3, floor="F1")), log)
    async with shop.open() as visitor:
        await asyncio.gather(*(visitor.see("/floors/F6") for _ in range(5)))
        assert log.keys == [[key(1), key(2)]]
        await visitor.see("/floors/F1")
        assert log.keys[1:] == [[key(3)]]
        shop.status = replace(shop.status, written=NOW + KEPT - timedelta(seconds=1))
        await visitor.see("/floors/F6")
        assert len(log.keys) == 2
        shop.status = replace(shop.status, written=NOW + KEPT)
        await visitor.see("/floors/F6")
        assert len(log.keys) == 3


async def test_a_new_half_hour_and_a_clock_that_was_set_back_are_asked_for_anew() -> None:
    log = Asked()
    shop = Shop(replace(with_beacons(beacon(1)), written=NOW + timedelta(seconds=1790)), log)
    async with shop.open() as visitor:
        await visitor.see()
        shop.status = replace(shop.status, written=NOW + timedelta(seconds=1800))
        await visitor.see()
        assert log.begins == [begins_at(NOW), begins_at(NOW) + SLOT]
        shop.status = replace(shop.status, written=NOW + timedelta(seconds=1795))
        await visitor.see()
        assert log.begins[2:] == [begins_at(NOW)]


async def test_a_beacon_that_came_new_is_in_no_answer_that_was_kept() -> None:
    log = Asked()
    shop = Shop(with_beacons(beacon(1)), log)
    async with shop.open() as visitor:
        await visitor.see()
        shop.status = with_beacons(beacon(1), beacon(2))
        await visitor.see()
    assert log.keys == [[key(1)], [key(1), key(2)]]


def store_with(**pages: tuple[str, ...] | None) -> Store:
    """Return a store in which beacon `_1` shows these pages."""
    beacons = {
        key(int(name[1:])): Beacon(key(int(name[1:])), f"beacon-{name[1:]}", "信标", "F6", slugs)
        for name, slugs in pages.items()
    }
    many = [OwnPage(f"p{number}", f"第{number}页", "", "https://example.com", "", "") for number in range(5)]
    own = {page.slug: page for page in many}
    evil = OwnPage("evil", EVIL, "", "https://example.com", "", "")
    return Store({"F6": Floor("F6", "六楼")}, beacons, {**own, "evil": evil, "by-hand": ConsolePage("by-hand", 77)})


async def test_the_titles_that_a_beacon_shows_stand_beside_it() -> None:
    store = store_with(_1=("p1", "by-hand"), _2=(), _3=None, _4=("p0", "p1", "p2", "p3", "p4"))
    beacons = tuple(beacon(number) for number in range(1, 6))
    text = Reader(await seen(Shop(with_beacons(*beacons), store=store))).text
    assert "10006/1 第1页 by-hand (console page 77) heard" in text
    assert "10006/2 shows none heard" in text
    assert "10006/3 not decided by the files heard" in text
    assert "10006/4 第0页 第1页 第2页 and 2 more heard" in text
    assert "10006/5 not decided by the files heard" in text


async def test_a_slot_that_runs_decides_which_title_it_is() -> None:
    store = store_with(_1=("p1",))
    slot = Slot(NOW, NOW + timedelta(hours=1), ("p2",))
    scheduled = replace(store, beacons={key(1): replace(store.beacons[key(1)], schedule=(slot,))})
    shop = Shop(with_beacons(beacon(1)), store=scheduled)
    async with shop.open() as visitor:
        assert "第2页" in await visitor.see()
        shop.status = replace(shop.status, written=NOW + timedelta(hours=1))
        assert "第1页" in await visitor.see()


async def test_titles_are_text_whatever_they_look_like() -> None:
    page = await seen(Shop(with_beacons(beacon(1)), Asked(), store_with(_1=("evil",))))
    assert "<script>" not in page
    Reader(page)


def judged(number: int, verdict: str, *, present: bool = False) -> BeaconStatus:
    return replace(beacon(number, present=present), verdict=verdict, silent_seconds=7200.0)


async def test_the_list_begins_with_those_that_need_a_visit() -> None:
    beacons = (
        beacon(1),
        judged(2, "coverage-gap"),
        judged(3, "moved", present=True),
        judged(4, "unknown"),
        judged(5, "battery"),
        judged(6, "battery"),
    )
    page = await shown(with_beacons(*beacons), "/floors/F6/list?language=en")
    order = ["To check: 4", "10006/5", "10006/6", "10006/4", "10006/3", "Others: 2", "10006/2", "10006/1"]
    places = [page.text.index(words) for words in order]
    assert places == sorted(places)
    assert "信标 5 10006/5 2 h ago It is silent" in page.text


async def test_of_another_floor_nobody_looks_for_what_this_gateway_never_heard() -> None:
    beacons = (replace(judged(1, "unknown"), floor="F1"), replace(judged(2, "battery"), floor="F1"))
    page = await shown(with_beacons(*beacons), "/floors/F1/list?language=en")
    assert "To check: 1" in page.text
    assert "Another floor" in page.text


async def test_whoever_walks_sees_which_are_heard_and_how_many_there_are() -> None:
    beacons = (
        beacon(1),
        judged(2, "battery"),
        replace(beacon(3, present=False, rssi=None), verdict="unknown"),
        beacon(4, floor="F1"),
    )
    answer = await asked(with_beacons(*beacons), "/floors/F6/inspection?language=en")
    text = Reader(answer.body).text
    assert "F6: 1 of 3 heard" in text
    assert '<progress max="3" value="1"' in answer.body
    assert "✓ 信标 1 10006/1 heard -62 dBm" in text
    assert "○ 信标 2 10006/2 not heard now; heard 2 h ago" in text
    assert "○ 信标 3 10006/3 not heard yet" in text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in answer.body
    assert 'data-every="5"' in answer.body
    assert "All of them are heard" not in text


async def test_a_round_is_over_when_all_are_heard() -> None:
    page = await shown(with_beacons(beacon(1), beacon(2)), "/floors/F6/inspection")
    assert "F6：收到 2 个，共 2 个" in page.text
    assert "全部收到。" in page.text


async def test_whoever_walks_beside_a_deaf_gateway_is_told() -> None:
    status = with_beacons(beacon(1))
    page = await shown(
        replace(status, radio=replace(status.radio, state="blocked")), "/floors/F6/inspection?language=en"
    )
    assert "Bluetooth is switched off" in page.text
    assert "All of them are heard" not in page.text


async def test_a_tag_that_is_carried_about_is_not_expected() -> None:
    store = store_with(_1=(), _2=())
    carried = replace(store, beacons={**store.beacons, key(2): replace(store.beacons[key(2)], mobile=True)})
    shop = Shop(with_beacons(beacon(1), beacon(2)), store=carried)
    assert "F6: 1 of 1 heard" in Reader(await seen(shop, "/floors/F6/inspection")).text
    nobody = Shop(with_beacons(beacon(2)), store=carried)
    assert "This floor has no fixed beacons." in await seen(nobody, "/floors/F6/inspection")


@pytest.mark.parametrize("page", ["list", "inspection"])
@pytest.mark.parametrize("floor", ["F99", "..%2f..%2fetc", "%3Cscript%3E", "F6%00", "f6"])
async def test_a_floor_that_is_not_there_has_no_pages_and_is_not_repeated(floor: str, page: str) -> None:
    async with opened(BEGAN) as door:
        answer = await ask(door, f"/floors/{floor}/{page}")
    assert answer.code == 404
    assert "没有这个页面" in answer.body
    assert "script" not in answer.body
    assert "F99" not in answer.body


@pytest.mark.parametrize("path", ["/floors/F6/list", "/floors/F6/inspection"])
async def test_names_are_text_here_too(path: str) -> None:
    answer = await asked(with_beacons(replace(judged(1, "battery"), name=EVIL)), path)
    assert "<script>" not in answer.body
    assert Reader(answer.body).fetched == FETCHED


@pytest.mark.parametrize("present", [False, True])
async def test_a_tag_is_heard_on_a_floor_and_not_said_to_be_there(*, present: bool) -> None:
    tag = replace(beacon(9, floor="F1", present=present), mobile=True)
    page = await seen(Shop(with_beacons(beacon(1), tag)), "/floors/F1")
    assert ("heard on F6" in page) is present
    assert "and it may be one floor above or below." in page
    assert "and it may be one floor above or below." not in await seen(Shop(with_beacons(beacon(1), tag)), "/floors/F6")


async def test_a_battery_is_shown_with_how_it_was_and_a_low_one_with_what_to_do() -> None:
    well = replace(beacon(1), battery=BatteryStatus(87, None, low=False, at=NOW, before=95, before_day="2026-11-01"))
    low = replace(beacon(2), battery=BatteryStatus(None, 2410, low=True, at=NOW))
    shop = Shop(with_beacons(well, low, beacon(3)))
    page, printed = await seen(shop, "/floors/F6"), await seen(shop, "/floors/F6/list")
    assert "battery 87 % (95 % on 2026-11-01)" in page
    assert page.count("Its battery is low (2.41 V)") == printed.count("Its battery is low (2.41 V)") == 1
