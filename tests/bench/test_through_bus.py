"""The bench through the bus measures processes that take the whole stream, and notices one that does not."""

import asyncio
import sys
from contextlib import suppress
from dataclasses import replace

import pytest
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.bench import bluetoothd, callgrind, scanner
from tests.bench.in_process import InProcess
from tests.bench.stream import BEACONS, FRAMES
from tests.bench.through_bus import ThroughBus
from tests.places import PROJECT

PEERS = PROJECT / ".venv-peers/bin/python"
needs_peers = pytest.mark.skipif(
    not (PEERS.parents[1] / ".installed").exists(), reason="TheengsGateway is not installed: make bench-peers"
)


@pytest.mark.parametrize("path", ["ours", "whole"])
async def test_the_gateway_takes_every_advertisement_of_a_burst(path: str) -> None:
    assert await replace(ThroughBus.path(path), known=BEACONS, by_cpu=300).cpu() > 0


async def test_an_empty_callback_hears_every_beacon_in_turn(bluez: FakeBluez) -> None:  # noqa: F811 - the fixture
    heard: list[bytes] = []

    def receive(_device: BLEDevice, advertisement: AdvertisementData) -> None:
        heard.extend(advertisement.manufacturer_data.values())

    scan = asyncio.create_task(scanner.bleak(receive))
    await bluez.until(lambda: bluez.discovering)
    air = bluetoothd.air(BEACONS)
    await bluetoothd.burst(bluez, air, BEACONS, 64)
    await bluetoothd.pace(bluez, air, 20, 1_000)
    scan.cancel()
    with suppress(asyncio.CancelledError):
        await scan
    assert heard == FRAMES + FRAMES[:20]


async def test_a_process_that_misses_advertisements_is_no_measurement() -> None:
    deaf = ThroughBus((sys.executable, "-m", "tests.bench.scanner", "nothing"), known=10, by_instructions=0, by_cpu=10)
    with pytest.raises(RuntimeError, match="took None of 20"):
        await deaf.cpu()


def test_the_count_is_read_from_valgrinds_words() -> None:
    assert callgrind.collected(b"==7== Events    : Ir\n==7== Collected : 1234567\n") == 1_234_567
    with pytest.raises(RuntimeError, match="unhandled"):
        callgrind.collected(b"==7== unhandled instruction")


@needs_peers
async def test_theengs_publishes_every_advertisement_of_the_bus() -> None:
    assert await replace(ThroughBus.theengs(str(PEERS)), known=20, by_cpu=20).cpu() > 0


@needs_peers
async def test_theengs_publishes_every_advertisement_in_process() -> None:
    assert await replace(InProcess.theengs(str(PEERS)), units_by_cpu=20).cpu() > 0
