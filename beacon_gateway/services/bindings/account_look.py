"""The target as it was read last: read anew for a pass, and shared by several looks at plans."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from beacon_gateway.core.bindings.history.hold import taken_over
from beacon_gateway.core.bindings.history.undo import done_by
from beacon_gateway.core.bindings.listing import (
    Bindings,
    doubtful_beacons,
    missing_pages,
    sample,
    shortfall,
    with_answers,
    with_missing_found,
    with_unread,
)
from beacon_gateway.core.bindings.target import Existing, Hold, Ledger, ListingShort, ReadBack
from beacon_gateway.core.model.clocks import WallClock
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import Store
from beacon_gateway.services.bindings.sync_ports import LedgerStore, Target


@dataclass(frozen=True, slots=True)
class AccountSnapshot:
    existing: Existing
    read_at: float
    """In the event loop's time: when the reading began."""
    at: datetime
    """The same as people say it; aware UTC."""


class AccountLook:
    def __init__(self, target: Target, clock: WallClock) -> None:
        self._target, self._clock = target, clock
        self._seen: AccountSnapshot | None = None
        self._log = structlog.get_logger("sync").bind(target="shakearound")

    async def look(self, within: float = 0.0) -> AccountSnapshot:
        """Read, or return what was read `within` so many seconds. Raises TargetError."""
        now = asyncio.get_running_loop().time()
        if self._seen is None or now - self._seen.read_at >= within:
            at = self._clock.utc()
            self._seen = AccountSnapshot(await self._target.read(), now, at)
        return self._seen

    async def accepted(self, store: Store, ledger: Ledger, *, force: bool, within: float = 0.0) -> AccountSnapshot:
        """Look, and ask again by itself for what the ledger knows and the lists lack. With `force`, believe the lists.

        Raises TargetError: ListingShort where the lists cannot be believed.
        """
        seen = await self._look_at_nameless(await self.look(within), store, ledger)
        if seen.existing.unread:
            seen = replace(seen, existing=with_unread(seen.existing, ledger))
        if force:
            return seen
        reject_empty_listing(seen.existing, ledger)
        doubtful = doubtful_beacons(seen.existing, ledger)
        pages = missing_pages(store, seen.existing, ledger)
        if not (doubtful or pages):
            return seen
        keys = sample(doubtful)
        asked = await self._target.read_back(keys, sorted(pages))
        if asked.pages:
            raise ListingShort(
                f"the account does not list page {min(asked.pages)}, and has it; if that is right: apply --force"
            )
        for ref in pages & asked.unread.keys():  # whether it is there decides whether it is made again
            raise asked.unread[ref]
        self._seen = replace(seen, existing=self._with_answers(seen.existing, doubtful, keys, asked))
        return self._seen

    async def _look_at_nameless(self, seen: AccountSnapshot, store: Store, ledger: Ledger) -> AccountSnapshot:
        """Ask by number for the pages that are known and not listed, where some have no number in the list."""
        missing = missing_pages(store, seen.existing, ledger) if seen.existing.nameless_pages else frozenset()
        if not missing:
            return seen
        asked = await self._target.read_back([], sorted(missing))
        found = with_missing_found(seen.existing, missing, asked)
        return replace(seen, existing=found) if found else seen

    def _with_answers(
        self, existing: Existing, doubtful: Bindings, keys: Sequence[BeaconKey], asked: ReadBack
    ) -> Existing:
        """Return the listing with what the doubtful beacons said that were asked: `keys`.

        Raises ListingShort where the word of these contradicts it, and there are more that were not asked.
        """
        listed = {key: existing.bindings[key] for key in keys}
        # One that cannot be asked keeps what it is known to show, and what is listed.
        answers = {
            key: doubtful[key] | refs if key in asked.unread else asked.bindings.get(key, refs)
            for key, refs in listed.items()
        }
        if wrong := [key for key, refs in listed.items() if answers[key] != refs]:
            self._log.warning("sync.listing_differs", beacons=len(wrong), first=str(wrong[0]))
            if len(keys) < len(doubtful):
                raise ListingShort(
                    f"the account lists other pages for {len(wrong)} of {len(keys)} beacons than these say themselves"
                )
        return with_answers(existing, answers)

    def forget(self) -> None:
        """Let the next look be a new one: something was written."""
        self._seen = None


def reject_empty_listing(existing: Existing, ledger: Ledger) -> None:
    """Raise ListingShort for an account that lists nothing, or too little, of what there was."""
    if (ledger.pages or ledger.bindings) and not (existing.refs or existing.nameless_pages):
        raise ListingShort("the account lists no page at all, and there were some; if that is right: apply --force")
    if missing := shortfall(existing, ledger):
        raise ListingShort(
            f"the account lists fewer pages than there were on {missing.short} of {missing.known} beacons; "
            "if that is right: apply --force"
        )


async def hold_of(book: LedgerStore, ledger: Ledger, store: Store) -> Hold | None:
    """Return the ledger's hold; one of an older version, which held everything, as what the last run took back."""
    hold = ledger.hold
    if hold and not hold.things:
        return taken_over(hold, done_by(await book.last_run()), store)
    return hold
