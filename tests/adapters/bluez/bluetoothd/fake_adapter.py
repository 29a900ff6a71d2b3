"""One Bluetooth adapter as bluetoothd keeps it: who scans on it, with what filter, and what it lets through."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dbus_fast import DBusError, Variant

from tests.adapters.bluez.bluetoothd.fake_device import FakeDevice, Properties, Report

RSSI_STEP = 8  # dB an RSSI must move to be signalled (bluetoothd, src/device.c RSSI_THRESHOLD)
NOT_MEASURED = 127  # HCI's RSSI of a report whose strength is not known
DISCOVERY_CYCLE = 10.24  # s after which the kernel restarts a scan, which empties the controller's duplicate filter


@dataclass(slots=True)
class Monitor:
    """An AdvertisementMonitor1 of a client; it has no path before the client shows it."""

    path: str | None = None
    patterns: Sequence[tuple[int, int, bytes]] = ()

    def matches(self, report: Report) -> bool:
        return any(report.contains(*pattern) for pattern in self.patterns)


@dataclass(slots=True)
class FakeAdapter:
    """`drops_duplicates`: a controller whose duplicate filter works, so a beacon is reported once a discovery cycle.

    `measures`: whether it says how strong a report was; else each report says `unmeasured`. `deaf`: nothing reaches it.
    `extended`: it sends, and so scans for, extended advertisements too.
    """

    name: str
    address: str = "F0:F1:F2:F3:F4:F5"
    powered: bool = True
    roles: tuple[str, ...] = ("central", "peripheral")
    drops_duplicates: bool = False
    measures: bool = True
    unmeasured: int = 0
    deaf: bool = False
    extended: bool = False
    discovery_filter: dict[str, Any] = field(default_factory=dict, init=False)  # as last set, by whichever client
    devices: dict[str, FakeDevice] = field(default_factory=dict, init=False)
    monitors: dict[tuple[str, str], Monitor] = field(default_factory=dict, init=False)  # by client and root path
    _filters: dict[str, dict[str, Any]] = field(default_factory=dict, init=False)  # by client
    _discoverers: set[str] = field(default_factory=set, init=False)
    _reported_at: dict[str, float] = field(default_factory=dict, init=False)  # by device address, in this scan

    @property
    def path(self) -> str:
        return f"/org/bluez/{self.name}"

    @property
    def discovering(self) -> bool:
        return bool(self._discoverers)

    @property
    def rssi_step(self) -> int:
        return 0 if any("RSSI" in chosen or "Pathloss" in chosen for chosen in self._filters_in_use()) else RSSI_STEP

    @property
    def repeats_data(self) -> bool:
        return any(chosen.get("DuplicateData", False) for chosen in self._filters_in_use())

    def set_filter(self, client: str, chosen: dict[str, Any]) -> None:
        self._require_power()
        self.discovery_filter = self._filters[client] = chosen

    def start_discovery(self, client: str) -> None:
        self._require_power()
        if client in self._discoverers:
            raise DBusError("org.bluez.Error.InProgress", "Operation already in progress")
        self._discoverers.add(client)
        self._reported_at.clear()

    def stop_discovery(self, client: str) -> None:
        self._require_power()
        if client not in self._discoverers:
            raise DBusError("org.bluez.Error.Failed", "No discovery started")
        self._discoverers.remove(client)

    def register_monitor(self, client: str, root: str) -> None:
        if (client, root) in self.monitors:
            raise DBusError("org.bluez.Error.AlreadyExists", "Already Exists")
        self.monitors[client, root] = Monitor()

    def unregister_monitor(self, client: str, root: str) -> None:
        if self.monitors.pop((client, root), None) is None:
            raise DBusError("org.bluez.Error.DoesNotExist", "Does Not Exist")

    def power(self, on: bool) -> None:
        """Switch; off ends every discovery for good, while monitors stay and resume with the power."""
        self.powered = on
        if not on:
            self._discoverers.clear()
            self._filters.clear()

    def client_left(self, client: str) -> None:
        self._discoverers.discard(client)
        self._filters.pop(client, None)
        for key in [key for key in self.monitors if key[0] == client]:
            del self.monitors[key]

    def forget_all(self) -> None:
        """Be as new, as after a restart of bluetoothd; the power stays as it was."""
        self._discoverers.clear()
        self._filters.clear()
        self.monitors.clear()
        self.devices.clear()

    def lets_through(self, report: Report, now: float) -> bool:
        """Whether controller and bluetoothd pass the report on; `now` is monotonic."""
        is_monitored = any(self.matching_monitors(report))
        if self.deaf or not self.powered or not (is_monitored or (self.discovering and self._is_discoverable(report))):
            return False
        if report.rssi == NOT_MEASURED and self._cuts_by_rssi():
            return False
        if self.drops_duplicates and not self.monitors:  # a monitor makes the kernel ask for duplicates
            last = self._reported_at.get(report.address)
            if last is not None and now - last < DISCOVERY_CYCLE:
                return False
            self._reported_at[report.address] = now
        return True

    def _cuts_by_rssi(self) -> bool:
        """True if each client asks for an RSSI: then the kernel drops what has none (net/bluetooth/mgmt.c)."""
        filters = self._filters_in_use()
        return bool(filters) and all("RSSI" in chosen for chosen in filters)

    def _is_discoverable(self, report: Report) -> bool:
        """True unless clients ask for addresses or names that begin so, and none for this one (src/adapter.c)."""
        patterns = [chosen["Pattern"] for chosen in self._filters_in_use() if chosen.get("Pattern") is not None]
        begins = (report.address, report.name or "")
        return not patterns or any(text.startswith(pattern) for pattern in patterns for text in begins)

    def matching_monitors(self, report: Report) -> list[tuple[str, str]]:
        """The (client, path) of each monitor that wants the report."""
        return [
            (client, monitor.path)
            for (client, _), monitor in self.monitors.items()
            if monitor.path is not None and monitor.matches(report)
        ]

    def properties(self) -> Properties:
        return {
            "Address": Variant("s", self.address),
            "AddressType": Variant("s", "public"),
            "Name": Variant("s", self.name),
            "Alias": Variant("s", self.name),
            "Powered": Variant("b", self.powered),
            "Discovering": Variant("b", self.discovering),
            "Roles": Variant("as", list(self.roles)),
            "UUIDs": Variant("as", []),
        }

    def _filters_in_use(self) -> list[dict[str, Any]]:
        return [self._filters.get(client, {}) for client in self._discoverers]

    def _require_power(self) -> None:
        if not self.powered:
            raise DBusError("org.bluez.Error.NotReady", "Resource Not Ready")
