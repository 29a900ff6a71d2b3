"""Looks at who is heard now: once a second for all who watch together, and only while somebody does.

Nothing of it stands in the way of an advertisement: a look reads what the tracker knows anyway.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from typing import Final, Protocol

from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import Beacon
from beacon_gateway.core.radio.trouble import RadioCause
from beacon_gateway.core.tracking.live import LiveBeacons, LiveCounts, LiveLook, take_look
from beacon_gateway.core.tracking.strangers import Strangers
from beacon_gateway.core.tracking.tracker import BeaconState, FrameCounters
from beacon_gateway.services.ticking import until_tick

LOOK_EVERY_S: Final = 1.0
SAME_LOOK_S: Final = 0.5
"""Seconds for which a look is good enough for the next request: a page that is fetched again and again costs none."""
MAX_LOOK_AGE_S: Final = 60.0
"""Seconds after which a look says nothing about a rate."""


class LiveSource(Protocol):
    """What hears: the watch. Times are monotonic seconds."""

    @property
    def adverts(self) -> int:
        """Return how many advertisements there were since the start, from any sender."""

    @property
    def reception(self) -> FrameCounters: ...

    @property
    def strangers(self) -> Strangers: ...

    def states(self) -> Iterator[BeaconState]: ...

    def beacon(self, key: BeaconKey) -> Beacon: ...

    def silence(self, now: float) -> tuple[RadioCause, float] | None:
        """Return what is missing, and since when; None while all is well."""


async def next_second() -> None:
    """Wait until it is time for a look."""
    await asyncio.sleep(until_tick(LOOK_EVERY_S))


class LiveFeed:
    """Of one gateway."""

    def __init__(
        self,
        ear: LiveSource,
        monotonic: Callable[[], float],
        *,
        floor: str = "",
        tick: Callable[[], Awaitable[None]] = next_second,
    ) -> None:
        """`floor` is the gateway's."""
        self._floor = floor
        self._ear, self._monotonic, self._tick = ear, monotonic, tick
        self._start = monotonic()
        self._last: LiveLook | None = None

    def look(self) -> LiveLook:
        """Return how it is now, or was half a second ago."""
        now, last, ear = self._monotonic(), self._last, self._ear
        age = now - self._start - last.now if last else 0.0
        if last and age < SAME_LOOK_S:
            return last
        air = LiveBeacons(
            ear.states(),
            ear.beacon,
            ear.strangers,
            LiveCounts(ear.adverts, ear.reception.unknown),
            deaf=ear.silence(now) is not None,
            floor=self._floor,
        )
        self._last = take_look(air, now, self._start, last if age < MAX_LOOK_AGE_S else None)
        return self._last

    async def looks(self) -> AsyncGenerator[LiveLook]:
        """Return a look, and one a second from then on, for as long as it is iterated."""
        try:
            while True:
                yield self.look()
                await self._tick()
        finally:
            self._last = None
