"""The target as it was read last: read anew for a pass, and shared by several looks at plans."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from beacon_gateway.core.hold import taken_over
from beacon_gateway.core.store import Store
from beacon_gateway.core.target import Existing, Hold, Ledger, TryLater
from beacon_gateway.core.undo import done_by
from beacon_gateway.services.sync_ports import LedgerBook, Target, WallClock


@dataclass(frozen=True, slots=True)
class Seen:
    existing: Existing
    read_at: float
    """In the event loop's time: when the reading began."""
    at: datetime
    """The same as people say it; aware UTC."""


class AccountLook:
    def __init__(self, target: Target, clock: WallClock) -> None:
        self._target, self._clock = target, clock
        self._seen: Seen | None = None

    async def look(self, within: float = 0.0) -> Seen:
        """Read, or give what was read `within` so many seconds. Raises TargetError."""
        now = asyncio.get_running_loop().time()
        if self._seen is None or now - self._seen.read_at >= within:
            at = self._clock.utc()
            self._seen = Seen(await self._target.read(), now, at)
        return self._seen

    def forget(self) -> None:
        """Let the next look be a new one: something was written."""
        self._seen = None


def believe(existing: Existing, ledger: Ledger) -> None:
    """Raise TryLater for an account that lists nothing where there was something."""
    if (ledger.pages or ledger.bindings) and not existing.pages:
        raise TryLater("the account lists no page at all, and there were some; if that is right: apply --force")


async def hold_of(book: LedgerBook, ledger: Ledger, store: Store) -> Hold | None:
    """Return the ledger's hold; one of an older version, which held everything, as what the last run took back."""
    hold = ledger.hold
    if hold and not hold.things:
        return taken_over(hold, done_by(await book.last_run()), store)
    return hold
