"""What reports are made of: read from the gateway's state folder, beside the process that writes there."""

from collections.abc import Callable
from typing import Final

from beacon_gateway.adapters.database.ledger import ledger
from beacon_gateway.adapters.database.log.hit_log import FILE, HitLogFile
from beacon_gateway.core.bindings.history.audit import AuditLine
from beacon_gateway.core.bindings.target import Ledger
from beacon_gateway.core.log.tallies import Tallies
from beacon_gateway.core.model.settings import Settings
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.report.campaign import window
from beacon_gateway.core.report.report import Material
from beacon_gateway.core.report.report_request import ReportRequest
from beacon_gateway.core.report.span import Span
from beacon_gateway.core.report.titles import page_titles

MAX_AUDIT_LINES: Final = 20_000
"""Of the audit log: two for each change."""


class ReportMaterial:
    """Of one gateway. Each time it opens its own connections: the writer of the log does not wait for a report."""

    def __init__(
        self,
        settings: Settings,
        store: Callable[[], Store | None],
        *,
        trouble: Callable[[OSError], None],
        beacons: bool = True,
    ) -> None:
        """`store` gives the files if they are sound. `trouble` is told of a ledger that cannot be read.

        Without `beacons` only floors are told of, but for a campaign, which is compared beacon by beacon.
        """
        self._settings, self._store, self._trouble, self._beacons = settings, store, trouble, beacons

    async def material(self, asked: ReportRequest) -> Material:
        """Read what is asked for. Raises OSError where the log cannot be read."""
        tallies = around = Tallies((), (), (), (), (), (), 0)
        if (self._settings.state / FILE).exists():
            async with HitLogFile(self._settings.state, read_only=True) as log:
                tallies = await _tallies(log, asked.span, beacons=self._beacons)
                around = await _tallies(log, window(asked.campaign)) if asked.campaign else around
        known, audit = await self._ledger(asked)
        store = self._store()
        return Material(
            tallies, around if asked.campaign else None, self._settings, store, page_titles(known, store), audit
        )

    async def _ledger(self, asked: ReportRequest) -> tuple[Ledger, list[AuditLine]]:
        """Read what was bound, and what was changed around a campaign. Without a ledger there are fewer names."""
        if (self._settings.state / ledger.FILE).exists():
            try:
                async with ledger.LedgerFile(self._settings.state, read_only=True) as book:
                    since = window(asked.campaign).begin if asked.campaign else None
                    audit = await book.audit(since=since, limit=MAX_AUDIT_LINES) if since else []
                    return await book.read(), audit
            except OSError as error:
                self._trouble(error)
        return Ledger(), []


async def _tallies(log: HitLogFile, span: Span, *, beacons: bool = True) -> Tallies:
    return await log.tallies(span.begin, span.end, span.zone, beacons=beacons)
