"""A question whose answer may take long: asked once at a time, waited for a little, answered again from memory."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

T = TypeVar("T")

KEPT: Final = timedelta(minutes=1)
"""For how long an answer is shown again: the log grows by the minute."""
QUESTION_TIMEOUT_S: Final = 2.0
"""Seconds that a page waits; a card may be busy for longer."""


class Question(Generic[T]):
    def __init__(self, ask: Callable[[datetime], Awaitable[T]], *, patience: float = QUESTION_TIMEOUT_S) -> None:
        """`ask` is given the moment of asking (aware), and raises OSError where it does not answer."""
        self._ask, self._patience = ask, patience
        self._asking: asyncio.Task[T] | None = None
        self._asked: datetime | None = None

    async def answer(self, now: datetime) -> T | None:
        """Return an answer that is at most a minute old; None where there is none in time. `now` is aware.

        One that comes too late for this page is there for the next: nothing is asked again while a card is busy.
        """
        asking = self._asking
        if asking is None or (asking.done() and not self._is_fresh(asking, now)):
            self._asked = now
            asking = self._asking = asyncio.create_task(self._put(now), name="question")
        await asyncio.wait({asking}, timeout=self._patience)
        try:
            return asking.result() if asking.done() else None
        except OSError:
            return None

    async def _put(self, now: datetime) -> T:
        return await self._ask(now)

    def _is_fresh(self, asking: "asyncio.Task[T]", now: datetime) -> bool:
        is_answered = not asking.cancelled() and asking.exception() is None
        return is_answered and self._asked is not None and timedelta() <= now - self._asked < KEPT
