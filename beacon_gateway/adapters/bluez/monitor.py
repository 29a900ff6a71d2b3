"""An advertisement monitor of our own beside bleak's scan.

Beside an active scan it is there for its side effect: in such a scan the kernel asks the controller to filter
duplicates, and some USB dongles then report a beacon once in 10 s; while any monitor is registered the kernel does not
ask (net/bluetooth/hci_sync.c, hci_active_scan_sync). Its pattern then matches nothing, so it costs nothing; as a second
scanner in bleak it would get a copy of every advertisement. It looks for a local name, never for manufacturer data:
bluetoothd 5.82 copies the manufacturer data of each report into a buffer that is too small for an extended
advertisement, and ends, as soon as any monitor looks for those (bluez/bluez#1169).

Beside a passive scan it is the heartbeat: bleak hears of new data and of steps of 8 dB only, while bluetoothd tells a
monitor of every report.
"""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Final, NamedTuple

import structlog
from bleak.assigned_numbers import AdvertisementDataType
from dbus_fast import PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusObjectPath, DBusSignature, DBusStr
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

from beacon_gateway.adapters.bluez.bus import MONITOR_MANAGER, call
from beacon_gateway.adapters.bluez.controller import offers_monitors
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, IBEACON_TYPE
from beacon_gateway.core.radio.adapters import Adapter
from beacon_gateway.core.radio.trouble import RadioTrouble

ROOT: Final = "/beacon_gateway"
PATH: Final = f"{ROOT}/monitor"


class Pattern(NamedTuple):
    """What a report must have to match: `content` (1 to 31 bytes), `offset` bytes into a section of an AD type."""

    offset: int
    ad_type: AdvertisementDataType
    content: bytes


IBEACONS: Final = Pattern(
    0, AdvertisementDataType.MANUFACTURER_SPECIFIC_DATA, APPLE_COMPANY_ID.to_bytes(2, "little") + IBEACON_TYPE
)
NO_DEVICE: Final = Pattern(0, AdvertisementDataType.COMPLETE_LOCAL_NAME, b"\xffbeacon-gateway: no device")
"""A name that cannot be sent: it is not UTF-8."""


class _Monitor(ServiceInterface):
    """org.bluez.AdvertisementMonitor1, as far as bluetoothd asks."""

    def __init__(self, pattern: Pattern, found: Callable[[str], None]) -> None:
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
        offset, ad_type, content = self._pattern
        return [[offset, int(ad_type), content]]


async def register_monitor(
    bus: MessageBus,
    within: float,
    adapter: Adapter,
    pattern: Pattern,
    found: Callable[[str], None] = lambda _: None,
) -> bool:
    """Register a monitor for as long as the bus is connected, where bluetoothd takes one; tell whether it does.

    `found` gets the D-Bus path of the device for each report that matches the pattern.
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
