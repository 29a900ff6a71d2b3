"""A process that scans until it is told to end (SIGTERM): with bleak and an empty callback, or as the gateway does."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Final

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from beacon_gateway.adapters.bluez.radio import FILTER
from beacon_gateway.core.model.advertisement import REAL_RSSI
from beacon_gateway.services.tracking.beacon_monitor import BeaconMonitor
from tests.bench import gateway
from tests.bench.paths import nothing


async def bleak(callback: gateway.Callback) -> None:
    """Scan as the radio does: actively, and with every report of a beacon that stands still, with data of its own."""
    async with BleakScanner(callback, scanning_mode="active", bluez={"filters": {**FILTER}}):
        await asyncio.Event().wait()


@asynccontextmanager
async def merged(watch: BeaconMonitor) -> AsyncIterator[None]:
    """Scan without `DuplicateData`, and take what bluetoothd remembers of a device for what it just sent."""

    def receive(_device: BLEDevice, advertisement: AdvertisementData) -> None:
        if advertisement.rssi in REAL_RSSI:
            watch.take(advertisement.manufacturer_data, advertisement.rssi)

    async with BleakScanner(receive, scanning_mode="active", bluez={"filters": {"RSSI": -127}}):
        yield


@asynccontextmanager
async def ours(watch: BeaconMonitor) -> AsyncIterator[None]:
    """Let the radio's advertisements into the watch, and nothing else."""
    async with gateway.radio().scanning(watch.take):
        yield


async def counted(scan: Callable[[BeaconMonitor], AbstractAsyncContextManager[None]]) -> None:
    """Scan, and print at the end how many advertisements came."""
    watch = gateway.watch()
    try:
        async with scan(watch):
            await asyncio.Event().wait()
    finally:
        print(watch.adverts, flush=True)


async def whole() -> None:
    """Scan as `ours` does, with the work that goes by the clock: sweeps each second, and what is written."""
    watch = gateway.watch()
    try:
        await watch.run(gateway.supervised(watch))
    finally:
        print(watch.adverts, flush=True)


PATHS: Final[Mapping[str, Callable[[], Coroutine[None, None, None]]]] = {
    "nothing": lambda: bleak(nothing()),
    "merged": lambda: counted(merged),
    "ours": lambda: counted(ours),
    "whole": whole,
}


async def main() -> None:
    scan = asyncio.ensure_future(PATHS[sys.argv[1]]())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, scan.cancel)
    with suppress(asyncio.CancelledError):
        await scan


if __name__ == "__main__":
    asyncio.run(main())
