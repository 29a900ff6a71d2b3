"""A floor of many beacons, and a daemon that listens to it: each round, one more of them arrives."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey, Frame
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.commands.command import launch, run
from tests.patience import HANG_S
from tests.services.bindings.scene import SECRET, SETTINGS, picture
from tests.services.status.ears import Ears

UUID_OF_ALL: Final = UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825")
BEACONS: Final = 80
LOOK_EVERY_SECONDS: Final = 0.05
ADVERTISEMENTS_OF_AN_ARRIVAL: Final = 3


def key(minor: int) -> BeaconKey:
    return BeaconKey(UUID_OF_ALL, 10006, minor)


def write_store(folder: Path) -> None:
    (folder / "floors").mkdir(parents=True)
    (folder / "icons").mkdir()
    (folder / "icons" / "spring.png").write_bytes(picture("spring"))
    (folder / "pages.yaml").write_text(
        "pages:\n  spring-sale: {title: 春季新品, description: 全场八折起, "
        'url: "https://h5.example.com/spring", icon: icons/spring.png}\n'
    )
    beacons = "".join(
        f"  b{minor}: {{major: 10006, minor: {minor}, pages: [spring-sale]}}\n" for minor in range(BEACONS)
    )
    (folder / "floors" / "F6.yaml").write_text(f"floor: F6\nuuid: {UUID_OF_ALL}\nbeacons:\n{beacons}")


def write_gateway(folder: Path, *, api_base: str = "", more: str = "") -> Path:
    write_store(folder / "store")
    path = folder / "gateway.yaml"
    wechat = f'wechat: {{appid: {SETTINGS.appid}, api_base: "{api_base}"}}\n' if api_base else ""
    path.write_text(
        f"gateway: f6-east\nfloor: F6\nlanguage: en\nstate: state\nruntime: run\nweb: {{listen: off}}\n{wechat}{more}"
    )
    return path


@dataclass
class Daemon:
    """One that runs, with what was received and what it says of itself."""

    folder: Path
    config: Path
    process: asyncio.subprocess.Process
    bluez: FakeBluez
    arrived: list[int] = field(default_factory=list)

    @property
    def pid(self) -> int:
        return own_pid(self.process)

    def status(self) -> dict[str, Any]:
        """Return the status file's content; {} while there is none."""
        try:
            found: dict[str, Any] = json.loads((self.folder / "run" / "status.json").read_bytes())
        except (OSError, ValueError):
            return {}
        return found

    async def until(self, claim: Callable[[dict[str, Any]], bool]) -> None:
        """Wait until the status says so. Raise TimeoutError if it never does, AssertionError if the daemon ended."""
        async with asyncio.timeout(HANG_S):
            while not claim(self.status()):
                assert self.process.returncode is None, "the daemon ended"
                await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def let_one_arrive(self) -> None:
        """Let one more beacon be received, and wait until the daemon has counted it."""
        await self.advertise_one()
        await self.until(lambda status: sum(status.get("hits", {}).values()) >= len(self.arrived))

    async def advertise_one(self) -> None:
        """Let one more beacon be received."""
        minor = len(self.arrived)
        self.arrived.append(minor)
        payload = {APPLE_COMPANY_ID: Frame(key(minor), -59).payload()}
        for _ in range(ADVERTISEMENTS_OF_AN_ARRIVAL):
            await self.bluez.advertise(f"C0:00:00:00:00:{minor:02X}", manufacturer_data=payload, rssi=-65)
        await self.bluez.delivered()

    async def end(self) -> str:
        """Stop it as systemd does; return what it wrote to the journal."""
        os.kill(self.pid, signal.SIGTERM)
        _, err = await self.process.communicate()
        assert self.process.returncode == 0, err.decode()
        return err.decode()

    async def logged(self) -> list[int]:
        """Return the minors of all arrivals in the log, in its order."""
        found = await run("hits", "--config", str(self.config), "--since", "1h", "--json")
        hits = [json.loads(line) for line in found.out.splitlines()]
        return [hit["minor"] for hit in hits if hit["kind"] == "enter"]


def own_pid(process: asyncio.subprocess.Process) -> int:
    """Return the daemon's own process, below strace too."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(children[0]) if children else process.pid


@asynccontextmanager
async def daemon_at(
    folder: Path, bus: PrivateBus, bluez: FakeBluez, *, api_base: str = "", prefix: tuple[str, ...] = ()
) -> AsyncIterator[Daemon]:
    """Run a daemon on a floor of its own; it is ended with the block, in order."""
    config = folder / "gateway.yaml"
    if not config.exists():
        write_gateway(folder, api_base=api_base)
    with Ears.somewhere() as ears:
        environment = {
            "DBUS_SYSTEM_BUS_ADDRESS": bus.address,
            "NOTIFY_SOCKET": ears.name,
            "BEACON_GATEWAY_WECHAT_SECRET": SECRET,
        }
        process = await launch("run", "--config", str(config), prefix=prefix, environment=environment)
        try:
            await ears.until(lambda said: "READY=1" in said)
            yield Daemon(folder, config, process, bluez)
        finally:
            if process.returncode is None:
                os.kill(own_pid(process), signal.SIGKILL)
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
