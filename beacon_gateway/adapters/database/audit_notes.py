"""Lines for the audit log from whoever has nothing to do with the target. Opened for each, since that is once a day."""

from pathlib import Path

from beacon_gateway.adapters.database.ledger import LedgerFile
from beacon_gateway.core.audit import AuditLine, Entry


class AuditNotes:
    """The audit log in the gateway's state folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def note(self, line: AuditLine) -> None:
        """Add a line. Raises OSError."""
        async with LedgerFile(self._folder) as ledger:
            await ledger.record(Entry(lines=(line,)))
