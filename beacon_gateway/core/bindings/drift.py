"""What somebody else changed at the target since it was last right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from beacon_gateway.core.bindings.ownership import as_it_should_be
from beacon_gateway.core.bindings.plan import Change, EditPage, MakePage, Rebind
from beacon_gateway.core.bindings.target import Existing, ExistingPage, Ledger, PageRef
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import ConsolePage, Store


class DriftKind(StrEnum):
    REBOUND = "rebound"
    """A beacon shows other pages."""
    PAGE_DELETED = "page-deleted"
    PAGE_EDITED = "page-edited"
    MARK_CHANGED = "mark-changed"
    """Only the comment in which this gateway keeps its mark."""
    UNKNOWN = "unknown"
    """A beacon that was bound here no longer belongs to the account."""
    NOT_ACTIVATED = "not-activated"
    """A beacon shows a page, and no customer ever used it: it may not be on the air, or sends another number."""


SOMEBODYS: Final = frozenset(DriftKind) - {DriftKind.NOT_ACTIVATED}
"""Those that somebody brought about."""


@dataclass(frozen=True, slots=True)
class Drift:
    kind: DriftKind
    key: BeaconKey | None = None
    page: str = ""
    """Its slug."""
    was: frozenset[PageRef] = frozenset()
    now: frozenset[PageRef] = frozenset()
    """What a beacon that was rebound shows."""


def find_drift(store: Store, existing: Existing, ledger: Ledger) -> tuple[Drift, ...]:
    """Compare with what was last right; only what the files speak of, pages first.

    What this gateway wrote itself and has not read back yet is nobody else's doing, whether it has arrived or not.
    """
    return (*_pages(store, existing, ledger), *_beacons(store, existing, ledger))


def _pages(store: Store, existing: Existing, ledger: Ledger) -> Iterator[Drift]:
    verified, there = ledger.verified.pages, existing.refs
    for slug, page in sorted(store.pages.items()):
        ref = PageRef(str(page.page_id)) if isinstance(page, ConsolePage) else ledger.pages.get(slug)
        if ref is None or ref not in verified:
            continue
        was, now = verified[ref], existing.pages.get(ref)
        if ref not in there:
            yield Drift(DriftKind.PAGE_DELETED, page=slug)
        elif now is None or isinstance(page, ConsolePage) or now in (was, ledger.sent.pages.get(ref)):
            continue
        elif _text(now) == _text(was):
            yield Drift(DriftKind.MARK_CHANGED, page=slug)
        else:
            yield Drift(DriftKind.PAGE_EDITED, page=slug)


def _beacons(store: Store, existing: Existing, ledger: Ledger) -> Iterator[Drift]:
    verified = ledger.verified.bindings
    for key in sorted(store.beacons, key=lambda key: (store.beacons[key].floor, store.beacons[key].slug)):
        was, now = verified.get(key), existing.bindings.get(key)
        if was is not None and now is None:
            yield Drift(DriftKind.UNKNOWN, key, was=was)
        elif was is not None and now is not None and now not in (was, ledger.sent.bindings.get(key)):
            yield Drift(DriftKind.REBOUND, key, was=was, now=now)
        elif now and existing.last_active.get(key, ...) is None:
            yield Drift(DriftKind.NOT_ACTIVATED, key, now=now)


def undoes_drift(change: Change, existing: Existing, ledger: Ledger, known: Mapping[str, PageRef]) -> bool:
    """True if a change only puts right what somebody changed, and does nothing new that the files say."""
    verified, sent = ledger.verified, ledger.sent
    match change:
        case MakePage(page):
            ref = ledger.pages.get(page.slug)
            return ref in verified.pages and ref not in existing.refs
        case EditPage(page, ref, before):
            was, own = verified.pages.get(ref), sent.pages.get(ref)
            return was is not None and before not in (was, own) and as_it_should_be(page) in (was, own)
        case Rebind():
            said = {ledger.pages.get(slug) or known.get(slug) for slug in change.pages}
            was_shown, sent_there = verified.bindings.get(change.key), sent.bindings.get(change.key)
            if was_shown is None or change.before in (was_shown, sent_there):
                return False
            is_old = said == ledger.bindings.get(change.key, frozenset())
            return is_old or (sent_there is not None and said <= sent_there)
        case _:
            return False


def _text(page: ExistingPage) -> tuple[str, str, str]:
    return page.title, page.description, page.url
