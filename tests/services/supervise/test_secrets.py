"""A gateway whose secrets are missing or hang receives and logs all the same, says so, and needs no restart."""

import asyncio
import os
import random
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from beacon_gateway.adapters.secrets.callback_secrets import TOKEN_VARIABLE, read_callback_secrets
from beacon_gateway.adapters.secrets.secret import VARIABLE, read_secret
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.monitoring.judgement import GatewayState, Trouble, judge
from beacon_gateway.presentation.troubles import trouble_text
from beacon_gateway.services.wechat.secret_source import SecretSource
from beacon_gateway.simulator.wechat import Emulator, EmulatorSettings
from beacon_gateway.wiring.gateway import Gateway
from beacon_gateway.wiring.opening import open_gateway
from tests.commands.command import SECRET
from tests.patience import HANG_S
from tests.wiring.whole_gateway import APPID, FLOOR, KEY, Air, write_files

TOKEN = "gatewaytoken"


@dataclass
class Scene:
    folder: Path
    gateway: Gateway
    air: Air

    async def until(self, claim: Callable[[dict[str, Trouble]], bool]) -> dict[str, Trouble]:
        """Wait until the troubles are such; return them by name."""
        async with asyncio.timeout(HANG_S):
            while True:
                self.gateway.heartbeat.beat()
                status = self.gateway.heartbeat.latest()
                found = {trouble.name: trouble for trouble in judge(status).troubles}
                if claim(found):
                    return found
                await asyncio.sleep(0.01)

    async def save_an_edit(self) -> None:
        """Save the floor's file: the account is looked at at once."""
        text = FLOOR.replace("escalator:", "lift:")
        (self.folder / "store" / "floors" / "F6.yaml").write_text(text)
        await self.gateway.store_reloader.load()


@asynccontextmanager
async def gateway(
    folder: Path, secret: Callable[[], str], environment: dict[str, str], timeout_s: float = HANG_S
) -> AsyncIterator[Scene]:
    """Run a gateway that has an account and receives shakes."""
    emulator = Emulator(EmulatorSettings(appid=APPID, secret=SECRET), clock=time.time, rng=random.Random(1))
    emulator.account.add_device(major=KEY.major, minor=KEY.minor)
    async with emulator.serve() as url:
        settings, air = write_files(folder, url), Air()
        callback = SecretSource(partial(read_callback_secrets, environment))
        source = SecretSource(secret, timeout_s=timeout_s)
        async with open_gateway(settings, radio=air, secret=source, callback=callback) as opened:
            running = asyncio.create_task(opened.run())
            try:
                yield Scene(folder, opened, air)
            finally:
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running


def said(trouble: Trouble) -> str:
    """Return what it says in English."""
    return trouble_text(trouble.phrase, trouble.details, Language.ENGLISH, None)


@pytest.mark.parametrize("content", [None, "", "fifo"])
async def test_hits_go_on_without_the_secret_and_the_account_is_kept_once_it_is_there(
    tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "the secret"
    if content == "fifo":
        os.mkfifo(file)  # an open of it would wait for ever
    elif content is not None:
        file.write_text(content)
    read = partial(read_secret, {VARIABLE + "_FILE": str(file)})
    async with gateway(tmp_path, read, {TOKEN_VARIABLE: TOKEN}) as scene:
        await scene.air.arrive()
        assert scene.gateway.beacon_monitor.hits == {"F6": 1}
        found = await scene.until(lambda troubles: "wechat:operator" in troubles)
        assert found["wechat:operator"].state is GatewayState.OPERATOR
        for words in ("No usable AppSecret.", str(file), "Afterwards it is retried automatically at"):
            assert words in said(found["wechat:operator"])
        file.unlink(missing_ok=True)
        file.write_text(SECRET)
        await scene.save_an_edit()
        await scene.until(lambda troubles: not any(name.startswith("wechat:") for name in troubles))


async def test_hits_go_on_where_the_place_of_the_secret_hangs_and_it_is_asked_again(tmp_path: Path) -> None:
    mended = threading.Event()

    def read() -> str:
        mended.wait()
        return SECRET

    async with gateway(tmp_path, read, {TOKEN_VARIABLE: TOKEN}, timeout_s=0.05) as scene:
        await scene.air.arrive()
        assert scene.gateway.beacon_monitor.hits == {"F6": 1}
        found = await scene.until(lambda troubles: "wechat:retrying" in troubles)
        assert "The location of the account's secret does not respond." in said(found["wechat:retrying"])
        mended.set()
        await scene.save_an_edit()
        await scene.until(lambda troubles: not any(name.startswith("wechat:") for name in troubles))


@pytest.mark.parametrize("token", ["", "no token: too long, and with other characters"])
async def test_without_the_callbacks_token_only_shakes_are_not_received(tmp_path: Path, token: str) -> None:
    read = partial(read_secret, {VARIABLE: SECRET})
    async with gateway(tmp_path, read, {TOKEN_VARIABLE: token}) as scene:
        await scene.air.arrive()
        assert scene.gateway.beacon_monitor.hits == {"F6": 1}
        found = await scene.until(lambda troubles: "shakes:no-secret" in troubles)
        assert found["shakes:no-secret"].state is GatewayState.PENDING
        assert "No shakes are received" in said(found["shakes:no-secret"])
        assert "wechat-callback-token" in said(found["shakes:no-secret"])
        assert token == "" or token not in said(found["shakes:no-secret"])
        assert "wechat:operator" not in found
