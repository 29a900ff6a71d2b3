"""Beacons on which the pages of others leave no room for those that the files want: counted before any page is made."""

from collections.abc import Collection, Iterator, Mapping

from beacon_gateway.core.bindings.changes import Rebind
from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import MAX_PAGES_PER_BEACON, Beacon, Store


def is_over_limit(change: Rebind, known: Mapping[str, PageRef]) -> bool:
    """True if the target would refuse a beacon's pages because there are too many of them."""
    ours = {known.get(slug, PageRef(slug)) for slug in change.pages}
    return len(change.keeps | change.restores | ours) > MAX_PAGES_PER_BEACON


def wanted_only_there(store: Store, full: Mapping[BeaconKey, Collection[str]]) -> frozenset[str]:
    """Return the pages (by slug) that are wanted now on full beacons, and that no other beacon names at any time."""
    wanted = frozenset[str]().union(*full.values())
    if not wanted:
        return wanted
    return wanted.difference(*(_named_by(beacon) for key, beacon in store.beacons.items() if key not in full))


def _named_by(beacon: Beacon) -> Iterator[str]:
    yield from beacon.pages or ()
    for slot in beacon.schedule:
        yield from slot.pages
