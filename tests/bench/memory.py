"""What the whole daemon takes of memory: 500 beacons in the air and in the files, an account to keep, and monitors.

`python -m tests.bench.memory`; the account is the emulator, bluetoothd the fake one, both in this process.
"""

import asyncio
import compileall
import json
import os
import random
import re
import signal
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Final
from uuid import UUID

from beacon_gateway.core.ibeacon import APPLE, BeaconKey, Frame
from beacon_gateway.simulator.wechat.emulator import Emulator
from beacon_gateway.simulator.wechat.settings import EmulatorSettings
from tests.bench.store import BEACONS_OF_A_FLOOR, write_store
from tests.bluez.fake_adapter import FakeAdapter
from tests.bluez.fake_bluez import FakeBluez
from tests.bluez.private_bus import private_bus

FLOORS: Final = 10
BEACONS: Final = FLOORS * BEACONS_OF_A_FLOOR
UUID_OF_ALL: Final = UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825")
APPID, SECRET = "wx00000000000000de", "of-the-emulator"
PORT: Final = 18080
PACKAGE: Final = Path(__file__).parents[2] / "beacon_gateway"
UNIT: Final = Path(__file__).parents[2] / "deploy" / "raspberry-pi" / "systemd" / "beacon-gateway.service"
ROUNDS: Final = 4
"""Enough for each beacon to arrive."""
MINUTE: Final = 70.0


async def main() -> None:
    compileall.compile_dir(PACKAGE, quiet=1)  # as an installation does: compiling leaves holes in the heap
    keys = [BeaconKey(UUID_OF_ALL, 10_001 + floor, number) for floor in range(FLOORS) for number in range(50)]
    emulator = Emulator(EmulatorSettings(appid=APPID, secret=SECRET), clock=time.time, rng=random.Random(1))
    for key in keys:
        emulator.account.add_device(uuid=str(key.uuid).upper(), major=key.major, minor=key.minor)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with emulator.serve() as base, private_bus() as bus:
            config = _write(folder, base)
            async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")]) as bluez:
                daemon = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "beacon_gateway", "run", "--config", str(config)),
                    env={**os.environ, **bus.env, **environment_of_unit(), "BEACON_GATEWAY_WECHAT_SECRET": SECRET},
                    stderr=asyncio.subprocess.DEVNULL,
                )
                try:
                    await _measure(daemon.pid, bluez, keys, folder)
                finally:
                    daemon.send_signal(signal.SIGTERM)
                    await daemon.wait()


async def _measure(pid: int, bluez: FakeBluez, keys: list[BeaconKey], folder: Path) -> None:
    await bluez.until(lambda: bluez.discovering)
    status = folder / "run" / "status.json"
    while not status.exists():
        await asyncio.sleep(0.1)
    _tell(pid, "scans")
    until = time.monotonic() + MINUTE
    while time.monotonic() < until:  # a minute is written, the account read and written
        for number, key in enumerate(keys):
            address = f"C0:00:00:00:{number // 256:02X}:{number % 256:02X}"
            await bluez.advertise(address, manufacturer_data={APPLE: Frame(key, -59).payload()}, rssi=-65)
        await bluez.delivered()
        await asyncio.to_thread(_look)
        await asyncio.sleep(1)
    told = json.loads(status.read_text())
    present = sum(beacon["present"] for beacon in told["beacons"])
    _tell(
        pid,
        f"{present} of {len(told['beacons'])} beacons heard, sync {told['store']['sync']}, pages and metrics asked for",
    )


def _look() -> None:
    """As a monitor and a person do."""
    for path in ("metrics", "", "floors", "bindings", "gateway"):
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/{path}", timeout=10) as answer:
            answer.read()


def _tell(pid: int, what: str) -> None:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    now, most = (int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    print(f"{what}: {now:.1f} MB resident, {most:.1f} MB at most")


def environment_of_unit() -> dict[str, str]:
    """Return the environment in which systemd runs it."""
    lines = re.findall(r"^Environment=(.+)$", UNIT.read_text(), re.MULTILINE)
    return dict(word.split("=", 1) for line in lines for word in line.split())


def _write(folder: Path, base: str) -> Path:
    write_store(folder / "store")
    for floor in range(FLOORS + 1, 21):
        (folder / "store" / "floors" / f"F{floor:02}.yaml").unlink()
    config = folder / "gateway.yaml"
    config.write_text(
        "gateway: bench\nfloor: F01\nstate: state\nruntime: run\n"
        f"web: {{listen: 127.0.0.1:{PORT}}}\nwechat: {{appid: {APPID}, api_base: '{base}', drift_every: 30s}}\n"
    )
    return config


if __name__ == "__main__":
    asyncio.run(main())
