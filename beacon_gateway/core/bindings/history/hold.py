"""What an undo holds back: each beacon and page that was undone, for as long as the files say of it what was undone.

Everything else is applied as usual. What the files say of a thing is kept as a fingerprint: an edit of anything else
does not change it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from beacon_gateway.core.bindings.changes import Change, EditPage, Rebind, RestorePage
from beacon_gateway.core.bindings.history.audit import BindingImage, Image
from beacon_gateway.core.bindings.ownership import as_it_should_be
from beacon_gateway.core.bindings.target import Hold
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import ConsolePage, Store

Thing = BeaconKey | str
"""A beacon, or a page by its slug."""

ABSENT = ""
"""The fingerprint of what the files do not speak of."""


def fingerprint(store: Store, thing: Thing) -> str:
    """Return what the files say of a thing: which pages a beacon shows when, what a page is. Names don't count."""
    if isinstance(thing, BeaconKey):
        beacon = store.beacons.get(thing)
        if beacon is None or (beacon.pages is None and not beacon.schedule):
            return ABSENT
        slots = [(slot.start.timestamp(), slot.end.timestamp(), slot.pages) for slot in beacon.schedule]
        return _digest((beacon.pages, slots))
    page = store.pages.get(thing)
    if page is None:
        return ABSENT
    return _digest(page.page_id if isinstance(page, ConsolePage) else as_it_should_be(page))


def is_held(hold: Hold | None, store: Store, change: Change) -> bool:
    """True if a change would do again what was undone, and nobody edited it since."""
    thing = _thing(change)
    if hold is None or thing is None or thing not in hold.things:
        return False
    return hold.things[thing] == fingerprint(store, thing)


def in_force(hold: Hold | None, store: Store) -> Hold | None:
    """Return what is left of a hold once that is let go which was edited since; None if nothing is.

    What is missing from the files was not edited: it may come back as it was.
    """
    if hold is None:
        return None
    left = {thing: said for thing, said in hold.things.items() if fingerprint(store, thing) in {said, ABSENT}}
    return replace(hold, things=left) if left else None


def after_apply(hold: Hold | None, store: Store) -> Hold | None:
    """Return what is left of a hold once a person applied the files: what they do not speak of at the moment."""
    if hold is None:
        return None
    left = {
        thing: said for thing, said in hold.things.items() if said != ABSENT and fingerprint(store, thing) == ABSENT
    }
    return replace(hold, things=left) if left else None


def with_undone(hold: Hold | None, new: Hold, changes: Iterable[Change], store: Store) -> tuple[Hold, Hold | None]:
    """Return the hold to put before an undo's first call, and the one that is right after its last.

    What is held and now undone once more is being done again: it is let go, but only when that is over.
    """
    things = {thing: fingerprint(store, thing) for change in changes if (thing := _thing(change)) is not None}
    held = dict(hold.things) if hold else {}
    redone = {thing for thing, said in things.items() if held.get(thing) == said}
    before = replace(new, things=held | things)
    left = {thing: said for thing, said in before.things.items() if thing not in redone}
    if things.keys() <= redone and hold:
        before = hold
    return before, replace(before, things=left) if left else None


def taken_over(hold: Hold, undone: Iterable[Image], store: Store) -> Hold:
    """Return a hold of an older version, which held everything, as one of what the last run took back."""
    things: list[Thing] = [image.key if isinstance(image, BindingImage) else image.slug for image in undone]
    return replace(hold, things=_said(store, [thing for thing in things if thing]))


def _said(store: Store, things: Iterable[Thing]) -> Mapping[Thing, str]:
    return {thing: fingerprint(store, thing) for thing in things}


def _thing(change: Change) -> Thing | None:
    match change:
        case Rebind(key):
            return key
        case EditPage(page):
            return page.slug
        case RestorePage(slug):
            return slug or None
        case _:
            return None


def _digest(what: object) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()[:16]
