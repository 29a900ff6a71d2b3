"""Blocking work in a thread of its own, which nothing waits for: neither the event loop, nor the end of the process."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def in_own_thread(work: Callable[[], T], name: str) -> T:
    """Run the work in a daemon thread, and return what it returns or raise what it raises.

    A folder on the network may hang for hours. A thread of the event loop's executor would then keep the process from
    ending, and the executor's other work from a thread.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - raised where it is awaited
            deliver(outcome.set_exception, error)
        else:
            deliver(outcome.set_result, result)

    def deliver(settle: Callable[[T], None] | Callable[[BaseException], None], what: object) -> None:
        with suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(lambda: outcome.done() or settle(what))  # type: ignore[arg-type]  # its result is not read

    threading.Thread(target=run, name=name, daemon=True).start()
    return await outcome
