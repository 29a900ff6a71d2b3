"""The kernel's side of a virtual Bluetooth adapter: one open file of /dev/vhci is one hciN."""

import asyncio
import os
from collections.abc import Callable
from typing import Final

_VENDOR: Final = 0xFF
"""Packets of this type are between the driver and us: our first asks for an adapter, its answer carries the number."""


class Vhci:
    """One adapter, there until `close`."""

    def __init__(self, receive: Callable[[bytes], None]) -> None:
        self._receive = receive
        self._file = os.open("/dev/vhci", os.O_RDWR | os.O_NONBLOCK)
        self.name: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """hciN, as soon as the kernel has decided."""
        asyncio.get_running_loop().add_reader(self._file, self._read)
        os.write(self._file, bytes([_VENDOR, 0]))

    def write(self, packet: bytes) -> bool:
        """Hand one HCI packet to the kernel, which takes none while the adapter is down."""
        try:
            os.write(self._file, packet)
        except OSError:
            return False
        return True

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._file)
        os.close(self._file)

    def _read(self) -> None:
        try:
            packet = os.read(self._file, 4096)  # the driver gives one packet a read
        except BlockingIOError:
            return
        if packet[0] != _VENDOR:
            self._receive(packet)
        elif not self.name.done():
            self.name.set_result(f"hci{int.from_bytes(packet[2:4], 'little')}")
