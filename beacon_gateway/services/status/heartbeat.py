"""Tells the outside, every few seconds, that the daemon lives and how it is."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import nullcontext, suppress
from datetime import timedelta
from typing import Final, Protocol

import structlog

from beacon_gateway.core.model.liveness import Liveness, stalled
from beacon_gateway.core.model.status import Status
from beacon_gateway.core.monitoring.judgement import judge
from beacon_gateway.services.supervise import Guard
from beacon_gateway.services.ticking import until_tick

HEARTBEAT_EVERY_S: Final = 6.0
EXPIRES_AFTER: Final = timedelta(seconds=20)
"""Three beats may be late before the daemon counts as dead."""


class StatusOutput(Protocol):
    def write(self, status: Status) -> None:
        """Show the status to the outside. Raises OSError."""

    def remove(self) -> None:
        """Show none any more. Raises OSError."""


class Watchdog(Protocol):
    """Who started the service, and starts it anew if it is not fed. All of it raises OSError."""

    def ready(self) -> None: ...

    def alive(self) -> None: ...

    def stopping(self) -> None: ...

    def status(self, text: str) -> None: ...


class Heartbeat:
    """Beats while the event loop turns: an expired status says that it does not.

    The manager's watchdog is fed only while each part that carries the data turns too. One that stands still is
    reported once, with its name; then systemd ends the process, and the stacks of its threads stand in the journal.
    """

    def __init__(
        self,
        compose: Callable[[], Status],
        out: StatusOutput,
        manager: Watchdog,
        *,
        pulses: Callable[[], Iterable[Liveness]],
        monotonic: Callable[[], float],
        begun: asyncio.Event,
        guard: Guard = nullcontext,
    ) -> None:
        """`begun` is set once the first scan has, or once it is known why it cannot.

        `guard` keeps a status that cannot be composed or put into words from ending the heartbeat.
        """
        self._guard = guard
        self._compose, self._out, self._manager = compose, out, manager
        self._pulses, self._monotonic, self._begun = pulses, monotonic, begun
        self._log = structlog.get_logger("heartbeat")
        self._latest: Status | None = None
        self._failing = False
        self._still: tuple[str, ...] = ()

    def latest(self) -> Status:
        """Return the status of the last beat."""
        return self._latest or self._compose()

    async def run(self) -> None:
        """Beat until cancelled; then take the status away."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._say_ready(), name="ready")
                tasks.create_task(self._keep_beating(), name="beat")
        finally:
            with suppress(OSError):
                self._manager.stopping()
            with suppress(OSError):  # it expires by itself
                self._out.remove()

    async def _say_ready(self) -> None:
        await self._begun.wait()
        self.beat()  # a client that waited for us to be ready finds a status
        self._tell(self._manager.ready)

    async def _keep_beating(self) -> None:
        while True:
            self.beat()
            await asyncio.sleep(until_tick(HEARTBEAT_EVERY_S))

    def beat(self) -> None:
        """Show the status of now, and feed the watchdog if it is to be fed."""
        with self._guard("status"):
            self._latest = self._compose()
            self._show(self._latest)
        still = stalled(self._pulses(), self._monotonic())
        if still and still != self._still:
            self._log.error("heartbeat.standing_still", parts=still)
        self._still = still
        if not still:
            self._tell(self._manager.alive)
        with self._guard("status-line"):
            self._tell(lambda: self._manager.status(_in_a_line(self.latest())))

    def _show(self, status: Status) -> None:
        try:
            self._out.write(status)
        except OSError as error:
            if not self._failing:
                self._log.warning("status.not_written", reason=str(error))
            self._failing = True
        else:
            self._failing = False

    def _tell(self, word: Callable[[], None]) -> None:
        try:
            word()
        except OSError as error:
            self._log.warning("systemd.not_told", reason=str(error))


def _in_a_line(status: Status) -> str:
    present = sum(beacon.present for beacon in status.beacons)
    sync = ", ".join(target.state for target in status.targets.values())
    line = (
        f"radio {status.radio.state}, {present} of {len(status.beacons)} beacons heard, "
        f"{sum(status.hits.values())} hits, sync {sync or 'off'}"
    )
    judged = judge(status)
    return f"{line}; {judged.state}: {', '.join(judged.every())}" if judged.troubles else line
