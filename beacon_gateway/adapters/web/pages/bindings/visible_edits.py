"""What one visitor is shown of orders, earlier texts and history on the pages of bindings.

The pages ask here and nowhere else: an address with the number of an order or of an earlier text may be anybody's.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from beacon_gateway.core.bindings.history.audit import AuditLine
from beacon_gateway.core.files.editing import LAST_RUN, EarlierText, JobState, StoreFile, may_edit, may_see
from beacon_gateway.core.model.visitor import Visitor


class JobLookup(Protocol):
    def work(self, ident: str) -> JobState | None:
        """Return how far an order is; None if it is not known."""


class EarlierTexts(Protocol):
    """Asked in a thread. Nothing raises."""

    def earlier(self, name: str) -> Sequence[EarlierText]: ...

    def earlier_text(self, name: str, ident: str) -> EarlierText | None: ...


Ask = Callable[..., Awaitable[Any]]
"""Calls something in a thread; raises TimeoutError where that takes too long."""
History = Callable[[], Awaitable[Sequence[AuditLine]]]


class VisibleEdits:
    def __init__(
        self, visitor: Visitor, orders: JobLookup, texts: EarlierTexts, audit: History | None, ask: Ask
    ) -> None:
        self._visitor, self._orders, self._texts, self._audit = visitor, orders, texts, audit
        self._ask = ask

    def work(self, ident: str, file: StoreFile | None = None) -> JobState | None:
        """Return an order about this file, or about the last run; None if there is none that may be seen."""
        work = self._orders.work(ident)
        name = file.name if file else LAST_RUN
        return work if work and work.request.file == name and may_see(self._visitor, work.request, file) else None

    async def earlier(self, file: StoreFile) -> Sequence[EarlierText]:
        """Return who replaced which texts of a file when."""
        found: Sequence[EarlierText] = ()
        if self._visitor.may_read_audit:
            found = await self._ask(self._texts.earlier, file.name)
        return found

    async def earlier_text(self, file: StoreFile, ident: str) -> EarlierText | None:
        """Return a text that was replaced; None if there is none that may be put back by this visitor."""
        found: EarlierText | None = None
        if may_edit(self._visitor, file):
            found = await self._ask(self._texts.earlier_text, file.name, ident)
        return found

    @property
    def names_colleagues(self) -> bool:
        """Whether pages name who changed what, and why."""
        return self._visitor.may_read_audit

    @property
    def audit(self) -> History | None:
        """Return what reads the newest lines, oldest first, or raises OSError; None where there are none to be seen."""
        return self._audit if self._visitor.may_read_audit else None
