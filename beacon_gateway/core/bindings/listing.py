"""Whether a target's listing is to be believed: what it lacks of what this gateway knows to have been there.

A list may come back short with a count to match, where what is behind it lags or is half away. Taken for the truth, all
bindings would be written again, over what others bound. One beacon that is asked by itself is the better witness.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from beacon_gateway.core.bindings.target import Existing, Ledger, PageRef, ReadBack, TryLater, UnreadablePage
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import ConsolePage, Store

MAX_SHORT_BEACONS: Final = 5
"""Beacons that may show fewer pages than they are known to, where that is most of all that is known."""

MAX_BEACONS_ASKED: Final = 20
"""Beacons that are asked by themselves for one look. Of more that lack a page, their word stands for the rest."""

Bindings = Mapping[BeaconKey, frozenset[PageRef]]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A listing that is too short to be believed."""

    short: int
    """Beacons that show fewer pages than they are known to."""
    known: int
    """Beacons that are known to show some."""


def known_bindings(existing: Existing, ledger: Ledger) -> Bindings:
    """Return what each beacon with pages of ours is known to show, of the pages that the target lists.

    Known is what was read there, never what was only sent: where a write was not verified, what is in both. A page
    that is not listed took its bindings with it, and whether it is really gone is another question.
    """
    ours = [key for key, refs in ledger.bindings.items() if refs and key in ledger.verified.bindings]
    verified, sent = ledger.verified.bindings, ledger.sent.bindings
    there = existing.refs
    known = {key: verified[key] & sent.get(key, verified[key]) & there for key in ours}
    return {key: refs for key, refs in known.items() if refs}


def shortfall(existing: Existing, ledger: Ledger) -> Shortfall | None:
    """Return how far a listing falls short if it cannot be believed: nothing of several, or less than half of many."""
    known = known_bindings(existing, ledger)
    now = {key: len(existing.bindings.get(key, ())) for key in known}
    short = [key for key, refs in known.items() if now[key] < len(refs)]
    listed = sum(min(now[key], len(refs)) for key, refs in known.items())
    total = sum(map(len, known.values()))
    none_of_several = len(known) > 1 and not listed
    if none_of_several or (len(short) > MAX_SHORT_BEACONS and 2 * listed < total):
        return Shortfall(len(short), len(known))
    return None


def doubtful_beacons(existing: Existing, ledger: Ledger) -> Bindings:
    """Return the beacons that lack a page in the listing, with what they are known to show."""
    return {
        key: refs
        for key, refs in known_bindings(existing, ledger).items()
        if key in existing.bindings and not refs <= existing.bindings[key]
    }


def sample(keys: Collection[BeaconKey]) -> list[BeaconKey]:
    """Return which of them to ask: all of a few, of many some from everywhere."""
    step = -(-len(keys) // MAX_BEACONS_ASKED) or 1
    return sorted(keys)[::step]


def missing_pages(store: Store, existing: Existing, ledger: Ledger) -> frozenset[PageRef]:
    """Return the pages of the files that are known by number and not listed."""
    known = {ledger.pages[slug] for slug in store.pages if slug in ledger.pages}
    consoles = {PageRef(str(page.page_id)) for page in store.pages.values() if isinstance(page, ConsolePage)}
    return frozenset((known | (consoles & ledger.verified.pages.keys())) - existing.refs)


def with_answers(existing: Existing, answers: Bindings) -> Existing:
    """Return the listing with what the beacons said themselves."""
    return replace(existing, bindings={**existing.bindings, **answers})


def with_missing_found(existing: Existing, missing: Collection[PageRef], asked: ReadBack) -> Existing | None:
    """Return the listing where pages that it lacks are among its nameless ones, None if these cannot be so many.

    A page that answers when it is asked for by its number is one of the rows of which the number cannot be read. What
    shows it is not known then.
    """
    found = {ref for ref in missing if ref in asked.pages or ref in asked.there}
    nameless = existing.nameless_pages
    if len(found) > nameless:
        return None
    others = [page for page in existing.unreadable_pages if page.ref or len(found) < nameless]
    why = TryLater("the list of pages does not name it in a way that can be read")
    return replace(
        existing,
        pages={**existing.pages, **asked.pages},
        unread={**existing.unread, **{ref: asked.unread.get(ref, why) for ref in sorted(found)}},
        unreadable_pages=(*others, *(UnreadablePage(ref, None) for ref in sorted(found - asked.pages.keys()))),
    )


def with_unread(existing: Existing, ledger: Ledger) -> Existing:
    """Return what exists with what is known of pages that do not say what shows them: as it was verified last."""
    verified = ledger.verified.bindings
    known = {key: refs & existing.unread.keys() for key, refs in verified.items() if key in existing.bindings}
    return with_answers(existing, {key: existing.bindings[key] | refs for key, refs in known.items() if refs})
