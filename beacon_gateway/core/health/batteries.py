"""How full the batteries of beacons are, for beacons that say it themselves.

Two forms are documented. An Eddystone-TLM frame says itself what it is: its battery is in millivolts (google/eddystone,
eddystone-tlm/tlm-plain.md). A byte behind the iBeacon frame is the battery in percent with some makers (Jaalee: the
library jaalee-ble reads it so) and anything with others: it counts only where the file says so.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from beacon_gateway.core.health.clones import SenderReport
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import BatterySource, Beacon

EDDYSTONE_UUID: Final = "0000feaa-0000-1000-8000-00805f9b34fb"
"""Of the service data in which Eddystone's frames are."""
TLM_TYPE: Final = b"\x20\x00"
"""Frame type of an Eddystone TLM, and the version that is not encrypted."""
TLM_BYTES: Final = 14
FULL_PERCENT: Final = 100
LOW_PERCENT: Final = 18
"""Where the flat part of a CR2032's discharge ends: 2.74 V (nRF5 SDK, app_util.h, `battery_level_in_percent`)."""
LOW_MILLIVOLTS: Final = 2440
"""6 % of a CR2032 by the same curve: volts say nothing of the kind of cell, and two AA cells have 2.74 V for long."""
BATTERY_HISTORY_DAYS: Final = 31
"""Of each beacon, for the comparison with how it was a month ago."""


class BatteryUnit(StrEnum):
    PERCENT = "percent"
    MILLIVOLTS = "millivolts"


@dataclass(frozen=True, slots=True)
class BatteryCharge:
    """What a beacon said of its battery."""

    value: int
    unit: BatteryUnit

    @property
    def is_low(self) -> bool:
        """Return whether it is time to change the battery."""
        return self.value <= (LOW_PERCENT if self.unit is BatteryUnit.PERCENT else LOW_MILLIVOLTS)


@dataclass(frozen=True, slots=True)
class BatteryDay:
    """What a beacon said first on a day."""

    key: BeaconKey
    day: date
    """UTC."""
    charge: BatteryCharge


@dataclass(frozen=True, slots=True)
class BatteryState:
    """What is known of a beacon's battery."""

    last: BatteryCharge
    at: datetime | None
    """Aware; None where it was said at an unknown time."""
    earlier: BatteryDay | None
    """The oldest of the last month in the same unit; None where there is none of an earlier day."""


class _Battery:
    __slots__ = ("at", "days", "last")

    def __init__(self, last: BatteryCharge, at: datetime | None) -> None:
        self.last, self.at = last, at
        self.days: OrderedDict[date, BatteryCharge] = OrderedDict()


class Batteries:
    """Remembers what beacons said: the last, and the first of each day for a month."""

    def __init__(self) -> None:
        self._batteries: dict[BeaconKey, _Battery] = {}
        self._unsaved: dict[tuple[BeaconKey, date], BatteryCharge] = {}

    def use(self, beacons: Mapping[BeaconKey, Beacon]) -> None:
        """Forget all others."""
        self._batteries = {key: battery for key, battery in self._batteries.items() if key in beacons}
        self._unsaved = {(key, day): charge for (key, day), charge in self._unsaved.items() if key in beacons}

    def look(self, looks: Iterable[SenderReport], beacons: Mapping[BeaconKey, Beacon], now: datetime | None) -> None:
        """Take in who sends what, about once a minute. `now` is aware; None while the time is not known."""
        for look in looks:
            beacon = beacons.get(look.key)
            charge = charge_of(look, beacon.battery) if beacon else None
            if charge:
                self._note(look.key, charge, now)

    def of(self, key: BeaconKey) -> BatteryState | None:
        """Return what is known of a beacon's battery; None where it never said anything."""
        battery = self._batteries.get(key)
        if battery is None:
            return None
        today = battery.at.date() if battery.at else None
        days = (BatteryDay(key, day, charge) for day, charge in sorted(battery.days.items()))
        earlier = next((one for one in days if one.day != today and one.charge.unit is battery.last.unit), None)
        return BatteryState(battery.last, battery.at, earlier)

    def recall(self, days: Iterable[BatteryDay]) -> None:
        """Take in what is remembered from before a restart."""
        for one in sorted(days, key=lambda one: one.day):
            battery = self._batteries.setdefault(one.key, _Battery(one.charge, None))
            battery.days[one.day] = one.charge
            battery.last = one.charge

    def unsaved(self) -> list[BatteryDay]:
        """Return what is to be saved for the next start; `saved` says that it was."""
        return [BatteryDay(key, day, charge) for (key, day), charge in self._unsaved.items()]

    def saved(self, days: Iterable[BatteryDay]) -> None:
        for one in days:
            self._unsaved.pop((one.key, one.day), None)

    def _note(self, key: BeaconKey, charge: BatteryCharge, now: datetime | None) -> None:
        battery = self._batteries.get(key)
        if battery is None:
            battery = self._batteries[key] = _Battery(charge, now)
        battery.last, battery.at = charge, now
        if now is None or now.date() in battery.days:
            return
        battery.days[now.date()] = self._unsaved[key, now.date()] = charge
        while len(battery.days) > BATTERY_HISTORY_DAYS:
            day, _ = battery.days.popitem(last=False)
            self._unsaved.pop((key, day), None)


def charge_of(look: SenderReport, source: BatterySource) -> BatteryCharge | None:
    """Return what a beacon says of its battery, by what its file says of the byte behind its frame."""
    if (volts := millivolts_of(look.eddystone)) is not None:
        return BatteryCharge(volts, BatteryUnit.MILLIVOLTS)
    if source is BatterySource.TRAILING_BYTE and len(look.trailing) == 1 and look.trailing[0] <= FULL_PERCENT:
        return BatteryCharge(look.trailing[0], BatteryUnit.PERCENT)
    return None


def millivolts_of(service_data: bytes) -> int | None:
    """Return the battery voltage of an Eddystone TLM; None for all else, and for one that has none (0)."""
    if len(service_data) != TLM_BYTES or not service_data.startswith(TLM_TYPE):
        return None
    return int.from_bytes(service_data[2:4], "big") or None
