"""`make test-vm`: both Debian releases at once, each in a machine of its own; says loudly when it could not be.

Exits 0 if all passed, or if it could not be done and BEACON_GATEWAY_VM is not `required`.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from typing import Final

from tests.equipment import Missing
from tests.vm.equipment import bring
from tests.vm.image import SUITES, image
from tests.vm.packages import packages

_SECONDS: Final = 60


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.vm", description=__doc__)
    which = words.add_mutually_exclusive_group()
    which.add_argument("--soak", action="store_true", help="only what takes very long")
    which.add_argument("--power", action="store_true", help="only the many losses of power")
    words.add_argument("pytest", nargs="*", help="what pytest is to be told besides, after a --")
    arguments = words.parse_args()
    began = time.monotonic()
    try:
        bring()
        for suite in SUITES.values():
            image(suite)
            print(f"{suite.name}: the image is ready after {time.monotonic() - began:.0f} s", flush=True)
        packages()
        print(f"The packages are ready after {time.monotonic() - began:.0f} s", flush=True)
    except Missing as reason:
        return _skipped(str(reason))
    wanted = "soak" if arguments.soak else "power" if arguments.power else "not soak and not power"
    runs = [_Run(suite, ["-m", wanted, *arguments.pytest]) for suite in SUITES]
    codes = [run.wait() for run in runs]
    print(f"The machines took {(time.monotonic() - began) / _SECONDS:.1f} minutes in all.")
    return max(codes)


class _Run:
    """One pytest, whose lines appear as they come, each after the suite's name."""

    def __init__(self, suite: str, words: list[str]) -> None:
        command = (sys.executable, "-u", "-m", "pytest", "tests/vm", "--suite", suite, "-v", "-rA", *words)
        self._suite = suite
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def wait(self) -> int:
        self._reader.join()
        return self._process.wait()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            print(f"{self._suite:8} | {line}", end="", flush=True)


def _skipped(reason: str) -> int:
    print(f"SKIPPED: nothing was tested on a whole machine: {reason}")
    if os.environ.get("BEACON_GATEWAY_VM") == "required":
        print("SKIPPED, and BEACON_GATEWAY_VM says that it is required.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
