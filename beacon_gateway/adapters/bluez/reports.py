"""What a monitor of ours reports in a passive scan, in which bleak tells of a sender's changes only."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

Receive = Callable[[BLEDevice, AdvertisementData], None]

MOST_SENDERS: Final = 4096
"""Radio addresses remembered; the one that fell silent first goes first."""


class MonitorReports:
    """Makes an advertisement of each report that bleak is not told of: with the data and strength it had last."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._last: OrderedDict[str, tuple[BLEDevice, AdvertisementData]] = OrderedDict()

    def note(self, device: BLEDevice, advertisement: AdvertisementData) -> None:
        """Remember what bleak heard; the monitor's report of it follows, and counts."""
        path, _ = advertisement.platform_data
        self._last[path] = (device, advertisement)
        self._last.move_to_end(path)
        if len(self._last) > MOST_SENDERS:
            self._last.popitem(last=False)

    def beat(self, path: str) -> None:
        """Take in a monitor's report."""
        known = self._last.get(path)
        if known:
            self._last.move_to_end(path)
            self._receive(*known)
