"""`make bench`: what an advertisement costs, beside the cheapest possible loop, beside bleak and beside TheengsGateway.

Instructions where valgrind is installed: they repeat to a per cent on a busy machine. Else CPU time, the median of
turns in which all cases run one after the other. Only ratios mean anything, and only within one run.
"""

import argparse
import asyncio
import os
import statistics
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from tests.bench import callgrind, churn
from tests.bench.in_process import InProcess
from tests.bench.ratios import RATIOS, THEENGS, Case
from tests.bench.through_bus import ThroughBus

TURNS = 5
PER_SECOND, SECONDS = 1_000, 3
STRANGERS = 1_000_000
Cases = Mapping[Case, InProcess | ThroughBus]


def cases(peers: str | None) -> Cases:
    """Give all that is measured, the longest first."""
    theengs: Cases = {}
    if peers:
        theengs = {
            ("bus", "theengs", "store"): ThroughBus.theengs(peers),
            ("direct", "theengs", "store"): InProcess.theengs(peers),
        }
    ways_paths_streams: list[Case] = [
        *(("bleak", path, "store") for path in ("nothing", "cheapest", "ours")),
        *(("direct", path, "store") for path in ("nothing", "cheapest", "ours")),
        *(("direct", path, "foreign") for path in ("nothing", "ours")),
    ]
    bus = {("bus", path, "store"): ThroughBus.path(path) for path in ("nothing", "ours")}
    return {**theengs, **bus, **{case: InProcess.path(*case) for case in ways_paths_streams}}


async def instructions(cases: Cases) -> dict[Case, float]:
    """Count, as many cases at a time as there are cores."""
    core = asyncio.Semaphore(os.cpu_count() or 1)

    async def one(measured: InProcess | ThroughBus) -> float:
        async with core:
            return await measured.instructions()

    return dict(zip(cases, await asyncio.gather(*map(one, cases.values())), strict=True))


async def in_turns[K](measures: Mapping[K, Callable[[], Awaitable[float]]]) -> dict[K, float]:
    taken: dict[K, list[float]] = {key: [] for key in measures}
    for _ in range(TURNS):
        for key, measure in measures.items():
            taken[key].append(await measure())
    return {key: statistics.median(values) for key, values in taken.items()}


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--peers", default="", metavar="PYTHON", help="of the environment that TheengsGateway is in")
    peers = parser.parse_args().peers
    measured = cases(peers if Path(peers).is_file() else None)
    by_instructions = callgrind.installed()
    if by_instructions:
        cost = await instructions(measured)
    else:
        cost = await in_turns({case: one.cpu for case, one in measured.items()})
        cost = {case: seconds * 1e9 for case, seconds in cost.items()}
    paced = await in_turns({path: lambda path=path: ThroughBus.path(path).cpu_at(PER_SECOND, SECONDS) for path in ("nothing", "ours")})

    unit = "instructions" if by_instructions else "ns of CPU (valgrind is not installed)"
    print(f"One advertisement, {unit}; 500 beacons that stand still\n")
    for case in sorted(cost, key=lambda case: (case[0], cost[case])):
        print(f"  {' '.join(case):<28}{cost[case]:>12,.0f}")
    print()
    for ratio in RATIOS:
        if ratio.cases <= cost.keys():
            print(f"  {ratio.name:<66}{ratio.text(cost):>8}   {ratio.target}")
    more = paced["ours"] / paced["nothing"] - 1
    print(f"  {f'on top of bleak, through the bus at {PER_SECOND}/s, CPU time':<66}{more:>8.1%}")
    grown = await asyncio.to_thread(churn.growth_of_ours, STRANGERS)
    print(f"  {f'memory that {STRANGERS:,} strangers leave behind':<66}{grown / 1e6:>5.1f} MB   < 8 MB")
    if not THEENGS <= cost.keys():
        print(f"\nSKIPPED: TheengsGateway is not installed, so nothing was compared with it. Install it:  make bench-peers", file=sys.stderr)


if __name__ == "__main__":
    asyncio.run(main())
