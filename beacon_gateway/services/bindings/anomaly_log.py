"""Logs, once each, what a pass finds that this gateway did not do: drift at the target, beacons gone from the files."""

from collections.abc import Iterable, Mapping

import structlog

from beacon_gateway.core.bindings.drift import SOMEBODYS, Drift
from beacon_gateway.core.bindings.history.audit import WITHHELD, AuditCause, AuditLine, LedgerEntry
from beacon_gateway.core.bindings.history.runs import NO_RUN
from beacon_gateway.core.bindings.plan import Plan
from beacon_gateway.core.bindings.target import Ledger
from beacon_gateway.core.bindings.vanished import newly_declared
from beacon_gateway.core.model.clocks import UtcClock
from beacon_gateway.core.model.store import Store
from beacon_gateway.services.bindings.sync_ports import LedgerStore


class AnomalyLog:
    """Of one target, over all passes."""

    def __init__(self, ledger: LedgerStore, clock: UtcClock) -> None:
        self._ledger, self._clock = ledger, clock
        self._drift: frozenset[Drift] = frozenset()
        self._vanished: Mapping[str, tuple[str, ...]] = {}
        """Beacons that vanished from the files as the last pass found them, by floor."""
        self._log = structlog.get_logger("sync").bind(target="shakearound")

    def note_drift(self, drift: Iterable[Drift]) -> None:
        """Log what somebody else changed since the last pass."""
        found = [item for item in drift if item.kind in SOMEBODYS]
        for item in found:
            if item not in self._drift:
                subject = str(item.key) if item.key else item.page
                self._log.warning("sync.drift", kind=item.kind.value, subject=subject, now=sorted(item.now))
        self._drift = frozenset(found)

    async def note_absence(self, store: Store, ledger: Ledger, plan: Plan, cause: AuditCause, *, write: bool) -> None:
        """Remember where beacons are declared; log, for people in the audit too, what vanished from the files."""
        floors = plan.vanished_by_floor()
        lines: list[AuditLine] = []
        for floor, names in floors.items():
            if self._vanished.get(floor) != names:
                self._log.warning("sync.vanished", floor=floor, beacons=names, plan=plan.digest)
                change = f"unbind {len(names)} beacons of floor {floor or 'unknown'}: {', '.join(names)}"
                lines.append(AuditLine(self._clock.utc(), cause, plan.digest, store.revision, NO_RUN, change, WITHHELD))
        keys = frozenset(item.key for item in plan.vanished)
        entry = LedgerEntry(
            tuple(lines), declared=newly_declared(store, ledger), vanished=None if keys == ledger.vanished else keys
        )
        if write and entry:
            await self._ledger.record(entry)
        self._vanished = floors  # not before: a line that could not be written is to be written by the next pass
