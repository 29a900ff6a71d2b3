"""What one gateway has written down, read beside it, each time through a connection of its own.

The writer of the log does not wait for readers: a look at all of it takes seconds on a Pi.
"""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.database.ledger import ledger
from beacon_gateway.adapters.database.log.hit_log import FILE, HitLogFile
from beacon_gateway.adapters.files.check import check
from beacon_gateway.core.bindings.history.audit import AuditLine
from beacon_gateway.core.log.event import Event
from beacon_gateway.core.log.log_filter import LogFilter
from beacon_gateway.core.log.logged import LoggedHit
from beacon_gateway.core.model.problems import Problem
from beacon_gateway.core.model.settings import Settings
from beacon_gateway.core.model.store import Store

FILES_CHECK_TIMEOUT_S: Final = 15.0
Checked = tuple[Path, Settings | None, Store, list[Problem]]


class GatewayRecords:
    """Every method raises OSError if that cannot be read now; what was never written is empty."""

    def __init__(self, state: Path) -> None:
        """`state` is the gateway's state folder."""
        self._state = state

    async def hits(self, wanted: LogFilter) -> list[LoggedHit]:
        """Return the newest hits that match, oldest first."""
        if not (self._state / FILE).exists():
            return []
        async with HitLogFile(self._state, read_only=True) as log:
            return await log.find(wanted)

    async def events(self, wanted: LogFilter) -> list[Event]:
        """Return the newest events that match, oldest first."""
        if not (self._state / FILE).exists():
            return []
        async with HitLogFile(self._state, read_only=True) as log:
            return await log.events(wanted)

    async def audit(self, since: datetime | None, limit: int) -> list[AuditLine]:
        """Return the newest lines since then (aware), oldest first."""
        if not (self._state / ledger.FILE).exists():
            return []
        async with ledger.LedgerFile(self._state, read_only=True) as book:
            return await book.audit(since=since, limit=limit)


class FilesToCheck:
    """The files of people, as `check` looks at them."""

    def __init__(self, path: Path, *, timeout_s: float = FILES_CHECK_TIMEOUT_S) -> None:
        """`path` is gateway.yaml, or the store's folder."""
        self._path, self._timeout_s = path, timeout_s
        self._looking: asyncio.Future[Checked] | None = None

    async def problems(self) -> list[Problem]:
        """Return every problem of every file as it is now. Raises OSError."""
        looking = self._looking
        if looking is None or looking.done():
            looking = self._looking = asyncio.ensure_future(asyncio.to_thread(check, self._path))
        done, _ = await asyncio.wait({looking}, timeout=self._timeout_s)
        if not done:  # a share hangs: the next one who asks waits for the same look
            raise TimeoutError(f"{self._path.parent} does not answer")
        self._looking = None
        return looking.result()[3]
