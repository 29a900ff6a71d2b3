"""The demo: three gateways of one store with two edges replaced, the air they hear and the WeChat they talk to.

Everything between is what `run` runs. After some seconds a floor file is edited on disk, as staff would, and what
follows from it is measured from the outside: by what the emulated WeChat answers.
"""

import asyncio
import random
import socket
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.adapters.machine.clock import SystemClock
from beacon_gateway.adapters.secrets.login_link_file import LoginLinkFile
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.settings import STORE_ZONE, Settings
from beacon_gateway.core.model.store import OwnPage
from beacon_gateway.services.bindings.sync import Sync
from beacon_gateway.simulator import store
from beacon_gateway.simulator.air import Position
from beacon_gateway.simulator.past import past, shake
from beacon_gateway.simulator.radio import SimulatedRadio
from beacon_gateway.simulator.wechat import Emulator, EmulatorSettings, InjectedFault
from beacon_gateway.wiring.gateway import Gateway, ProcessContext
from beacon_gateway.wiring.opening import open_gateway

DEMO_SEED: Final = 20_24
EDIT_AFTER_S: Final = 6.0
"""Seconds, but never more than a third of the demo."""
WATCH_EVERY_S: Final = 0.05
SECRET: Final = "0" * 32
HOST, PORT = "127.0.0.1", 8080
SHAKEN_DAYS: Final = 8
"""Before the demo: enough for WeChat to have told of each beacon, and of a week."""
ANSWER_DELAY_S: Final = 0.04
"""What each call to the emulated WeChat takes, so that the changes can be watched going out."""


@dataclass(slots=True)
class DemoSummary:
    """What a demo showed; the fields of its JSON."""

    adverts: int = 0
    sightings: int = 0
    hits: dict[str, int] = field(default_factory=lambda: dict.fromkeys((floor for floor, _ in store.FLOORS), 0))
    changes_applied: int = 0
    changes_verified: int = 0
    reassigned_in_seconds: float | None = None
    pages: str = ""
    """Where the pages could be opened."""


@dataclass(slots=True)
class Demo:
    """What is going on, for the view and the summary."""

    gateways: list[Gateway]
    emulator: Emulator
    folder: Path
    pages: str
    """Where the first gateway shows its pages: the address that a browser opens."""
    link: str
    """Lets a browser change things there; good once."""
    edited: tuple[str, str, str] | None = None
    """Floor, beacon and page of the edit, once it is made."""
    reassigned_in: float | None = None
    """Seconds from the edit on disk to the new page being shown by WeChat and read back."""

    @property
    def sync(self) -> Sync:
        """The one sync that there is: exactly one gateway writes."""
        return next(gateway.sync for gateway in self.gateways if gateway.sync)

    @property
    def adverts(self) -> int:
        return sum(gateway.beacon_monitor.adverts for gateway in self.gateways)

    @property
    def sightings(self) -> int:
        return sum(
            sum(state.samples for state in gateway.beacon_monitor.states()) + gateway.beacon_monitor.reception.unknown
            for gateway in self.gateways
        )

    def sum_up(self, summary: DemoSummary) -> None:
        hits = sum((gateway.beacon_monitor.hits for gateway in self.gateways), Counter[str]())
        summary.adverts, summary.sightings = self.adverts, self.sightings
        summary.hits = {floor: hits[floor] for floor in summary.hits}
        summary.changes_applied, summary.changes_verified = self.sync.applied, self.sync.verified
        summary.pages = self.pages
        summary.reassigned_in_seconds = None if self.reassigned_in is None else round(self.reassigned_in, 2)

    async def run(self, seconds: float) -> None:
        """Work for so long, or until cancelled."""
        try:
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as tasks:
                for gateway in self.gateways:
                    tasks.create_task(gateway.run(), name=gateway.settings.gateway)
                tasks.create_task(self._reassign(min(EDIT_AFTER_S, seconds / 3)), name="staff")
        except TimeoutError:
            pass

    async def _reassign(self, after: float) -> None:
        await asyncio.sleep(after)
        while not self.sync.verified:  # first let the store be opened
            await asyncio.sleep(WATCH_EVERY_S)
        before = self.sync.verified
        start = time.monotonic()
        self.edited = await asyncio.to_thread(store.reassign, self.folder)
        while not (self._shows_new_page() and self.sync.verified > before):
            await asyncio.sleep(WATCH_EVERY_S)
        self.reassigned_in = time.monotonic() - start

    def _shows_new_page(self) -> bool:
        in_force = self.gateways[0].store_reloader.store
        if in_force is None or self.edited is None:
            return False
        floor, slug, new_page = self.edited
        page = in_force.pages[new_page]
        key = next(key for key, beacon in in_force.beacons.items() if (beacon.floor, beacon.slug) == (floor, slug))
        account = self.emulator.account
        shown = [account.pages[page_id].title for page_id in account.bindings(_device_of(self.emulator, key))]
        return isinstance(page, OwnPage) and shown == [page.title]


