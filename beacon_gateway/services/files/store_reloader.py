"""Carries the store's files to those who work by them, whenever they change; a bad edit changes nothing.

The folder may be a share whose server is gone: every look at it runs in a thread of its own, one at a time, and nothing
waits for it but the next look.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Protocol

import structlog

from beacon_gateway.core.files.unreadable import may_pass
from beacon_gateway.core.model.problems import Problem, Severity, SourcePosition, is_sound
from beacon_gateway.core.model.store import Store
from beacon_gateway.services.own_thread import in_own_thread

POLL_S: Final = 3.0
"""How often the files' stamps are looked at. Polled, because folders shared over a network send no notifications."""
SETTLE_AFTER_S: Final = 0.5
"""How long they must stay as they are: an editor or a copy has then finished writing."""
FIRST_READ_TIMEOUT_S: Final = 5.0
"""How long a start waits for the files. A thousand beacons with their icons take a small Pi two seconds."""
SLOW_FOLDER_S: Final = 15.0
"""A folder that takes longer for one look is said not to answer."""
REREAD_AFTER_S: Final = 30.0
"""How soon files that could not be read, or not be copied, are read again though they seem not to have changed."""
COPY_TIMEOUT_S: Final = 10.0
"""How long new files wait for their copy to be on the card before they are put in force without it."""
MAX_READINGS: Final = 3
"""In one go, of files that somebody changes while they are read."""


class StoreSource(Protocol):
    def stamp(self) -> Hashable:
        """Return what changes when any file is written, replaced, renamed or removed; cheap."""

    def read(self) -> tuple[Store, list[Problem]]: ...


class LastGoodStore(Protocol):
    """A copy of the files as they were when they were last sound, so that a restart does not need them to be."""

    def read(self) -> tuple[Store, list[Problem]]: ...

    def keep(self) -> None:
        """Keep what was read last, as it was read. Raise OSError."""


class StoreReloader:
    """Keeps the last good store in force."""

    def __init__(
        self,
        source: StoreSource,
        users: Sequence[Callable[[Store], None]],
        last_good: LastGoodStore,
        *,
        shown_as: str = "store/",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`shown_as` is what people call the folder."""
        self._source, self._users, self._last_good = source, users, last_good
        self._shown_as, self._monotonic = shown_as, monotonic
        self._log = structlog.get_logger("files")
        self.store: Store | None = None
        self._problems: list[Problem] = []
        self._stamp: Hashable = None
        self._loading = asyncio.Lock()
        """Held over a load: an older reading that came to its end later would put old files in force."""
        self._first: asyncio.Task[None] | None = None
        """The reading that a start did not wait for."""
        self._looking_since: float | None = None
        """When the look at the folder that is under way began; monotonic."""
        self._now = threading.Event()
        """Set to look without waiting, and to end."""
        self._keeping: asyncio.Task[bool] | None = None
        self._is_kept = True
        """Whether the last good copy is of what is in force, where there is such a copy at all."""

    @property
    def problems(self) -> list[Problem]:
        """Return those of the files as they are now, whichever version is in force."""
        since = self._looking_since
        seconds = 0.0 if since is None else self._monotonic() - since
        if seconds < SLOW_FOLDER_S:
            return self._problems
        return [Problem(SourcePosition(self._shown_as), "folder.slow", {"found": f"{seconds:.0f}"}), *self._problems]

    async def start(self, *, within_seconds: float = FIRST_READ_TIMEOUT_S) -> None:
        """Load; if the folder has not answered by then, put the last good copy in force, and go on reading."""
        self._first = asyncio.create_task(self.load(), name="first reading of the files")
        done, _ = await asyncio.wait({self._first}, timeout=within_seconds)
        if done:
            await self._first
            self._first = None
        elif self.store is None:
            self._log.warning("files.slow", seconds=within_seconds)
            await self._fall_back()

    async def load(self) -> None:
        """Read once, and hand the store on if it is sound and new."""
        async with self._loading:
            await self._load()

    async def _load(self) -> None:
        stamp, store, problems = await in_own_thread(self._read, "files")
        self._stamp, self._problems = stamp, problems
        if not is_sound(problems):
            first = next(problem for problem in problems if problem.severity is Severity.ERROR)
            self._log.error("files.faulty", first=str(first.place), code=first.code)
            if self.store is None:
                await self._fall_back()
        else:
            is_new = self.store is None or store.revision != self.store.revision
            if is_new or not self._is_kept:
                self._is_kept = await self._keep()
            if is_new:
                self._put_in_force(store, source="files")

    def _read(self) -> tuple[Hashable, Store, list[Problem]]:
        """Read all files as they are at one moment: what changed meanwhile is read again.

        The stamp first: where that does not come to an end, the last reading has an old stamp, and is not the last.
        """
        with self._looking():
            stamp = self._source.stamp()
            for _ in range(MAX_READINGS):
                store, problems = self._source.read()
                before, stamp = stamp, self._source.stamp()
                if before == stamp:
                    break
            return before, store, problems

    async def _keep(self) -> bool:
        """Copy what was read, before it is in force; return whether the copy is on the card by now."""
        if self._keeping and not self._keeping.done():
            return False  # the card hangs
        self._keeping = asyncio.create_task(self._copy(), name="last good copy")
        done, _ = await asyncio.wait({self._keeping}, timeout=COPY_TIMEOUT_S)
        return bool(done) and self._keeping.result()

    async def _copy(self) -> bool:
        try:
            await in_own_thread(self._last_good.keep, "last good copy")
        except OSError as error:
            self._log.warning("files.not_kept", reason=str(error))
            return False
        return True

    async def _fall_back(self) -> None:
        store, problems = await in_own_thread(self._last_good.read, "last good copy")
        if self.store is None and is_sound(problems):
            self._put_in_force(store, source="last good copy")

    def look_now(self) -> None:
        """Read the files at once, whether or not they seem to have changed."""
        self._now.set()

    async def run(self) -> None:
        """Load again whenever the files have changed and come to rest; until cancelled."""
        first, self._first = self._first, None  # begun anew after a failure, it is not to fail at that again
        if first:
            await first
        try:
            while True:
                await in_own_thread(self._until_changed, "files watch")
                self._now.clear()
                await self.load()
        finally:
            self._now.set()

    def _put_in_force(self, store: Store, source: str) -> None:
        self.store = store
        self._log.info("files.in_force", revision=store.revision, beacons=len(store.beacons), source=source)
        for use in self._users:
            use(store)

    def _until_changed(self) -> None:
        """Return when the stamp is another and has come to rest, or at once if told so.

        Runs in a thread of its own: the event loop sleeps on while nothing changes.
        """
        known = self._stamp
        may_change = may_pass(self._problems) or not self._is_kept
        again_at = self._monotonic() + REREAD_AFTER_S if may_change else None
        while not self._now.wait(POLL_S):
            seen = self._stamp_now()
            if seen != known:
                while not self._now.wait(SETTLE_AFTER_S) and (now := self._stamp_now()) != seen:
                    seen = now
                return
            if again_at is not None and self._monotonic() >= again_at:
                return

    def _stamp_now(self) -> Hashable:
        with self._looking():
            return self._source.stamp()

    @contextmanager
    def _looking(self) -> Iterator[None]:
        self._looking_since = self._monotonic()
        try:
            yield
        finally:
            self._looking_since = None
