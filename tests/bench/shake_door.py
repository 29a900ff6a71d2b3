"""What WeChat's shakes cost: so many events a second for a minute, over HTTP, from a process of its own.

    python -m tests.bench.shake_door [--seconds 60] [--rate 1000] [--mode plain|safe]

The door and what counts people run in this process; what they are told of is only counted.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from beacon_gateway.adapters.machine.clock import SystemClock
from beacon_gateway.adapters.secrets.daily_key_file import DailyKeyFile
from beacon_gateway.adapters.wechat.callback.callback_server import CallbackServer
from beacon_gateway.services.wechat.shakes import Shakes
from beacon_gateway.simulator.wechat.events import CallbackTarget, PushedEvent, signed

APPID: Final = "wx0000000000000001"
TOKEN: Final = "gwtoken"
AES_KEY: Final = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
PATH: Final = "/wechat/events"
CONNECTIONS: Final = 50
WARM_SECONDS: Final = 3
BEACON: Final = (
    "<Uuid><![CDATA[FDA50693-A4E2-4FB1-AFCF-C6EB07647825]]></Uuid><Major>10001</Major><Minor>{}</Minor>"
    "<Distance>0.057</Distance>"
)
CONTENT: Final = (
    "<Event><![CDATA[ShakearoundUserShake]]></Event>"
    f"<ChosenBeacon>{BEACON.format(301)}</ChosenBeacon><AroundBeacons>"
    + "".join(f"<AroundBeacon>{BEACON.format(302 + number)}</AroundBeacon>" for number in range(2))
    + "</AroundBeacons>"
)


class TrustedClock(SystemClock):
    """Asks the kernel whether the clock is right, for what that costs, and believes it anyway."""

    def synchronised(self) -> bool:
        super().synchronised()
        return True


class Sender:
    """WeChat's side: each of its connections sends every fiftieth event when its time has come."""

    def __init__(self, port: int, *, rate: int, seconds: int, mode: str) -> None:
        self._port, self._rate, self._events = port, rate, rate * seconds
        safe = mode == "safe"
        self._callback = CallbackTarget("", TOKEN, mode="safe" if safe else "plain", aes_key=AES_KEY if safe else "")
        self._rng = random.Random(time.time_ns())
        self.latencies: list[float] = []
        self.refused = 0

    async def send_all(self) -> None:
        start = time.perf_counter() + 0.1
        async with asyncio.TaskGroup() as tasks:
            for first in range(CONNECTIONS):
                tasks.create_task(self._send_each(first, start))

    async def _send_each(self, first: int, start: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        for number in range(first, self._events, CONNECTIONS):
            due, now = start + number / self._rate, time.perf_counter()
            if now < due:
                await asyncio.sleep(due - now)
                due = time.perf_counter()  # the timer's lateness is not the door's
            writer.write(self._request())
            head = await reader.readuntil(b"\r\n\r\n")
            fine = head.startswith(b"HTTP/1.1 200 ") and await reader.readexactly(7) == b"success"
            self.latencies.append(time.perf_counter() - due)
            self.refused += not fine
        writer.close()

    def _request(self) -> bytes:
        now = int(time.time())
        event = PushedEvent("gh_0a1b2c3d4e5f", f"o{self._rng.randrange(10**27):027}", now, CONTENT)
        nonce = str(self._rng.randrange(10**8, 10**9))
        push = signed(event, self._callback, appid=APPID, timestamp=now, nonce=nonce, prefix=self._rng.randbytes(16))
        body = push.body.encode()
        line = f"POST {PATH}?{urlencode(push.query)} HTTP/1.1\r\nHost: gateway\r\nContent-Type: text/xml\r\n"
        return f"{line}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def send_from_outside(port: int, *, rate: int, seconds: int, mode: str) -> dict[str, Any]:
    """Run a sender in another process and return what it measured."""
    words = ["--to", str(port), "--rate", str(rate), "--seconds", str(seconds), "--mode", mode]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.shake_door", *words, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    found: dict[str, Any] = json.loads(said)
    return found


async def sender(port: int, *, rate: int, seconds: int, mode: str) -> None:
    """Be the other process."""
    sending = Sender(port, rate=rate, seconds=seconds, mode=mode)
    await sending.send_all()
    times = statistics.quantiles(sending.latencies, n=100)
    print(
        json.dumps({"refused": sending.refused, "median": times[49], "p99": times[98], "max": max(sending.latencies)})
    )


async def main(*, rate: int, seconds: int, mode: str) -> None:
    noted = 0

    def note(_: object) -> None:
        nonlocal noted
        noted += 1

    with TemporaryDirectory() as folder:
        clock, zone = TrustedClock(), ZoneInfo("Asia/Shanghai")
        shakes = Shakes(gateway="pi", zone=zone, keys=DailyKeyFile(Path(folder)), note=note, clock=clock)
        door = CallbackServer(
            host="127.0.0.1",
            port=0,
            path=PATH,
            appid=APPID,
            token=TOKEN,
            aes_key=AES_KEY if mode == "safe" else None,
            take=shakes.take,
            clock=clock,
        )
        async with door:
            await send_from_outside(door.port, rate=rate, seconds=WARM_SECONDS, mode=mode)
            before, resident, cpu = noted, _resident(), time.process_time()
            measured = await send_from_outside(door.port, rate=rate, seconds=seconds, mode=mode)
            accepted, cpu = noted - before, time.process_time() - cpu
            grown = _resident() - resident
    print(f"{mode}, {rate:,} events a second for {seconds} s, on {datetime.now(UTC):%Y-%m-%d}\n")
    for name, value, unit in (
        ("accepted", accepted, ""),
        ("refused", measured["refused"], ""),
        *((name, measured[name] * 1e3, "ms") for name in ("median", "p99", "max")),
        ("memory grown", grown / 1e6, "MB"),
        ("CPU of an event", cpu / max(accepted, 1) * 1e6, "µs"),
    ):
        print(f"  {name:<20}{value:>12,.2f} {unit}" if unit else f"  {name:<20}{value:>12,}")
    if door.refused:
        print(f"  refused, by reason: {dict(door.refused)}")


def _resident() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (line,) = islice((line for line in lines if line.startswith("VmRSS:")), 1)
    return int(line.split()[1]) * 1_024


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.shake_door")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=int, default=1_000)
    parser.add_argument("--mode", choices=["plain", "safe"], default="plain")
    parser.add_argument("--to", type=int, metavar="PORT", help=argparse.SUPPRESS)
    arguments = vars(parser.parse_args())
    if port := arguments.pop("to"):
        asyncio.run(sender(port, **arguments))
    else:
        asyncio.run(main(**arguments))