class DemoClock(SystemClock):
    """The clock of this machine, believed: a demo is no place to hear that a container has no time service."""

    def synchronised(self) -> bool:
        return True


@asynccontextmanager
async def open_demo(*, port: int = PORT, days: int = 1, process: ProcessContext | None = None) -> AsyncIterator[Demo]:
    """Open the store's folder, WeChat and the gateways; all of it is gone afterwards.

    The pages are at `port`, or at a free one where that is taken; so many `days` before are made up in the log.
    What is `process` goes to the gateway that has them, with its own gateway.yaml.
    """
    rng = random.Random(DEMO_SEED)  # noqa: S311 - a simulation
    emulator = Emulator(EmulatorSettings(appid=store.APPID, secret=SECRET), clock=time.time, rng=rng)
    console_page = emulator.account.add_page(
        title="会员日",
        description="会员双倍积分",
        page_url="https://h5.example.com/members",
        icon_url="http://shp.qpic.cn/wechat_shakearound_pic/0/members/120",
        comment="made in the console",
    )
    for key in store.all_keys():
        emulator.account.add_device(uuid=str(key.uuid).upper(), major=key.major, minor=key.minor)
    shake(emulator.account, console_page, datetime.now(STORE_ZONE), SHAKEN_DAYS, rng)
    emulator.faults.add("/shakearound/*", InjectedFault.delay(ANSWER_DELAY_S), times=None)
    air = store.senders(rng)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="beacon-gateway-demo-")))
        base_url = await stack.enter_async_context(emulator.serve())
        gateways: list[Gateway] = []
        web = f"{HOST}:{_free_port(port)}"
        paths = store.write_files(folder, console_page_id=console_page, api_base=base_url, web=web)
        for storey, path in enumerate(paths):
            settings, _, problems = read_settings(path)
            if settings is None:
                raise RuntimeError(f"the demo's own files are faulty: {problems}")
            if not gateways:
                await _write_past(settings, days)
            radio = SimulatedRadio(air, Position(0, 0, storey), random.Random(DEMO_SEED + storey), time.monotonic)  # noqa: S311 - a simulation
            own = ProcessContext() if gateways else replace(process or ProcessContext(), config=path)
            gateway = open_gateway(settings, radio=radio, secret=SECRET, clock=DemoClock(), process=own)
            gateways.append(await stack.enter_async_context(gateway))
        runtime = gateways[0].settings.runtime
        runtime.mkdir(parents=True, exist_ok=True)
        secret = LoginLinkFile(runtime).make()
        yield Demo(gateways, emulator, folder, f"http://{web}/", f"http://{web}/login?link={secret}")


def _free_port(wanted: int) -> int:
    """Return that port, or another one where it is taken."""
    for port in (wanted, 0):
        with socket.socket() as place:
            place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                place.bind((HOST, port))
            except OSError:
                continue
            return int(place.getsockname()[1])
    return wanted


async def _write_past(settings: Settings, days: int) -> None:
    now = datetime.now(settings.timezone)
    chance = random.Random(DEMO_SEED)  # noqa: S311 - a simulation
    async with HitLogFile(settings.state) as log:
        for segment, records in past(settings.gateway, now, days, chance):
            await log.append(records, [segment])


def _device_of(emulator: Emulator, key: BeaconKey) -> int:
    return next(
        device.device_id
        for device in emulator.account.devices.values()
        if (device.major, device.minor) == (key.major, key.minor)
    )
