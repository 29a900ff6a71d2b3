"""What one gateway has written down, read beside it, each time through a connection of its own.

Whoever writes the log does not wait for whoever reads: a look at all of it takes seconds on a Pi.
"""

import asyncio
from datetime import datetime
from pathlib import Path

from beacon_gateway.adapters.database import ledger
from beacon_gateway.adapters.database.hit_log import FILE, HitLogFile
from beacon_gateway.adapters.files.check import check
from beacon_gateway.core.audit import AuditLine
from beacon_gateway.core.log.event import Event
from beacon_gateway.core.log.logged import LoggedHit
from beacon_gateway.core.log.wanted import Wanted
from beacon_gateway.core.problems import Problem


class GatewayRecords:
    """Every method raises OSError if that cannot be read now; what was never written is empty."""

    def __init__(self, state: Path) -> None:
        """`state` is the gateway's state folder."""
        self._state = state

    async def hits(self, wanted: Wanted) -> list[LoggedHit]:
        """Give the newest hits that match, oldest first."""
        if not (self._state / FILE).exists():
            return []
        async with HitLogFile(self._state, read_only=True) as log:
            return await log.find(wanted)

    async def events(self, wanted: Wanted) -> list[Event]:
        """Give the newest events that match, oldest first."""
        if not (self._state / FILE).exists():
            return []
        async with HitLogFile(self._state, read_only=True) as log:
            return await log.events(wanted)

    async def audit(self, since: datetime | None, limit: int) -> list[AuditLine]:
        """Give the newest lines since then (aware), oldest first."""
        if not (self._state / ledger.FILE).exists():
            return []
        async with ledger.LedgerFile(self._state, read_only=True) as book:
            return await book.audit(since=since, limit=limit)


class FilesToCheck:
    """The files of people, as `check` looks at them."""

    def __init__(self, path: Path) -> None:
        """`path` is gateway.yaml, or the store's folder."""
        self._path = path

    async def problems(self) -> list[Problem]:
        """Give every problem of every file as it is now. Raises OSError."""
        return (await asyncio.to_thread(check, self._path))[3]
