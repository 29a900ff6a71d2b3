"""The object tree of org.bluez: answers calls on it as bluetoothd does, and announces what changes in it.

Made of plain messages, not of dbus-fast's service interfaces: those know neither who calls, while bluetoothd keeps
discoveries by client, nor how to lose a property, while bluetoothd takes a device's RSSI away.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from dbus_fast import DBusError, Message, MessageFlag, Variant
from dbus_fast.unpack import unpack_variants

from tests.adapters.bluez.bluetoothd.fake_adapter import FakeAdapter
from tests.adapters.bluez.bluetoothd.fake_device import FakeDevice, Properties, Report

ADAPTER = "org.bluez.Adapter1"
ADVERTISING_MANAGER = "org.bluez.LEAdvertisingManager1"
DEVICE = "org.bluez.Device1"
MONITOR = "org.bluez.AdvertisementMonitor1"
MONITOR_MANAGER = "org.bluez.AdvertisementMonitorManager1"
OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"

INTROSPECTABLE = "org.freedesktop.DBus.Introspectable"
ROOT = "/org/bluez"
DOCTYPE = (
    '<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"\n'
    '"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">'
)

Interfaces = dict[str, Properties]


class BluezObjects:
    def __init__(self, adapters: Iterable[FakeAdapter], *, experimental: bool, say: Callable[[Message], None]) -> None:
        self.adapters = {adapter.name: adapter for adapter in adapters}
        self._experimental = experimental
        self._say = say

    def tree(self) -> dict[str, Interfaces]:
        tree = {}
        for adapter in self.adapters.values():
            tree[adapter.path] = self._interfaces(adapter)
            tree |= {device.path: {DEVICE: device.properties()} for device in adapter.devices.values()}
        return tree

    def answer(self, call: Message) -> Message | None:
        """Return the reply to a method call; None: not ours to answer. Raises DBusError for bluetoothd's errors."""
        match call.interface, call.member:
            case "org.freedesktop.DBus.ObjectManager", "GetManagedObjects":
                return Message.new_method_return(call, "a{oa{sa{sv}}}", [self.tree()])
            case "org.freedesktop.DBus.Introspectable", "Introspect":
                return Message.new_method_return(call, "s", [self._described(call.path or "/")])
            case "org.freedesktop.DBus.Properties", "Get" | "GetAll":
                return self._answer_properties(call)
            case "org.freedesktop.DBus.Properties", "Set":
                self._set_property(call)
                return Message.new_method_return(call)
            case ("org.bluez.Adapter1", _) | ("org.bluez.AdvertisementMonitorManager1", _):
                self._call_adapter(call)
                return Message.new_method_return(call)
            case _:
                return None

    def _answer_properties(self, call: Message) -> Message:
        if call.member == "Get":
            return Message.new_method_return(call, "v", [self._property(call)])
        return Message.new_method_return(call, "a{sv}", [self._properties(call, call.body[0])])

    def _described(self, path: str) -> str:
        """Return what bluetoothd says of a node (gdbus/object.c): its own interfaces, and its children by name only."""
        root = path.rstrip("/") + "/"
        below = {there.removeprefix(root).partition("/")[0] for there in (ROOT, *self.tree()) if there.startswith(root)}
        interfaces = (
            self.tree().get(path, {}) if path != ROOT else {"org.bluez.AgentManager1", "org.bluez.ProfileManager1"}
        )
        own = [f'<interface name="{name}"></interface>' for name in (INTROSPECTABLE, *interfaces)]
        children = [f'<node name="{name}"/>' for name in sorted(below)]
        return f"{DOCTYPE}<node>{''.join(own + children)}</node>"

    def monitor_shown(self, client: str, root: str, path: str, properties: Properties) -> None:
        """Activate a monitor that a client exported below the root that it registered."""
        for adapter in self.adapters.values():
            for key, monitor in adapter.monitors.items():
                if key == (client, root) and path.startswith(root) and monitor.path is None:
                    patterns = unpack_variants(properties["Patterns"])
                    monitor.path = path
                    monitor.patterns = [(offset, ad_type, bytes(content)) for offset, ad_type, content in patterns]
                    self._call_monitor(client, path, "Activate")

    def client_left(self, client: str) -> None:
        for adapter in self.adapters.values():
            with self.changing(adapter):
                adapter.client_left(client)

    def add_adapter(self, adapter: FakeAdapter) -> None:
        adapter.forget_all()
        self.adapters[adapter.name] = adapter
        self.announce(adapter)

    def announce(self, adapter: FakeAdapter) -> None:
        self._added(adapter.path, self._interfaces(adapter))

    def remove_adapter(self, name: str) -> None:
        adapter = self.adapters.pop(name)
        for device in list(adapter.devices.values()):
            self.remove_device(adapter, device)
        self._removed(adapter.path, list(self._interfaces(adapter)))

    def remove_device(self, adapter: FakeAdapter, device: FakeDevice) -> None:
        del adapter.devices[device.address]
        self._removed(device.path, [DEVICE])

    def hear(self, adapter: FakeAdapter, report: Report, *, rssi_step: int) -> None:
        device = adapter.devices.get(report.address)
        if device is None:
            device = adapter.devices[report.address] = FakeDevice(report.address, adapter.path)
            device.hear(report, rssi_step=rssi_step, repeats_data=adapter.repeats_data)
            self._added(device.path, {DEVICE: device.properties()})
        elif news := device.hear(report, rssi_step=rssi_step, repeats_data=adapter.repeats_data):
            self._changed(device.path, DEVICE, news)
        for client, path in adapter.matching_monitors(report):
            self._call_monitor(client, path, "DeviceFound", device.path)

    def invalidate_rssi(self, device: FakeDevice) -> None:
        device.rssi = None
        self._changed(device.path, DEVICE, {}, gone=["RSSI"])

    @contextmanager
    def changing(self, adapter: FakeAdapter) -> Iterator[None]:
        """Announce what the block changed; when it ended the last discovery, take the devices' RSSI away as well."""
        before = adapter.properties()
        yield
        news = {name: value for name, value in adapter.properties().items() if value != before[name]}
        if news:
            self._changed(adapter.path, ADAPTER, news)
        if "Discovering" in news and not adapter.discovering:
            for device in adapter.devices.values():
                if device.rssi is not None:
                    self.invalidate_rssi(device)

    def _call_adapter(self, call: Message) -> None:
        assert call.sender is not None
        adapter = self._adapter_at(call)
        with self.changing(adapter):
            match call.member, call.body:
                case "SetDiscoveryFilter", [chosen]:
                    adapter.set_filter(call.sender, unpack_variants(chosen))
                case "StartDiscovery", []:
                    adapter.start_discovery(call.sender)
                case "StopDiscovery", []:
                    adapter.stop_discovery(call.sender)
                case "RegisterMonitor", [root] if self._experimental:
                    adapter.register_monitor(call.sender, root)
                case "UnregisterMonitor", [root] if self._experimental:
                    adapter.unregister_monitor(call.sender, root)
                case _:
                    raise DBusError("org.freedesktop.DBus.Error.UnknownMethod", f"no method {call.member}")

    def _adapter_at(self, call: Message) -> FakeAdapter:
        for adapter in self.adapters.values():
            if adapter.path == call.path:
                return adapter
        raise DBusError("org.freedesktop.DBus.Error.UnknownObject", f"no object at {call.path}")

    def _properties(self, call: Message, interface: str) -> Properties:
        assert call.path is not None
        try:
            return self.tree()[call.path][interface]
        except KeyError:
            raise DBusError("org.freedesktop.DBus.Error.UnknownObject", f"no {interface} at {call.path}") from None

    def _property(self, call: Message) -> Variant:
        interface, name = call.body
        try:
            return self._properties(call, interface)[name]
        except KeyError:
            raise DBusError("org.freedesktop.DBus.Error.InvalidArgs", f"no {name} at {call.path}") from None

    def _set_property(self, call: Message) -> None:
        interface, name, value = call.body
        adapter = self._adapter_at(call)
        if (interface, name) != (ADAPTER, "Powered"):
            raise DBusError("org.freedesktop.DBus.Error.PropertyReadOnly", f"{name} cannot be set")
        with self.changing(adapter):
            adapter.power(value.value)

    def _interfaces(self, adapter: FakeAdapter) -> Interfaces:
        interfaces = {ADAPTER: adapter.properties(), ADVERTISING_MANAGER: _advertising(adapter)}
        if self._experimental:
            interfaces[MONITOR_MANAGER] = {
                "SupportedMonitorTypes": Variant("as", ["or_patterns"]),
                "SupportedFeatures": Variant("as", []),
            }
        return interfaces

    def _added(self, path: str, interfaces: Interfaces) -> None:
        self._signal("/", OBJECT_MANAGER, "InterfacesAdded", "oa{sa{sv}}", path, interfaces)

    def _removed(self, path: str, interfaces: list[str]) -> None:
        self._signal("/", OBJECT_MANAGER, "InterfacesRemoved", "oas", path, interfaces)

    def _changed(self, path: str, interface: str, news: Properties, gone: Iterable[str] = ()) -> None:
        self._signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", interface, news, list(gone))

    def _signal(self, path: str, interface: str, member: str, signature: str, *body: object) -> None:
        self._say(Message.new_signal(path, interface, member, signature, list(body)))

    def _call_monitor(self, client: str, path: str, member: str, *devices: str) -> None:
        self._say(
            Message(
                destination=client,
                path=path,
                interface=MONITOR,
                member=member,
                signature="o" * len(devices),
                body=list(devices),
                flags=MessageFlag.NO_REPLY_EXPECTED,
            )
        )


def _advertising(adapter: FakeAdapter) -> Properties:
    """Return what bluetoothd says of sending: further channels only where the controller sends extended."""
    properties = {"SupportedInstances": Variant("y", 5), "ActiveInstances": Variant("y", 0)}
    if adapter.extended:
        properties["SupportedSecondaryChannels"] = Variant("as", ["1M", "2M", "Coded"])
    return properties
