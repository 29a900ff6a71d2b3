"""A radio at work in a test, and what it hands over."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from beacon_gateway.adapters.radio import BluezRadio, Patience
from tests.bluez.fake_bluez import FakeBluez

BEACON = "C0:00:00:00:00:01"
FRAME = {0x004C: bytes.fromhex("0215 fda50693a4e24fb1afcfc6eb07647825 2716 0001 c5")}

IMPATIENT = Patience(start=0.5, stop=0.5, check=3600, first_pause=0.001, longest_pause=0.01)
"""Real seconds where bluetoothd is waited for. Silence is never judged."""
QUICK = replace(IMPATIENT, check=0.02, silent_checks=3, passive_checks=10)
"""Takes a scan for dead after 60 ms without an advertisement."""


class Heard(list[int]):
    """The RSSI of every advertisement that was handed over."""

    def __call__(self, _manufacturer_data: Mapping[int, bytes], rssi: int) -> None:
        self.append(rssi)


@asynccontextmanager
async def listening(
    radio: BluezRadio, take: Callable[[Mapping[int, bytes], int], None]
) -> AsyncIterator[asyncio.Task[None]]:
    """Let the radio listen for the length of the block. Raises what ended it before."""
    task = asyncio.create_task(radio.listen(take), name="radio")
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})
    if not task.cancelled():
        task.result()


async def advertise(bluez: FakeBluez, *rssis: int, adapter: str = "hci0") -> None:
    """Put one beacon on the air; return when every client has dealt with it."""
    for rssi in rssis:
        await bluez.advertise(BEACON, manufacturer_data=FRAME, rssi=rssi, adapter=adapter)
    await bluez.delivered()
