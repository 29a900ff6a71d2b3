"""The radio: one scan at a time, with bleak, on the adapter that is meant."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog
from bleak import BleakScanner
from bleak.args.bluez import BlueZDiscoveryFilters, BlueZScannerArgs, OrPattern
from bleak.backends.bluezdbus.manager import get_global_bluez_manager
from bleak.backends.scanner import AdvertisementDataCallback
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)
from dbus_fast import DBusError
from dbus_fast.errors import AuthError

from beacon_gateway.adapters.bluez.bus import connected, trouble_of
from beacon_gateway.adapters.bluez.changes import ScanEndWatcher, next_change, watching
from beacon_gateway.adapters.bluez.controller import list_adapters, power, why_off
from beacon_gateway.adapters.bluez.handover import Handover
from beacon_gateway.adapters.bluez.monitor import IBEACONS, NO_DEVICE, register_monitor
from beacon_gateway.adapters.bluez.monitor_reports import MonitorReports
from beacon_gateway.adapters.bluez.own_frames import OwnFrames
from beacon_gateway.core.health.clones import SenderReport
from beacon_gateway.core.model.advertisement import Take
from beacon_gateway.core.model.settings import RadioSettings, ScanMode
from beacon_gateway.core.radio.adapters import Adapter, AdapterChoice, ChosenAdapter
from beacon_gateway.core.radio.trouble import RadioCause, RadioTrouble

FILTER: Final[BlueZDiscoveryFilters] = {"RSSI": -127, "DuplicateData": True, "Pattern": ""}
"""Of the discovery (bluez, src/adapter.c). An RSSI makes bluetoothd announce each report; this one lets all through.
DuplicateData makes each bring its own data (`own_frames`). Where another program scans with a pattern, bluetoothd drops
for all programs what fits no pattern: the empty one fits everything."""
WITHOUT_RSSI: Final[BlueZDiscoveryFilters] = {"DuplicateData": True, "Pattern": ""}
"""The same without an RSSI, for which the kernel drops each report of an adapter that measures none (it says 127;
net/bluetooth/mgmt.c, is_filter_match). One client without it is enough for all (bluez, merge_discovery_filters). It is
good for finding such an adapter only: later versions of bluetoothd announce levels in steps of 8 dB then."""


_ABSENT_OR_BROKEN: Final = (BleakError, DBusError, AuthError, OSError, EOFError, TimeoutError)
"""What bleak raises while bluetoothd or the adapter comes and goes; a lost bus is an OSError or an EOFError."""


@dataclass(frozen=True, slots=True)
class BluezTimeouts:
    """Seconds that BlueZ is given to answer."""

    start: float = 15.0
    stop: float = 5.0
    cycle: float = 3.0
    """The kernel ends an LE scan every 10.24 s and bluetoothd begins it anew within 40 ms; a longer pause is an end."""
    off: float = 2.0
    """Between the two halves of a power cycle."""
    settle: float = 3.5
    """After the second: a controller loads its firmware (habluetooth waits as long)."""


class BluezScan:
    """A scan under way."""

    def __init__(
        self, adapter: Adapter, monitored: bool, losses: ScanEndWatcher, reports: OwnFrames | MonitorReports
    ) -> None:
        self.adapter, self.address, self.monitored = adapter.name, adapter.address, monitored
        self._losses = losses
        self.looks: Callable[[], Iterator[SenderReport]] = reports.looks
        """Returns the iBeacons that were heard since the last call, by radio address, each with its last strength."""

    async def lost(self, within: float) -> RadioCause | None:
        """Wait so long for the scan to end by itself; return what ended it."""
        done, _ = await asyncio.wait({self._losses.first}, timeout=within)
        return self._losses.first.result() if done else None


class BluezRadio:
    """Scans on BlueZ. What goes wrong is raised as RadioTrouble; what to do about it is decided elsewhere."""

    def __init__(
        self,
        wanted: RadioSettings,
        waits: BluezTimeouts | None = None,
        *,
        remembered: ChosenAdapter | None = None,
        filters: BlueZDiscoveryFilters = FILTER,
    ) -> None:
        """`remembered` is the adapter that received before this process began, as far as it is known.

        `filters` are an active scan's.
        """
        self.adapters = AdapterChoice(wanted.adapter, remembered)
        self._wanted, self._filters = wanted, filters
        self._waits = waits or BluezTimeouts()
        self._log = structlog.get_logger("radio")
        self._handover = Handover(_nobody)
        self._begun: tuple[BluezScan, AsyncExitStack] | RadioTrouble | None = None

    @property
    def phantoms(self) -> int:
        return self._handover.phantoms

    @property
    def faults(self) -> int:
        return self._handover.faults

    @asynccontextmanager
    async def begun(self) -> AsyncIterator[None]:
        """Scan from now on, though nobody takes yet what is heard: the rest of the program is loaded meanwhile.

        The first `scanning` goes on with this scan, or raises what kept it from beginning.
        """
        async with AsyncExitStack() as stack:
            try:
                scan = await stack.enter_async_context(self._scanning())
                self._begun = scan, stack.pop_all()
            except RadioTrouble as trouble:
                self._begun = trouble
        try:
            yield
        finally:
            if isinstance(self._begun, tuple):
                await self._begun[1].aclose()

    @asynccontextmanager
    async def scanning(self, take: Take) -> AsyncIterator[BluezScan]:
        """Hand over every advertisement for the length of the block. Raises RadioTrouble where no scan can begin."""
        begun, self._begun = self._begun, None
        if isinstance(begun, RadioTrouble):
            raise begun
        self._handover.take = take
        if begun is None:
            async with self._scanning() as scan:
                yield scan
        else:
            scan, stack = begun
            async with stack:
                yield scan

    @asynccontextmanager
    async def _scanning(self) -> AsyncIterator[BluezScan]:
        waits = self._waits
        active = self._wanted.mode is ScanMode.ACTIVE
        async with AsyncExitStack() as stack:
            bus = await stack.enter_async_context(connected(waits.start))
            adapter = self.adapters.choose(await list_adapters(bus, waits.start))
            if not adapter.powered:
                raise why_off(adapter)
            losses = await stack.enter_async_context(watching(bus, waits.start, adapter.path, waits.cycle))
            reports: OwnFrames | MonitorReports
            if active:
                reports = OwnFrames(self._handover, lambda: scanner.discovered_devices_and_advertisement_data)
                monitored = await register_monitor(bus, waits.stop, adapter, NO_DEVICE)
            else:
                reports = MonitorReports(self._handover)
                monitored = await register_monitor(bus, waits.stop, adapter, IBEACONS, reports.on_report)
                if not monitored:
                    reason = "a passive scan needs advertisement monitors: bluetoothd --experimental"
                    raise RadioTrouble(RadioCause.NO_MONITORS, reason)
            scanner = _scanner(adapter, reports.note, self._filters if active else None)
            try:
                await self._start(scanner)
                self._log.info("radio.scanning", adapter=adapter.name, mode=self._wanted.mode, monitored=monitored)
                yield BluezScan(adapter, monitored, losses, reports)
            finally:
                try:
                    async with asyncio.timeout(waits.stop):
                        await scanner.stop()
                except _ABSENT_OR_BROKEN:
                    pass  # what it was scanning with is gone; the next scanner starts from nothing
                if losses.first.done() and losses.first.result() is RadioCause.DAEMON_GONE:
                    await self._leave_the_bus()  # bleak would keep all that the old bluetoothd knew

    async def power_cycle(self) -> None:
        """Switch the adapter off, if it is on, and on. Raises RadioTrouble."""
        waits = self._waits
        async with connected(waits.start) as bus:
            adapter = self.adapters.choose(await list_adapters(bus, waits.start))
            if adapter.powered:
                await power(bus, waits.start, adapter, on=False)
                await asyncio.sleep(waits.off)
            await power(bus, waits.start, adapter, on=True)
            await asyncio.sleep(waits.settle)

    async def changed(self) -> None:
        """Return when bluetoothd or an adapter comes, goes or changes. Raises RadioTrouble if that cannot be known."""
        async with connected(self._waits.start) as bus:
            await next_change(bus, self._waits.start)

    async def _start(self, scanner: BleakScanner) -> None:
        try:
            async with asyncio.timeout(self._waits.start):
                await scanner.start()
        except _ABSENT_OR_BROKEN as error:
            if isinstance(error, BleakDBusError) and error.dbus_error == "org.bluez.Error.InProgress":
                await self._leave_the_bus()
            raise _trouble(error) from error

    async def _leave_the_bus(self) -> None:
        """Make bluetoothd forget what it does for us; bleak comes back by itself with its next scan.

        A start or stop that was given up may leave our discovery behind, and with it every further start is refused.
        """
        try:
            async with asyncio.timeout(self._waits.stop):
                manager = await get_global_bluez_manager()
                if manager._bus:  # noqa: SLF001 - bleak offers no other way
                    manager._bus.disconnect()  # noqa: SLF001 - as above
        except _ABSENT_OR_BROKEN:
            pass  # then there is nothing to leave


def _nobody(_manufacturer_data: Mapping[int, bytes], _rssi: int) -> None:
    """Take nothing."""


def _scanner(
    adapter: Adapter, receive: AdvertisementDataCallback, filters: BlueZDiscoveryFilters | None
) -> BleakScanner:
    """Return a scanner: an active one with these filters, a passive one without."""
    arguments: BlueZScannerArgs = {"filters": {**filters}} if filters else {"or_patterns": [OrPattern(*IBEACONS)]}
    arguments["adapter"] = adapter.name
    return BleakScanner(receive, scanning_mode="active" if filters else "passive", bluez=arguments)


_REASONS: Final = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: RadioCause.ADAPTER_GONE,
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: RadioCause.ADAPTER_GONE,
    BleakBluetoothNotAvailableReason.POWERED_OFF: RadioCause.POWERED_OFF,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: RadioCause.NO_PERMISSION,
}


def _trouble(error: Exception) -> RadioTrouble:
    """Return what an error of bleak means. `error` is one of `_ABSENT_OR_BROKEN`."""
    words = str(error) or type(error).__name__
    if isinstance(error, BleakDBusError):
        return trouble_of(error.dbus_error, error.dbus_error_details or "")
    if isinstance(error, BleakBluetoothNotAvailableError):
        return RadioTrouble(_REASONS.get(error.reason, RadioCause.REFUSED), str(error.args[0]))
    if isinstance(error, TimeoutError):
        return RadioTrouble(RadioCause.NO_ANSWER, "bluetoothd does not answer")
    if isinstance(error, PermissionError):
        return RadioTrouble(RadioCause.NO_PERMISSION, words)
    if isinstance(error, OSError | EOFError | AuthError):
        return RadioTrouble(RadioCause.BUS_GONE, f"D-Bus was lost: {words}")
    return RadioTrouble(RadioCause.ADAPTER_GONE if "not found" in words else RadioCause.REFUSED, words)
