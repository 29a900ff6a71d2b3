"""Scans in the guest, and prints what it cost: JSON with the advertisements, and each process's seconds of CPU.

python -m tests.vm.guest.report_cost ours 60 PID-OF-BLUETOOTHD PID-OF-DBUS-DAEMON
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final

from beacon_gateway.services.tracking.beacon_monitor import BeaconMonitor
from tests.bench import gateway
from tests.bench.scanner import merged, ours

SCANS: Final[Mapping[str, Callable[[BeaconMonitor], AbstractAsyncContextManager[None]]]] = {
    "merged": merged,
    "ours": ours,
}
SETTLING_ADVERTS: Final = 500
"""Until every beacon is known, and what a start costs is over."""


async def main(way: str, seconds: float, helpers: Sequence[int]) -> None:
    processes = (os.getpid(), *helpers)
    watch = gateway.watch()
    async with SCANS[way](watch):
        while watch.adverts < SETTLING_ADVERTS:
            await asyncio.sleep(1)
        adverts, before = watch.adverts, [cpu_seconds(process) for process in processes]
        await asyncio.sleep(seconds)
        taken = [cpu_seconds(process) - then for process, then in zip(processes, before, strict=True)]
        print(json.dumps({"adverts": watch.adverts - adverts, "cpu": taken}))


def cpu_seconds(process: int) -> float:
    """Return the seconds that a process has run, in user mode and in the kernel."""
    # The command's name, in brackets, may hold anything; utime and stime are the 12th and 13th field after it.
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), [int(word) for word in sys.argv[3:]]))
