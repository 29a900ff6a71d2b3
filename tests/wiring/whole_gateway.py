"""A gateway with all that it can have: an account, shakes, pages; its radio hears what the test says."""

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.adapters.secrets.callback_secrets import CallbackSecrets
from beacon_gateway.core.health.clones import SenderReport
from beacon_gateway.core.model.advertisement import Take
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey, Frame
from beacon_gateway.core.model.settings import Settings
from beacon_gateway.core.radio.adapters import AdapterChoice
from beacon_gateway.simulator.wechat import Emulator, EmulatorSettings
from beacon_gateway.wiring.gateway import Gateway
from beacon_gateway.wiring.opening import open_gateway
from tests.commands.command import SECRET

APPID = "wx0123456789abcdef"
KEY = BeaconKey(UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825"), 10006, 1)
FLOOR = f"floor: F6\nbeacons:\n  escalator: {{uuid: {KEY.uuid}, major: {KEY.major}, minor: {KEY.minor}}}\n"


class OpenScan:
    adapter = "hci7"
    address = "F0:00:00:00:00:07"
    monitored = True

    async def lost(self, within: float) -> None:
        await asyncio.sleep(within)

    def looks(self) -> Iterable[SenderReport]:
        return ()


class Air:
    """A radio that hears what the test says."""

    phantoms = 0
    faults = 0

    def __init__(self) -> None:
        self.adapters = AdapterChoice()
        self._taker: asyncio.Future[Take] = asyncio.get_running_loop().create_future()

    @asynccontextmanager
    async def scanning(self, take: Take) -> AsyncIterator[OpenScan]:
        self._taker.set_result(take)
        yield OpenScan()

    async def power_cycle(self) -> None:
        pass

    async def changed(self) -> None:
        await asyncio.Event().wait()

    async def arrive(self) -> None:
        """Let the beacon be heard often enough for an arrival."""
        take = await self._taker
        for _ in range(3):
            take({APPLE_COMPANY_ID: Frame(KEY, -59).payload()}, -65)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_files(folder: Path, api_base: str) -> Settings:
    (folder / "store" / "floors").mkdir(parents=True)
    (folder / "store" / "pages.yaml").write_text("pages:\n")
    (folder / "store" / "floors" / "F6.yaml").write_text(FLOOR)
    events = f"{{basis: 公众号隐私政策第 3 条, listen: '127.0.0.1:{free_port()}'}}"
    (folder / "gateway.yaml").write_text(
        "gateway: f6-east\nfloor: F6\nlanguage: en\nstate: state\nruntime: run\n"
        f"web: {{listen: '127.0.0.1:{free_port()}'}}\n"
        f"wechat: {{appid: {APPID}, api_base: '{api_base}', events: {events}}}\n",
        encoding="utf-8",
    )
    settings, _, problems = read_settings(folder / "gateway.yaml")
    assert settings, problems
    return settings


@asynccontextmanager
async def whole_gateway(folder: Path) -> AsyncIterator[tuple[Gateway, Air]]:
    """Open one that is not running yet."""
    emulator = Emulator(EmulatorSettings(appid=APPID, secret=SECRET), clock=time.time, rng=random.Random(1))
    emulator.account.add_device(major=KEY.major, minor=KEY.minor)
    async with emulator.serve() as url:
        settings, air = write_files(folder, url), Air()

        async def callback() -> CallbackSecrets:
            return CallbackSecrets("gatewaytoken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")

        async with open_gateway(settings, radio=air, secret=SECRET, callback=callback) as gateway:
            yield gateway, air
