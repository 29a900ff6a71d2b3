"""Reads store folders, each in a process of its own, and tells what that cost.

A file that ends the C parser's stack ends its process: only that one, and we learn by which signal.
"""

import cProfile
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.core.sentences.catalogue import languages
from beacon_gateway.core.sentences.messages import explain
from tests.adapters.files.folders import SHANGHAI, listed
from tests.patience import HANG_S
from tests.places import PROJECT

REPOSITORY = PROJECT
MOST_TOLD = 100


@dataclass(frozen=True, slots=True)
class Reading:
    problems: list[str]
    """The first hundred."""
    calls: int
    """Of functions, Python's own among them."""
    peak_megabytes: float


class Reader:
    """A process that forks for each folder: a fork costs a hundredth of a start."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def read(self, folder: Path) -> Reading:
        """Read a store; fails if that crashes, raises or does not end."""
        requests, answers = self._process.stdin, self._process.stdout
        assert requests
        assert answers
        requests.write(f"{folder}\n")
        requests.flush()
        told = json.loads(answers.readline())
        assert "ended_by" not in told, f"reading ended with {told['ended_by']}"
        return Reading(**told)


@contextmanager
def reader() -> Iterator[Reader]:
    command = [sys.executable, "-m", "tests.adapters.files.read_alone"]
    with subprocess.Popen(  # noqa: S603 - this module
        command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Reader(process)


def read(folder: Path) -> dict[str, object]:
    # How quickly something ends is counted in calls: those a busy machine does not change.
    signal.alarm(int(HANG_S))
    counted = cProfile.Profile()
    _, problems = counted.runcall(StoreFiles(folder, SHANGHAI).read)
    calls = sum(entry.callcount for entry in counted.getstats())
    for problem in problems[:MOST_TOLD]:
        for language in languages():
            explain(problem, language)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts in KiB
    return {"problems": listed(problems[:MOST_TOLD]), "calls": calls, "peak_megabytes": peak}


def say(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            say(read(Path(line.removesuffix("\n"))))
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status < 0:
            say({"ended_by": signal.Signals(-status).name})
        elif status:
            say({"ended_by": "an exception"})


if __name__ == "__main__":
    main()
