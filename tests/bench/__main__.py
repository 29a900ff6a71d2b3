"""`make bench`: what an advertisement costs, beside the cheapest possible loop, beside bleak and beside TheengsGateway;
and what is done seldom: reading a store's files, starting, reading an account.

Instructions where valgrind is installed: they repeat to a per cent on a busy machine. Else CPU time, the median of
turns in which all cases run one after the other. Only ratios mean anything, and only within one run.
"""

import argparse
import asyncio
import logging
import os
import statistics
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from beacon_gateway import log
from tests.bench import callgrind, churn, files, wechat
from tests.bench.in_process import InProcess
from tests.bench.ratios import RATIOS, Case
from tests.bench.start import IMPORTS, Start
from tests.bench.through_bus import ThroughBus
from tests.services.bindings.thousand import FEWEST_CALLS

TURNS = 5
STRANGERS = 1_000_000
Measured = InProcess | ThroughBus | Start
Cases = dict[Case, Measured]
SELDOM = {"files", "start"}
"""Ways that no advertisement takes."""


def cases(peers: str | None) -> Cases:
    """Return all that is measured, the longest first."""
    theengs: Cases = {}
    if peers:
        theengs["bus", "theengs", "store"] = ThroughBus.theengs(peers)
        theengs["direct", "theengs", "store"] = InProcess.theengs(peers)
    in_process: list[Case] = [
        *(("bleak", path, "store") for path in ("nothing", "cheapest", "ours")),
        *(("direct", path, "store") for path in ("nothing", "cheapest", "ours")),
        *(("direct", path, "foreign") for path in ("nothing", "ours")),
    ]
    return {
        **theengs,
        **{("bus", path, "store"): ThroughBus.path(path) for path in ("nothing", "ours")},
        **{("start", path, "imports"): Start(imports) for path, imports in IMPORTS.items()},
        **{("files", path, "store"): InProcess.files(path) for path in files.PATHS},
        **{case: InProcess.path(*case) for case in in_process},
    }


async def instructions(cases: Cases) -> dict[Case, float]:
    """Count, as many cases at a time as there are cores."""
    core = asyncio.Semaphore(os.cpu_count() or 1)

    async def count(measured: Measured) -> float:
        async with core:
            return await measured.instructions()

    return dict(zip(cases, await asyncio.gather(*map(count, cases.values())), strict=True))


async def nanoseconds(measures: Mapping[Case, Callable[[], Awaitable[float]]]) -> dict[Case, float]:
    """Take CPU time in turns."""
    taken: dict[Case, list[float]] = {case: [] for case in measures}
    for _ in range(TURNS):
        for case, measure in measures.items():
            taken[case].append(await measure() * 1e9)
    return {case: statistics.median(values) for case, values in taken.items()}


def show(cost: Mapping[Case, float], unit: str) -> None:
    seldom = [case for case in sorted(cost) if case[0] in SELDOM]
    advertisements = [case for case in sorted(cost) if case[0] not in SELDOM]
    for cases, title in (
        (advertisements, f"One advertisement, {unit}; 500 beacons that stand still"),
        (seldom, f"What is done seldom, {unit}"),
    ):
        if cases:
            print(title + "\n")
            for case in cases:
                print(f"  {' '.join(case):<26}{cost[case]:>14,.0f}")
            print()


async def main(peers: str | None) -> None:
    measured = cases(peers)

    if callgrind.installed():
        cost = await instructions(measured)
        show(cost, "instructions")
    else:
        cost = await nanoseconds({case: one.cpu for case, one in measured.items()})
        show(cost, "ns of CPU (valgrind is not installed)")
    # The whole watch in real time only: its sweeps go by the clock, and valgrind makes seconds short.
    paths = {("paced", path, "store"): ThroughBus.path(path) for path in ("nothing", "whole")}
    paced = await nanoseconds({case: one.cpu_one_by_one for case, one in paths.items()})
    show(paced, "ns of CPU, when 1,000 a second come one by one")

    cost |= paced
    skipped = []
    for ratio in RATIOS:
        try:
            print(f"  {ratio.name:<62}{ratio.text(cost):>8}   {ratio.target}")
        except KeyError:
            skipped.append(ratio.name)
    grown = await churn.measured(STRANGERS)
    print(f"  {f'memory that {STRANGERS:,} strangers leave behind':<62}{grown / 1e6:>5.1f} MB   < 8 MB")
    log.configure(level=logging.WARNING)  # the client tells of its tokens
    read = await wechat.measured()
    print(f"  {'reading 1,000 devices, 50 pages: calls':<62}{read.calls:>8}   <= {FEWEST_CALLS}")
    print(f"  {'time of it / its calls at 5 in flight':<62}{read.again:>8.2f}   <= 1.3")
    print(f"  {'the same, first of a process':<62}{read.first:>8.2f}")
    for name in skipped:
        print(f"\n  SKIPPED: {name}: it is not installed. Install it:  make bench-peers")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--peers", default="", metavar="PYTHON", help="of the environment that TheengsGateway is in")
    peers = parser.parse_args().peers
    asyncio.run(main(peers if Path(peers).is_file() else None))
