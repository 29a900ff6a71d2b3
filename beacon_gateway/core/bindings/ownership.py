"""Whose a page is: which existing page stands behind each slug, told by the ledger and by the mark it carries."""

import hashlib
import re
from collections.abc import Collection

from beacon_gateway.core.bindings.target import Existing, ExistingPage, Ledger, PageRef
from beacon_gateway.core.model.store import ConsolePage, OwnPage, Store
from beacon_gateway.core.text.soundness import sound_text


def references(store: Store, existing: Existing, ledger: Ledger) -> tuple[dict[str, PageRef], frozenset[PageRef]]:
    """Find the existing page behind each slug: by the console's id, by the ledger, by the mark on the page.

    An existing page stands behind one own slug at most, and behind none if the files name it as the console's. Where
    two carry the mark of one slug, because two gateways made it at the same moment, all gateways take the older one;
    the others are given too, as twins.
    """
    consoles = {slug: PageRef(str(page.page_id)) for slug, page in store.pages.items() if isinstance(page, ConsolePage)}
    own = [slug for slug in store.pages if slug not in consoles]
    by_fingerprint: dict[str, list[PageRef]] = {}
    there = existing.refs
    marks = {page.ref: page.mark for page in existing.unreadable_pages if page.ref and page.mark}
    marks |= {ref: page.mark for ref, page in existing.pages.items()}
    for ref in sorted(marks, key=age):
        if fingerprint := fingerprint_in(marks[ref]):
            by_fingerprint.setdefault(fingerprint, []).append(ref)
    free = set(there - set(consoles.values()))
    noted = {slug: ledger.pages[slug] for slug in own if slug in ledger.pages}
    owner = {ref: slug for slug, ref in noted.items()}
    candidates = {
        slug: sorted(
            {ref for ref in (*by_fingerprint.get(_fingerprint(slug), ()), noted.get(slug)) if ref in free}
            - {ref for ref in owner if owner[ref] != slug},
            key=age,
        )
        for slug in own
    }
    found = {slug: ref for slug, ref in consoles.items() if ref in there}
    for slug in sorted(own, key=lambda slug: slug not in noted):
        for ref in candidates[slug]:
            if ref in free:
                found[slug] = ref
                free.remove(ref)
                break
    return found, frozenset(ref for slug in own for ref in candidates[slug] if ref in free)


def same_page(page: OwnPage, existing: Existing, taken: Collection[PageRef]) -> PageRef | None:
    """Return the oldest page with the same title and address that is not `taken`: somebody made it elsewhere."""
    alike = (
        ref
        for ref, other in existing.pages.items()
        if ref not in taken and other.title == page.title and other.url.rstrip("/") == page.url.rstrip("/")
    )
    return min(alike, key=age, default=None)


def may_be_there(page: OwnPage, existing: Existing, taken: Collection[PageRef]) -> bool:
    """True if a page that cannot be read, and is not `taken`, may be this one: by its mark, or since it says none."""
    return any(
        other.mark is None or fingerprint_in(other.mark) == _fingerprint(page.slug)
        for other in existing.unreadable_pages
        if other.ref is None or other.ref not in taken
    )


def console_pages(store: Store) -> set[PageRef]:
    """Return the pages that the files name as the console's."""
    return {PageRef(str(page.page_id)) for page in store.pages.values() if isinstance(page, ConsolePage)}


def as_it_should_be(page: OwnPage) -> ExistingPage:
    """Return how a page looks at the target once it says what the files say."""
    # As its texts come back from a target, whose answers are made sound: else such a page would be edited for ever.
    return ExistingPage(sound_text(page.title), sound_text(page.description), sound_text(page.url), mark(page))


def mark(page: OwnPage) -> str:
    """Return the sign of ownership on a page: 29 ASCII characters, of the 30 that WeChat's comment holds.

    It carries fingerprints of the slug and of the icon's content, so that a gateway with an empty SD card finds its
    pages again, and knows whether the icon is still the right one.
    """
    return (
        f"bg:{page.slug[:_DIGEST_CHARACTERS]:-<{_DIGEST_CHARACTERS}}:{_fingerprint(page.slug)}:{page.icon_digest[:8]}"
    )


_DIGEST_CHARACTERS = 8
"""So much of a slug stands in the mark as it is, for people."""
_MARK = re.compile(r"bg:([a-z0-9-]{8}):([0-9a-f]{8}):[0-9a-f]{8}")


def fingerprint_in(text: str) -> str | None:
    """Return the slug's fingerprint; None for what is no mark. The mark of a short slug has to agree with itself."""
    found = _MARK.fullmatch(text)
    if found is None:
        return None
    slug, fingerprint = found[1].rstrip("-"), found[2]
    return fingerprint if len(slug) >= _DIGEST_CHARACTERS - 1 or fingerprint == _fingerprint(slug) else None


def _fingerprint(slug: str) -> str:
    return hashlib.sha256(slug.encode()).hexdigest()[:8]


def age(ref: PageRef) -> tuple[int, str]:
    """Sort numbers that are text by number: the target counts up, so that the smaller one is older."""
    return len(ref), ref
