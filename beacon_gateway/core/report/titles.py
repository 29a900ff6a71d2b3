"""What pages are called in a report."""

from collections.abc import Mapping

from beacon_gateway.core.bindings.target import Ledger, PageRef
from beacon_gateway.core.model.store import ConsolePage, Store, title_of


def page_titles(known: Ledger, store: Store | None) -> Mapping[PageRef, str]:
    """Return the pages' titles as staff know them."""
    pages = store.pages if store else {}
    titles = {ref: page.title for ref, page in known.verified.pages.items()}
    titles |= {ref: title_of(pages[slug]) if slug in pages else slug for slug, ref in known.pages.items()}
    return titles | {PageRef(str(page.page_id)): page.slug for page in pages.values() if isinstance(page, ConsolePage)}
