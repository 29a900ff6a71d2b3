"""How long reading a large account takes, over real HTTP, when each answer takes its time on the way."""

import math
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from beacon_gateway.adapters.wechat.transport.client import MAX_CALLS_IN_FLIGHT
from beacon_gateway.simulator.wechat import InjectedFault
from tests.services.bindings import thousand
from tests.services.bindings.scene import gateway_at, wechat_side

ROUND_TRIP_SECONDS = 0.05
READINGS = 3


class Read(NamedTuple):
    calls: int
    again: float
    """Seconds of a reading after the first, over those that its calls need at so many in flight."""
    first: float
    """The same of the first: where the lists of devices go on is then learned one by one."""


async def measured(round_trip: float = ROUND_TRIP_SECONDS) -> Read:
    """Return medians; of each read the token is there already. The emulator runs in this process, too."""
    first: list[float] = []
    again: list[float] = []
    calls = 0
    with TemporaryDirectory() as folder:
        async with wechat_side() as wechat:
            thousand.fill(wechat)
            rule = wechat.emulator.faults.add("*", InjectedFault.delay(round_trip), None)
            for reading in range(READINGS):
                async with gateway_at(wechat.url, Path(folder) / str(reading)) as gateway:
                    await gateway.client.call("/shakearound/account/auditstatus", {})
                    wechat.calls()
                    for kind in (first, again):
                        start = time.perf_counter()
                        await gateway.target.read()
                        seconds = time.perf_counter() - start
                        calls = wechat.calls().total()
                        kind.append(seconds / (math.ceil(calls / MAX_CALLS_IN_FLIGHT) * round_trip))
            wechat.emulator.faults.remove(rule)
    return Read(calls, statistics.median(again), statistics.median(first))
