"""What bluetoothd says unasked: that it goes, that an adapter goes, that it is switched off or stops scanning.

bleak listens to none of this; without it each of these is a silence, and found a minute later.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from beacon_gateway.adapters.bluez.bus import ADAPTER, BLUEZ, DBUS, OBJECT_MANAGER, PROPERTIES, subscribe, until_gone
from beacon_gateway.adapters.bluez.controller import ROOT
from beacon_gateway.core.radio.trouble import RadioCause

_DAEMON: Final = f"type='signal',sender='{DBUS}',interface='{DBUS}',member='NameOwnerChanged',arg0='{BLUEZ}'"
_ADAPTER_CHANGED: Final = (
    f"type='signal',sender='{BLUEZ}',interface='{PROPERTIES}',member='PropertiesChanged',"
    f"path_namespace='{ROOT}',arg0='{ADAPTER}'"
)

_PLACES: Final = tuple(f"{ROOT}/hci{number}" for number in range(16))
"""Where a new adapter is noticed as it comes; one beyond as soon as it has power (`_ADAPTER_CHANGED`)."""

_SIGNS: Final = frozenset({"NameOwnerChanged", "PropertiesChanged", "InterfacesAdded"})


def _object(member: str, path: str) -> str:
    # Exactly this object: those of passers-by come and go by the thousand.
    return f"type='signal',sender='{BLUEZ}',interface='{OBJECT_MANAGER}',member='{member}',arg0path='{path}'"


class ScanEndWatcher:
    """Tells the first thing that ends a scan on one adapter.

    `cycle` is how many seconds bluetoothd may say that it does not scan, and mean a pause between two discovery cycles.
    """

    def __init__(self, adapter_path: str, cycle: float) -> None:
        self._path, self._cycle = adapter_path, cycle
        self._loop = asyncio.get_running_loop()
        self._ending: asyncio.TimerHandle | None = None
        self.first: asyncio.Future[RadioCause] = self._loop.create_future()

    def take(self, message: Message) -> None:
        """Take in one message from the bus."""
        if message.message_type is not MessageType.SIGNAL:
            return
        match message.member, message.body:
            case "NameOwnerChanged", [name, _, _] if name == BLUEZ:
                self.lose(RadioCause.DAEMON_GONE)
            case "InterfacesRemoved", [path, interfaces] if path == self._path and ADAPTER in interfaces:
                self.lose(RadioCause.ADAPTER_GONE)
            case "PropertiesChanged", [interface, changed, _] if interface == ADAPTER and message.path == self._path:
                if "Powered" in changed and not changed["Powered"].value:
                    self.lose(RadioCause.POWERED_OFF)
                elif "Discovering" in changed:
                    self._discovering(on=changed["Discovering"].value)

    def lose(self, cause: RadioCause) -> None:
        if not self.first.done():
            self.first.set_result(cause)

    def close(self) -> None:
        if self._ending:
            self._ending.cancel()

    def _discovering(self, *, on: bool) -> None:
        if self._ending:
            self._ending.cancel()
            self._ending = None
        if not on:
            self._ending = self._loop.call_later(self._cycle, self.lose, RadioCause.ENDED)


@asynccontextmanager
async def watching(bus: MessageBus, within: float, adapter_path: str, cycle: float) -> AsyncIterator[ScanEndWatcher]:
    """Watch over a scan for the length of the block. Raises RadioTrouble if D-Bus refuses."""
    losses = ScanEndWatcher(adapter_path, cycle)
    gone = asyncio.ensure_future(
        until_gone(bus)
    )  # ends with the connection; cancelled, it would cancel others' wait too
    gone.add_done_callback(lambda _: losses.lose(RadioCause.BUS_GONE))
    bus.add_message_handler(losses.take)
    try:
        await subscribe(bus, within, _DAEMON, _ADAPTER_CHANGED, _object("InterfacesRemoved", adapter_path))
        yield losses
    finally:
        losses.close()
        bus.remove_message_handler(losses.take)


async def next_change(bus: MessageBus, within: float) -> None:
    """Return when bluetoothd or an adapter comes, goes or changes. Raises RadioTrouble if D-Bus refuses."""
    changed = asyncio.Event()

    def take(message: Message) -> None:
        if message.message_type is MessageType.SIGNAL and message.member in _SIGNS:
            changed.set()

    bus.add_message_handler(take)
    try:
        await subscribe(bus, within, _DAEMON, _ADAPTER_CHANGED, *(_object("InterfacesAdded", path) for path in _PLACES))
        await changed.wait()
    finally:
        bus.remove_message_handler(take)
