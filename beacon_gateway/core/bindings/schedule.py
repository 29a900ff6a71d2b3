"""Which pages each beacon shows now, and when that changes next."""

from collections.abc import Mapping
from datetime import UTC, datetime

from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import Beacon, Store


def pages_now(beacon: Beacon, now: datetime) -> tuple[str, ...] | None:
    """Return the slugs that a beacon shows at an aware time; a running slot wins over `pages`."""
    now = now.astimezone(UTC)  # two times of one zone are compared by wall clock, and an hour a year comes twice
    for slot in beacon.schedule:
        if slot.start <= now < slot.end:
            return slot.pages
    return beacon.pages


def desired(store: Store, now: datetime) -> Mapping[BeaconKey, tuple[str, ...]]:
    """Return the binding of every beacon whose bindings the files decide."""
    shown = {key: pages_now(beacon, now) for key, beacon in store.beacons.items()}
    return {key: pages for key, pages in shown.items() if pages is not None}


def next_switch(store: Store, now: datetime) -> datetime | None:
    """Return the next moment at which `desired` may give something else; None if it never will."""
    now = now.astimezone(UTC)
    edges = (edge for beacon in store.beacons.values() for slot in beacon.schedule for edge in (slot.start, slot.end))
    return min((edge for edge in edges if edge > now), default=None)
