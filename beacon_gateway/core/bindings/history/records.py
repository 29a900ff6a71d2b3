"""What a pass learns about what needed no change, for the ledger: so that a later removal is seen as one."""

from collections.abc import Mapping

from beacon_gateway.core.bindings.history.audit import LedgerEntry
from beacon_gateway.core.bindings.ownership import as_it_should_be
from beacon_gateway.core.bindings.plan import Plan
from beacon_gateway.core.bindings.target import Existing, ExistingPage, Ledger, PageRef
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import ConsolePage, Store


def ledger_updates(
    store: Store,
    desired: Mapping[BeaconKey, tuple[str, ...]],
    existing: Existing,
    ledger: Ledger,
    plan: Plan,
    *,
    accept_foreign: bool,
) -> LedgerEntry:
    """Return what the ledger does not say yet of that which the plan leaves as it is.

    What others added since is taken for right only if `accept_foreign`: after people looked at the files, not by the
    hour. What this gateway wrote and could not read back then is right now that it is seen.
    """
    busy = {change.key for change in plan.bindings} | {item.key for item in plan.withheld}
    bindings: dict[BeaconKey, frozenset[PageRef]] = {}
    verified: dict[BeaconKey, frozenset[PageRef]] = {}
    for key in {*desired, *ledger.bindings} - busy:
        shown = existing.bindings.get(key)
        if shown is None:
            continue
        noted = ledger.bindings.get(key, frozenset())
        # In a beacon's own files: what they name. Otherwise what is left of ours, the rest was taken away by somebody.
        said = frozenset(plan.known[slug] for slug in desired[key] if slug in plan.known) if key in desired else noted
        if noted != said & shown:
            bindings[key] = said & shown
        if (
            key in desired
            and ledger.verified.bindings.get(key) != shown
            and (accept_foreign or key not in ledger.verified.bindings or shown == ledger.sent.bindings.get(key))
        ):
            verified[key] = shown
    pages = {
        slug: ref
        for slug, ref in plan.known.items()
        if not isinstance(store.pages[slug], ConsolePage) and ledger.pages.get(slug) != ref
    }
    return LedgerEntry(
        pages=pages, bindings=bindings, verified=Existing(_right_pages(store, existing, ledger, plan), verified)
    )


def _right_pages(store: Store, existing: Existing, ledger: Ledger, plan: Plan) -> Mapping[PageRef, ExistingPage]:
    right: dict[PageRef, ExistingPage] = {}
    for slug, ref in plan.known.items():
        page, now = store.pages[slug], existing.pages.get(ref)
        if now is None:  # it is there, and cannot be read
            continue
        if (isinstance(page, ConsolePage) or now == as_it_should_be(page)) and ledger.verified.pages.get(ref) != now:
            right[ref] = now
    return right
