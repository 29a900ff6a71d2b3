"""Carries a recording through the watch in the recording's own time, as fast as it can be read."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

from beacon_gateway.core.model.advertisement import RecordedAdvertisement
from beacon_gateway.services.tracking.beacon_monitor import SWEEP_EVERY_S, BeaconMonitor


class RecordedClock:
    """Shows the time at which the recording is: `after` seconds from its beginning."""

    def __init__(self, started: datetime, monotonic: float) -> None:
        self._started, self._monotonic = started, monotonic
        self.after = 0.0

    def monotonic(self) -> float:
        return self._monotonic + self.after

    def utc(self) -> datetime:
        return self._started + timedelta(seconds=self.after)

    def synchronised(self) -> bool:
        """Tell that the times are what the recording says, whether or not its clock was right."""
        return True


class Replay:
    """Plays to one watch, which must have been made with this clock."""

    def __init__(self, watch: BeaconMonitor, clock: RecordedClock) -> None:
        self._watch, self._clock = watch, clock
        self._sweeps = 0

    async def play(self, recording: Iterable[RecordedAdvertisement]) -> None:
        """Hand over everything. Raises what the recording raises; what was heard before is written all the same."""
        try:
            for heard in recording:
                await self.pass_time(heard.after)
                self._watch.take(heard.manufacturer_data, heard.rssi)
        finally:
            await self._watch.journal.flush()

    async def pass_time(self, until: float) -> None:
        """Sweep as often as the daemon would have, up to so many seconds from the beginning.

        Nobody is said good-bye to where a recording ends: that it ends says nothing about a beacon.
        """
        while (due := (self._sweeps + 1) * SWEEP_EVERY_S) <= until:
            self._sweeps += 1
            self._clock.after = due
            self._watch.sweep()
            await self._watch.journal.flush()
            await asyncio.sleep(0)  # so that it can be interrupted
        self._clock.after = until
