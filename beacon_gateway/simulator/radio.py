"""A radio that hears simulated air, or plays back recorded advertisements."""

import asyncio
import heapq
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from beacon_gateway.core.advertisement import Take
from beacon_gateway.simulator.air import SENSITIVITY, Sender, Spot, strength


class SimulatedRadio:
    """Hears the air at one spot, in real time, until cancelled."""

    def __init__(self, senders: Sequence[Sender], at: Spot, rng: random.Random, monotonic: Callable[[], float]) -> None:
        self._senders, self._at, self._rng, self._monotonic = senders, at, rng, monotonic

    async def listen(self, take: Take) -> None:
        """Hand over what is strong enough to be heard."""
        start = self._monotonic()
        due = [(self._rng.uniform(0, sender.interval), number) for number, sender in enumerate(self._senders)]
        heapq.heapify(due)
        while due:
            moment, number = due[0]
            await asyncio.sleep(max(0.0, start + moment - self._monotonic()))
            sender = self._senders[number]
            if moment > sender.dies_after:
                heapq.heappop(due)
                continue
            heapq.heapreplace(due, (moment + sender.interval + self._rng.uniform(0, 0.01), number))
            rssi = strength(sender, self._at, moment, self._rng)
            if rssi >= SENSITIVITY:
                take(sender.manufacturer_data, rssi)
        await asyncio.Event().wait()  # every sender has died: silence


@dataclass(frozen=True, slots=True)
class Heard:
    """One recorded advertisement: seconds since the recording began, manufacturer data by company id, RSSI."""

    after: float
    manufacturer_data: Mapping[int, bytes]
    rssi: int


class RecordedRadio:
    """Plays a recording back as fast as it is taken; `set_clock` is told each advertisement's time before it comes."""

    def __init__(self, recording: Iterable[Heard], set_clock: Callable[[float], None]) -> None:
        self._recording, self._set_clock = recording, set_clock

    async def listen(self, take: Take) -> None:
        """Hand over the whole recording, then be silent until cancelled."""
        for heard in self._recording:
            self._set_clock(heard.after)
            take(heard.manufacturer_data, heard.rssi)
        await asyncio.Event().wait()
