"""The real radio: bleak on BlueZ. The only module that knows bleak and dbus-fast.

BlueZ's habits that shape it: without an RSSI in the discovery filter a beacon that stands still is reported once and
never again; a scan that dies (bluetoothd restarted, adapter unplugged) dies without a word; a scanner whose scan died
cannot be used again, and its `stop()` may raise nearly anything.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from bleak import BleakScanner
from bleak.args.bluez import BlueZScannerArgs, OrPattern
from bleak.assigned_numbers import AdvertisementDataType
from bleak.backends.bluezdbus.manager import get_global_bluez_manager
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError, BleakError
from dbus_fast import BusType, DBusError, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError

from beacon_gateway.core.advertisement import REAL_RSSI, Take
from beacon_gateway.core.settings import Radio, ScanMode

EVERY_REPORT: Final = -127
"""As RSSI in the discovery filter: lets each report through, and makes BlueZ signal each (bluez, src/adapter.c)."""

IBEACONS: Final = OrPattern(0, AdvertisementDataType.MANUFACTURER_SPECIFIC_DATA, b"\x4c\x00\x02\x15")

_ABSENT_OR_BROKEN: Final = (BleakError, DBusError, AuthError, OSError, EOFError, TimeoutError)
"""What bleak raises while bluetoothd or the adapter comes and goes; a lost bus is an OSError or an EOFError."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for BlueZ before doing something about it."""

    start: float = 15.0
    stop: float = 5.0
    check: float = 10.0
    silent_checks: int = 6
    """After so many checks without an advertisement, the scan is taken for dead and begun anew: a minute (Home
    Assistant waits a minute and a half)."""
    passive_checks: int = 180
    """The same for a passive scan, half an hour: BlueZ reports a beacon again only when it moved by 8 dB."""
    first_pause: float = 1.0
    longest_pause: float = 600.0


class BluezRadio:
    """Scans until cancelled, with a new scanner whenever the old one stops delivering."""

    def __init__(self, wanted: Radio, patience: Patience | None = None) -> None:
        self._wanted = wanted
        self._patience = patience or Patience()
        self._log = structlog.get_logger("radio")
        self._silent = True
        """Since the last check. A flag: written for each advertisement, a clock would cost more than all else here."""
        self.phantoms = 0
        """Callbacks without a signal strength: bleak makes them of property changes that are no advertisement."""
        self.faults = 0
        """Advertisements on which our own code raised. Always 0; a number here is a bug."""
        self.restarts = 0

    async def listen(self, take: Take) -> None:
        """Hand over every advertisement until cancelled. Never raises for what the radio does."""
        pause = self._patience.first_pause
        while True:
            try:
                await self._scan(take)
                pause = self._patience.first_pause
            except _ABSENT_OR_BROKEN as error:
                self._log.warning("radio.scan_failed", reason=_reason(error), again_in=round(pause))
                if isinstance(error, BleakDBusError) and error.dbus_error == "org.bluez.Error.InProgress":
                    await self._leave_the_bus()
                await asyncio.sleep(pause * (1 + random.random() / 4))  # noqa: S311 - jitter
                pause = min(pause * 2, self._patience.longest_pause)
            self.restarts += 1

    async def _scan(self, take: Take) -> None:
        """Scan with one scanner until it falls silent."""
        active = self._wanted.mode is ScanMode.ACTIVE
        bluez: BlueZScannerArgs = {"filters": {"RSSI": EVERY_REPORT}} if active else {"or_patterns": [IBEACONS]}
        if self._wanted.adapter:
            async with asyncio.timeout(self._patience.start):
                bluez["adapter"] = await adapter_path(self._wanted.adapter)
        scanner = BleakScanner(self._receiver(take), scanning_mode="active" if active else "passive", bluez=bluez)
        try:
            async with asyncio.timeout(self._patience.start):
                await scanner.start()
            self._log.info("radio.listening", adapter=bluez.get("adapter", "first powered"), mode=self._wanted.mode)
            await self._until_silent(self._patience.silent_checks if active else self._patience.passive_checks)
        finally:
            try:
                async with asyncio.timeout(self._patience.stop):
                    await scanner.stop()
            except _ABSENT_OR_BROKEN:
                pass  # what it was scanning with is gone; the next scanner starts from nothing

    async def _until_silent(self, checks: int) -> None:
        quiet = 0
        while quiet < checks:
            self._silent = True
            await asyncio.sleep(self._patience.check)
            quiet = quiet + 1 if self._silent else 0
        self._log.warning("radio.silent", seconds=round(checks * self._patience.check))

    async def _leave_the_bus(self) -> None:
        """Make bluetoothd forget what it does for us; bleak comes back by itself with its next scan.

        A start or stop that was given up may leave our discovery behind, and with it every further start is refused.
        """
        try:
            async with asyncio.timeout(self._patience.stop):
                manager = await get_global_bluez_manager()
                if manager._bus:  # noqa: SLF001 - bleak offers no other way
                    manager._bus.disconnect()  # noqa: SLF001
        except _ABSENT_OR_BROKEN:
            pass  # then there is nothing to leave

    def _receiver(self, take: Take) -> Callable[[BLEDevice, AdvertisementData], None]:
        def receive(_device: BLEDevice, advertisement: AdvertisementData) -> None:
            rssi = advertisement.rssi
            if rssi in REAL_RSSI:
                self._silent = False
                try:
                    take(advertisement.manufacturer_data, rssi)
                except Exception:  # noqa: BLE001 - whatever it is, the next advertisement must still be heard
                    # dbus-fast would log a traceback for each advertisement; one is enough to find the bug.
                    self.faults += 1
                    if self.faults == 1:
                        self._log.exception("radio.receiver_failed")
            else:
                self.phantoms += 1

        return receive


def _reason(error: Exception) -> str:
    """Give the words of an error; one of bleak's carries an enum after them, some of the system's have none at all."""
    return str(error.args[0] if isinstance(error, BleakBluetoothNotAvailableError) else error) or type(error).__name__


async def adapter_path(address: str) -> str:
    """Give the name (hciN) that the adapter with this MAC address has now. Raises BleakError if it is not there."""
    bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    try:
        reply = await bus.call(
            Message(
                destination="org.bluez",
                path="/",
                interface="org.freedesktop.DBus.ObjectManager",
                member="GetManagedObjects",
            )
        )
    finally:
        bus.disconnect()
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
    if reply is None or reply.message_type is MessageType.ERROR:
        raise BleakError(f"bluetoothd does not answer: {reply.body if reply else 'nothing'}")
    for path, interfaces in reply.body[0].items():
        adapter = interfaces.get("org.bluez.Adapter1")
        if adapter and adapter["Address"].value.upper() == address:
            return str(path.rpartition("/")[2])
    raise BleakError(f"there is no Bluetooth adapter with the address {address}")
