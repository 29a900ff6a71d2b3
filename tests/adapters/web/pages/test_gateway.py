"""The gateway's own page: its history out of the log, its card, its versions; and the newest events for store IT."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.machine.environment_probe import EnvironmentProbe
from beacon_gateway.adapters.machine.observing import SystemTools
from beacon_gateway.adapters.web.pages.gateway import GatewayPage, PageOffers
from beacon_gateway.adapters.web.pages.gateway_log import GatewayLogPage
from beacon_gateway.adapters.web.pages.gateway_sources import OwnLog
from beacon_gateway.adapters.web.pages.question import KEPT
from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.adapters.web.server.guard import Guard
from beacon_gateway.adapters.web.server.visits import VISIT, Visits
from beacon_gateway.core.doctor.machine import Disk
from beacon_gateway.core.log.event import Event, EventKind
from beacon_gateway.core.log.holdings import Holding
from beacon_gateway.core.log.log_filter import LogFilter
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.settings import STORE_ZONE, HitSettings, Language, Settings
from beacon_gateway.core.model.status import Status
from beacon_gateway.core.model.visitor import AT_THIS_MACHINE, Rank, Visitor
from beacon_gateway.core.monitoring.heartbeat_bar import SLOT, SLOTS_PER_DAY, Day
from beacon_gateway.core.support.host_environment import HostEnvironment
from tests.adapters.database.days import enter, minute
from tests.adapters.web.pages.test_floors import paths
from tests.adapters.web.pages.test_metrics import whole_status
from tests.adapters.web.pages.test_pages import Reader
from tests.adapters.web.pages.test_pages_server import Answer, ask
from tests.services.status.test_heartbeat import NOW

DAY = 86_400.0
BOOT = ClockSegment("this-boot", 0.0, NOW.timestamp() - DAY, known=True)
"""Of a machine that was started a day ago."""
NEVER_SET = ClockSegment("before", 0.0, NOW.timestamp() - 2 * DAY, known=False)
BEGAN = replace(whole_status(), started=NOW - timedelta(days=2))
SETTINGS = Settings("f6-east", "F6", Path(), Path(), Path(), timezone=STORE_ZONE, hits=HitSettings(retain=90 * DAY))
EVIL = '<script>alert("1")</script>'
MEGABYTE = 1_000_000
ROOMY = Disk("/var/lib/beacon-gateway", 4_000 * MEGABYTE, 8_000 * MEGABYTE, 90_000, 100_000, read_only=False)
FOUND = HostEnvironment(ROOMY, 5 << 20, {"beacon-gateway": "0.1.0", "BlueZ": "5.66", "kernel": ""})
VIEWER = Visitor("wall", Rank.VIEWER)
STAFF = Visitor("xiaoli", Rank.STAFF, frozenset({"F6"}))


def state(at: float, word: str, reason: str = "", *, segment: ClockSegment = BOOT) -> Event:
    return Event(EventKind.STATE, at, segment, "f6-east", details={"state": word, "reason": reason})


def rung(at: float, word: str, cause: str = "silent") -> Event:
    return Event(EventKind.RUNG, at, BOOT, "f6-east", details={"rung": word, "cause": cause})


@dataclass
class Asked:
    """A log that counts who asks; `trouble` is what it raises."""

    found: Sequence[Event] = ()
    trouble: OSError | None = None
    asked: list[LogFilter] = field(default_factory=list)

    async def events(self, wanted: LogFilter) -> list[Event]:
        self.asked.append(wanted)
        if self.trouble:
            raise self.trouble
        return list(self.found)

    async def heard_by_slot(self, begins: datetime, keys: Collection[BeaconKey]) -> Day:
        assert not keys
        return Day(begins, NOW, [SLOT.total_seconds()] * SLOTS_PER_DAY, [0.0] * SLOTS_PER_DAY, {})

    async def holdings(self) -> list[Holding]:
        return []


class Busy(Asked):
    """A log whose card answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.free = asyncio.Event()

    async def events(self, wanted: LogFilter) -> list[Event]:
        self.asked.append(wanted)
        await self.free.wait()
        return []


