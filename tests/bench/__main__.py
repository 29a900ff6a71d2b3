"""`make bench`: what an advertisement costs, beside the cheapest possible loop and beside bleak.

Instructions where valgrind is installed: they repeat to a per cent on a busy machine. Else CPU time, the median of
turns in which all paths run one after the other. Only ratios mean anything, and only within one run.
"""

import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from itertools import product

from tests.bench.paths import STREAM

TURNS = 5
Case = tuple[str, str, str]

CASES: list[Case] = [
    *product(["direct"], ["nothing", "cheapest", "ours"], ["store"]),
    ("direct", "nothing", "foreign"),
    ("direct", "ours", "foreign"),
    *product(["bleak"], ["nothing", "cheapest", "ours"], ["store"]),
]


def command(case: Case, rounds: int) -> list[str]:
    return [sys.executable, "-m", "tests.bench.paths", *case, str(rounds)]


def instructions(case: Case) -> float:
    """Give instructions for each advertisement: the difference between two runs, so that start-up does not count."""

    def total(rounds: int) -> int:
        words = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command(case, rounds)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603
        found = re.search(r"Collected : (\d+)", done.stderr)
        if found is None:
            raise RuntimeError(done.stderr)
        return int(found[1])

    return (total(6) - total(1)) / (5 * STREAM)


def cpu_times() -> dict[Case, float]:
    taken: dict[Case, list[float]] = {case: [] for case in CASES}
    for _ in range(TURNS):
        for case in CASES:
            rounds = 100 if case[0] == "direct" else 20
            done = subprocess.run(command(case, rounds), capture_output=True, text=True, check=True)  # noqa: S603
            taken[case].append(float(done.stdout) * 1e9)
    return {case: statistics.median(values) for case, values in taken.items()}


def main() -> None:
    by_instructions = shutil.which("valgrind") is not None
    unit = "instructions" if by_instructions else "ns of CPU (valgrind is not installed)"
    cost = {case: instructions(case) for case in CASES} if by_instructions else cpu_times()
    print(f"One advertisement, {unit}; 500 beacons that stand still\n")
    for case, value in cost.items():
        print(f"  {' '.join(case):<28}{value:>12,.0f}")

    loop = cost["direct", "nothing", "store"]
    ours = cost["direct", "ours", "store"] - loop
    rows: list[tuple[str, float, str, Callable[[float], str]]] = [
        (
            "own work on a store advertisement / the cheapest loop",
            cost["direct", "ours", "store"] / cost["direct", "cheapest", "store"],
            "<= 2",
            "{:.2f}".format,
        ),
        (
            "the same, both less the empty callback",
            ours / (cost["direct", "cheapest", "store"] - loop),
            "",
            "{:.2f}".format,
        ),
        (
            "a foreign advertisement / a store one",
            (cost["direct", "ours", "foreign"] - cost["direct", "nothing", "foreign"]) / ours,
            "<= 0.5",
            "{:.2f}".format,
        ),
        (
            "on top of bleak with an empty callback",
            cost["bleak", "ours", "store"] / cost["bleak", "nothing", "store"] - 1,
            "<= 18 %",
            "{:.1%}".format,
        ),
        (
            "the cheapest loop on top of bleak",
            cost["bleak", "cheapest", "store"] / cost["bleak", "nothing", "store"] - 1,
            "",
            "{:.1%}".format,
        ),
    ]
    print()
    for name, ratio, target, form in rows:
        print(f"  {name:<58}{form(ratio):>8}   {target}")


if __name__ == "__main__":
    main()
