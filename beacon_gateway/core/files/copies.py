"""Whether a floor's file is a copy of another one that lies beside it: its name asks, its content answers."""

from collections.abc import Iterable

from beacon_gateway.core.files.draft import FloorDraft
from beacon_gateway.core.files.file_names import PossibleCopy
from beacon_gateway.core.model.ibeacon import BeaconKey


def is_copy(
    named: PossibleCopy, draft: FloorDraft | None, original: FloorDraft | None, all_others: list[FloorDraft]
) -> bool:
    """True if a file is to be left out, so that it does not spoil the real one.

    A name that says "copy" is believed unless the file is a floor of its own: its declarations are nobody else's. A
    name that merely goes on ("F6-till-3", which is also how a sync client names its copies) is not: both files must
    declare the same floor, and a beacon in common. `draft` is None where the file cannot be read as a floor.
    """
    if named.is_marked:
        if draft is None:
            return True
        keys = _keys(draft)
        return any(draft.slug.value == other.slug.value or not keys.isdisjoint(_keys(other)) for other in all_others)
    if draft is None or original is None:
        return False
    return draft.slug.value == original.slug.value and not _keys(draft).isdisjoint(_keys(original))


def _keys(floor: FloorDraft) -> set[BeaconKey]:
    return {*_declared(floor)}


def _declared(floor: FloorDraft) -> Iterable[BeaconKey]:
    for _, beacon in floor.beacons:
        if uuid := beacon.uuid or floor.uuid:
            yield BeaconKey(uuid.value, beacon.major.value, beacon.minor.value)
