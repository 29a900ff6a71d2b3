"""The store as its files describe it: floors, beacons, pages, and when which page is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from beacon_gateway.core.model.ibeacon import BeaconKey

TITLE_WIDTH: Final = 12
"""Display width of a page's title: 6 汉字 or 12 letters (WeChat, Shake Nearby, "page management")."""
DESCRIPTION_WIDTH: Final = 14
"""Display width of a page's description: 7 汉字 or 14 letters (same page)."""
MAX_PAGES_PER_BEACON: Final = 30
"""WeChat, Shake Nearby, "device settings and page associations"; error 9001037 beyond it."""


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page that the files describe in full; the gateway makes it at the target and keeps it so."""

    slug: str
    title: str
    description: str
    url: str
    icon: str
    """Path relative to the store's folder."""
    icon_digest: str
    """SHA-256 of its content, hex."""


@dataclass(frozen=True, slots=True)
class ConsolePage:
    """A page made by hand in WeChat's console: bound like any other, never edited or deleted."""

    slug: str
    page_id: int


Page = OwnPage | ConsolePage


def title_of(page: Page) -> str:
    """Name a page as staff know it; a console page is known by its slug only."""
    return page.slug if isinstance(page, ConsolePage) else page.title


@dataclass(frozen=True, slots=True)
class Slot:
    """From when until when (aware, the end excluded) a beacon shows other pages than usual."""

    start: datetime
    end: datetime
    pages: tuple[str, ...]


class BatterySource(StrEnum):
    """What a beacon says of its battery, by its file."""

    TLM = "tlm"
    """Only what an Eddystone TLM says, which every beacon may send; a byte behind the iBeacon frame means nothing."""
    TRAILING_BYTE = "trailing-byte"
    """The one byte behind its iBeacon frame is the battery in percent."""


@dataclass(frozen=True, slots=True)
class Beacon:
    key: BeaconKey
    slug: str
    name: str
    floor: str
    pages: tuple[str, ...] | None = None
    """Slugs, without repeats; () is "shows nothing", None leaves the beacon's bindings to others."""
    schedule: tuple[Slot, ...] = ()
    """In order of time, without overlaps."""
    protect: bool = False
    mobile: bool = False
    """A tag that is carried about: its hits name the floor of the gateway that heard it, where it need not be."""
    timeout: float | None = None
    """Seconds of silence after which it counts as gone; None lets the gateway learn them from its rhythm."""
    measured_power: int | None = None
    """dBm at 1 m, where the byte in its frames is wrong; None takes the frames' own."""
    battery: BatterySource = BatterySource.TLM


@dataclass(frozen=True, slots=True)
class Floor:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Store:
    """Everything that holds together: each page that a beacon names exists, each key is declared once."""

    floors: Mapping[str, Floor]
    beacons: Mapping[BeaconKey, Beacon]
    pages: Mapping[str, Page]
    revision: str = ""
    """Short hash of all that it means (`core.files.revision`)."""

    def measured_powers(self) -> dict[BeaconKey, int]:
        """Return what the files state of the strength at 1 m, of those beacons for which they do."""
        return {key: beacon.measured_power for key, beacon in self.beacons.items() if beacon.measured_power is not None}

    def is_carried(self, key: BeaconKey) -> bool:
        """Return whether a beacon is a tag: of such a one only where it was heard is known."""
        beacon = self.beacons.get(key)
        return beacon is not None and beacon.mobile


def heard_on(floor: str) -> str:
    """Return a floor as it is written where something was heard on it that may be on another one."""
    return f"~{floor}"


NOTHING: Final = Store(MappingProxyType({}), MappingProxyType({}), MappingProxyType({}))
