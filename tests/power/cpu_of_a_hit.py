"""`python -m tests.power.cpu_of_a_hit`: CPU for a hit, from the journal to the file, in batches as at 100 a second."""

import asyncio
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.adapters.machine.clock import SystemClock, boot_id
from beacon_gateway.services.log.journal import Journal
from tests.power.writer import numbered

BATCH = 500
BATCHES = 200


async def ours(folder: Path) -> float:
    hits = [numbered(number) for number in range(BATCH)]
    names = [f"corner-{number}" for number in range(BATCH)]
    async with HitLogFile(folder) as log:
        journal = Journal(gateway="gw", boot=boot_id(), clock=SystemClock(), log=log, commit_every=0)
        begun = time.process_time()
        for _ in range(BATCHES):
            for hit, name in zip(hits, names, strict=True):
                journal.hit(hit, floor="F6", beacon=name, revision="abc123")
            await journal.flush()
        return time.process_time() - begun


def raw(folder: Path) -> float:
    """The same numbers by executemany, with nothing before it."""
    rows = [(1, number, number, 1, 2, 1, -715, 225, number, None) for number in range(BATCH)]
    with closing(sqlite3.connect(folder / "raw.db")) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE hit (id INTEGER PRIMARY KEY, a, b, c, d, e, f, g, h, i, j)")
        begun = time.process_time()
        for _ in range(BATCHES):
            with db:
                db.executemany("INSERT INTO hit VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        return time.process_time() - begun


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        times = (asyncio.run(ours(Path(folder))), raw(Path(folder)))
    mine, theirs = (seconds / BATCH / BATCHES * 1e6 for seconds in times)
    print(f"CPU a hit: {mine:.1f} us (target 5); executemany alone {theirs:.1f} us")


if __name__ == "__main__":
    main()
