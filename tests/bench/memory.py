"""What the whole daemon takes of memory: 500 beacons in the air and in the files, an account to keep, and monitors.

`python -m tests.bench.memory [--whole]`; the account is the emulator, bluetoothd the fake one, both in this process.
Then with encrypted events too, without an account and without pages, unless only the whole is asked for.
"""

import argparse
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
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from beacon_gateway.adapters.web.compiled_templates import compile_all
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey, Frame
from beacon_gateway.simulator.wechat.emulator import Emulator
from beacon_gateway.simulator.wechat.events import CallbackTarget, PushedEvent, signed
from beacon_gateway.simulator.wechat.settings import EmulatorSettings
from tests.adapters.bluez.bluetoothd.fake_adapter import FakeAdapter
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import private_bus
from tests.bench.shake_door import AES_KEY, CONTENT, TOKEN
from tests.bench.store import BEACONS_OF_A_FLOOR, write_store
from tests.places import PROJECT

FLOORS: Final = 10
BEACONS: Final = FLOORS * BEACONS_OF_A_FLOOR
UUID_OF_ALL: Final = UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825")
APPID, SECRET = "wx00000000000000de", "of-the-emulator"
PORT: Final = 18080
EVENTS_PORT: Final = 18090
PACKAGE: Final = PROJECT / "beacon_gateway"
UNIT: Final = PROJECT / "deploy" / "raspberry-pi" / "systemd" / "beacon-gateway.service"
ROUNDS: Final = 4
"""Enough for each beacon to arrive."""
MINUTE: Final = 70.0


@dataclass(frozen=True, slots=True)
class Row:
    """One run of the daemon: which of its parts it has."""

    name: str
    account: bool = True
    pages: bool = True
    events: bool = False
    """Of people who shake, encrypted."""


ROWS: Final = (
    Row("whole"),
    Row("with encrypted events", events=True),
    Row("without an account", account=False),
    Row("without pages", pages=False),
)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--whole", action="store_true", help="only the first row")
    whole = parser.parse_args().whole
    compileall.compile_dir(PACKAGE, quiet=1)  # as an installation does: compiling leaves holes in the heap
    compile_all()  # as it does too
    for row in ROWS[:1] if whole else ROWS:
        await _run(row)


async def _run(row: Row) -> None:
    keys = [BeaconKey(UUID_OF_ALL, 10_001 + floor, number) for floor in range(FLOORS) for number in range(50)]
    emulator = Emulator(EmulatorSettings(appid=APPID, secret=SECRET), clock=time.time, rng=random.Random(1))
    for key in keys:
        emulator.account.add_device(uuid=str(key.uuid).upper(), major=key.major, minor=key.minor)
    secrets = {
        "BEACON_GATEWAY_WECHAT_SECRET": SECRET,
        "BEACON_GATEWAY_WECHAT_CALLBACK_TOKEN": TOKEN,
        "BEACON_GATEWAY_WECHAT_CALLBACK_AES_KEY": AES_KEY,
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with emulator.serve() as base, private_bus() as bus:
            config = _write(folder, base, row)
            async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")]) as bluez:
                daemon = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "beacon_gateway", "run", "--config", str(config)),
                    env={**os.environ, **bus.env, **environment_of_unit(), **secrets},
                    stderr=asyncio.subprocess.DEVNULL,
                )
                try:
                    await _measure(daemon.pid, bluez, keys, folder, row)
                finally:
                    daemon.send_signal(signal.SIGTERM)
                    await daemon.wait()


async def _measure(pid: int, bluez: FakeBluez, keys: list[BeaconKey], folder: Path, row: Row) -> None:
    await bluez.until(lambda: bluez.discovering)
    status = folder / "run" / "status.json"
    while not status.exists():
        await asyncio.sleep(0.1)
    _tell(pid, f"{row.name}: scans")
    until = time.monotonic() + MINUTE
    while time.monotonic() < until:  # a minute is written, the account read and written
        for number, key in enumerate(keys):
            address = f"C0:00:00:00:{number // 256:02X}:{number % 256:02X}"
            await bluez.advertise(address, manufacturer_data={APPLE_COMPANY_ID: Frame(key, -59).payload()}, rssi=-65)
        await bluez.delivered()
        if row.pages:
            await asyncio.to_thread(_look)
        if row.events:
            await asyncio.to_thread(_shake)
        await asyncio.sleep(1)
    told = json.loads(status.read_text())
    present = sum(beacon["present"] for beacon in told["beacons"])
    asked = "; pages and metrics asked for" if row.pages else ""
    _tell(pid, f"{row.name}: {present} of {len(told['beacons'])} beacons heard, sync {told['store']['sync']}{asked}")


def _look() -> None:
    """As a monitor and a person do."""
    for path in ("metrics", "", "floors", "bindings", "gateway"):
        _ask(PORT, "GET", f"/{path}")


def _shake() -> None:
    """As WeChat tells of somebody who shook."""
    now = int(time.time())
    event = PushedEvent("gh_0a1b2c3d4e5f", f"o{random.randrange(10**27):027}", now, CONTENT)
    callback = CallbackTarget("", TOKEN, mode="safe", aes_key=AES_KEY)
    push = signed(event, callback, appid=APPID, timestamp=now, nonce="1", prefix=random.randbytes(16))
    _ask(EVENTS_PORT, "POST", f"/wechat/events?{urlencode(push.query)}", push.body.encode())


def _ask(port: int, method: str, path: str, body: bytes | None = None) -> None:
    """Ask until somebody is there: the ports open after the first scan."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        while True:
            try:
                connection.request(method, path, body, {"Content-Type": "text/xml"} if body else {})
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        answer = connection.getresponse()
        answer.read()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{method} {path}: {answer.status}")


def _tell(pid: int, what: str) -> None:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    now, most = (int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    print(f"{what}: {now:.1f} MB resident, {most:.1f} MB at most")


def environment_of_unit() -> dict[str, str]:
    """Return the environment in which systemd runs it."""
    lines = re.findall(r"^Environment=(.+)$", UNIT.read_text(), re.MULTILINE)
    return dict(word.split("=", 1) for line in lines for word in line.split())


def _write(folder: Path, base: str, row: Row) -> Path:
    write_store(folder / "store")
    for floor in range(FLOORS + 1, 21):
        (folder / "store" / "floors" / f"F{floor:02}.yaml").unlink()
    config = folder / "gateway.yaml"
    events = f", events: {{basis: consent, listen: '127.0.0.1:{EVENTS_PORT}'}}" if row.events else ""
    account = f"wechat: {{appid: {APPID}, api_base: '{base}', drift_every: 30s{events}}}\n" if row.account else ""
    listen = f"127.0.0.1:{PORT}" if row.pages else "off"
    config.write_text(
        f"gateway: bench\nfloor: F01\nstate: state\nruntime: run\nclock: trusted\nweb: {{listen: {listen}}}\n{account}"
    )
    return config


if __name__ == "__main__":
    asyncio.run(main())
