"""A Bluetooth controller: Bumble's for what every controller does, our own ear, duplicate filter and faults."""

import asyncio
from typing import Any, Final

from bumble.controller import Controller
from bumble.hci import LeFeatureMask, LmpFeatureMask

from tests.vm.guest.beacon import Frame
from tests.vm.guest.vhci import Vhci

_COMMAND: Final = 0x01
_RESET: Final = 0x0C03
_SCAN_PARAMETERS: Final = 0x200B
_SCAN_ENABLE: Final = 0x200C
_EXTENDED_SCAN_PARAMETERS: Final = 0x2041
_EXTENDED_SCAN_ENABLE: Final = 0x2042
_COMMAND_COMPLETE: Final = b"\x04\x0e"
_UNKNOWN_COMMAND: Final = 0x01
_LONGEST_ANSWER: Final = 16
"""Bytes; more than any command needs that Bumble does not know."""
_BLUETOOTH_5: Final = (
    LeFeatureMask.LL_PRIVACY | LeFeatureMask.LE_EXTENDED_ADVERTISING | LeFeatureMask.LE_PERIODIC_ADVERTISING
)
"""Left out of most chips: with them the kernel scans by other commands and expects other reports."""


class Chip:
    """A controller that can be plugged into the kernel, and hears what is put to its ear while the host scans."""

    def __init__(self, address: str, *, dual_mode: bool, filters_duplicates: bool, extended: bool) -> None:
        """`extended`: scans as Bluetooth 5 dongles do, and hears extended advertisements."""
        self._filters, self._extended = filters_duplicates, extended
        self._controller = Controller(address, public_address=address)
        self._controller.le_features &= ~_BLUETOOTH_5
        if extended:
            self._controller.le_features |= LeFeatureMask.LE_EXTENDED_ADVERTISING
        if dual_mode:
            self._controller.lmp_features &= ~LmpFeatureMask.BR_EDR_NOT_SUPPORTED
        self._controller.set_packet_sink(self)
        self._vhci: Vhci | None = None
        self.name: str | None = None
        """hciN, while it is plugged in."""
        self._scanning = self._asked_to_filter = self._asks_for_responses = False
        self._reported: set[Frame] = set()
        self._deaf = self._deaf_until_reset = False
        self.resets = 0
        self.scans = 0
        """How often the host began to scan."""

    async def plug(self) -> str:
        """Appear in the system; return the name (hciN) that the kernel chose."""
        self._vhci = Vhci(self._from_host)
        self.name = await self._vhci.name
        return self.name

    def unplug(self) -> None:
        if self._vhci:
            self._vhci.close()
        self._vhci = self.name = None
        self._scanning = False

    def deafen(self, *, until_reset: bool) -> None:
        """Answer every command and report nothing, until the host resets this controller or until `hear_again`."""
        self._deaf, self._deaf_until_reset = True, until_reset

    def hear_again(self) -> None:
        self._deaf = False

    def hear(self, frame: Frame, rssi: int) -> bool:
        """Take in one advertisement; say whether the host was told of it."""
        if self._deaf or not self._scanning or not self._vhci:
            return False
        if self._filters and self._asked_to_filter:
            if frame in self._reported:
                return False
            self._reported.add(frame)
        reports = frame.reports(rssi, to_extended=self._extended, active=self._asks_for_responses)
        return bool(reports) and all(map(self._vhci.write, reports))

    def state(self) -> dict[str, Any]:
        return {
            "scanning": self._scanning,
            "asked_to_filter": self._asked_to_filter,
            "deaf": self._deaf,
            "resets": self.resets,
            "scans": self.scans,
        }

    def _from_host(self, packet: bytes) -> None:
        opcode = int.from_bytes(packet[1:3], "little") if packet[0] == _COMMAND else None
        if opcode == _SCAN_ENABLE:
            self._scan(enable=bool(packet[4]), filter_duplicates=bool(packet[5]))
            # Answered here: Bumble would go on scanning over a reset, and then refuse to be told how to scan.
            self.on_packet(_COMMAND_COMPLETE + bytes([4, 1]) + packet[1:3] + b"\x00")
            return
        if opcode == _SCAN_PARAMETERS:
            self._asks_for_responses = bool(packet[4])
        if opcode in {_EXTENDED_SCAN_PARAMETERS, _EXTENDED_SCAN_ENABLE}:
            if opcode == _EXTENDED_SCAN_PARAMETERS:
                self._asks_for_responses = bool(packet[7])  # of the first PHY, behind address type, policy and PHYs
            else:
                self._scan(enable=bool(packet[4]), filter_duplicates=bool(packet[5]))
            self.on_packet(_COMMAND_COMPLETE + bytes([4, 1]) + packet[1:3] + b"\x00")
            return
        if opcode == _RESET:
            self.resets += 1
            self._scanning = False
            if self._deaf_until_reset:
                self._deaf = False
        asyncio.get_running_loop().call_soon(self._controller.on_packet, packet)

    def on_packet(self, packet: bytes) -> None:
        """Pass Bumble's answer to the host (Bumble's name for this); what Bumble does not know is well with us."""
        if packet[:2] == _COMMAND_COMPLETE and packet[6] == _UNKNOWN_COMMAND:
            packet = _COMMAND_COMPLETE + bytes([4 + _LONGEST_ANSWER]) + packet[3:6] + bytes(1 + _LONGEST_ANSWER)
        if self._vhci:
            self._vhci.write(packet)

    def _scan(self, *, enable: bool, filter_duplicates: bool) -> None:
        self._scanning, self._asked_to_filter = enable, filter_duplicates
        self._reported.clear()
        self.scans += enable
