"""`make bench-year`: a year of a busy store, 50 beacons, 20 million presence minutes, 2 million hits: how large it is,
and how long `report` takes for a month of it.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from beacon_gateway.adapters.database.log.hit_log import FILE, HitLogFile
from beacon_gateway.core.log.timeline import ClockSegment
from tests.adapters.database.days import enter, minute

BEACONS: Final = 50
MINUTES: Final = 400_000
HITS: Final = 2_000_000
DAYS: Final = 365
ZONE: Final = ZoneInfo("Asia/Shanghai")
CONFIG: Final = "gateway: gw\nfloor: F6\nstate: state\nruntime: run\nlanguage: zh\n"

FILL: Final = f"""
    WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < {MINUTES} - 1)
    INSERT INTO minute (clock, monotonic, revision, seconds, deaf)
        SELECT 1, CAST(n * {DAYS * 86_400_000 / MINUTES} AS INTEGER), 1, 600, 0 FROM counted;
    INSERT INTO presence (minute, named, samples, weakest, median, strongest, zone)
        SELECT minute.id, named.id, 55 + minute.id % 10, -80, -71, -64, 1 FROM minute CROSS JOIN named
        WHERE minute.id <= {MINUTES};
    WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < {HITS} - 1)
    INSERT INTO hit (clock, monotonic, named, revision, kind, zone, rssi, distance, dwell, reason)
        SELECT 1, CAST(n * {DAYS * 86_400_000 / HITS} AS INTEGER), 1 + n % {BEACONS}, 1, n % 3, n % 3, -715, 225,
            CASE WHEN n % 3 = 1 THEN 60000 END, CASE WHEN n % 3 = 1 THEN 0 END FROM counted;
    """


async def fill(folder: Path, begins: datetime) -> None:
    """Write the first row of each kind as the gateway does, and the rest alike by SQL, which is quicker."""
    segment = ClockSegment("b", 0.0, begins.timestamp(), known=True)
    floors = [f"F{1 + number % 8}" for number in range(BEACONS)]
    first = [enter(0, number, floor=floor, segment=segment) for number, floor in enumerate(floors)]
    async with HitLogFile(folder) as log:
        await log.append([*first, minute(0, 1, segment=segment, floor="F6")], [segment])
        await log.run(lambda db: db.executescript("DELETE FROM hit; DELETE FROM minute; DELETE FROM presence"))
        await log.run(lambda db: db.executescript("DELETE FROM named WHERE id > 50") and db.executescript(FILL))
        while await log.fold("b", ZONE, begins):
            pass


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "gateway.yaml").write_text(CONFIG, encoding="utf-8")
        begins = datetime(2025, 11, 1, tzinfo=ZONE)
        begun = time.monotonic()
        asyncio.run(fill(folder / "state", begins))
        size = sum(file.stat().st_size for file in (folder / "state").glob(f"{FILE}*"))
        print(f"written and added up in {time.monotonic() - begun:.0f} s; {size / 1e9:.2f} GB (target 1.5)")
        month = begins + timedelta(days=200)
        words = [
            "report",
            "--by",
            "hour",
            "--from",
            f"{month:%Y-%m-%d}",
            "--until",
            f"{month + timedelta(days=30):%Y-%m-%d}",
        ]
        command = [sys.executable, "-m", "beacon_gateway", *words, "--config", str(folder / "gateway.yaml")]
        times = []
        for _ in range(5):
            begun = time.monotonic()
            output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            times.append(time.monotonic() - begun)
        print(output)
        print(f"`report --by hour` for a month: {sorted(times)[2]:.2f} s, start of the program included (target 1)")


if __name__ == "__main__":
    main()
