"""A connection to the system bus, and what its errors mean for a radio."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from dbus_fast import BusType, DBusError, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError, InvalidAddressError

from beacon_gateway.core.radio.trouble import RadioCause, RadioTrouble

BLUEZ: Final = "org.bluez"
ADAPTER: Final = "org.bluez.Adapter1"
ADVERTISING_MANAGER: Final = "org.bluez.LEAdvertisingManager1"
MONITOR_MANAGER: Final = "org.bluez.AdvertisementMonitorManager1"
PROPERTIES: Final = "org.freedesktop.DBus.Properties"
INTROSPECTABLE: Final = "org.freedesktop.DBus.Introspectable"
OBJECT_MANAGER: Final = "org.freedesktop.DBus.ObjectManager"
DBUS: Final = "org.freedesktop.DBus"

RECONNECT_AFTER_S: Final = 1.0
"""Seconds after which a bus that closed the door is tried once more: while it restarts it does so too."""

_CAUSES: Final = {
    "org.bluez.Error.NotReady": RadioCause.POWERED_OFF,
    "org.bluez.Error.Blocked": RadioCause.BLOCKED,
    f"{DBUS}.Error.AccessDenied": RadioCause.NO_PERMISSION,
    f"{DBUS}.Error.AuthFailed": RadioCause.NO_PERMISSION,
    f"{DBUS}.Error.NoReply": RadioCause.NO_ANSWER,
    f"{DBUS}.Error.Timeout": RadioCause.NO_ANSWER,
    f"{DBUS}.Error.TimedOut": RadioCause.NO_ANSWER,
    f"{DBUS}.Error.NameHasNoOwner": RadioCause.DAEMON_GONE,
    f"{DBUS}.Error.ServiceUnknown": RadioCause.DAEMON_GONE,
    f"{DBUS}.Error.UnknownObject": RadioCause.ADAPTER_GONE,
    f"{DBUS}.Error.UnknownInterface": RadioCause.ADAPTER_GONE,
    f"{DBUS}.Error.UnknownMethod": RadioCause.ADAPTER_GONE,
}


def trouble_of(error_name: str, words: str) -> RadioTrouble:
    """Return what an error of D-Bus or BlueZ means; what is not listed is a refusal."""
    if error_name.startswith(f"{DBUS}.Error.Spawn."):
        return RadioTrouble(RadioCause.DAEMON_GONE, f"[{error_name}] {words}")
    return RadioTrouble(_CAUSES.get(error_name, RadioCause.REFUSED), f"[{error_name}] {words}")


@asynccontextmanager
async def connected(within: float) -> AsyncIterator[MessageBus]:
    """Be on the system bus for the length of the block. Raises RadioTrouble where we are refused, or not answered in
    time.
    """
    try:
        bus = await _connect(within)
    except (EOFError, ConnectionResetError, BrokenPipeError):
        await asyncio.sleep(RECONNECT_AFTER_S)
        try:
            bus = await _connect(within)
        except (EOFError, ConnectionResetError, BrokenPipeError) as error:
            reason = f"D-Bus closes the connection at once ({type(error).__name__}); does it know our user?"
            raise RadioTrouble(RadioCause.NO_PERMISSION, reason) from error
    try:
        yield bus
    finally:
        await _leave(bus)


async def _connect(within: float) -> MessageBus:
    """Connect. Raises RadioTrouble, or what comes of a door that is closed in our face."""
    try:
        bus = MessageBus(bus_type=BusType.SYSTEM)
    except InvalidAddressError as error:
        raise RadioTrouble(RadioCause.BUS_GONE, str(error)) from error
    try:
        async with asyncio.timeout(within):
            await bus.connect()
    except BaseException as error:  # a cancellation too: the connection must not stay open
        bus.disconnect()
        if isinstance(error, AuthError | PermissionError):  # by its own rules, or by the rights of its socket
            raise RadioTrouble(RadioCause.NO_PERMISSION, str(error)) from error
        if isinstance(error, TimeoutError):
            raise RadioTrouble(RadioCause.BUS_GONE, "D-Bus does not answer") from error
        if isinstance(error, OSError) and not isinstance(error, ConnectionResetError | BrokenPipeError):
            raise RadioTrouble(RadioCause.BUS_GONE, str(error)) from error
        raise
    return bus


async def _leave(bus: MessageBus) -> None:
    bus.disconnect()
    await until_gone(bus)


async def until_gone(bus: MessageBus) -> None:
    """Return when the connection has ended, in whatever way."""
    with suppress(Exception):  # it raises what ended it, which may be anything
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # dbus-fast forgot


async def call(  # noqa: PLR0917 - a D-Bus call has these six parts
    bus: MessageBus, within: float, path: str, interface: str, member: str, signature: str = "", *body: object
) -> Sequence[Any]:
    """Call bluetoothd; return the body of its answer. Raises RadioTrouble."""
    message = Message(BLUEZ, path, interface, member, signature=signature, body=list(body))
    return await ask(bus, within, message)


async def ask(bus: MessageBus, within: float, message: Message) -> Sequence[Any]:
    """Send a call and give the body of its answer. Raises RadioTrouble."""
    try:
        async with asyncio.timeout(within):
            reply = await bus.call(message)
    except TimeoutError as error:
        raise RadioTrouble(RadioCause.NO_ANSWER, f"no answer to {message.member}") from error
    except (OSError, EOFError, DBusError) as error:
        raise RadioTrouble(RadioCause.BUS_GONE, f"D-Bus was lost: {error or type(error).__name__}") from error
    if reply.message_type is MessageType.ERROR:
        words = reply.body[0] if reply.body else ""
        raise trouble_of(reply.error_name or "", f"{message.member}: {words}")
    return reply.body


async def subscribe(bus: MessageBus, within: float, *rules: str) -> None:
    """Ask D-Bus for signals. Raises RadioTrouble."""
    for rule in rules:
        await ask(bus, within, Message(DBUS, "/org/freedesktop/DBus", DBUS, "AddMatch", signature="s", body=[rule]))
