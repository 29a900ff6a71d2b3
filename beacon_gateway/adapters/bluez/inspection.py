"""What D-Bus and bluetoothd say of Bluetooth on this machine, without scanning and without waking bluetoothd."""

import asyncio
from typing import Final

from dbus_fast import Message
from dbus_fast.aio import MessageBus

from beacon_gateway.adapters.bluez.bus import BLUEZ, DBUS, ask, connected
from beacon_gateway.adapters.bluez.controller import is_extended, list_adapters, offers_monitors
from beacon_gateway.core.doctor.bluetooth import AdapterEvidence, BluezEvidence
from beacon_gateway.core.doctor.finding import FindingReason, Unavailable
from beacon_gateway.core.radio.adapters import AdapterChoice, ChosenAdapter
from beacon_gateway.core.radio.trouble import RadioCause, RadioTrouble

ANSWER_TIMEOUT_S: Final = 3.0
"""Seconds for each answer."""
INSPECTION_TIMEOUT_S: Final = 10.0


async def inspect(
    address: str | None, within: float = ANSWER_TIMEOUT_S, *, remembered: ChosenAdapter | None = None
) -> BluezEvidence | Unavailable:
    """Look at the adapter that a scan would take, at the others, and at what carries them.

    `address` is the one that gateway.yaml names; `remembered` is the one that received last.
    """
    try:
        async with asyncio.timeout(INSPECTION_TIMEOUT_S), connected(within) as bus:
            return await _look(bus, AdapterChoice(address, remembered), within)
    except RadioTrouble as trouble:
        return BluezEvidence(refused=trouble.cause, reason=str(trouble))
    except TimeoutError:
        return Unavailable(FindingReason.NO_ANSWER)


async def _look(bus: MessageBus, choice: AdapterChoice, within: float) -> BluezEvidence | Unavailable:
    # Asked of the bus itself: a call to bluetoothd would start one that is down, and hide the fault.
    question = Message(DBUS, "/org/freedesktop/DBus", DBUS, "NameHasOwner", signature="s", body=[BLUEZ])
    (running,) = await ask(bus, within, question)
    if not running:
        return BluezEvidence()
    try:
        adapter = choice.choose(await list_adapters(bus, within))
    except RadioTrouble as trouble:
        match trouble.cause:
            case RadioCause.ADAPTER_GONE:
                return BluezEvidence(running=True, reason=str(trouble))
            case RadioCause.DAEMON_GONE:
                return BluezEvidence()
            case RadioCause.NO_PERMISSION | RadioCause.BUS_GONE:
                raise
            case _:
                return BluezEvidence(running=True, stuck=True, reason=str(trouble))
    monitors = await offers_monitors(bus, within, adapter)
    extended = await is_extended(bus, within, adapter)
    seen = AdapterEvidence(adapter.name, adapter.address, adapter.powered, monitors, extended)
    return BluezEvidence(running=True, adapter=seen, others=tuple(other for other in choice.seen if other != adapter))
