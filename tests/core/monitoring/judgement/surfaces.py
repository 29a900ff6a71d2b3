"""A whole gateway at an emulated account, and every surface that says how it is, asked at one moment."""

import asyncio
import html
import io
import json
import random
import re
import shutil
import time
from argparse import Namespace
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.commands import status
from beacon_gateway.core.doctor.daemon import report_of
from beacon_gateway.core.doctor.judged import judge_bindings
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.status import Status
from beacon_gateway.core.sentences.catalogue import languages
from beacon_gateway.presentation.doctor import text_of
from beacon_gateway.services.bindings.sync import Sync
from beacon_gateway.simulator.air import Position
from beacon_gateway.simulator.radio import SimulatedRadio
from beacon_gateway.wiring.gateway import Gateway
from beacon_gateway.wiring.opening import open_gateway
from tests.adapters.web.pages.test_metrics import read
from tests.adapters.web.pages.test_pages_server import Answer
from tests.commands.test_shake_events import RightClock, free_port
from tests.patience import HANG_S
from tests.places import PROJECT
from tests.services.bindings.scene import SECRET, SETTINGS, UUID_OF_ALL, WeChatSide, wechat_side
from tests.services.status.ears import Ears

ICON: Final = PROJECT / "config" / "store" / "icons" / "spring.png"
BEACONS: Final = 8
PAGES_TEXT: Final = """\
pages:
  spring: {title: 春季新品, description: 全场八折起, url: "https://h5.example.com/spring", icon: icons/spring.png}
  draw: {title: 幸运抽奖, description: 全场八折起, url: "https://h5.example.com/draw", icon: icons/spring.png}
"""


def floor_text(pages: str = "spring", changed: int = 0) -> str:
    """Return the text of a floor's file; so many beacons show these pages, and the others the usual one."""
    lines = [
        f"  corner-{n}: {{name: {n} 号, major: 10006, minor: {n}, pages: [{pages if n <= changed else 'spring'}]}}\n"
        for n in range(1, BEACONS + 1)
    ]
    return f"floor: F6\nuuid: {UUID_OF_ALL}\nbeacons:\n{''.join(lines)}"


@dataclass(frozen=True)
class Setup:
    """What of a gateway is other than usual."""

    options: str = ""
    """Of the account, in gateway.yaml."""
    secret: str | Callable[[], Awaitable[str]] = SECRET
    recalled: bool = False
    reachable: bool = True
    devices: int = BEACONS


@dataclass
class Scene:
    folder: Path
    gateway: Gateway
    wechat: WeChatSide
    ears: Ears
    port: int

    @property
    def sync(self) -> Sync:
        assert self.gateway.sync
        return self.gateway.sync

    async def save(self, pages: str, changed: int = 2) -> None:
        """Save the floor's file, with these pages on so many beacons, and put it in force."""
        (self.folder / "store" / "floors" / "F6.yaml").write_text(floor_text(pages, changed), encoding="utf-8")
        await self.gateway.store_reloader.load()

    async def until(self, *states: str) -> Status:
        """Wait until the last attempt at the account stands so; return the status of then."""
        return await self.until_it_is(lambda found: found.targets["wechat"].state in states)

    async def until_it_is(self, claim: Any) -> Status:  # noqa: ANN401 - of a status
        async with asyncio.timeout(HANG_S):
            while True:
                self.gateway.heartbeat.beat()
                self.ears.heard()  # a line that nobody reads is full after a few words
                if claim(found := self.gateway.heartbeat.latest()):
                    return found
                await asyncio.sleep(0.02)

    async def get(self, path: str) -> Answer:
        """Ask the pages, as a browser at this machine does."""
        async with asyncio.timeout(HANG_S):
            while True:
                try:
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:  # they open last
                    await asyncio.sleep(0.05)
                    continue
                writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
                said = await reader.read()
                writer.close()
                return Answer(said.decode())

    async def words(self, path: str) -> str:
        """Return what a person reads on a page."""
        body = (await self.get(path)).body
        return " ".join(html.unescape(re.sub("<[^>]*>", " ", body)).split())


