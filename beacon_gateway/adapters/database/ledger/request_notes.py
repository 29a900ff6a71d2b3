"""Requests for new beacons, noted in the ledger before they are sent: none can be taken back."""

import sqlite3
from datetime import datetime

from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.core.wechat.application import BeaconRequest, NotedRequest


class RequestNotes:
    """The notes in one ledger. Every method returns when it is on the card; raises OSError, and NeedsOperator where the
    ledger is of another account.
    """

    def __init__(self, ledger: LedgerFile) -> None:
        self._ledger = ledger

    async def unfinished(self) -> NotedRequest | None:
        """Return the newest request whose end was not reported; None where there is none."""
        return await self._ledger.run(_unfinished)

    async def begin(self, request: BeaconRequest, newest: int, at: datetime) -> int:
        """Note a request that is sent next; return the number of the note."""
        row = (at.isoformat(), request.quantity, request.reason, request.comment, newest)

        def insert(db: sqlite3.Connection) -> int:
            self._ledger.claim(db)
            insertion = db.execute(
                "INSERT INTO application (at, quantity, reason, comment, newest) VALUES (?, ?, ?, ?, ?)", row
            )
            return int(insertion.lastrowid or 0)

        return await self._ledger.run(insert)

    async def answered(self, note: int, number: int) -> None:
        """Note the account's number for a request."""
        await self._change("UPDATE application SET number = ? WHERE id = ?", number, note)

    async def end(self, note: int, outcome: str) -> None:
        """Note what became of a request, and that nothing can come any more of those before it."""
        await self._change("UPDATE application SET outcome = ? WHERE outcome = '' AND id <= ?", outcome, note)

    async def drop(self, note: int) -> None:
        """Forget a request that the account did not take."""
        await self._change("DELETE FROM application WHERE id = ?", note)

    async def _change(self, statement: str, *values: str | int) -> None:
        await self._ledger.run(lambda db: db.execute(statement, values).close())


def _unfinished(db: sqlite3.Connection) -> NotedRequest | None:
    row = db.execute(
        "SELECT id, at, quantity, reason, comment, newest, number FROM application WHERE outcome = '' "
        "ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    note, at, quantity, reason, comment, newest, number = row
    return NotedRequest(note, datetime.fromisoformat(at), BeaconRequest(quantity, reason, comment), newest, number)