@dataclass
class Machine:
    found: HostEnvironment = FOUND

    async def look(self) -> HostEnvironment:
        return self.found


@dataclass
class Tail:
    said: Sequence[tuple[str, str, str]]

    def lines(self) -> Sequence[tuple[str, str, str]]:
        return self.said


def as_visitor(visitor: Visitor) -> Callable[..., Awaitable[web.StreamResponse]]:
    """Return a middleware that stands behind the guard, and makes everybody this visitor."""

    @web.middleware
    async def seat(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        request[VISIT] = replace(request[VISIT], visitor=visitor)
        return await handler(request)

    return seat


class Gateway:
    """Its pages, whose status changes."""

    def __init__(
        self,
        status: Status = BEGAN,
        *,
        visitor: Visitor = AT_THIS_MACHINE,
        tail: Tail | None = None,
        **sources: Any,  # noqa: ANN401 - the page takes them by name
    ) -> None:
        self.status, self.visitor = status, visitor
        frame = PageFrame(lambda: self.status, zone=STORE_ZONE, language=Language.ENGLISH)
        self._routes = GatewayPage(frame, offers=PageOffers(log=tail is not None), **sources).routes()
        if tail:
            self._routes += GatewayLogPage(frame, tail).routes()

    def _runner(self) -> web.AppRunner:
        app = web.Application(middlewares=[Guard(Visits()).watch, as_visitor(self.visitor)])
        app.add_routes(self._routes)
        return web.AppRunner(app, access_log=None)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Listener]:
        async with Listener("127.0.0.1", 0, self._runner) as door:
            yield door

    async def show(self, path: str = "/gateway") -> Answer:
        async with self.open() as door:
            return await ask(door, path)


async def shown(log: OwnLog | None = None, status: Status = BEGAN, **sources: object) -> str:
    answer = await Gateway(status, settings=SETTINGS, log=log, **sources).show()  # type: ignore[arg-type]  # fields by name
    assert answer.code == 200
    return answer.body


