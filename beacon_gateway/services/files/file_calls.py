"""Looks at the store's files while somebody waits for a page: each in a thread of its own, and with a deadline."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final, ParamSpec, TypeVar

from beacon_gateway.services.own_thread import in_own_thread

P = ParamSpec("P")
T = TypeVar("T")

FILE_CALL_TIMEOUT_S: Final = 15.0
"""For one look. All files of a thousand beacons, with a draft, take a small Pi four seconds."""
MAX_HANGING_CALLS: Final = 4
"""Looks that have not come back: with so many, no other is begun, since each keeps a thread."""


class FilesTimeout(TimeoutError):  # noqa: N818 - what the folder is
    """The folder did not answer in time."""


class FileCalls:
    """Of one gateway's pages."""

    def __init__(self, *, deadline_s: float = FILE_CALL_TIMEOUT_S) -> None:
        self._deadline_s = deadline_s
        self._hanging = 0

    async def ask(self, look: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a look gives, or raise what it raises; FilesSilent where the folder does not answer.

        What was begun goes on in its thread: a file that is being saved may be there afterwards.
        """
        if self._hanging >= MAX_HANGING_CALLS:
            raise FilesTimeout("the folder does not answer")
        looking = asyncio.ensure_future(in_own_thread(partial(look, *args, **kwargs), "store files"))
        done, _ = await asyncio.wait({looking}, timeout=self._deadline_s)
        if done:
            return looking.result()
        self._hanging += 1
        looking.add_done_callback(self._came_back)
        raise FilesTimeout("the folder does not answer")

    def _came_back(self, looking: "asyncio.Future[T]") -> None:
        self._hanging -= 1
        if not looking.cancelled():
            looking.exception()  # it is no longer waited for
