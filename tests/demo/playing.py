"""The demo at work, for tests of what it shows."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from beacon_gateway.demo.stage import Demo, open_demo
from beacon_gateway.wiring.gateway import ProcessContext
from tests.patience import until

PLAYED_S: Final = 36_000.0
"""Longer than any test."""


def is_heard(demo: Demo) -> bool:
    """True if beacons are in the status of the gateway that has the pages."""
    return bool(demo.gateways[0].heartbeat.latest().beacons)


def is_settled(demo: Demo) -> bool:
    """True if the beacons are heard, and its pages are bound and have changed places."""
    return bool(demo.reassigned_in) and is_heard(demo)


@asynccontextmanager
async def playing_demo(
    process: ProcessContext, is_ready: Callable[[Demo], bool] = is_settled, *, days: int = 1
) -> AsyncIterator[Demo]:
    """Yield a demo that plays, as soon as it is ready."""
    async with open_demo(port=0, days=days, process=process) as demo:
        playing = asyncio.create_task(demo.run(PLAYED_S))
        try:
            await until(lambda: is_ready(demo), every_s=0.05)
            yield demo
        finally:
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)
