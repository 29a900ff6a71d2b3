"""The paths that an advertisement can take, each as a function of its frame, for `measure`.

Run as a module with the names of a way, a path and a stream and a number of rounds, it prints CPU seconds for each
advertisement; valgrind counts instructions around the same.
"""

import io
import random
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from bleak import BleakScanner
from bleak.backends.bluezdbus.manager import BlueZManager
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from dbus_fast import Message, MessageType, Variant
from dbus_fast._private.unmarshaller import Unmarshaller

from beacon_gateway.adapters.bluez.radio import BluezRadio
from beacon_gateway.core.ibeacon import BeaconKey, Frame
from beacon_gateway.core.settings import Radio
from beacon_gateway.core.store import Beacon, Floor, Store
from beacon_gateway.services.journal import Journal
from beacon_gateway.services.watch import Watch

BEACONS = 500
STREAM = 2_000
APPLE = 0x004C

UUID_OF_STORE = UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825")
KEYS = [BeaconKey(UUID_OF_STORE, 10_001 + number // 50, number) for number in range(BEACONS)]

Callback = Callable[[BLEDevice, AdvertisementData], None]


def store_stream() -> list[AdvertisementData]:
    """Give advertisements of beacons that stand still, 6 dB of noise around the middle of "near"."""
    rng = random.Random(1)
    frames = [Frame(key, -59).payload() for key in KEYS]
    return [_advertisement({APPLE: rng.choice(frames)}, round(rng.gauss(-67, 3))) for _ in range(STREAM)]


def foreign_stream() -> list[AdvertisementData]:
    """Give what else is in a shop's air: half of it Apple's, none of it an iBeacon."""
    rng = random.Random(2)
    kinds: list[Callable[[], dict[int, bytes]]] = [
        lambda: {APPLE: bytes([0x10, 0x05]) + rng.randbytes(5)},
        lambda: {APPLE: bytes([0x12, 0x19]) + rng.randbytes(25)},
        lambda: {0x0075: rng.randbytes(24)},
        lambda: {0x0006: rng.randbytes(27)},
    ]
    return [_advertisement(kinds[number % 4](), -70) for number in range(STREAM)]


def _advertisement(data: dict[int, bytes], rssi: int) -> AdvertisementData:
    return AdvertisementData(None, data, {}, [], None, rssi, ())


class _Cheapest:
    __slots__ = ("high", "level", "low", "zone")

    def __init__(self) -> None:
        self.level, self.low, self.high, self.zone = -67.0, -75.0, -59.0, 1


def nothing() -> Callback:
    """An empty callback: what remains is the loop itself."""

    def receive(_device: BLEDevice, _advertisement: AdvertisementData) -> None:
        pass

    return receive


def cheapest() -> Callback:
    """The least that pure Python can do: a slice as key, one object, a moving average, two bounds, one clock."""
    known = {key.identity(): _Cheapest() for key in KEYS}
    monotonic = time.monotonic

    def receive(_device: BLEDevice, advertisement: AdvertisementData) -> None:
        payload = advertisement.manufacturer_data.get(APPLE)
        if payload is None:
            return
        state = known.get(payload[:22])
        if state is None:
            return
        monotonic()
        level = state.level = state.level + (advertisement.rssi - state.level) * 0.3
        if state.low <= level < state.high:
            return
        state.zone = 2

    return receive


class _NoLog:
    async def append(self, hits: object) -> None:
        raise AssertionError(hits)


class _Clock:
    monotonic = staticmethod(time.monotonic)

    def utc(self) -> datetime:
        return datetime.now(UTC)


def ours() -> Callback:
    """The project's own path, whole: the adapter's callback, the watch, the tracker."""
    floors = {"F1": Floor("F1", "F1")}
    beacons: Mapping[BeaconKey, Beacon] = {key: Beacon(key, f"b-{key.minor}", "", "F1") for key in KEYS}
    journal = Journal(gateway="bench", boot="0", clock=_Clock(), log=_NoLog(), commit_every=5.0)
    watch = Watch(floor="F1", clock=_Clock(), journal=journal)
    watch.use(Store(floors, beacons, {}))
    return BluezRadio(Radio())._receiver(watch.take)


PATHS = {"nothing": nothing, "cheapest": cheapest, "ours": ours}
STREAMS = {"store": store_stream, "foreign": foreign_stream}

Feed = Callable[[], None]


def direct(callback: Callback, stream: list[AdvertisementData]) -> Feed:
    """Hand the stream to the callback as bleak would, without bleak."""
    device = BLEDevice("00:00:00:00:00:00", None, None)

    def feed() -> None:
        for advertisement in stream:
            callback(device, advertisement)

    return feed


def through_bleak(callback: Callback, stream: list[AdvertisementData]) -> Feed:
    """Hand the stream over as D-Bus messages, through dbus-fast and all of bleak; only the socket is missing."""
    manager = BlueZManager()
    scanner: Any = BleakScanner(callback, bluez={})._backend
    adapter = "/org/bluez/hci0"
    manager._advertisement_callbacks[adapter].append(scanner._handle_advertising_data)
    scanner.seen_devices = {}
    messages = []
    for number, advertisement in enumerate(stream):
        path = f"{adapter}/dev_{number % BEACONS:012X}"
        manager._properties[path] = {
            "org.bluez.Device1": {"Adapter": adapter, "Address": path[-12:], "Alias": path[-12:], "UUIDs": []}
        }
        data = {company: Variant("ay", value) for company, value in advertisement.manufacturer_data.items()}
        body = [
            "org.bluez.Device1",
            {"RSSI": Variant("n", advertisement.rssi), "ManufacturerData": Variant("a{qv}", data)},
        ]
        message = Message(
            message_type=MessageType.SIGNAL,
            path=path,
            interface="org.freedesktop.DBus.Properties",
            member="PropertiesChanged",
            signature="sa{sv}as",
            body=[*body, []],
            serial=number + 1,
        )
        messages.append(bytes(message._marshall(False)))

    def feed() -> None:
        for raw in messages:
            message = Unmarshaller(cast(Any, io.BytesIO(raw))).unmarshall()
            if message is not None:
                manager._parse_msg(message)

    return feed


WAYS = {"direct": direct, "bleak": through_bleak}


def main() -> None:
    way, path, stream, rounds = *sys.argv[1:4], int(sys.argv[4])
    callback = PATHS[path]()
    direct(callback, store_stream())()  # every beacon is known and present before anything is counted
    feed = WAYS[way](callback, STREAMS[stream]())
    feed()
    start = time.process_time()
    for _ in range(rounds):
        feed()
    print((time.process_time() - start) / (max(rounds, 1) * STREAM))


if __name__ == "__main__":
    main()
