"""Waits between two passes of a sync, and says why the next one is due."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from beacon_gateway.core.bindings.schedule import next_switch
from beacon_gateway.core.model.clocks import WallClock
from beacon_gateway.core.model.store import Store
from beacon_gateway.services.ticking import until_tick

CLOCK_POLL_S: Final = 60.0
"""Seconds. The wall clock may jump, and no timer ends early because of it: it is looked at so often."""
LEDGER_POLL_S: Final = 3.0
"""Seconds; one of the ticks that fall together."""
_BACK: Final = timedelta(seconds=2)
"""A clock that is set right by less is not said to have jumped."""


class PassReason(StrEnum):
    """Why a pass is due, for the audit log too. The one that lets a pass do most comes first."""

    FILES = "files"
    SCHEDULE = "schedule"
    START = "start"
    DRIFT = "drift"

    def or_stronger(self, other: "PassReason") -> "PassReason":
        """Return the one of two reasons that lets a pass do more: what it does for the other is among that."""
        order = list(PassReason)
        return min(self, other, key=order.index)


@dataclass(frozen=True, slots=True)
class Pass:
    """The one that came before."""

    begun: datetime
    """Aware UTC."""
    clock_was_right: bool
    stuck: bool
    """Whether the account needs a person: it is left alone then, for no switch can be made there."""


class NextSync:
    """`new_store` is set when other files are in force."""

    def __init__(
        self,
        new_store: asyncio.Event,
        clock: WallClock,
        another_wrote: Callable[[], bool],
        *,
        look_at_clock: float,
        look_at_ledger: float,
    ) -> None:
        """`another_wrote` says whether a command, say, wrote at the target meanwhile."""
        self._new_store, self._clock, self._another_wrote = new_store, clock, another_wrote
        self._look_at_clock, self._look_at_ledger = look_at_clock, look_at_ledger

    async def wait(self, due: PassReason, store: Store | None, last: Pass, pause: float) -> PassReason:
        """Wait for another store, a switch of the schedule, another process's write, or until `pause` seconds are over.

        `due` is what a pass is due for anyway: a weaker reason that comes first does not take its place.
        Switches are counted from when the last pass began: one that fell into it was not seen by it. The wall clock is
        looked at again and again, since it may jump; a clock that begins to be right, or that went back, is a reason
        too where there are schedules.
        """
        scheduled = store is not None and not last.stuck and any(beacon.schedule for beacon in store.beacons.values())
        switch = next_switch(store, last.begun) if store else None
        loop = asyncio.get_running_loop()
        end = loop.time() + pause
        while True:
            now = self._clock.utc()
            wait = end - loop.time()
            if scheduled:
                right = self._clock.synchronised()
                came_right, went_back = right and not last.clock_was_right, now < last.begun - _BACK
                if came_right or went_back or (right and switch and now >= switch):
                    return due.or_stronger(PassReason.SCHEDULE)
                wait = min(wait, until_tick(self._look_at_clock))
                if switch and right:
                    wait = min(wait, (switch.astimezone(UTC) - now).total_seconds())
            if end <= loop.time() or self._another_wrote():
                return due
            wait = min(wait, until_tick(self._look_at_ledger))
            try:
                async with asyncio.timeout(max(0.0, wait)):
                    await self._new_store.wait()
            except TimeoutError:
                continue
            return PassReason.FILES
