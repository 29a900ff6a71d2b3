"""What is in the air of the benches: the store's own beacons standing still, and what else a shop's air holds."""

import random
from collections.abc import Callable, Iterator
from itertools import count
from uuid import UUID

from bleak.backends.scanner import AdvertisementData

from beacon_gateway.core.model.ibeacon import BeaconKey, Frame

BEACONS = 500
STREAM = 2_000
APPLE = 0x004C

UUID_OF_STORE = UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825")
KEYS = [BeaconKey(UUID_OF_STORE, 10_001 + number // 50, number) for number in range(BEACONS)]
FRAMES = [Frame(key, -59).payload() for key in KEYS]


def store_stream() -> list[AdvertisementData]:
    """Return advertisements of beacons that stand still, 6 dB of noise around the middle of "near"."""
    rng = random.Random(1)
    return [advertisement({APPLE: rng.choice(FRAMES)}, round(rng.gauss(-67, 3))) for _ in range(STREAM)]


def store_in_turn(beacons: int = BEACONS) -> Iterator[tuple[str, bytes, int]]:
    """Return the same of so many beacons without end, each in its turn: its address, what it says, its RSSI."""
    rng = random.Random(1)
    for number in count():
        yield address(number % beacons), FRAMES[number % beacons], round(rng.gauss(-67, 3))


def foreign_stream() -> list[AdvertisementData]:
    """Return what else is in a shop's air: half of it Apple's, none of it an iBeacon."""
    rng = random.Random(2)
    kinds: list[Callable[[], dict[int, bytes]]] = [
        lambda: {APPLE: bytes([0x10, 0x05]) + rng.randbytes(5)},
        lambda: {APPLE: bytes([0x12, 0x19]) + rng.randbytes(25)},
        lambda: {0x0075: rng.randbytes(24)},
        lambda: {0x0006: rng.randbytes(27)},
    ]
    return [advertisement(kinds[number % 4](), -70) for number in range(STREAM)]


def strangers() -> Iterator[tuple[str, AdvertisementData]]:
    """Return iBeacons without end, each with a new address and an unknown key, half of them under the store's UUID."""
    rng = random.Random(3)
    for number in count():
        uuid = UUID_OF_STORE if number % 2 else UUID(bytes=rng.randbytes(16))
        key = BeaconKey(uuid, 20_000 + rng.randrange(40_000), rng.randrange(65_536))
        yield address(rng.randrange(1 << 40)), advertisement({APPLE: Frame(key, -59).payload()}, -70)


def address(number: int) -> str:
    return (0xC0_00_00_00_00_00 + number).to_bytes(6, "big").hex(":").upper()


def advertisement(data: dict[int, bytes], rssi: int) -> AdvertisementData:
    """Return what bleak makes of a report: `platform_data` holds what bluetoothd announced, a new object each time."""
    return AdvertisementData(None, data, {}, [], None, rssi, ("", {"RSSI": rssi, "ManufacturerData": {**data}}))
