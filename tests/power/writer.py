"""A process that writes hits at a steady rate: as the gateway does, or a row a commit as anybody would.

    python -m tests.power.writer WAY RATE SECONDS FOLDER [COMMIT_EVERY]

Each hit is told on standard output (its number) once it is recorded; at the end the CPU seconds that it all took.
"""

import asyncio
import contextlib
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.adapters.machine.clock import SystemClock, boot_id
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.tracking.hit import Hit, HitKind
from beacon_gateway.services.log.journal import Journal
from tests.adapters.database.hits import KEY

BEACONS: Final = 50
TURNS: Final = 0.1
"""Seconds; at a hundred hits a second ten come at a time, as they do over a bus."""


def numbered(number: int) -> Hit:
    """Return a hit that tells its number by its dwell, in milliseconds."""
    key = BeaconKey(KEY.uuid, KEY.major, number % BEACONS)
    return Hit(HitKind.ZONE, key, time.monotonic(), Proximity.NEAR, -71.5, 2.25, dwell=number / 1000)


async def at_rate(rate: float, seconds: float) -> AsyncIterator[int]:
    """Return numbers from 0, so many a second."""
    begun = time.monotonic()
    given = 0
    while (passed := time.monotonic() - begun) < seconds:
        while given < passed * rate:
            yield given
            given += 1
        await asyncio.sleep(TURNS)


async def ours(rate: float, seconds: float, folder: Path, commit_every: float) -> None:
    async with HitLogFile(folder) as log:
        journal = Journal(gateway="gw", boot=boot_id(), clock=SystemClock(), log=log, commit_every=commit_every)
        running = asyncio.create_task(journal.run())
        async for number in at_rate(rate, seconds):
            journal.look_at_clock()
            journal.hit(numbered(number), floor="F6", beacon=f"corner-{number % BEACONS}", revision="abc123")
            print(number, flush=True)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        await journal.flush()


async def plain(rate: float, seconds: float, folder: Path) -> None:
    """SQLite as it comes, a row a commit: the same hit in the fewest columns that say it."""
    with contextlib.closing(sqlite3.connect(folder / "plain.db", isolation_level=None)) as db:
        db.execute("CREATE TABLE hit (at REAL, beacon INTEGER, kind INTEGER, zone INTEGER, rssi REAL)")
        async for number in at_rate(rate, seconds):
            hit = numbered(number)
            db.execute("INSERT INTO hit VALUES (?, ?, 2, 1, ?)", (time.time(), hit.key.minor, hit.rssi))
            print(number, flush=True)


def main() -> None:
    way, rate, seconds, folder, *commit_every = sys.argv[1:]
    if way == "ours":
        asyncio.run(ours(float(rate), float(seconds), Path(folder), float(commit_every[0]) if commit_every else 5.0))
    else:
        asyncio.run(plain(float(rate), float(seconds), Path(folder)))
    print("cpu", time.process_time(), flush=True)


if __name__ == "__main__":
    main()
