"""The Bluetooth adapters that bluetoothd has, and their power."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from dbus_fast import Variant
from dbus_fast.aio import MessageBus

from beacon_gateway.adapters.bluez.bus import (
    ADAPTER,
    ADVERTISING_MANAGER,
    INTROSPECTABLE,
    MONITOR_MANAGER,
    PROPERTIES,
    call,
)
from beacon_gateway.core.radio.adapters import Adapter
from beacon_gateway.core.radio.trouble import RadioCause, RadioTrouble

ROOT: Final = "/org/bluez"
MAX_ADAPTERS: Final = 64
"""Asked at a time."""
_CHILD: Final = re.compile(r'<node name="(hci[0-9]{1,5})"')

RFKILL: Final = Path("/sys/class/rfkill")


async def list_adapters(bus: MessageBus, within: float) -> list[Adapter]:
    """Return all adapters, by their number. Raise RadioTrouble.

    Their parent in D-Bus's tree names them in one short answer (bluez, gdbus/object.c), and nothing that is below them:
    a list of all objects would hold thousands of passers-by.
    """
    try:
        (described,) = await call(bus, within, ROOT, INTROSPECTABLE, "Introspect")
    except RadioTrouble as trouble:
        if trouble.cause is RadioCause.ADAPTER_GONE:  # bluetoothd is there, and its tree is not yet
            return []
        raise
    names = sorted(set(_CHILD.findall(described)), key=lambda name: int(name.removeprefix("hci")))
    answers = await asyncio.gather(*(_look_at(bus, within, f"{ROOT}/{name}") for name in names[:MAX_ADAPTERS]))
    return [adapter for adapter in answers if adapter]


async def _look_at(bus: MessageBus, within: float, path: str) -> Adapter | None:
    try:
        (properties,) = await call(bus, within, path, PROPERTIES, "GetAll", "s", ADAPTER)
    except RadioTrouble as trouble:
        if trouble.cause is RadioCause.ADAPTER_GONE:
            return None
        raise
    return _adapter(path, properties)


def _adapter(path: str, properties: Mapping[str, Variant]) -> Adapter:
    def value(name: str, default: Any) -> Any:  # noqa: ANN401 - D-Bus has the type
        return properties[name].value if name in properties else default

    return Adapter(
        path=path,
        address=str(value("Address", "")).upper(),
        powered=bool(value("Powered", False)),
        central="central" in value("Roles", ("central",)),
    )


async def offers_monitors(bus: MessageBus, within: float, adapter: Adapter) -> bool:
    """True if bluetoothd takes advertisement monitors; up to now only with --experimental."""
    try:
        await call(bus, within, adapter.path, PROPERTIES, "GetAll", "s", MONITOR_MANAGER)
    except RadioTrouble:
        return False
    return True


async def is_extended(bus: MessageBus, within: float, adapter: Adapter) -> bool:
    """Return True if the adapter's controller takes part in extended advertising, as far as bluetoothd says.

    It names further channels only where the kernel could send on them (bluez, src/advertising.c).
    """
    try:
        (properties,) = await call(bus, within, adapter.path, PROPERTIES, "GetAll", "s", ADVERTISING_MANAGER)
    except RadioTrouble:
        return False
    return "SupportedSecondaryChannels" in properties and bool(properties["SupportedSecondaryChannels"].value)


async def power(bus: MessageBus, within: float, adapter: Adapter, *, on: bool) -> None:
    """Switch the adapter. Raises RadioTrouble."""
    try:
        await call(bus, within, adapter.path, PROPERTIES, "Set", "ssv", ADAPTER, "Powered", Variant("b", on))
    except RadioTrouble as trouble:
        raise (_blocked_or(trouble) if on else trouble) from trouble


def why_off(adapter: Adapter, rfkill: Path = RFKILL) -> RadioTrouble:
    """Return why an adapter has no power: blocked for the whole machine, or merely off."""
    return _blocked_or(RadioTrouble(RadioCause.POWERED_OFF, f"the adapter {adapter.name} is powered off"), rfkill)


def _blocked_or(trouble: RadioTrouble, rfkill: Path = RFKILL) -> RadioTrouble:
    for switch in rfkill.glob("*/"):
        try:
            if (switch / "type").read_text().strip() != "bluetooth":
                continue
            for kind in ("hard", "soft"):
                if (switch / kind).read_text().strip() == "1":
                    name = (switch / "name").read_text().strip()
                    return RadioTrouble(RadioCause.BLOCKED, f"Bluetooth is blocked ({kind} switch of {name})")
        except OSError:
            continue  # it went away while we looked
    return trouble
