"""The revision of a store: a short hash of what its files mean. A comment or an unused file changes nothing."""

import hashlib
from collections.abc import Mapping

from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import BatterySource, Beacon, ConsolePage, Floor, Page


def revision_of(floors: Mapping[str, Floor], beacons: Mapping[BeaconKey, Beacon], pages: Mapping[str, Page]) -> str:
    """Return twelve hex digits that change with anything that a gateway would do otherwise."""
    meaning = (
        sorted((floor.slug, floor.name) for floor in floors.values()),
        [_beacon(beacons[key]) for key in sorted(beacons)],
        [_page(pages[slug]) for slug in sorted(pages)],
    )
    return hashlib.sha256(repr(meaning).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _beacon(beacon: Beacon) -> tuple[object, ...]:
    key = beacon.key
    slots = [(slot.start.isoformat(), slot.end.isoformat(), slot.pages) for slot in beacon.schedule]
    about = (beacon.slug, beacon.name, beacon.floor, beacon.pages, slots)
    # What older files cannot say is left out where it is not said: they keep their revision.
    power = () if beacon.measured_power is None else (beacon.measured_power,)
    stated = power if beacon.battery is BatterySource.TLM else (*power, beacon.battery.value)
    return (key.uuid.int, key.major, key.minor, *about, beacon.protect, beacon.mobile, beacon.timeout, *stated)


def _page(page: Page) -> tuple[object, ...]:
    if isinstance(page, ConsolePage):
        return (page.slug, page.page_id)
    return (page.slug, page.title, page.description, page.url, page.icon, page.icon_digest)
