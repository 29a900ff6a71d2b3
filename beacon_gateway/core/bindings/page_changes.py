"""What is to be done about pages, of which a plan is one part: made, edited, left alone, or of no use any more."""

from collections.abc import Collection, Iterable, Mapping

from beacon_gateway.core.bindings.changes import EditPage, MakePage, RestorePage, WithheldPage
from beacon_gateway.core.bindings.ownership import (
    age,
    as_it_should_be,
    console_pages,
    fingerprint_in,
    may_be_there,
    same_page,
)
from beacon_gateway.core.bindings.target import Existing, Ledger, PageRef
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import ConsolePage, Store


def page_changes(
    store: Store, existing: Existing, known: Mapping[str, PageRef], withheld: Collection[str]
) -> tuple[MakePage | EditPage, ...]:
    """Return what it takes to make the pages say what the files say, by slug, but for the withheld."""
    changes: list[MakePage | EditPage] = []
    for slug, page in sorted(store.pages.items()):
        if isinstance(page, ConsolePage) or slug in withheld:
            continue
        if slug not in known:
            changes.append(MakePage(page))
        elif (before := existing.pages.get(known[slug])) and before != as_it_should_be(page):
            changes.append(EditPage(page, known[slug], before))
    return tuple(changes)


def made_elsewhere(
    store: Store, existing: Existing, known: Mapping[str, PageRef], taken: Collection[PageRef]
) -> tuple[WithheldPage, ...]:
    """Return the pages that are not there as ours, and that the target has, or may have.

    It has one with the same title and address, or one of which it cannot be read whose it is.
    """
    missing = [page for page in store.pages.values() if not isinstance(page, ConsolePage) and page.slug not in known]
    found = ((page, same_page(page, existing, taken)) for page in sorted(missing, key=lambda page: page.slug))
    return tuple(WithheldPage(page, like) for page, like in found if like or may_be_there(page, existing, taken))


def shown_where_readdressed(
    pages: Iterable[MakePage | EditPage | RestorePage], existing: Existing, verified: Existing
) -> dict[PageRef, frozenset[BeaconKey]]:
    """Return where pages are shown that get another address. To get back the one that was last right is no such change.

    Without `verified` pages every change of an address counts.
    """
    moved: set[PageRef] = set()
    for change in pages:
        match change:
            case EditPage(page, ref, before):
                right = verified.pages.get(ref)
                if before.url != page.url and (right is None or right.url != page.url):
                    moved.add(ref)
            case RestorePage(_, ref, before, after):
                if before.url != after.url:
                    moved.add(ref)
    return {ref: frozenset(key for key, shown in existing.bindings.items() if ref in shown) for ref in moved}


def useless_pages(store: Store, existing: Existing, ledger: Ledger, wanted: Collection[PageRef]) -> list[PageRef]:
    """Return our pages that no file wants and that nothing shows in `existing`, oldest first."""
    named = {*wanted, *console_pages(store)}
    shown = frozenset[PageRef]().union(*existing.bindings.values())
    made = set(ledger.pages.values())
    return [
        ref
        for ref, page in sorted(existing.pages.items(), key=lambda item: age(item[0]))
        if ref not in named and ref not in shown and (ref in made or fingerprint_in(page.mark))
    ]
