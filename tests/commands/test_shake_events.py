"""Shakes from the emulated WeChat to the report, through a whole gateway; and nobody's name on the way."""

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from structlog.testing import capture_logs

from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.adapters.machine.clock import SystemClock
from beacon_gateway.adapters.secrets.callback_secrets import CallbackSecrets
from beacon_gateway.core.model.settings import Settings
from beacon_gateway.services.wechat.shake_receiver import ShakeReceiver
from beacon_gateway.simulator.air import Position
from beacon_gateway.simulator.radio import SimulatedRadio
from beacon_gateway.simulator.wechat import Emulator, EmulatorSettings
from beacon_gateway.simulator.wechat.events import CallbackTarget
from beacon_gateway.wiring.opening import open_gateway
from tests.commands.command import SECRET, run
from tests.patience import HANG_S

APPID: Final = "wx0123456789abcdef"
TOKEN: Final = "gatewaytoken"
AES_KEY: Final = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SHOPPERS: Final = [f"oShopperNumber{number}" for number in range(6)]
FLOOR: Final = """\
floor: F6
name: A馆六楼
beacons:
  escalator: {uuid: FDA50693-A4E2-4FB1-AFCF-C6EB07647825, major: 10006, minor: 1}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def wechat(ahead: list[float]) -> AsyncIterator[tuple[Emulator, str]]:
    """Emulate it, with a clock that is so many seconds ahead of ours."""
    settings = EmulatorSettings(appid=APPID, secret=SECRET)
    emulator = Emulator(settings, clock=lambda: time.time() + ahead[0], rng=random.Random(1))
    async with emulator.serve() as url:
        device = emulator.account.add_device(major=10006, minor=1)
        emulator.account.bind(
            device, [emulator.account.add_page(title="前门", description="欢迎", page_url="https://a.example")]
        )
        yield emulator, url


def write_files(folder: Path, url: str, port: int) -> str:
    (folder / "store" / "floors").mkdir(parents=True)
    (folder / "store" / "pages.yaml").write_text("pages:\n")
    (folder / "store" / "floors" / "F6.yaml").write_text(FLOOR, encoding="utf-8")
    events = f"{{basis: 公众号隐私政策第 3 条, listen: '127.0.0.1:{port}'}}"
    (folder / "gateway.yaml").write_text(
        "gateway: f6-east\nfloor: F6\nlanguage: en\nstate: state\nruntime: run\n"
        f"wechat: {{appid: {APPID}, api_base: '{url}', role: reader, events: {events}}}\n",
        encoding="utf-8",
    )
    return str(folder / "gateway.yaml")


def everything(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


class RightClock(SystemClock):
    """This machine's, whether or not a time service looks after it."""

    def synchronised(self) -> bool:
        return True


async def opened(reception: ShakeReceiver, port: int) -> None:
    async with asyncio.timeout(HANG_S):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                assert not reception.status().trouble
                return


async def shake_a_while(folder: Path) -> Settings:
    """Let a gateway run, and be told of one shake more than there are shoppers."""
    port, ahead = free_port(), [0.0]
    async with wechat(ahead) as (emulator, url):
        config = write_files(folder, url, port)
        settings, _, _ = read_settings(Path(config))
        assert settings
        radio = SimulatedRadio([], Position(0, 0, 1), random.Random(1), time.monotonic)

        async def secrets() -> CallbackSecrets:
            return CallbackSecrets(TOKEN, AES_KEY)

        async with open_gateway(settings, radio=radio, secret=SECRET, callback=secrets, clock=RightClock()) as gateway:
            running = asyncio.create_task(gateway.run())
            assert gateway.shake_receiver
            await opened(gateway.shake_receiver, port)
            callback = CallbackTarget(f"http://127.0.0.1:{port}/wechat/events", TOKEN, "safe", AES_KEY)
            assert await emulator.courier.verify(callback)
            device = next(iter(emulator.account.devices))
            for number, shopper in enumerate([*SHOPPERS, SHOPPERS[0]]):
                ahead[0] = float(number)  # two shakes of one person in one second are one that was told twice
                shake = emulator.account.shake(device, shopper)
                assert shake
                delivered = await emulator.push(shake, callback)
                assert delivered
                assert (delivered.tries, delivered.answer) == (1, "success")
            running.cancel()
            await asyncio.wait({running})
    return settings


async def test_shakes_are_counted_by_people_and_nobody_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with capture_logs() as said:
        settings = await shake_a_while(tmp_path)
    config = str(tmp_path / "gateway.yaml")
    logged = "".join(capfd.readouterr()) + repr(said)
    assert "reception.open" in logged

    now = datetime.now(UTC)
    async with HitLogFile(settings.state, read_only=True) as file:
        tallies = await file.tallies(now - timedelta(days=2), now + timedelta(days=2), settings.timezone)
    assert {day.floor for day in tallies.shake_days} == {"F6"}
    assert sum(day.shakes for day in tallies.shake_days) == len(SHOPPERS) + 1
    assert max(day.people for day in tallies.shake_days) == len(SHOPPERS) or len(tallies.shake_days) > 1  # midnight

    report = await run("report", "--show", "shakes", "--json", "--config", config)
    assert report.code == 0, report.err
    text = (await run("report", "--show", "people", "--config", config)).out
    stored = everything(tmp_path)
    for word in (*SHOPPERS, TOKEN, AES_KEY, SECRET):
        assert word not in logged + report.out + text
        assert all(word.encode() not in content for content in stored)
    assert (tmp_path / "run" / "person-keys").stat().st_mode & 0o777 == 0o600
