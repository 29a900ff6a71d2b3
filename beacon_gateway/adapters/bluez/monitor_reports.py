"""What a monitor of ours reports in a passive scan, in which bleak tells of a sender's changes only."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from beacon_gateway.adapters.bluez.handover import Handover
from beacon_gateway.core.health.batteries import EDDYSTONE_UUID
from beacon_gateway.core.health.clones import SenderReport
from beacon_gateway.core.model.advertisement import REAL_RSSI
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, FRAME_BYTES, IBEACON_TYPE, decode

MAX_SENDERS: Final = 4096
"""Radio addresses remembered; the one that fell silent first goes first."""


class MonitorReports:
    """Hands over each iBeacon that our monitor reports, with the iBeacon and the strength that its sender had last.

    bluetoothd compares each report itself with the monitor's pattern, so another frame of the same sender is none. It
    announces a strength that changed by 8 dB or more, whichever frame of the sender had it.
    """

    def __init__(self, handover: Handover) -> None:
        self._handover = handover
        self._last: OrderedDict[str, tuple[str, AdvertisementData]] = OrderedDict()
        """By D-Bus path: the radio address, and the last advertisement with an iBeacon."""
        self._reported: set[str] = set()
        """Paths that the monitor reported since the last `looks`."""

    def note(self, device: BLEDevice, advertisement: AdvertisementData) -> None:
        """Remember what bleak heard; the monitor's report of it follows, and counts."""
        path, _ = advertisement.platform_data
        if not advertisement.manufacturer_data.get(APPLE_COMPANY_ID, b"").startswith(IBEACON_TYPE):
            last = self._last.get(path)
            if last is None:
                return
            advertisement = last[1]._replace(rssi=advertisement.rssi)
        self._last[path] = (device.address, advertisement)
        self._last.move_to_end(path)
        if len(self._last) > MAX_SENDERS:
            self._last.popitem(last=False)

    def on_report(self, path: str) -> None:
        """Take in a monitor's report."""
        last = self._last.get(path)
        if last is not None:
            self._last.move_to_end(path)
            self._reported.add(path)
            _, advertisement = last
            if advertisement.rssi not in REAL_RSSI:
                self._handover.phantoms += 1
                return
            try:
                self._handover.take(advertisement.manufacturer_data, advertisement.rssi)
            except Exception:  # noqa: BLE001 - whatever it is, the next advertisement must still be heard
                self._handover.failed()

    def looks(self) -> Iterator[SenderReport]:
        """Return the iBeacons that were heard since the last call, by radio address, each with its last strength."""
        reported, self._reported = self._reported, set()
        for path in reported & self._last.keys():
            address, advertisement = self._last[path]
            payload = advertisement.manufacturer_data[APPLE_COMPANY_ID]
            frame = decode(payload)
            if frame and advertisement.rssi in REAL_RSSI:
                eddystone = advertisement.service_data.get(EDDYSTONE_UUID, b"")
                yield SenderReport(address, frame.key, advertisement.rssi, payload[FRAME_BYTES:], eddystone)
