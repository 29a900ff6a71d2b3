"""`make bench-own-frames`: what it costs that each report brings data of its own, and whether it lasts.

200 beacons at 10 Hz, from a bluetoothd that is the fake one, in a process of its own. CPU of all that works for it: our
process, dbus-daemon and bluetoothd; once with the way that takes bluetoothd's memory for what was received, once with
the gateway's. Then the whole watch for some minutes: it loses nothing, and its memory does not grow.
"""

import argparse
import asyncio
import sys
import time
from pathlib import Path
from typing import Final

from tests.bench.through_bus import Scene, cpu_seconds, scanning

BEACONS: Final = 200
PER_SECOND: Final = 2_000
TURNS: Final = 3
SECONDS: Final = 10
SETTLING: Final = 30
"""Seconds after which what a start leaves behind is gone."""
KIB: Final = 1024


def cpu(scene: Scene) -> float:
    """Return the seconds of CPU that the scanner and its helpers have taken."""
    return sum(map(cpu_seconds, (scene.scanner.pid, *scene.helpers)))


def memory(scene: Scene) -> int:
    """Return the scanner's resident memory in bytes."""
    status = Path(f"/proc/{scene.scanner.pid}/status").read_text()
    return KIB * int(status.split("VmRSS:")[1].split()[0])


async def send(scene: Scene, count: int) -> None:
    """Send so many advertisements at 2,000 a second."""
    await scene.send(f"pace {count} {PER_SECOND}")


async def end(scene: Scene) -> int:
    """Return how many advertisements the scanner took."""
    scene.scanner.terminate()
    output, _ = await scene.scanner.communicate()
    return int(output.split()[-1])


def scanner(path: str) -> tuple[str, ...]:
    return sys.executable, "-m", "tests.bench.scanner", path


async def cost(path: str) -> float:
    """Return the seconds of CPU of an advertisement, in all processes. Raises RuntimeError if one is lost."""
    async with scanning(scanner(path), BEACONS) as scene:
        await send(scene, PER_SECOND)
        before, count = cpu(scene), SECONDS * PER_SECOND
        await send(scene, count)
        taken = cpu(scene) - before
        if (took := await end(scene)) != PER_SECOND + count:
            raise RuntimeError(f"{path}: took {took} of {PER_SECOND + count}")
    return taken / count


async def lasting(seconds: int) -> None:
    """Print what is lost of so many seconds, and by how much the memory grows.

    Lost is what bluetoothd sent and the scanner did not count: a busy machine, which sends slower, loses nothing by it.
    """
    async with scanning(scanner("whole"), BEACONS) as scene:
        await send(scene, SETTLING * PER_SECOND)
        before, count, begun = memory(scene), seconds * PER_SECOND, time.monotonic()
        await send(scene, count)
        after, took = memory(scene), time.monotonic() - begun
        lost = SETTLING * PER_SECOND + count - await end(scene)
    grown = f"memory {before // KIB:,} KiB, then {after // KIB:,} KiB"
    print(f"  {count:,} advertisements in {took:.0f} s: {lost} lost; {grown}")


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
