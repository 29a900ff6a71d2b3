"""The file with the accounts of the web pages: `web-accounts`, beside gateway.yaml."""

import asyncio
import errno
import fcntl
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from beacon_gateway.adapters.files.reading import NotRegular, read_limited
from beacon_gateway.core.access.web_accounts import NO_ACCOUNTS, WebAccounts, read_accounts, unusable
from beacon_gateway.core.files.unreadable import UnreadableCause, cause_of
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.status import WebAccountsStatus
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.core.text.encodings import is_utf_16

FILE: Final = "web-accounts"
MAX_ACCOUNTS_FILE_BYTES: Final = 64 << 10
RELOAD_AFTER_S: Final = 3.0
"""Seconds for which a look at the file is good: a person who was removed is gone after so long."""
ACCOUNTS_TIMEOUT_S: Final = 2.0
"""For one look: the file may be on a share."""
ACCOUNTS_VALID_S: Final = 60.0
"""What was read last is good for so long after the last answer; then nobody comes in until there is another."""
ACCOUNTS_FILE_MODE: Final = 0o640
"""The service reads it by its group; nobody else does."""


_GONE: Final = unusable("web-accounts.gone")
_NO_ANSWER: Final = unusable("web-accounts.no-answer")


class WebAccountsFile:
    """Of one gateway. Once something lies under the file's name, nobody comes in who is not in it."""

    def __init__(
        self,
        config: Path,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        needed: bool = True,
        deadline_s: float = ACCOUNTS_TIMEOUT_S,
    ) -> None:
        """`config` is gateway.yaml; accounts are `needed` where others could come in without."""
        self.path = config.parent / FILE
        self._monotonic, self._deadline_s = monotonic, deadline_s
        self.needed = needed
        """Whether people log in. That never ends while the process runs: a file that goes away opens nothing."""
        self._accounts = NO_ACCOUNTS
        self._stamp: object = None
        self._looking: asyncio.Task[None] | None = None
        self._looked: float | None = None
        """When the last look ended."""
        self.is_late = False
        """Whether the look that is under way takes longer than it may."""
        self._log = structlog.get_logger("web")

    def read(self) -> WebAccounts:
        """Read it now. Never raises: what cannot be read is a fault of line 0; a file that is not there has none."""
        for _ in range(2):
            try:
                return read_accounts(self._text())
            except FileNotFoundError:
                if not os.path.lexists(self.path):
                    return NO_ACCOUNTS
            except OSError as error:
                return unusable(_phrase(error))
        return unusable("web-accounts.dangling")  # twice: it may have been written just then

    @property
    def known(self) -> WebAccounts:
        """Return what the last looks showed."""
        if self.is_late and (self._looked is None or self._monotonic() - self._looked >= ACCOUNTS_VALID_S):
            return _NO_ANSWER
        return _GONE if self.needed and self._accounts is NO_ACCOUNTS else self._accounts

    async def now(self) -> WebAccounts:
        """Return the accounts as the file has them, or had them some seconds ago."""
        if self._looking is None and (self._looked is None or self._monotonic() - self._looked >= RELOAD_AFTER_S):
            self._looking = asyncio.create_task(self._look_aside(), name="web accounts")
        looking = self._looking
        if looking and not self.is_late:  # one waits for a file that hangs, and all others go on
            await asyncio.wait({looking}, timeout=self._deadline_s)
            if looking.done():
                looking.result()
            else:
                self.is_late = True
                self._log.warning("web.accounts_slow", seconds=self._deadline_s)
        if self.known is not NO_ACCOUNTS:
            self.needed = True
        return self.known

    async def until_needed(self) -> None:
        """Look until the file appears; for ever, where people log in already."""
        was_needed = self.needed
        while self.needed == was_needed:
            await asyncio.sleep(RELOAD_AFTER_S - asyncio.get_running_loop().time() % RELOAD_AFTER_S)
            await self.now()

    def status(self) -> WebAccountsStatus | None:
        """Return how the accounts stand; None where no visitor needs one."""
        if not self.needed:
            return None
        known = self.known
        first = next(iter(known.faults), None)
        return WebAccountsStatus(
            path=str(self.path),
            accounts=len(known.by_key),
            faults=len(known.faults),
            fault=first.phrase if first else "",
            line=first.number if first else 0,
        )

    def change(self, edit: Callable[[str], str], group_of: Path) -> None:
        """Write what `edit` makes of its text, as a whole or not at all. Raises OSError.

        Where root writes, it is readable for the group of the folder `group_of`, which is the service's.
        """
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)  # two who change it at once do it one after the other
            text = ""
            with suppress(FileNotFoundError):
                text = self._text()
            content = edit(text).encode("utf-8", "surrogateescape")
            if len(content) > MAX_ACCOUNTS_FILE_BYTES:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
            self._replace(content, group_of)
            os.fsync(folder)
        finally:
            os.close(folder)

    def _replace(self, content: bytes, group_of: Path) -> None:
        fresh = self.path.with_name(f".{FILE}.new")
        fresh.unlink(missing_ok=True)
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                if os.geteuid() == 0:
                    with suppress(FileNotFoundError):  # the daemon has not run yet; doctor tells if it cannot read
                        os.fchown(file.fileno(), 0, group_of.stat().st_gid)
                os.fchmod(file.fileno(), ACCOUNTS_FILE_MODE)
                os.fsync(file.fileno())
            fresh.replace(self.path)
        finally:
            fresh.unlink(missing_ok=True)

    def _text(self) -> str:
        """Read its text, each byte kept. Raises OSError."""
        content, _ = read_limited(self.path, MAX_ACCOUNTS_FILE_BYTES)
        if len(content) > MAX_ACCOUNTS_FILE_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        if is_utf_16(content):
            raise OSError(errno.EILSEQ, "UTF-16, not UTF-8")
        return content.decode("utf-8", "surrogateescape")

    async def _look_aside(self) -> None:
        """Look in a thread: how long that takes is not known."""
        try:
            await asyncio.to_thread(self._look)
        finally:
            self._looking, self._looked, self.is_late = None, self._monotonic(), False

    def _look(self) -> None:
        stamp = _stamp(self.path)
        may_pass = any(fault.number == 0 for fault in self._accounts.faults)  # as an error of a card or a share does
        if stamp == self._stamp and not may_pass:
            return
        before, self._accounts, self._stamp = self._accounts, self.read(), stamp
        is_same_fault = may_pass and self._accounts.faults == before.faults
        if is_same_fault or self._accounts is before:  # as ill as before, or not there as before
            return
        self._log.info("web.accounts_read", accounts=len(self._accounts.by_key))
        for fault in self._accounts.faults:
            reason = say(fault.phrase_in_full, Language.ENGLISH, **fault.details)
            self._log.warning("web.account_faulty", line=fault.number, reason=reason)


def _stamp(path: Path) -> object:
    """Return what changes when the file does, or what stands under its name."""
    stamps: list[object] = []
    for look in (path.lstat, path.stat):
        try:
            found = look()
            stamps.append((found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns))
        except OSError as error:
            stamps.append(error.errno)
    return tuple(stamps)


def _phrase(error: OSError) -> str:
    """Return the phrase that says why the file cannot be used."""
    if error.errno == errno.EFBIG:
        return "web-accounts.too-big"
    if error.errno == errno.EILSEQ:
        return "web-accounts.utf-16"
    cause = UnreadableCause.NOT_REGULAR if isinstance(error, NotRegular) else cause_of(error.errno)
    return f"web-accounts.{cause}" if cause in _SAID else "web-accounts.unreadable"


_SAID: Final = frozenset(
    {
        UnreadableCause.NOT_REGULAR,
        UnreadableCause.PERMISSION,
        UnreadableCause.AWAY,
        UnreadableCause.BROKEN,
        UnreadableCause.LOOP,
    }
)
