"""Waiting for what must come: for how long, and how."""

import asyncio
from collections.abc import Callable
from typing import Final

HANG_S: Final = 300.0
"""Beyond what anything takes on a machine that does fifteen things at once, so that what is not there by then hangs."""


async def until(is_so: Callable[[], object], *, every_s: float = 0.0) -> None:
    """Wait for what other tasks or processes bring about. Raise TimeoutError if it does not come.

    What is waited for here announces itself to nobody, so this polls under a deadline: only a hang waits in vain.
    """
    async with asyncio.timeout(HANG_S):
        while not is_so():
            await asyncio.sleep(every_s)
