"""A radio that hears simulated air."""

import asyncio
import heapq
import random
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager

from beacon_gateway.core.health.clones import SenderReport
from beacon_gateway.core.model.advertisement import Take
from beacon_gateway.core.radio.adapters import AdapterChoice
from beacon_gateway.simulator.air import SENSITIVITY_DBM, Position, Sender, strength


class SimulatedScan:
    """A scan that nothing ends."""

    adapter = "simulated"
    address = ""
    monitored = True

    async def lost(self, within: float) -> None:
        await asyncio.sleep(within)

    def looks(self) -> Iterable[SenderReport]:
        return ()


class SimulatedRadio:
    """Hears the air at one spot, in real time."""

    phantoms = 0
    faults = 0

    def __init__(
        self, senders: Sequence[Sender], at: Position, rng: random.Random, monotonic: Callable[[], float]
    ) -> None:
        self._senders, self._at, self._rng, self._monotonic = senders, at, rng, monotonic
        self.adapters = AdapterChoice()

    @asynccontextmanager
    async def scanning(self, take: Take) -> AsyncIterator[SimulatedScan]:
        """Hand over what is strong enough to be heard, for the length of the block."""
        hearing = asyncio.create_task(self.listen(take), name="air")
        try:
            yield SimulatedScan()
        finally:
            hearing.cancel()
            await asyncio.wait({hearing})

    async def power_cycle(self) -> None:
        pass

    async def changed(self) -> None:
        await asyncio.Event().wait()

    async def listen(self, take: Take) -> None:
        """Hand over what is strong enough to be heard, until cancelled."""
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
            if rssi >= SENSITIVITY_DBM:
                take(sender.manufacturer_data, rssi)
        await asyncio.Event().wait()  # every sender has died: silence
