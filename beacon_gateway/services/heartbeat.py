"""Tells the outside, every few seconds, that the daemon lives and how it is."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final, Protocol

import structlog

from beacon_gateway.core.status import Status
from beacon_gateway.services.ticking import until_tick

BEAT_EVERY: Final = 6.0
EXPIRES_AFTER: Final = timedelta(seconds=20)
"""Three beats may be late before the daemon counts as dead."""


class Out(Protocol):
    def write(self, status: Status) -> None:
        """Show the status to the outside. Raises OSError."""

    def remove(self) -> None:
        """Show none any more. Raises OSError."""


class Heartbeat:
    """Beats while the event loop turns: whoever reads a status after it has expired knows that it does not."""

    def __init__(self, compose: Callable[[], Status], out: Out) -> None:
        self._compose, self._out = compose, out
        self._log = structlog.get_logger("heartbeat")
        self._failing = False

    async def run(self) -> None:
        """Beat until cancelled; then take the status away."""
        try:
            while True:
                self.beat()
                await asyncio.sleep(until_tick(BEAT_EVERY))
        finally:
            with suppress(OSError):  # it expires by itself
                self._out.remove()

    def beat(self) -> None:
        """Show the status of now."""
        try:
            self._out.write(self._compose())
        except OSError as error:
            if not self._failing:
                self._log.warning("status.not_written", reason=str(error))
            self._failing = True
        else:
            self._failing = False
