"""`make bench-own-frames`: what it costs that each report brings data of its own, and whether it lasts.

200 beacons at 10 Hz, from a bluetoothd that is the fake one, in a process of its own. CPU of all that works for it: our
process, dbus-daemon and bluetoothd; once with the way that takes bluetoothd's memory for what was received, once with
the gateway's. Then the whole watch for some minutes: it loses nothing, and its memory does not grow.
"""

import argparse
import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.through_bus import cpu_seconds
from tests.bluez.private_bus import private_bus

BEACONS: Final = 200
PER_SECOND: Final = 2_000
TURNS: Final = 3
SECONDS: Final = 10
SETTLING: Final = 30
"""Seconds after which what a start leaves behind is gone."""
KIB: Final = 1024


@dataclass(frozen=True, slots=True)
class Scene:
    """A process that scans, and those that work for it."""

    scanner: Process
    helpers: tuple[int, ...]
    """Process ids of dbus-daemon and bluetoothd."""
    send: Callable[[int], Awaitable[None]]
    """Sends so many advertisements at 2,000 a second."""

    def cpu(self) -> float:
        """Return the seconds of CPU that all of them have taken."""
        return sum(map(cpu_seconds, (self.scanner.pid, *self.helpers)))

    def memory(self) -> int:
        """Return the scanner's resident memory in bytes."""
        status = Path(f"/proc/{self.scanner.pid}/status").read_text()
        return KIB * int(status.split("VmRSS:")[1].split()[0])

    async def end(self) -> int:
        """Return how many advertisements the scanner took."""
        self.scanner.terminate()
        output, _ = await self.scanner.communicate()
        return int(output.split()[-1])


@asynccontextmanager
async def scanning(path: str) -> AsyncIterator[Scene]:
    async with private_bus() as bus:
        words = [sys.executable, "-m", "tests.bench.bluetoothd", str(BEACONS)]
        bluetoothd = await asyncio.create_subprocess_exec(*words, env=bus.env, stdin=PIPE, stdout=PIPE)
        assert bluetoothd.stdin is not None
        assert bluetoothd.stdout is not None
        orders, answers = bluetoothd.stdin, bluetoothd.stdout
        await answers.readline()

        async def send(count: int) -> None:
            orders.write(f"pace {count} {PER_SECOND}\n".encode())
            if await answers.readline() != b"done\n":
                raise RuntimeError("the fake bluetoothd ended")

        words = [sys.executable, "-m", "tests.bench.scanner", path]
        scanner = await asyncio.create_subprocess_exec(*words, env=bus.env, stdout=PIPE)
        try:
            yield Scene(scanner, (bus.process_id, bluetoothd.pid), send)
        finally:
            orders.close()
            await bluetoothd.communicate()
            if scanner.returncode is None:
                scanner.kill()
                await scanner.communicate()


async def cost(path: str) -> float:
    """Return the seconds of CPU of an advertisement, in all processes. Raises RuntimeError if one is lost."""
    async with scanning(path) as scene:
        await scene.send(PER_SECOND)
        before, count = scene.cpu(), SECONDS * PER_SECOND
        await scene.send(count)
        taken = scene.cpu() - before
        if (took := await scene.end()) != PER_SECOND + count:
            raise RuntimeError(f"{path}: took {took} of {PER_SECOND + count}")
    return taken / count


async def lasting(seconds: int) -> None:
    """Print what is lost of so many seconds, and by how much the memory grows."""
    async with scanning("whole") as scene:
        await scene.send(SETTLING * PER_SECOND)
        before, count = scene.memory(), seconds * PER_SECOND
        await scene.send(count)
        grown = scene.memory() - before
        lost = SETTLING * PER_SECOND + count - await scene.end()
    print(f"  {count:,} advertisements in {seconds} s: {lost} lost, memory grew by {grown / KIB:,.0f} KiB")


async def main(seconds: int) -> None:
    merged, ours = [], []
    for _ in range(TURNS):  # in turns, so that what else this machine does falls on both
        merged.append(await cost("merged"))
        ours.append(await cost("ours"))
    print(f"  CPU of gateway, dbus-daemon and bluetoothd, µs an advertisement: {1e6 * min(ours):.0f}")
    print(f"  the same, bluetoothd's memory taken for what was received: {1e6 * min(merged):.0f}")
    print(f"  ratio, the least of {TURNS} turns each: {min(ours) / min(merged):.2f}   <= 1.5")
    if seconds:
        await lasting(seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.own_frames", description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="how long the whole watch is fed; 0: not")
    asyncio.run(main(parser.parse_args().seconds))
