"""The lock of a state folder: two daemons on one log and one ledger would each undo what the other does.

The kernel's lock (flock) on the folder itself is what counts: it needs no file that somebody could delete, and ends
with its process, however that ends. Beside it stands a file that says who has it, for people; it may be old.
"""

import asyncio
import fcntl
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

FILE: Final = "daemon.json"
MAX_LOCK_BYTES: Final = 4096
RETRY_AFTER_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class LockHolder:
    """Who has the lock, by its own words; "", 0 and None where there are none."""

    pid: int = 0
    gateway: str = ""
    since: datetime | None = None
    """Aware."""


class StateInUse(Exception):  # noqa: N818 - a state of the folder, reported to the operator
    """Another daemon works on this state folder."""

    def __init__(self, folder: Path, holder: LockHolder) -> None:
        super().__init__(f"{folder} is in use by process {holder.pid}")
        self.folder, self.holder = folder, holder


class StateLock:
    """Of one folder. Use as a context manager, which lets it go; `take` takes it."""

    def __init__(self, folder: Path, gateway: str, utc: Callable[[], datetime]) -> None:
        self._folder, self._gateway, self._utc = folder, gateway, utc
        self._descriptor: int | None = None
        self.is_writable = False
        """The folder could be written to when the lock was taken."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @property
    def is_held(self) -> bool:
        return self._descriptor is not None

    async def keep(self) -> None:
        """Hold it until cancelled; where it could not be taken, try again each minute. Raises StateInUse."""
        while not self.is_held:
            await asyncio.sleep(RETRY_AFTER_S)
            with suppress(OSError):  # the log says why it cannot be written
                await asyncio.to_thread(self.take)
        await asyncio.Event().wait()

    def check(self) -> None:
        """Raise StateInUse where another daemon has it. Nothing is made, and what cannot be looked at is no reason."""
        with suppress(OSError):
            descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StateInUse(self._folder, self._holder()) from None
            finally:
                os.close(descriptor)

    def take(self) -> None:
        """Take it, and write down who has it. Raises StateInUse; OSError where the folder cannot be used."""
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise StateInUse(self._folder, self._holder()) from None
        except BaseException:  # whatever it is, the descriptor has no owner yet
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        with suppress(OSError):  # a full card, a folder of somebody else's: it is locked all the same
            self._sign()
            self.is_writable = True

    def _sign(self) -> None:
        words = {"pid": os.getpid(), "gateway": self._gateway, "since": self._utc().isoformat(timespec="seconds")}
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with open(os.open(self._folder / FILE, flags, 0o644), "wb") as file:  # noqa: PTH123 - a descriptor
            file.write(json.dumps(words, ensure_ascii=False).encode("utf-8", "replace"))
            if os.geteuid() == 0:  # what root makes there, the service must be able to replace
                owner = self._folder.stat()
                os.fchown(file.fileno(), owner.st_uid, owner.st_gid)

    def _holder(self) -> LockHolder:
        """Read who has it, whatever the file holds."""
        try:
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            with open(os.open(self._folder / FILE, flags), "rb") as file:  # noqa: PTH123 - a descriptor
                words = json.loads(file.read(MAX_LOCK_BYTES) or b"")
            since = datetime.fromisoformat(words["since"])
            return LockHolder(int(words["pid"]), str(words["gateway"]), since if since.tzinfo else None)
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return LockHolder()
