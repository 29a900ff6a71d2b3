"""Carries the store's files to those who work by them, whenever they change; a bad edit changes nothing."""

import asyncio
import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Final, Protocol

import structlog

from beacon_gateway.core.problems import Problem, Severity, is_sound
from beacon_gateway.core.store import Store

POLL_SECONDS: Final = 3.0
"""How often the files' stamps are looked at. Polled, because folders shared over a network send no notifications."""
SETTLE_SECONDS: Final = 0.5
"""How long they must stay as they are: an editor or a copy has then finished writing."""


class StoreSource(Protocol):
    def stamp(self) -> Hashable:
        """Give what changes when any file is written, replaced, renamed or removed; cheap."""

    def read(self) -> tuple[Store, list[Problem]]: ...


class LastGood(Protocol):
    """A copy of the files as they were when they were last sound, so that a restart does not need them to be."""

    def read(self) -> tuple[Store, list[Problem]]: ...

    def keep(self) -> None:
        """Copy the files. Raises OSError."""


class Reload:
    """Keeps the last good store in force."""

    def __init__(self, source: StoreSource, users: Sequence[Callable[[Store], None]], last_good: LastGood) -> None:
        self._source, self._users, self._last_good = source, users, last_good
        self._log = structlog.get_logger("files")
        self.store: Store | None = None
        self.problems: list[Problem] = []
        """Of the files as they are now, whichever version is in force."""
        self._stamp: Hashable = None
        self._loading = asyncio.Lock()
        """Held over a load: an older reading that came to its end later would put old files in force."""

    async def load(self) -> None:
        """Read once, and hand the store on if it is sound and new."""
        async with self._loading:
            await self._load()

    async def _load(self) -> None:
        self._stamp = await asyncio.to_thread(self._source.stamp)
        store, self.problems = await asyncio.to_thread(self._source.read)
        if not is_sound(self.problems):
            first = next(problem for problem in self.problems if problem.severity is Severity.ERROR)
            self._log.error("files.faulty", first=str(first.place), code=first.code)
            if self.store is None:
                store, problems = await asyncio.to_thread(self._last_good.read)
                if is_sound(problems):
                    self._put_in_force(store, source="last good copy")
        elif self.store is None or store.revision != self.store.revision:
            self._put_in_force(store, source="files")
            try:
                await asyncio.to_thread(self._last_good.keep)
            except OSError as error:
                self._log.warning("files.not_kept", reason=str(error))

    async def run(self) -> None:
        """Load again whenever the files have changed and come to rest; until cancelled."""
        stop = threading.Event()
        try:
            while True:
                await asyncio.to_thread(_until_changed, self._source.stamp, self._stamp, stop)
                await self.load()
        finally:
            stop.set()

    def _put_in_force(self, store: Store, source: str) -> None:
        self.store = store
        self._log.info("files.in_force", revision=store.revision, beacons=len(store.beacons), source=source)
        for use in self._users:
            use(store)


def _until_changed(stamp: Callable[[], Hashable], known: Hashable, stop: threading.Event) -> None:
    """Return when the stamp is another and has come to rest, or when told to stop.

    Runs in a thread of its own: a folder on the network may hang, and the event loop sleeps on while nothing changes.
    """
    while not stop.wait(POLL_SECONDS):
        seen = stamp()
        if seen != known:
            while not stop.wait(SETTLE_SECONDS) and (now := stamp()) != seen:
                seen = now
            return
