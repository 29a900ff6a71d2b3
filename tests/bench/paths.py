"""The paths that an advertisement can take, each as a function of its frame, for `measure`.

Run as a module with the names of a way, a path and a stream and a number of rounds, it prints CPU seconds for each
advertisement; valgrind counts instructions around the same.
"""

import io
import sys
import time
from collections.abc import Callable
from typing import Any, cast

from bleak import BleakScanner
from bleak.backends.bluezdbus.manager import BlueZManager
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from dbus_fast import Message, MessageType, Variant
from dbus_fast._private.unmarshaller import Unmarshaller

from tests.bench.gateway import Callback, receiver, watch
from tests.bench.stream import APPLE, BEACONS, KEYS, STREAM, foreign_stream, store_stream


class _Cheapest:
    __slots__ = ("announced", "high", "level", "low", "zone")

    def __init__(self) -> None:
        self.level, self.low, self.high, self.zone = -67.0, -75.0, -59.0, 1
        self.announced: object = None


def nothing() -> Callback:
    """An empty callback: what remains is the loop itself."""

    def receive(_device: BLEDevice, _advertisement: AdvertisementData) -> None:
        pass

    return receive


def cheapest() -> Callback:
    """The least that pure Python can do: a slice as key, one object, whether the data are this report's own, a moving
    average, two bounds, one clock.
    """
    known = {key.identity(): _Cheapest() for key in KEYS}
    monotonic = time.monotonic

    def receive(_device: BLEDevice, advertisement: AdvertisementData) -> None:
        payload = advertisement.manufacturer_data.get(APPLE)
        if payload is None:
            return
        state = known.get(payload[:22])
        announced = advertisement.platform_data[1]["ManufacturerData"]
        if state is None or state.announced is announced:
            return
        state.announced = announced
        monotonic()
        level = state.level = state.level + (advertisement.rssi - state.level) * 0.3
        if state.low <= level < state.high:
            return
        state.zone = 2

    return receive


def ours() -> Callback:
    """The project's own path, whole: the adapter's callback, the watch, the tracker."""
    return receiver(watch())


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