async def test_what_happened_to_the_radio_stands_there_newest_first_out_of_the_log(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        beacons = [Event(EventKind.ABSENT, 70_000.0 + number, BOOT, "f6-east", beacon="x") for number in range(60)]
        radio = [
            state(100.0, "recovering", "hci0 hears nothing"),
            rung(160.0, "new-scanner"),
            state(170.0, "listening"),
        ]
        await log.append([*radio, *beacons], [BOOT])
        text = Reader(await shown(log)).text
    history = text.partition("Radio events of the last 7 days")[2]
    order = [
        "2026-11-23 18:02:50 Receiving.",
        "2026-11-23 18:02:40 restarted the scan (silent)",
        "2026-11-23 18:01:40 Not receiving for a moment; recovering automatically.",
    ]
    places = [history.index(words) for words in order]
    assert places == sorted(places)
    assert "hci0 hears nothing" in history
    assert "silent for" not in history


async def test_a_change_of_all_levels_stands_there_too_as_something_to_look_at(tmp_path: Path) -> None:
    details = {"beacons": "18", "known": "20", "step": "-12", "lowest": "-14", "highest": "-10"}
    async with HitLogFile(tmp_path) as log:
        await log.append([Event(EventKind.LEVEL, 100.0, BOOT, "f6-east", details=details)], [BOOT])
        text = Reader(await shown(log)).text
    assert "2026-11-23 18:01:40 The levels of 18 of 20 beacons changed at the same time, by -14 to -10 dB" in text


async def test_a_time_that_nobody_knew_is_marked(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await log.append([state(100.0, "deaf", segment=NEVER_SET)], [NEVER_SET])
        assert "2026-11-22 18:01:40? Not receiving, and automatic recovery failed" in Reader(await shown(log)).text


async def test_more_than_fifty_events_and_more_than_seven_days_are_not_asked_for() -> None:
    log = Asked()
    await shown(log)
    assert [(wanted.limit, wanted.since) for wanted in log.asked] == [(50, NOW - timedelta(days=7))]


async def test_a_quiet_week_says_so() -> None:
    assert "No events in 7 days." in await shown(Asked())


async def test_the_gateways_own_day_is_a_bar_out_of_the_log(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        deaf = [minute(60.0 * number, deaf=60.0 if 60 <= number < 120 else 0.0) for number in range(1440)]
        await log.append([replace(row, segment=BOOT) for row in deaf], [BOOT])
        page = await shown(log)
    assert 'aria-label="receiving 22.5 h, not receiving or not running 1 h"' in page
    assert paths(page) == [("heard", "M0 8h3M12 8h175"), ("deaf", "M4 8h7"), ("unknown", "M188 8h3")]


async def test_what_is_kept_stands_there_with_for_how_long(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        await log.append([enter(100.0, segment=BOOT), enter(200.0, segment=BOOT)], [BOOT])
        text = Reader(await shown(log)).text
    kept = "2 since 2026-11-23 kept for 90 days, then deleted"
    assert f"arrivals, zones and departures of beacons (not of people) {kept}" in text
    assert "WeChat's statistics" not in text


async def test_a_log_that_cannot_be_read_takes_its_parts_and_nothing_else() -> None:
    page = await shown(Asked(trouble=OSError("disk is gone")), machine=Machine())
    assert "The log cannot be read now" in page
    assert "Receiving." in page
    assert "BlueZ 5.66" in page
    assert "disk is gone" not in page


async def test_a_busy_card_holds_up_a_page_for_seconds_only_and_is_not_asked_again_meanwhile() -> None:
    log = Busy()
    gateway = Gateway(log=log, patience=0.01)
    async with gateway.open() as door:
        for _ in range(3):
            assert "The log cannot be read now" in (await ask(door, "/gateway")).body
        assert len(log.asked) == 1
        log.free.set()
        await asyncio.sleep(0)
        assert "No events in 7 days." in (await ask(door, "/gateway")).body
    assert len(log.asked) == 1


async def test_a_log_is_asked_once_a_minute_however_many_look_and_again_after_a_trouble() -> None:
    log = Asked(trouble=OSError("busy"))
    gateway = Gateway(log=log)
    async with gateway.open() as door:
        await ask(door, "/gateway")
        log.trouble = None
        await asyncio.gather(*(ask(door, "/gateway") for _ in range(5)))
        assert len(log.asked) == 2
        gateway.status = replace(BEGAN, written=NOW + KEPT - timedelta(seconds=1))
        await ask(door, "/gateway")
        assert len(log.asked) == 2
        gateway.status = replace(BEGAN, written=NOW + KEPT)
        await ask(door, "/gateway")
        gateway.status = replace(BEGAN, written=NOW)  # a clock that was set back
        await ask(door, "/gateway")
        assert len(log.asked) == 4


async def test_while_nobody_knows_the_time_there_is_no_bar() -> None:
    page = await shown(Asked(), replace(BEGAN, time_known=False))
    assert "<svg" not in page


def having_written(count: int, hours: float) -> Status:
    assert BEGAN.process
    process = replace(BEGAN.process, written_bytes=count)
    return replace(BEGAN, process=process, started=NOW - timedelta(hours=hours))


@pytest.mark.parametrize(
    ("megabytes", "hours", "words"),
    [
        (2, 0.5, "2.0 MB written since the start; what that is a day shows after an hour"),
        (8, 48, "8.0 MB written since the start, about 4.0 MB a day, within 20 MB a day"),
        (60, 48, "60.0 MB written since the start, about 30.0 MB a day, more than 20 MB a day"),
        (2, 2, "2.0 MB written since the start, about 24.0 MB a day, within 20 MB a day"),
    ],
)
async def test_what_is_written_to_the_card_is_told_by_the_day(megabytes: int, hours: float, words: str) -> None:
    assert words in Reader(await shown(status=having_written(megabytes * MEGABYTE, hours))).text


async def test_where_the_kernel_tells_nothing_nothing_is_told() -> None:
    assert "written since" not in await shown(status=replace(BEGAN, process=None))


async def test_room_and_versions_are_told_and_what_mends_a_full_card() -> None:
    text = Reader(await shown(machine=Machine())).text
    assert "4000 MB are free for /var/lib/beacon-gateway" in text
    assert "The log's file has 5.0 MB" in text
    assert "beacon-gateway 0.1.0 · BlueZ 5.66 · kernel not known" in text
    full = Machine(replace(FOUND, disk=replace(ROOMY, free=50 * MEGABYTE)))
    assert "sudo apt clean" in Reader(await shown(machine=full)).text


async def test_a_machine_is_looked_at(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "bluetoothctl").write_text("#!/bin/sh\necho bluetoothctl: 5.66\n")
    (tools / "bluetoothctl").chmod(0o755)
    async with HitLogFile(tmp_path) as log:
        await log.append([enter(1.0, segment=BOOT)], [BOOT])
        look = EnvironmentProbe(tmp_path, root=tmp_path, tools=SystemTools(folders=str(tools)))
        found = await look.look()
    assert found.disk
    assert found.disk.free > 0
    assert found.log_bytes > 2048
    assert list(found.versions) == ["beacon-gateway", "Python", "bleak", "BlueZ", "kernel"]
    assert found.versions["BlueZ"] == "5.66"


async def test_names_in_the_history_are_text_whatever_they_look_like() -> None:
    page = await shown(Asked([state(1.0, "deaf", EVIL)]), tail=Tail(()))
    assert "<script>" not in page
    Reader(page)


LINES = (
    ("2026-11-24T09:00:00.000000Z", "info", "radio.listening adapter=hci0"),
    ("2026-11-24T09:30:00.000000Z", "warning", f"sync.failed reason={EVIL}"),
    ("2026-11-24T09:59:00.000000Z", "error", "web.closed reason=taken"),
)


async def events_shown(path: str, visitor: Visitor = AT_THIS_MACHINE, *, lines: Sequence[object] = LINES) -> Answer:
    return await Gateway(tail=Tail(lines), visitor=visitor).show(path)  # type: ignore[arg-type]  # rows of three


async def test_the_newest_events_come_first_in_the_stores_zone() -> None:
    answer = await events_shown("/gateway/log")
    text = Reader(answer.body).text
    order = [
        "11-24 17:59:00 error web.closed",
        "11-24 17:30:00 warning sync.failed",
        "11-24 17:00:00 info radio.listening",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "<script>" not in answer.body


async def test_warnings_can_be_had_alone_and_stay_so_in_another_language() -> None:
    body = (await events_shown("/gateway/log?level=warning")).body
    assert "web.closed" in body
    assert "sync.failed" in body
    assert "radio.listening" not in body
    assert 'href="/gateway/log?level=warning&amp;language=zh"' in body
    assert "None." in (await events_shown("/gateway/log?level=warning", lines=LINES[:1])).body


async def test_a_level_that_is_not_there_says_so() -> None:
    answer = await events_shown("/gateway/log?level=%3Cscript%3E")
    assert answer.code == 400
    assert "There is no such level" in answer.body
    assert "<script>" not in answer.body


@pytest.mark.parametrize("visitor", [VIEWER, STAFF])
async def test_events_are_for_store_it_only(visitor: Visitor) -> None:
    answer = await events_shown("/gateway/log", visitor)
    assert answer.code == 403
    assert "for store IT only" in answer.body
    assert "radio.listening" not in answer.body
    assert "/gateway/log" not in (await events_shown("/gateway", visitor)).body
    assert 'href="/gateway/log"' in (await events_shown("/gateway")).body
