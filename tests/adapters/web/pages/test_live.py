"""The live page over real HTTP: the table, the events, and what viewers cost and cannot do."""

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final, Self

import pytest
from aiohttp import web

from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.web.pages.live import LivePage
from beacon_gateway.adapters.web.server.event_stream import MAX_VIEWERS, EventStream
from beacon_gateway.adapters.web.server.frame import HERE, PageFrame
from beacon_gateway.adapters.web.server.guard import Guard
from beacon_gateway.adapters.web.server.visits import Visits
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.ibeacon import Frame as Advertised
from beacon_gateway.core.model.settings import STORE_ZONE, Language
from beacon_gateway.core.model.store import Beacon
from beacon_gateway.core.radio.trouble import RadioCause
from beacon_gateway.core.tracking.strangers import Strangers
from beacon_gateway.core.tracking.tracker import BeaconState, FrameCounters, Tracker
from beacon_gateway.services.tracking.live import LiveFeed
from tests.adapters.web.pages.test_metrics import whole_status
from tests.adapters.web.pages.test_pages import Reader
from tests.adapters.web.pages.test_pages_server import Answer
from tests.core.tracking.test_live import BEACONS, NORTH, SOUTH, START, UNDECLARED
from tests.patience import HANG_S, until

LARGEST_SCRIPT = 6_500


class Ear:
    """Hears with a real tracker; counts who looks."""

    def __init__(self) -> None:
        self.beacons = dict(BEACONS)
        self._tracker = Tracker(self.beacons)
        self.now = START
        self.adverts = 0
        self.looks = 0
        self.missing: tuple[RadioCause, float] | None = None

    @property
    def reception(self) -> FrameCounters:
        return self._tracker.reception

    @property
    def strangers(self) -> Strangers:
        return self._tracker.strangers

    def states(self) -> Iterator[BeaconState]:
        self.looks += 1
        return self._tracker.states()

    def beacon(self, key: BeaconKey) -> Beacon:
        return self.beacons[key]

    def silence(self, _: float) -> tuple[RadioCause, float] | None:
        return self.missing

    def monotonic(self) -> float:
        return self.now

    def hear(self, *keys: BeaconKey, times: int = 1, rssi: int = -60) -> None:
        """Let a second pass for each time, and each be heard at its end."""
        for _ in range(times):
            self.now += 1
            for key in keys:
                self.adverts += 1
                self._tracker.hear(Advertised(key, -59).payload(), rssi, self.now)

    def name(self, key: BeaconKey, name: str) -> None:
        self.beacons[key] = Beacon(key, slug=self.beacons[key].slug, name=name, floor="F6")


