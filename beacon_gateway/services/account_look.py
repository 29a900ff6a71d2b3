"""The target as it was read last: read anew for a pass, and shared by several looks at plans."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from beacon_gateway.core.target import Existing, Ledger, TryLater
from beacon_gateway.services.sync_ports import Target, WallClock


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
