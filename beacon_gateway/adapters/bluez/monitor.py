"""An advertisement monitor of our own beside bleak's scan.

Beside an active scan it is there for its side effect: in such a scan the kernel asks the controller to filter
duplicates, and some USB dongles then report a beacon once in 10 s; while any monitor is registered the kernel does not
ask (net/bluetooth/hci_sync.c, hci_active_scan_sync). Its pattern then matches nothing, so it costs nothing; as a second
scanner in bleak it would get a copy of every advertisement.

Beside a passive scan it is the heartbeat: bleak hears of new data and of steps of 8 dB only, while bluetoothd tells a
monitor of every report.
"""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Final

import structlog
from dbus_fast import PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusObjectPath, DBusSignature, DBusStr
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

from beacon_gateway.adapters.bluez.bus import MONITOR_MANAGER, call
from beacon_gateway.adapters.bluez.controller import Adapter, offers_monitors
from beacon_gateway.core.ibeacon import APPLE, IBEACON_TYPE
from beacon_gateway.core.radio.trouble import RadioTrouble

ROOT: Final = "/beacon_gateway"
PATH: Final = f"{ROOT}/monitor"
MANUFACTURER_DATA: Final = 0xFF
"""AD type."""
IBEACONS: Final = APPLE.to_bytes(2, "little") + IBEACON_TYPE
NOBODY: Final = b"\xff\xff" + b"beacon-gateway: nobody"
"""Bluetooth's company id for tests, which no product may use, and words that nobody sends: 24 of at most 31 bytes."""


class _Monitor(ServiceInterface):
    """org.bluez.AdvertisementMonitor1, as far as bluetoothd asks."""

    def __init__(self, pattern: bytes, found: Callable[[str], None]) -> None:
        super().__init__("org.bluez.AdvertisementMonitor1")
        self._pattern, self._found = pattern, found
        self.active = asyncio.Event()

    @dbus_method()
    def Activate(self) -> None:  # noqa: N802 - D-Bus names it
        self.active.set()

    @dbus_method()
    def Release(self) -> None:  # noqa: N802 - D-Bus names it
        self.active.clear()

    @dbus_method()
    def DeviceFound(self, device: DBusObjectPath) -> None:  # noqa: N802 - D-Bus names it
        self._found(device)

    @dbus_method()
    def DeviceLost(self, device: DBusObjectPath) -> None:  # noqa: N802 - D-Bus names it
        pass

    @dbus_property(PropertyAccess.READ)
    def Type(self) -> DBusStr:  # noqa: N802 - D-Bus names it
        return "or_patterns"

    @dbus_property(PropertyAccess.READ)
    def Patterns(self) -> Annotated[list[list[Any]], DBusSignature("a(yyay)")]:  # noqa: N802 - D-Bus names it
        return [[0, MANUFACTURER_DATA, self._pattern]]


async def register_monitor(
    bus: MessageBus,
    within: float,
    adapter: Adapter,
    pattern: bytes = NOBODY,
    found: Callable[[str], None] = lambda _: None,
) -> bool:
    """Register a monitor for as long as the bus is connected, where bluetoothd takes one; tell whether it does.

    `found` gets the D-Bus path of the device for each report that begins with the pattern.
    """
    if not await offers_monitors(bus, within, adapter):
        return False
    monitor = _Monitor(pattern, found)
    try:
        # Shown first: bluetoothd asks at once what is below the root, and listens for later ones to the root alone.
        bus.export(PATH, monitor)
        await call(bus, within, adapter.path, MONITOR_MANAGER, "RegisterMonitor", "o", ROOT)
        async with asyncio.timeout(within):
            await monitor.active.wait()
    except (RadioTrouble, TimeoutError) as error:
        # It is an extra: without it most controllers hear all the same.
        structlog.get_logger("radio").warning("radio.no_monitor", reason=str(error) or "bluetoothd did not activate it")
        return False
    return True
