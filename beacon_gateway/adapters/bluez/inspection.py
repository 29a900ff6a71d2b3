"""What D-Bus and bluetoothd say of Bluetooth on this machine, without scanning and without waking bluetoothd."""

import asyncio
from typing import Final

from dbus_fast import Message
from dbus_fast.aio import MessageBus

from beacon_gateway.adapters.bluez.bus import BLUEZ, DBUS, ask, connected
from beacon_gateway.adapters.bluez.controller import find_adapter, offers_monitors
from beacon_gateway.core.doctor.bluetooth import Bluez, SeenAdapter
from beacon_gateway.core.doctor.finding import Unseen, Why
from beacon_gateway.core.radio.trouble import Cause, RadioTrouble

WITHIN: Final = 3.0
"""Seconds for each answer."""
ALTOGETHER: Final = 10.0


async def inspect(address: str | None, within: float = WITHIN) -> Bluez | Unseen:
    """Look at the adapter with this MAC address, or the best one, and at what carries it."""
    try:
        async with asyncio.timeout(ALTOGETHER), connected(within) as bus:
            return await _look(bus, address, within)
    except RadioTrouble as trouble:
        return Bluez(refused=trouble.cause, reason=str(trouble))
    except TimeoutError:
        return Unseen(Why.NO_ANSWER)


async def _look(bus: MessageBus, address: str | None, within: float) -> Bluez | Unseen:
    # Asked of the bus itself: a call to bluetoothd would start one that is down, and hide the fault.
    question = Message(DBUS, "/org/freedesktop/DBus", DBUS, "NameHasOwner", signature="s", body=[BLUEZ])
    (running,) = await ask(bus, within, question)
    if not running:
        return Bluez()
    try:
        adapter = await find_adapter(bus, within, address)
    except RadioTrouble as trouble:
        match trouble.cause:
            case Cause.ADAPTER_GONE:
                return Bluez(running=True, reason=str(trouble))
            case Cause.DAEMON_GONE:
                return Bluez()
            case Cause.NO_PERMISSION | Cause.BUS_GONE:
                raise
            case _:
                return Bluez(running=True, stuck=True, reason=str(trouble))
    monitors = await offers_monitors(bus, within, adapter)
    return Bluez(running=True, adapter=SeenAdapter(adapter.name, adapter.address, adapter.powered, monitors))
