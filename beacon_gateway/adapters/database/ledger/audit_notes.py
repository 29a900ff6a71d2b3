"""Lines for the audit log from parts that have nothing to do with the target. Opened for each, since that is once a
day.
"""

from pathlib import Path
from typing import Final

from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.core.bindings.history.audit import AuditLine, LedgerEntry

MAX_LINES_COMPARED: Final = 1_000
"""Lines since the moment of the one to be added; there are a few."""


class AuditNotes:
    """The audit log in the gateway's state folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def note(self, line: AuditLine) -> None:
        """Add a line, unless it is there: a commit that failed may have been written. Raises OSError."""
        async with LedgerFile(self._folder) as ledger:
            if line in await ledger.audit(since=line.at, limit=MAX_LINES_COMPARED):
                return
            await ledger.record(LedgerEntry(lines=(line,)))
