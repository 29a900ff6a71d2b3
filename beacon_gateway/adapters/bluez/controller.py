"""The Bluetooth adapters that bluetoothd has: which one is ours, and its power."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dbus_fast import Variant
from dbus_fast.aio import MessageBus

from beacon_gateway.adapters.bluez.bus import ADAPTER, MONITOR_MANAGER, PROPERTIES, call
from beacon_gateway.core.radio.trouble import Cause, RadioTrouble

ADAPTERS: Final = tuple(f"/org/bluez/hci{number}" for number in range(8))
"""Where bluetoothd puts adapters. Asked one by one: listing all objects would list thousands of passers-by."""

RFKILL: Final = Path("/sys/class/rfkill")


@dataclass(frozen=True, slots=True)
class Adapter:
    path: str
    address: str
    powered: bool
    central: bool
    """Whether it can scan."""

    @property
    def name(self) -> str:
        """Give its name of the moment (hciN)."""
        return self.path.rpartition("/")[2]


async def find_adapter(bus: MessageBus, within: float, address: str | None) -> Adapter:
    """Give the adapter with this MAC address, or else the best one: able to scan, and powered if there is such a one.

    Raises RadioTrouble.
    """
    answers = await asyncio.gather(*(_look_at(bus, within, path) for path in ADAPTERS))
    adapters = [adapter for adapter in answers if adapter]
    if address:
        for adapter in adapters:
            if adapter.address == address:
                return adapter
        known = ", ".join(adapter.address for adapter in adapters) or "none at all"
        raise RadioTrouble(Cause.ADAPTER_GONE, f"there is no adapter with the address {address} (there is: {known})")
    able = sorted((adapter for adapter in adapters if adapter.central), key=lambda adapter: not adapter.powered)
    if not able:
        raise RadioTrouble(Cause.ADAPTER_GONE, "there is no Bluetooth adapter that can scan")
    return able[0]


async def _look_at(bus: MessageBus, within: float, path: str) -> Adapter | None:
    try:
        (properties,) = await call(bus, within, path, PROPERTIES, "GetAll", "s", ADAPTER)
    except RadioTrouble as trouble:
        if trouble.cause is Cause.ADAPTER_GONE:
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
    """Tell whether bluetoothd takes advertisement monitors; up to now only with --experimental."""
    try:
        await call(bus, within, adapter.path, PROPERTIES, "GetAll", "s", MONITOR_MANAGER)
    except RadioTrouble:
        return False
    return True


async def power(bus: MessageBus, within: float, adapter: Adapter, *, on: bool) -> None:
    """Switch the adapter. Raises RadioTrouble."""
    try:
        await call(bus, within, adapter.path, PROPERTIES, "Set", "ssv", ADAPTER, "Powered", Variant("b", on))
    except RadioTrouble as trouble:
        raise (_blocked_or(trouble) if on else trouble) from trouble


def why_off(adapter: Adapter, rfkill: Path = RFKILL) -> RadioTrouble:
    """Give why an adapter has no power: blocked for the whole machine, or merely off."""
    return _blocked_or(RadioTrouble(Cause.POWERED_OFF, f"the adapter {adapter.name} is powered off"), rfkill)


def _blocked_or(trouble: RadioTrouble, rfkill: Path = RFKILL) -> RadioTrouble:
    for switch in rfkill.glob("*/"):
        try:
            if (switch / "type").read_text().strip() != "bluetooth":
                continue
            for kind in ("hard", "soft"):
                if (switch / kind).read_text().strip() == "1":
                    name = (switch / "name").read_text().strip()
                    return RadioTrouble(Cause.BLOCKED, f"Bluetooth is blocked ({kind} switch of {name})")
        except OSError:
            continue  # it went away while we looked
    return trouble
