"""Which beacons vanished from the files: an absence that is more likely a lost file than somebody's wish.

A file that is renamed, moved, cut off or away for a moment looks like one whose beacons were taken out. What tells them
apart is how much of a floor goes at once.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final

from beacon_gateway.core.bindings.target import Declared, Ledger
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import Store

MIN_VANISHED_SHARE: Final = 0.5
"""Of a floor's beacons with pages. More of them than this do not go without a person."""


def newly_declared(store: Store, ledger: Ledger) -> dict[BeaconKey, Declared]:
    """Return where the files declare the beacons whose pages they decide, as far as the ledger does not say so yet."""
    now = {
        key: Declared(beacon.floor, beacon.slug, beacon.name)
        for key, beacon in store.beacons.items()
        if beacon.pages is not None or beacon.schedule
    }
    return {key: place for key, place in now.items() if ledger.declared.get(key) != place}


def vanished(
    gone: Iterable[BeaconKey], store: Store, ledger: Ledger, at_target: Collection[BeaconKey]
) -> frozenset[BeaconKey]:
    """Return those of the `gone` that vanished with most of their floor.

    `gone` are beacons that would lose what this gateway bound because the files name no pages for them any more. Those
    of which the ledger does not know the floor (it is of an older version, or lost) count as a floor of their own.
    A beacon that goes on under other numbers, with its name on its floor, was changed by somebody. What vanished stays
    so while most of it is away, also when the floor has got other beacons since: else a file that is replaced by
    another one would lose its beacons in the second pass.
    """
    waiting = Counter(_floor(key, store, ledger) for key in ledger.vanished)
    bound = Counter(_floor(key, store, ledger) for key, pages in ledger.bindings.items() if pages)
    successors = {
        (beacon.floor, beacon.slug)
        for key, beacon in store.beacons.items()
        if beacon.pages is not None and key in at_target
    }
    lost: dict[str, list[BeaconKey]] = {}
    for key in gone:
        place = ledger.declared.get(key)
        if key in store.beacons or place is None or (place.floor, place.slug) not in successors:
            lost.setdefault(_floor(key, store, ledger), []).append(key)
    found: set[BeaconKey] = set()
    for floor, keys in lost.items():
        still = ledger.vanished.intersection(keys)
        if len(keys) > MIN_VANISHED_SHARE * bound[floor]:
            found.update(keys)
        elif len(still) > MIN_VANISHED_SHARE * waiting[floor]:
            found |= still
    return frozenset(found)


def _floor(key: BeaconKey, store: Store, ledger: Ledger) -> str:
    place = ledger.declared.get(key) or store.beacons.get(key)
    return place.floor if place else ""
