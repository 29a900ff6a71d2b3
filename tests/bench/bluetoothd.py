"""A bluetoothd in a process of its own, so that its work does not count; sends the beacons of a store when told to.

Reads lines from its input and answers each with a line, once the scanning process has dealt with all of it:

    burst 2000 256      2,000 advertisements as fast as they are taken, at most 256 on their way
    pace 2000 1000      2,000 advertisements, one each 1/1000 s
"""

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from itertools import islice

from tests.adapters.bluez.bluetoothd.fake_adapter import FakeAdapter
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.fake_device import Report
from tests.bench.stream import APPLE, store_in_turn

_PATIENCE = 120.0  # s; a process that valgrind counts takes its time to start


def air(beacons: int) -> Iterator[Report]:
    return (Report(address, {APPLE: frame}, rssi) for address, frame, rssi in store_in_turn(beacons))


async def burst(bluez: FakeBluez, air: Iterator[Report], count: int, at_a_time: int) -> None:
    reports = islice(air, count)
    while some := list(islice(reports, at_a_time)):
        await bluez.advertise_many(some)


async def pace(bluez: FakeBluez, air: Iterator[Report], count: int, per_second: int) -> None:
    due = time.monotonic()
    for report in islice(air, count):
        due += 1 / per_second
        await asyncio.sleep(due - time.monotonic())
        await bluez.advertise(report.address, manufacturer_data=report.manufacturer_data, rssi=report.rssi)
    await bluez.delivered()


async def main() -> None:
    reports = air(int(sys.argv[1]))
    async with FakeBluez.on(os.environ["DBUS_SYSTEM_BUS_ADDRESS"], adapters=[FakeAdapter("hci0")]) as bluez:
        print("ready", flush=True)
        while order := await asyncio.to_thread(sys.stdin.readline):
            how, count, manner = order.split()
            await bluez.until(lambda: bluez.discovering, within=_PATIENCE)
            await {"burst": burst, "pace": pace}[how](bluez, reports, int(count), int(manner))
            print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
