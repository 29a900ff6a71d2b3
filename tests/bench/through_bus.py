"""What an advertisement costs a process that scans: through a real bus, from a bluetoothd that is another process."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.adapters.bluez.bluetoothd.private_bus import private_bus
from tests.bench import callgrind
from tests.bench.stream import BEACONS

_PATIENCE = 60.0  # s; a process that valgrind counts takes its time to end


@dataclass(frozen=True, slots=True)
class Scene:
    """A process that scans on a bus of its own, and those that work for it."""

    scanner: Process
    helpers: tuple[int, ...]
    """Process ids of dbus-daemon and bluetoothd."""
    send: Callable[[str], Awaitable[None]]
    """Orders to bluetoothd (`tests.bench.bluetoothd`), each awaited until it is carried out."""


@asynccontextmanager
async def scanning(command: Sequence[str], beacons: int) -> AsyncIterator[Scene]:
    """Run a command that scans, and a bluetoothd that sends so many beacons, for the length of the block."""
    async with private_bus() as bus:
        words = [sys.executable, "-m", "tests.bench.bluetoothd", str(beacons)]
        bluetoothd = await asyncio.create_subprocess_exec(*words, env=bus.env, stdin=PIPE, stdout=PIPE)
        assert bluetoothd.stdin is not None
        assert bluetoothd.stdout is not None
        orders, answers = bluetoothd.stdin, bluetoothd.stdout
        if await answers.readline() != b"ready\n":  # a scanner that finds no bluetoothd ends
            raise RuntimeError("the fake bluetoothd did not begin")
        scanner = await asyncio.create_subprocess_exec(*command, env=bus.env, stdout=PIPE, stderr=PIPE)

        async def send(order: str) -> None:
            orders.write(f"{order}\n".encode())
            if await answers.readline() != b"done\n":
                raise RuntimeError("the fake bluetoothd ended")

        try:
            yield Scene(scanner, (bus.process_id, bluetoothd.pid), send)
        finally:
            orders.close()
            await bluetoothd.communicate()
            if scanner.returncode is None:
                scanner.kill()
                await scanner.communicate()


@dataclass(frozen=True, slots=True)
class ThroughBus:
    command: tuple[str, ...]
    """Scans until SIGTERM; its last word is how many advertisements it took."""
    known: int
    """Advertisements until every beacon is known and present."""
    by_instructions: int
    by_cpu: int
    at_a_time: int = 256
    """As bluetoothd sends them in a burst; few for a process that takes long for each."""
    beacons: int = BEACONS
    counts: bool = True
    """An empty callback does not."""

    @classmethod
    def path(cls, path: str) -> Self:
        """One of ours (`tests.bench.scanner`)."""
        return cls(
            (sys.executable, "-m", "tests.bench.scanner", path), 4 * BEACONS, 4_000, 20_000, counts=path != "nothing"
        )

    @classmethod
    def theengs(cls, python: str) -> Self:
        """TheengsGateway, on 50 beacons: it keeps nothing of an iBeacon, and under valgrind each one takes its time."""
        return cls((python, "-m", "tests.bench.theengs", "bus"), 50, 100, 1_000, at_a_time=16, beacons=50)

    async def instructions(self) -> float:
        """Return instructions for each advertisement in a burst: the difference between two runs, as in process."""
        more, less = [await self._total(count) for count in (self.known + self.by_instructions, self.known)]
        return (more - less) / self.by_instructions

    async def cpu(self) -> float:
        """Return seconds of CPU for each advertisement in a burst."""
        return await self._cpu(f"burst {self.by_cpu} {self.at_a_time}")

    async def cpu_one_by_one(self) -> float:
        """Return the same when a thousand come a second, each alone: each wakes the process up."""
        return await self._cpu("pace 3000 1000")

    async def _cpu(self, order: str) -> float:
        async with scanning(self.command, self.beacons) as scene:
            await scene.send(f"burst {self.known} {self.at_a_time}")
            before = cpu_seconds(scene.scanner.pid)
            await scene.send(order)
            taken = cpu_seconds(scene.scanner.pid) - before
            sent = int(order.split()[1])
            await self._end(scene.scanner, self.known + sent)
        return taken / sent

    async def _total(self, count: int) -> int:
        async with scanning(callgrind.counted(self.command), self.beacons) as scene:
            await scene.send(f"burst {count} {self.at_a_time}")
            return callgrind.collected(await self._end(scene.scanner, count))

    async def _end(self, process: Process, sent: int) -> bytes:
        """End the process, see that it took everything, and return its error output."""
        process.terminate()
        async with asyncio.timeout(_PATIENCE):
            output, errors = await process.communicate()
        took = int(output.split()[-1]) if self.counts and output else None
        if process.returncode or (self.counts and took != sent):
            raise RuntimeError(f"took {took} of {sent}: {errors.decode()}")
        return errors


def cpu_seconds(pid: int) -> float:
    """Return the seconds that all threads of a process have run, to the ns."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9
