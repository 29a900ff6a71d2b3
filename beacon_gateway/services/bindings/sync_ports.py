"""What a sync needs from outside: a target, a ledger, a clock."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from beacon_gateway.core.bindings.history.audit import AuditLine, LedgerEntry
from beacon_gateway.core.bindings.target import (
    Existing,
    ExistingPage,
    Hold,
    Ledger,
    LedgerUnusable,
    PageRef,
    ReadBack,
    TargetError,
)
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import OwnPage


class Target(Protocol):
    """Where bindings live. Every method raises `TargetError`, and nothing else, when the target does not do it."""

    async def read(self) -> Existing:
        """Read all pages and the bindings of all beacons."""

    async def read_back(self, beacons: Sequence[BeaconKey], pages: Sequence[PageRef]) -> ReadBack:
        """Read only these. Raises what concerns all of them; the trouble of one is `unread`."""

    async def make_page(self, page: OwnPage) -> PageRef: ...

    async def edit_page(self, ref: PageRef, page: OwnPage) -> None: ...

    async def restore_page(self, ref: PageRef, page: ExistingPage) -> None:
        """Make a page what it was when it was read once."""

    async def delete_page(self, ref: PageRef) -> None:
        """Delete a page that nothing shows."""

    async def bind(self, beacon: BeaconKey, pages: Iterable[PageRef]) -> None:
        """Make a beacon's pages exactly these."""


class LedgerStore(Protocol):
    """Durable memory of what this gateway did. Each method returns when it is on the card; raises OSError."""

    def writing(self) -> AbstractAsyncContextManager[None]:
        """Hold the right to write to the target; one process at a time."""

    def mark_seen(self) -> None:
        """Take what others noted so far as seen."""

    def another_wrote(self) -> bool:
        """Return whether another process noted something since `mark_seen`; cheap."""

    async def read(self) -> Ledger: ...

    async def record(self, entry: LedgerEntry) -> None:
        """Write all of it or nothing."""

    async def put_hold(self, hold: Hold | None) -> None: ...

    async def put_edit_due(self, *, due: bool) -> None:
        """Note that the files were edited and not carried out yet, or that they were."""

    async def begin_run(self, revision: str) -> int:
        """Return the number of a new run, or of the last one if it has the same revision and did not end."""

    async def end_run(self, number: int) -> None: ...

    async def last_run(self) -> tuple[AuditLine, ...]:
        """Return the lines of the last run that changed something; none if there was none."""


def as_target_error(error: TargetError | OSError) -> TargetError:
    """Return what a ledger that cannot be used is to a sync: something to try later."""
    return error if isinstance(error, TargetError) else LedgerUnusable(str(error))
