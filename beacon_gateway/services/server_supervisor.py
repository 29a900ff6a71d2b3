"""Keeps a door open at which others ask or tell; where that cannot be, it is tried again, and all else goes on."""

import asyncio
import errno
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, Protocol

import structlog

from beacon_gateway.core.bindings.target import NO_SECRET, TargetError
from beacon_gateway.core.model.status import ServerStatus, ServerTrouble

REOPEN_AFTER_S: Final = 60.0
"""Seconds. The port may be taken by the process that is just ending."""

_CAUSES: Final[Mapping[int, ServerTrouble]] = {
    errno.EADDRINUSE: ServerTrouble.TAKEN,
    errno.EADDRNOTAVAIL: ServerTrouble.NO_ADDRESS,
    errno.EACCES: ServerTrouble.NOT_ALLOWED,
}


class Server(AbstractAsyncContextManager[Any], Protocol):
    """Listens while the block runs; may be opened again. Raises OSError where it cannot be opened."""

    @property
    def port(self) -> int: ...


class ServerSupervisor:
    """Of one door."""

    def __init__(
        self,
        make: Callable[[], Awaitable[Server]],
        name: str,
        *,
        try_again: float = REOPEN_AFTER_S,
        renewal: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`make` makes the door, once that works, and once more when `renewal` returns. `name` is for the logs."""
        self._make, self._name, self._try_again = make, name, try_again
        self._renewal = renewal or _never
        self._say = structlog.get_logger(name)
        self.trouble = ""
        """Why it cannot be reached now; "" while it can."""
        self._cause = ""

    def status(self, address: str) -> ServerStatus:
        """Return how the door stands; `address` is where it is, or should be."""
        return ServerStatus(address, self.trouble, self._cause)

    async def run(self) -> None:
        """Keep the door open until cancelled."""
        door: Server | None = None
        while True:
            door = door or await self._made()
            if door and await self._stand_at(door):
                door = None
                continue
            await asyncio.sleep(self._try_again)

    async def _made(self) -> Server | None:
        try:
            return await self._make()
        except TargetError as error:  # what is said at the door could not be checked
            self._tell(str(error), ServerTrouble.NO_SECRET if error.code == NO_SECRET else ServerTrouble.OTHER)
            return None
        # A file that is missing, cut off or damaged by a dying card has many faces: OSError, ImportError, SyntaxError,
        # EOFError, ValueError. Whichever it is, the gateway listens on, and an installation may be mended meanwhile.
        except Exception as error:  # noqa: BLE001 - see above
            self._tell(f"{type(error).__name__}: {error}", ServerTrouble.OTHER)
            return None

    async def _stand_at(self, door: Server) -> bool:
        """Return True when it is to be made anew, False where it cannot be opened."""
        try:
            async with door:
                self.trouble = self._cause = ""
                self._say.info(f"{self._name}.open", port=door.port)
                await self._renewal()
        except OSError as error:
            self._tell(str(error), _cause_of(error))
            return False
        return True

    def _tell(self, reason: str, cause: ServerTrouble) -> None:
        is_news = reason != self.trouble
        self.trouble, self._cause = reason, cause
        if is_news:
            self._say.error(f"{self._name}.closed", reason=reason)


async def _never() -> None:
    await asyncio.get_running_loop().create_future()


def _cause_of(error: OSError) -> ServerTrouble:
    """Return what keeps the port closed. A name that no resolver knows has a negative number, or none."""
    number = error.errno or 0
    return ServerTrouble.NO_ADDRESS if number <= 0 else _CAUSES.get(number, ServerTrouble.OTHER)
