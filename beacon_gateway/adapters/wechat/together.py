"""Tasks side by side, with the errors of one alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def together() -> AsyncIterator[asyncio.TaskGroup]:
    """Run tasks side by side; the first that fails ends them all, with its own error and not a group."""
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as group:  # a cancelled call too: callers know errors, not groups
        raise group.exceptions[0] from None
