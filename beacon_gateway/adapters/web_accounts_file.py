"""The file with the accounts of the web pages: `web-accounts`, beside gateway.yaml."""

import asyncio
import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from beacon_gateway.core.messages import say
from beacon_gateway.core.settings import Language
from beacon_gateway.core.web_accounts import NO_ACCOUNTS, FaultyLine, WebAccounts, read_accounts

FILE: Final = "web-accounts"
MOST_BYTES: Final = 64 << 10
LOOK_AGAIN: Final = 3.0
"""Seconds for which a look at the file is good: a person who was removed is gone after so long."""
MODE: Final = 0o640
"""The service reads it by its group; nobody else does."""


class WebAccountsFile:
    """Of one gateway."""

    def __init__(self, config: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`config` is gateway.yaml."""
        self.path = config.parent / FILE
        self._monotonic = monotonic
        self._accounts = NO_ACCOUNTS
        self._stamp: object = None
        self._looked: float | None = None
        self._looking = asyncio.Lock()
        self._log = structlog.get_logger("web")

    def read(self) -> WebAccounts:
        """Read it now. Never raises: what cannot be read is a fault of line 0; a file that is not there has none."""
        try:
            return read_accounts(self._text())
        except FileNotFoundError:
            return NO_ACCOUNTS
        except OSError as error:
            large = error.errno == errno.EFBIG
            return WebAccounts({}, (FaultyLine(0, "web-accounts.too-big" if large else "web-accounts.unreadable"),))

    async def now(self) -> WebAccounts:
        """Give the accounts as the file has them, or had them some seconds ago."""
        async with self._looking:
            if self._looked is None or self._monotonic() - self._looked >= LOOK_AGAIN:
                await asyncio.to_thread(self._look)
                self._looked = self._monotonic()
        return self._accounts

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
            if len(content) > MOST_BYTES:
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
                os.fchmod(file.fileno(), MODE)
                os.fsync(file.fileno())
            fresh.replace(self.path)
        finally:
            fresh.unlink(missing_ok=True)

    def _text(self) -> str:
        """Read its text, each byte kept. Raises OSError."""
        # Not blocking: a named pipe would wait for its writer for ever.
        with os.fdopen(os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError(errno.EINVAL, "not a regular file")
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        return content.decode("utf-8", "surrogateescape")

    def _look(self) -> None:
        try:
            found = self.path.stat()
            stamp: object = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        except OSError as error:
            stamp = error.errno
        if stamp == self._stamp:
            return
        self._accounts, self._stamp = self.read(), stamp
        self._log.info("web.accounts_read", accounts=len(self._accounts.by_key))
        for fault in self._accounts.faults:
            self._log.warning("web.account_faulty", line=fault.number, reason=say(fault.phrase, Language.ENGLISH))
