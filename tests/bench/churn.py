"""What strangers leave behind: memory after a day of iBeacons that no file declares, each from a new address."""

import asyncio
import re
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from tests.bench import gateway
from tests.bench.stream import store_stream, strangers

_WARM = 10_000  # strangers before memory is measured first: what Python itself keeps for reuse is then there
_A_SECOND = 1_000  # advertisements between two sweeps


def growth(count: int, receive: gateway.Callback, sweep: Callable[[], None]) -> int:
    """Return bytes of resident memory that `count` strangers added."""
    before = 0
    for number, (address, advertisement) in enumerate(islice(strangers(), _WARM + count)):
        if number == _WARM:
            before = _resident()
        if number % _A_SECOND == 0:
            sweep()
        receive(BLEDevice(address, None, None), advertisement)
    return _resident() - before


def growth_of_ours(count: int) -> int:
    """Return the same for the radio's callback and the watch, with the store's beacons present."""
    watch = gateway.watch()
    receive = gateway.receiver(watch)
    for advertisement in store_stream():
        receive(BLEDevice("C0:00:00:00:00:00", None, None), advertisement)
    grown = growth(count, receive, watch.sweep)
    if watch.reception.unknown != _WARM + count:
        raise RuntimeError(f"{watch.reception.unknown} of {_WARM + count} were strangers")
    return grown


def growth_of_one_that_keeps_all(count: int) -> int:
    """Return the same for a callback that forgets nobody: it shows that growth is seen."""
    kept: dict[str, AdvertisementData] = {}

    def receive(device: BLEDevice, advertisement: AdvertisementData) -> None:
        kept[device.address] = advertisement

    return growth(count, receive, sweep=lambda: None)


PATHS = {"ours": growth_of_ours, "keeps all": growth_of_one_that_keeps_all}


async def measured(count: int, path: str = "ours") -> int:
    """Return the growth of a path, in a process that does nothing else: memory freed by others hides it."""
    words = [sys.executable, "-m", "tests.bench.churn", path, str(count)]
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    return int(output)


def _resident() -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) * 1024


if __name__ == "__main__":
    print(PATHS[sys.argv[1]](int(sys.argv[2])))
