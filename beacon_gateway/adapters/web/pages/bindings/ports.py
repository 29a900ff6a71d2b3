"""What the pages of bindings ask of the gateway."""

from asyncio import to_thread
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from beacon_gateway.adapters.web.pages.bindings.visible_edits import Ask
from beacon_gateway.core.bindings.history.audit import AuditLine
from beacon_gateway.core.files.editing import (
    EarlierText,
    EditRequest,
    JobState,
    StoreFile,
    SyncSnapshot,
)
from beacon_gateway.core.model.brake import Brake
from beacon_gateway.core.model.problems import Problem


class EditService(Protocol):
    """Checks, plans, applies and undoes on request."""

    async def check(self, order: EditRequest) -> JobState: ...

    def begin(self, order: EditRequest) -> JobState | None:
        """Begin, or wait for what was begun before; None if too much waits."""

    async def wait(self, ident: str, seconds: float) -> JobState | None: ...

    def work(self, ident: str) -> JobState | None: ...

    def standing(self) -> SyncSnapshot: ...


class EditorFiles(Protocol):
    """Asked in a thread, since a folder on the network may hang. Nothing raises."""

    def troubles(self) -> Sequence[Problem]:
        """Return what of the folder cannot be listed now."""

    def names(self) -> Sequence[str]: ...

    def find(self, name: str) -> StoreFile | None: ...

    def earlier(self, name: str) -> Sequence[EarlierText]: ...

    def earlier_text(self, name: str, ident: str) -> EarlierText | None: ...


@dataclass(frozen=True, slots=True)
class EditorDependencies:
    """What the pages of bindings are made from."""

    editing: EditService
    files: EditorFiles
    utc: Callable[[], datetime]
    brake: Brake
    audit: Callable[[], Awaitable[Sequence[AuditLine]]] | None = None
    """Return the newest lines, oldest first; raises OSError. None without an account."""
    ask: Ask = to_thread
    """Run a look at the files, in a thread."""
