"""`make bench-pages`: what a page costs with 500 beacons and a year in the log, and what viewers of the live page do.

Seconds are of this process, which serves; who asks is a process of its own. Writing the year takes two minutes.
"""

import asyncio
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import aiohttp

from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.adapters.state.report_material import ReportMaterial
from beacon_gateway.adapters.web.pages.dependencies import PageDependencies
from beacon_gateway.adapters.web.pages.heat import HeatPage, note_ledger
from beacon_gateway.adapters.web.pages.pages_server import PagesServer
from beacon_gateway.core.model.ibeacon import BeaconKey, Frame
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.model.status import Status
from beacon_gateway.core.model.store import Beacon
from beacon_gateway.core.radio.trouble import RadioCause
from beacon_gateway.core.tracking.strangers import Strangers
from beacon_gateway.core.tracking.tracker import BeaconState, FrameCounters, Tracker
from beacon_gateway.services.tracking.live import LiveFeed
from tests.adapters.database.days import key
from tests.adapters.web.pages.test_metrics import beacon, whole_status
from tests.power.year import DAYS, ZONE, fill

BEACONS: Final = 500
OF_A_FLOOR: Final = 50
BEGINS: Final = datetime(2025, 11, 1, tzinfo=ZONE)
ENDS: Final = BEGINS + timedelta(days=DAYS)
FIRST_PAGE: Final = ("/", "/static/pages.css", "/static/pages.js")
TIMES: Final = 50
VIEWERS: Final = 20
SECONDS: Final = 30
HEARD: Final = 100
"""Beacons whose reading changes in a second."""


class Ear:
    """Hears a hundred of the beacons each second, with a real tracker."""

    def __init__(self) -> None:
        self._beacons = {
            each: Beacon(each, slug=f"beacon-{each.minor}", name=f"信标 {each.minor}", floor="F1")
            for each in map(key, range(BEACONS))
        }
        self._tracker = Tracker(self._beacons)
        self.adverts = 0
        self._payloads = [Frame(each, -59).payload() for each in self._beacons]

    @property
    def reception(self) -> FrameCounters:
        return self._tracker.reception

    @property
    def strangers(self) -> Strangers:
        return self._tracker.strangers

    def states(self) -> Iterator[BeaconState]:
        return self._tracker.states()

    def beacon(self, key: BeaconKey) -> Beacon:
        return self._beacons[key]

    def silence(self, _: float) -> tuple[RadioCause, float] | None:
        return None

    async def hear(self) -> None:
        chance = random.Random(1)
        while True:
            for payload in chance.sample(self._payloads, HEARD):
                self.adverts += 1
                self._tracker.hear(payload, chance.randint(-90, -50), time.monotonic())
            await asyncio.sleep(1)


def status() -> Status:
    beacons = tuple(
        replace(beacon(number, floor=f"F{1 + number // OF_A_FLOOR:02}", present=number % 10 != 0), major=key(1).major)
        for number in range(BEACONS)
    )
    return replace(whole_status(), beacons=beacons, floor="F01", written=ENDS, started=ENDS - timedelta(days=2))


async def main() -> None:
    with TemporaryDirectory() as name:
        settings = Settings("bench", "F01", Path(name), Path(name), Path(name), timezone=ZONE)
        await fill(settings.state, BEGINS)
        ear, now = Ear(), status()
        hearing = asyncio.create_task(ear.hear())
        async with HitLogFile(settings.state) as log:
            material = ReportMaterial(settings, lambda: None, trouble=note_ledger)
            dependencies = PageDependencies(
                status=lambda: now,
                utc=lambda: ENDS,
                zone=ZONE,
                language=Language.CHINESE,
                looks=LiveFeed(ear, time.monotonic),
                heard=log,
                heat=lambda frame: HeatPage(frame, material, lambda: ENDS).handlers(),
            )
            async with PagesServer("127.0.0.1", 0, dependencies) as door:
                await _pages(door.port)
                await _viewers(door.port)
        hearing.cancel()


async def _pages(port: int) -> None:
    size = 0
    for path in FIRST_PAGE:
        size += await _asked(port, path, 1)
    print(f"the first page: {size / 1000:.1f} kB in {len(FIRST_PAGE)} requests (targets: 100 kB, 3)")
    for path in ("/", "/floors", "/floors/F01/list", "/heat", "/live", "/gateway", "/static/pages.css"):
        await _asked(port, path, 1)  # what is loaded when it is first wanted
        begun = time.process_time()
        size = await _asked(port, path, TIMES)
        spent = (time.process_time() - begun) / TIMES
        print(f"{path}: {1000 * spent:.2f} ms of CPU, {size / TIMES / 1000:.1f} kB")


async def _viewers(port: int) -> None:
    idle = await _share()
    watching = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.pages", "watch", str(port), str(VIEWERS)), stdout=asyncio.subprocess.PIPE
    )
    assert watching.stdout
    await watching.stdout.readline()  # all of them see something
    busy = await _share()
    watching.terminate()
    await watching.communicate()
    print(
        f"{VIEWERS} viewers of /live/events, {HEARD} of {BEACONS} beacons changing each second: "
        f"{busy - idle:.1%} of a core over {SECONDS} s, beside {idle:.1%} without them"
    )


async def _share() -> float:
    """Return the share of a core that this process takes."""
    begun = time.process_time()
    await asyncio.sleep(SECONDS)
    return (time.process_time() - begun) / SECONDS


async def _asked(port: int, path: str, times: int) -> int:
    """Have another process ask for a page so often; return the bytes that came."""
    asking = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.pages", "ask", str(port), path, str(times)), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await asking.communicate()
    return int(said)


async def ask(port: int, path: str, times: int) -> None:
    size = 0
    async with aiohttp.ClientSession() as session:
        for _ in range(times):
            async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                answer.raise_for_status()
                size += len(await answer.read())
    print(size)


async def watch(port: int, viewers: int) -> None:
    seen = [asyncio.Event() for _ in range(viewers)]

    async def look(first: asyncio.Event) -> None:
        async with session.get(f"http://127.0.0.1:{port}/live/events") as events:
            async for line in events.content:
                if line.startswith(b"data:"):
                    first.set()

    timeout, connector = aiohttp.ClientTimeout(total=None), aiohttp.TCPConnector(limit=viewers)
    async with (
        aiohttp.ClientSession(timeout=timeout, connector=connector, read_bufsize=1 << 20) as session,
        asyncio.TaskGroup() as tasks,
    ):
        for first in seen:
            tasks.create_task(look(first))
        for first in seen:
            await first.wait()
        print("all", flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["ask", port, path, times]:
            asyncio.run(ask(int(port), path, int(times)))
        case ["watch", port, viewers]:
            asyncio.run(watch(int(port), int(viewers)))
        case _:
            asyncio.run(main())