@asynccontextmanager
async def scene(folder: Path, ears: Ears, setup: Setup) -> AsyncIterator[Scene]:
    """Run a gateway on a store of one floor. `ears` is whom it tells instead of systemd."""
    port = free_port()
    account = replace(SETTINGS, recalled=48001 if setup.recalled else None)
    async with wechat_side(account) as wechat:
        wechat.devices(*range(1, setup.devices + 1))
        url = wechat.url if setup.reachable else f"http://127.0.0.1:{free_port()}"
        config = files_for(folder, url, f"127.0.0.1:{port}", setup)
        settings, _, problems = read_settings(config)
        assert settings, problems
        radio = SimulatedRadio([], Position(0, 0, 1), random.Random(1), time.monotonic)
        async with open_gateway(settings, radio=radio, secret=setup.secret, clock=RightClock()) as gateway:
            running = asyncio.create_task(gateway.run())
            try:
                yield Scene(folder, gateway, wechat, ears, port)
            finally:
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running


def files_for(folder: Path, url: str, listen: str, setup: Setup) -> Path:
    """Write a store and its gateway.yaml; return the latter."""
    (folder / "store" / "floors").mkdir(parents=True)
    (folder / "store" / "icons").mkdir()
    shutil.copy(ICON, folder / "store" / "icons" / "spring.png")
    (folder / "store" / "pages.yaml").write_text(PAGES_TEXT, encoding="utf-8")
    (folder / "store" / "floors" / "F6.yaml").write_text(floor_text(), encoding="utf-8")
    config = folder / "gateway.yaml"
    config.write_text(
        f"gateway: f6-east\nfloor: F6\nlanguage: en\nstate: state\nruntime: run\nhits: {{commit_every: 1s}}\n"
        f"web: {{listen: '{listen}'}}\n"
        f"wechat: {{appid: {SETTINGS.appid}, api_base: '{url}'{setup.options}}}\n",
        encoding="utf-8",
    )
    return config


@dataclass(frozen=True)
class Surfaces:
    """What each of them said of one moment. Texts by language."""

    code: int
    """Exit code of `status`."""
    file: Mapping[str, Any]
    """The status file, and `status --json`."""
    status: Mapping[Language, str]
    doctor: Mapping[Language, str]
    systemd: str
    api: Mapping[str, Any]
    health: Answer
    metrics: Mapping[tuple[str, tuple[tuple[str, str], ...]], float]
    overview: Mapping[Language, str]
    bindings: Mapping[Language, str]

    def of_metric(self, name: str, label: str) -> Sequence[str]:
        """Return the values of a label whose series are not 0."""
        return sorted(
            dict(labels)[label]
            for (found, labels), value in self.metrics.items()
            if found == f"beacon_gateway_{name}" and value
        )


async def look(scene: Scene) -> Surfaces:
    """Ask all of them. What they say is of the beat before: none happens in between."""
    file = json.loads((scene.folder / "run" / "status.json").read_text(encoding="utf-8"))
    told = report_of(file, datetime.now(UTC))
    assert told
    health, metrics, api = await scene.get("/healthz"), await scene.get("/metrics"), await scene.get("/api/status")
    return Surfaces(
        code=typed(scene.folder, Language.ENGLISH)[0],
        file=file,
        status={language: typed(scene.folder, language)[1] for language in languages()},
        doctor={language: text_of(judge_bindings(told), language, None) for language in languages()},
        systemd=[word for word in scene.ears.heard() if word.startswith("STATUS=")][-1],
        api=json.loads(api.body),
        health=health,
        metrics=read(metrics.body),
        overview={language: await scene.words(f"/?language={language}") for language in languages()},
        bindings={language: await scene.words(f"/bindings/F6?language={language}") for language in languages()},
    )


def typed(folder: Path, language: Language) -> tuple[int, str]:
    """Return the exit code and the words of `status`."""
    arguments = Namespace(config=folder / "gateway.yaml", language=language, json=False, beacons=False)
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = status.run(arguments)
    return code, out.getvalue() + err.getvalue()
