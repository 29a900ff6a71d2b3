"""Which reports of an active scan brought the data that they come with: bluetoothd keeps what a device sent before.

With `DuplicateData` in the discovery filter, bluetoothd replaces a device's manufacturer data with each report that
carries some, and announces them even if they are equal (bluez 5.66 and 5.82, src/device.c,
device_set_manufacturer_data); a report without any leaves them as they were. bleak puts what is announced in place of
what it knew, and hands on all that it knows: announced data are another object than before.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any, Final

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from beacon_gateway.adapters.bluez.handover import Handover
from beacon_gateway.core.health.batteries import EDDYSTONE_UUID
from beacon_gateway.core.health.clones import SenderReport
from beacon_gateway.core.model.advertisement import REAL_RSSI
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, FRAME_BYTES, decode

NO_DATA: Final[Mapping[int, bytes]] = {}
MIN_SENDERS_TO_PRUNE: Final = 1024
"""Addresses after which those are forgotten that bluetoothd has forgotten."""


class OwnFrames:
    """Hands each report over: with Apple's data, of which iBeacons are, only if it brought them itself."""

    def __init__(self, handover: Handover, known: Callable[[], Container[str]]) -> None:
        """`known` returns the radio addresses that bluetoothd still knows: it forgets them after 30 s of silence."""
        self._handover, self._known = handover, known
        self._last: dict[str, dict[str, Any]] = {}
        """By D-Bus path: bluetoothd's properties of the device when it last sent data with Apple's among."""
        self._looked: dict[str, tuple[Any, Any]] = {}
        """By D-Bus path: the manufacturer and service data that `looks` found at its last call."""
        self._prune_at = MIN_SENDERS_TO_PRUNE

    def note(self, _device: BLEDevice, advertisement: AdvertisementData) -> None:
        """Take in what bleak makes of a report. Called for each one, so it is written for speed."""
        rssi = advertisement.rssi
        if rssi not in REAL_RSSI:
            self._handover.phantoms += 1
            return
        data: Mapping[int, bytes] = advertisement.manufacturer_data
        if APPLE_COMPANY_ID in data:
            path, properties = advertisement.platform_data
            senders = self._last
            last = senders.get(path)
            if last is not None and last["ManufacturerData"] is properties["ManufacturerData"]:
                data = NO_DATA
            else:
                if last is None and len(senders) >= self._prune_at:
                    senders = self._pruned()
                senders[path] = properties
        take = self._handover.take
        try:
            take(data, rssi)
        except Exception:  # noqa: BLE001 - whatever it is, the next advertisement must still be heard
            self._handover.failed()

    def looks(self) -> Iterator[SenderReport]:
        """Yield the iBeacons that were heard since the last call, by radio address, each with its last strength."""
        before, self._looked = self._looked, {path: _sent(properties) for path, properties in self._last.items()}
        for path, (announced, service_data) in self._looked.items():
            former, former_service_data = before.get(path, (None, None))
            payload = bytes(announced[APPLE_COMPANY_ID])
            frame = decode(payload) if announced is not former else None
            if frame:
                is_new = service_data is not None and service_data is not former_service_data
                eddystone = bytes(service_data.get(EDDYSTONE_UUID, b"")) if is_new else b""
                properties = self._last[path]
                yield SenderReport(
                    properties["Address"], frame.key, properties["RSSI"], payload[FRAME_BYTES:], eddystone
                )

    def _pruned(self) -> dict[str, dict[str, Any]]:
        """Forget the devices that bluetoothd has forgotten; return what is left."""
        known = self._known()
        self._last = {path: last for path, last in self._last.items() if last["Address"] in known}
        self._prune_at = max(MIN_SENDERS_TO_PRUNE, 2 * len(self._last))
        return self._last


def _sent(properties: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return the manufacturer data and the service data, None where there are none."""
    return properties["ManufacturerData"], properties.get("ServiceData")
