"""Writes into the ledger what a run does, each change with its line in the audit log."""

from datetime import datetime

from beacon_gateway.core.bindings.history.audit import AuditCause, AuditLine, Image, LedgerEntry
from beacon_gateway.core.bindings.plan import Change, DeletePage, EditPage, MakePage, Rebind, RestorePage
from beacon_gateway.core.model.clocks import WallClock
from beacon_gateway.services.bindings.sync_ports import LedgerStore


class LedgerWriter:
    """The lines of one plan have its digest, the files' revision and the run's number."""

    def __init__(
        self, ledger: LedgerStore, clock: WallClock, cause: AuditCause, *, plan: str, revision: str, run: int
    ) -> None:
        self._ledger, self._clock, self._cause = ledger, clock, cause
        self._plan, self._revision, self._run = plan, revision, run

    def now(self) -> datetime:
        return self._clock.utc()

    async def record(self, entry: LedgerEntry) -> None:
        """Write all of it or nothing. Raises OSError."""
        await self._ledger.record(entry)

    def line(self, change: Change, outcome: str, image: Image | None = None) -> AuditLine:
        now = self._clock.utc()
        return AuditLine(now, self._cause, self._plan, self._revision, self._run, name_of(change), outcome, image)


def name_of(change: Change) -> str:
    """Name a change for logs and the audit."""
    match change:
        case MakePage(page):
            return f"make page {page.slug}"
        case EditPage(page, ref, _):
            return f"edit page {page.slug} ({ref})"
        case RestorePage(slug, ref):
            return f"restore page {slug} ({ref})"
        case DeletePage(ref, before):
            return f"delete page {ref} ({before.title})"
        case Rebind():
            shown = [*change.pages, *sorted(change.restores)]
            gone = "" if change.beacon or not change.was else f" ({change.was.name}, floor {change.was.floor})"
            return f"bind {change.key}{gone} to {', '.join(shown) or 'nothing'}"