class Shop:
    """A live page that is served, and the seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.ear = Ear()
        self._seconds = asyncio.Semaphore(0)
        self.page = LivePage(
            PageFrame(whole_status, zone=STORE_ZONE, language=Language.CHINESE),
            LiveFeed(self.ear, self.ear.monotonic, tick=self._tick),
        )
        self.server = served(self.page.routes(), self.page.events)

    async def _tick(self) -> None:
        await self._seconds.acquire()

    def second(self, *keys: BeaconKey) -> None:
        """Let a second pass, in which these are heard."""
        self.ear.hear(*keys)
        self._seconds.release()

    async def ask(self, path: str) -> Answer:
        return await ask(self.server.port, path)


def served(routes: list[web.RouteDef], events: EventStream) -> Listener:
    async def end(_: web.Application) -> None:
        await events.end()

    def runner() -> web.AppRunner:
        app = web.Application(middlewares=[Guard(Visits()).watch])
        app.add_routes(routes)
        app.on_shutdown.append(end)
        # A client that has to be waited for is noticed.
        return web.AppRunner(app, access_log=None, shutdown_timeout=2 * HANG_S)

    return Listener("127.0.0.1", 0, runner)


@asynccontextmanager
async def opened() -> AsyncIterator[Shop]:
    shop = Shop()
    async with shop.server:
        yield shop


async def ask(port: int, path: str) -> Answer:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    said = await reader.read()
    writer.close()
    return Answer(said.decode())


class Viewer:
    """Watches `/live/events` as a browser does. Use as an async context manager."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.head = ""

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(b"GET /live/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert await self._chunk() == b"retry: 3000\n\n"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def event(self) -> bytes | None:
        """Return an event's data; None at the end of the stream."""
        chunk = await self._chunk()
        if chunk is None:
            return None
        assert chunk.startswith(b"data: ")
        assert chunk.endswith(b"\n\n")
        data = chunk[len(b"data: ") : -2]
        assert b"\n" not in data
        assert b"\r" not in data
        return data

    async def told(self) -> dict[str, Any]:
        data = await self.event()
        assert data is not None
        said = json.loads(data)
        assert isinstance(said, dict)
        return said

    async def _chunk(self) -> bytes | None:
        size = int(await self._reader.readline(), 16)
        data = await self._reader.readexactly(size)
        assert await self._reader.readexactly(2) == b"\r\n"
        return data or None


async def test_all_viewers_get_the_same_event_each_second() -> None:
    async with opened() as shop, Viewer(shop.server.port) as first, Viewer(shop.server.port) as second:
        assert await first.event() == await second.event()
        shop.second(NORTH)
        news = await first.event()
        assert news == await second.event()
        assert news is not None
        assert json.loads(news)["changed"][0] == ["F6/north", "seldom", -60, 1.0, "", 1]


async def test_a_look_serves_all_viewers_and_none_is_taken_while_nobody_watches() -> None:
    async with opened() as shop:
        shop.second(NORTH)
        assert shop.ear.looks == 0
        async with AsyncExitStack() as stack:
            viewers = [await stack.enter_async_context(Viewer(shop.server.port)) for _ in range(5)]
            for viewer in viewers:
                await viewer.event()
            looks = shop.ear.looks
            shop.second(NORTH)
            for viewer in viewers:
                await viewer.event()
            assert shop.ear.looks == looks + 1
        await gone(shop)
        looks = shop.ear.looks
        for _ in range(10):
            shop.second(NORTH)
            await asyncio.sleep(0)
        assert shop.ear.looks == looks
        assert not [task for task in asyncio.all_tasks() if task.get_name() == "events"]


async def gone(shop: Shop) -> None:
    """Wait until the server has noticed that nobody watches: at an event, as it does."""
    async with asyncio.timeout(HANG_S):
        while shop.page.events.viewers:
            shop.second(NORTH)
            await asyncio.sleep(0)


async def test_whoever_comes_later_is_told_all_first() -> None:
    async with opened() as shop, Viewer(shop.server.port) as early:
        await early.event()
        shop.second(NORTH)
        await early.event()
        async with Viewer(shop.server.port) as late:
            told = await late.told()
            assert told["all"] is True
            assert [row[2] for row in told["rows"]] == ["北扶梯口", "服务台"]
            shop.second(SOUTH)
            assert await late.event() == await early.event()


async def test_those_who_come_back_after_all_had_left_are_told_all() -> None:
    async with opened() as shop:
        async with Viewer(shop.server.port) as viewer:
            await viewer.event()
        await gone(shop)
        async with Viewer(shop.server.port) as viewer:
            assert (await viewer.told())["all"] is True


async def test_an_event_says_who_is_gone_and_who_is_new() -> None:
    async with opened() as shop, Viewer(shop.server.port) as viewer:
        await viewer.event()
        shop.second(UNDECLARED)
        told = await viewer.told()
        assert told["rows"][0][:7] == [str(UNDECLARED), False, "", "", str(UNDECLARED.uuid).upper(), 10_006, 9]
        assert told["counts"] == {
            "heard": 0, "own": 2, "strangers": 1, "pace": 1, "advertisements": 1, "unknown": 1
        }  # fmt: skip
        shop.ear.strangers.declare([])
        shop.second()
        assert (await viewer.told())["gone"] == [str(UNDECLARED)]


async def test_one_that_was_set_up_wrongly_is_shown_with_how_to_burn_it_anew() -> None:
    swapped = BeaconKey(NORTH.uuid, 0x1627, 0x0100)
    async with opened() as shop, Viewer(shop.server.port) as viewer:
        await viewer.event()
        shop.second(swapped)
        told = await viewer.told()
        assert told["rows"][0][7:9] == ["bytes", str(NORTH)]
        answer = await shop.ask("/live")
    assert f"请重新烧录：{NORTH}" in answer.body


async def test_a_stream_is_not_kept_by_anybody_on_the_way() -> None:
    async with opened() as shop, Viewer(shop.server.port) as viewer:
        assert viewer.head.startswith("http/1.1 200 ")
        for line in ("content-type: text/event-stream", "cache-control: no-store", "x-content-type-options: nosniff"):
            assert f"\r\n{line}\r\n" in viewer.head
        assert "set-cookie" not in viewer.head


@pytest.mark.parametrize("name", ['</script><img src="x" onerror="1">', "data: a\n\ndata: b", "\u2028\r\n\x00\ud800"])
async def test_a_name_is_a_name_whatever_it_looks_like(name: str) -> None:
    async with opened() as shop:
        shop.ear.name(NORTH, name)
        async with Viewer(shop.server.port) as viewer:
            assert (await viewer.told())["rows"][0][2] == name


async def test_a_name_is_text_on_the_page_too() -> None:
    async with opened() as shop:
        shop.ear.name(NORTH, '"><script>alert(1)</script>')
        answer = await shop.ask("/live?filter=%22%3E%3Cscript%3E")
    assert "<script>" not in answer.body
    assert "&gt;&lt;script&gt;alert(1)" in answer.body


async def test_the_thirty_first_viewer_is_told_to_come_later() -> None:
    async with opened() as shop, AsyncExitStack() as stack:
        viewers = [await stack.enter_async_context(Viewer(shop.server.port)) for _ in range(MAX_VIEWERS)]
        answer = await shop.ask("/live/events")
        assert answer.code == 503
        assert "同时打开这个页面的人太多" in answer.body
        assert "retry-after: 60" in answer.head
        for viewer in viewers:
            assert (await viewer.told())["all"] is True


class Big:
    """An event that no connection takes many of; counts how often it was made."""

    made = 0

    def full(self) -> bytes:
        self.made += 1
        return b"x" * 400_000

    def delta(self) -> bytes:
        return self.full()


class Stuck:
    """A viewer that asks, and then reads nothing. Use as a context manager."""

    def __init__(self, port: int) -> None:
        self._port = port

    def __enter__(self) -> Self:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.connect(("127.0.0.1", self._port))
        self._socket.send(b"GET /live/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


class BigEvents:
    """A stream of them, one whenever the test says so."""

    def __init__(self, waiting: int) -> None:
        self._go = asyncio.Semaphore(0)
        self.events = EventStream(self._tellings, waiting=waiting)
        self.server = served([web.get("/live/events", self.events.serve)], self.events)

    async def _tellings(self) -> AsyncGenerator[Big]:
        while True:
            yield Big()
            await self._go.acquire()

    async def viewers(self, count: int) -> None:
        await until(lambda: self.events.viewers >= count)

    def tell(self) -> None:
        self._go.release()


async def test_a_viewer_that_does_not_read_is_let_go_and_the_others_go_on() -> None:
    big = BigEvents(waiting=2)
    async with big.server, Viewer(big.server.port) as reader, asyncio.timeout(HANG_S):
        await reader.event()
        with Stuck(big.server.port):
            await big.viewers(2)
            while not big.events.dropped:
                big.tell()
                assert await reader.event()
            assert (big.events.dropped, big.events.viewers) == (1, 1)
            big.tell()
            assert await reader.event()


async def test_streams_end_when_the_server_stops_and_nobody_is_waited_for() -> None:
    big = BigEvents(waiting=100)
    async with asyncio.timeout(HANG_S), AsyncExitStack() as stack:
        await big.server.__aenter__()
        reader = await stack.enter_async_context(Viewer(big.server.port))
        await reader.event()
        stack.enter_context(Stuck(big.server.port))
        await big.viewers(2)
        for _ in range(20):  # more than the kernel keeps for it
            big.tell()
            assert await reader.event()
        await big.server.__aexit__(None, None, None)
        assert await reader.event() is None
        assert (big.events.dropped, big.events.viewers) == (0, 0)


async def test_a_stream_that_breaks_ends_and_can_be_watched_again() -> None:
    breaks = [True, False]

    async def tellings() -> AsyncGenerator[Big]:
        yield Big()
        if breaks.pop(0):
            raise ValueError("broken")
        await asyncio.get_running_loop().create_future()

    events = EventStream(tellings)
    async with served([web.get("/live/events", events.serve)], events) as server, asyncio.timeout(HANG_S):
        async with Viewer(server.port) as viewer:
            while await viewer.event():
                pass  # until it ends
        async with Viewer(server.port) as viewer:
            assert await viewer.event() == Big().full()


async def test_the_page_is_a_table_without_a_script() -> None:
    async with opened() as shop:
        shop.ear.hear(NORTH, UNDECLARED, times=5)
        page = Reader((await shop.ask("/live?language=en")).body)
    assert "北扶梯口 10006/1 F6 heard -60 dBm near 0 s ago" in page.text
    assert "服务台 10006/2 F6 not heard yet never" in page.text
    assert "stranger FDA50693-A4E2-4FB1-AFCF-C6EB07647825 10006/9 heard -60 dBm 0 s ago" in page.text
    assert "Declared beacons heard: 1 of 2; strangers: 1" in page.text
    assert "/live?mine=yes" in page.links
    assert "/static/live.js" in page.fetched


async def test_the_second_page_knows_rates_and_the_same_half_second_costs_no_look() -> None:
    async with opened() as shop:
        await shop.ask("/live")
        shop.ear.hear(NORTH, times=5)
        page = Reader((await shop.ask("/live")).body)
        looks = shop.ear.looks
        shop.ear.now += 0.4
        await shop.ask("/live")
        assert shop.ear.looks == looks == 2
    assert "每秒 1.0 次" in page.text
    assert "每秒 1 条广播" in page.text


async def test_strangers_and_others_can_be_left_out() -> None:
    async with opened() as shop:
        shop.ear.hear(NORTH, UNDECLARED, times=5)
        mine = Reader((await shop.ask("/live?mine=yes")).body)
        some = Reader((await shop.ask("/live?filter=%E6%9C%8D%E5%8A%A1")).body)
        none = await shop.ask("/live?filter=nobody")
    assert ("10006/1" in mine.text, "10006/9" in mine.text) == (True, False)
    assert ("10006/2" in some.text, "10006/1" in some.text) == (True, False)
    assert '<p id="live-none">' in none.body


async def test_a_gateway_that_is_deaf_says_so_in_words() -> None:
    async with opened() as shop:
        shop.ear.missing = RadioCause.SILENT, START
        answer = await shop.ask("/live")
    assert '<td class="deaf">网关未在接收，无法判断</td>' in answer.body
    assert '<p id="live-deaf" class="fault" role="alert">' in answer.body


@pytest.mark.parametrize(
    ("query", "words"), [("mine=perhaps", "只能是 yes 或 no"), (f"filter={'x' * 65}", "最多 64 个字")]
)
async def test_what_was_asked_wrongly_is_said(query: str, words: str) -> None:
    async with opened() as shop:
        answer = await shop.ask(f"/live?{query}")
    assert answer.code == 400
    assert words in answer.body
    assert "北扶梯口" in answer.body


async def test_the_script_is_small_and_of_the_right_type() -> None:
    async with opened() as shop:
        answer = await shop.ask("/static/live.js")
    assert answer.code == 200
    assert "content-type: text/javascript; charset=utf-8" in answer.head
    assert len(answer.body.encode()) < LARGEST_SCRIPT


SCRIPT: Final = str(HERE / "static" / "live.js")


def run(program: str, *data: object) -> Any:  # noqa: ANN401 - whatever it makes
    """Return what a program makes of the script's functions, in JavaScript outside a browser."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    whole = f"const [script, ...data] = JSON.parse(require('fs').readFileSync(0));\n{program}"
    given = json.dumps([SCRIPT, *data])
    done = subprocess.run([node, "-e", whole], input=given, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    return json.loads(done.stdout)


async def test_the_script_takes_our_events_and_has_the_rows_that_we_have() -> None:
    async with opened() as shop, Viewer(shop.server.port) as viewer:
        events = [await viewer.told()]
        for keys in ([NORTH], [NORTH, UNDECLARED], [NORTH], [], [SOUTH]):
            shop.second(*keys)
            events.append(await viewer.told())
        shop.ear.strangers.declare([])
        shop.second()
        events.append(await viewer.told())
        async with Viewer(shop.server.port) as late:
            whole = await late.told()
    program = """
        const { take } = require(script), rows = new Map(), anew = new Map();
        for (const event of data[0]) take(rows, event);
        take(anew, data[1]);
        const plain = (map) => [...map.values()].map(({ trace, ...row }) => row);
        console.log(JSON.stringify([plain(rows), plain(anew), rows.get("F6/north").trace]));
    """
    rows, anew, trace = run(program, events, whole)
    assert rows == anew
    assert [row["name"] for row in rows] == ["北扶梯口", "服务台"]
    assert trace == [[1, -60], [2, -60], [3, -60]]


def test_the_script_draws_a_trace_that_is_broken_where_nothing_was_heard() -> None:
    trace = [[0, -30], [1, -100], [60, -65], [120, -200]]
    drawn = run("console.log(JSON.stringify(require(script).line(data[0], 120)))", trace)
    assert drawn == "M40.0 10.0h.1L44.9 129.0M335.0 69.5h.1M630.0 129.0h.1"


def test_the_script_says_in_words_what_it_draws() -> None:
    words = {"trace.text": "{name}: {seconds}, {weakest} to {strongest}, now {level}", "trace.none": "{name}: none"}
    program = (
        "const { summary } = require(script); console.log(JSON.stringify(data[1].map((row) => summary(data[0], row))))"
    )
    heard = {"name": "北扶梯口", "number": "1/2", "level": -61, "trace": [[1, -70], [2, -60], [3, -61]]}
    stranger: dict[str, object] = {"name": "", "number": "1/9", "level": None, "trace": []}
    assert run(program, words, [heard, stranger]) == ["北扶梯口: 3, -70 to -60, now -61", "1/9: none"]


def test_the_script_finds_rows_and_says_times_as_the_server_does() -> None:
    words = {"status.ago": "{ago} ago"} | {
        f"ago.{unit}": f"{{count}} {unit}" for unit in ("seconds", "minutes", "hours", "days")
    }
    program = """
        const { ago, fits } = require(script), [words, row] = data;
        const found = ["", "name f6", "fda5 1/2", "f7"].map((text) => fits(row, text, false));
        const times = [0, 59, 60, 7200, 200000].map((age) => ago(words, age));
        console.log(JSON.stringify([times, found, fits(row, "", true)]));
    """
    row = {"name": "Name", "floor": "F6", "uuid": "FDA5", "number": "1/2", "mine": False}
    times, found, mine = run(program, words, row)
    assert times == ["0 seconds ago", "59 seconds ago", "1 minutes ago", "2 hours ago", "2 days ago"]
    assert found == [True, True, True, False]
    assert mine is False
