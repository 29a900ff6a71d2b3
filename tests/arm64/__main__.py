"""`make test-arm64`: installs the package in an emulated arm64 root and lets it work; says loudly when it could not.

Exits 0 if all passed, or if it could not be done and BEACON_GATEWAY_ARM64 is not `required`.
"""

import argparse
import os
import subprocess
import sys
import time

from tests.arm64.equipment import bring, emulation
from tests.arm64.root import SUITES, archive
from tests.equipment import Missing


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.arm64", description=__doc__)
    words.add_argument("--suite", action="append", choices=sorted(SUITES), help="default: bookworm; may be repeated")
    words.add_argument("pytest", nargs="*", help="what pytest is to be told besides, after a --")
    arguments = words.parse_args()
    code = 0
    for suite in arguments.suite or ["bookworm"]:
        began = time.monotonic()
        try:
            bring()
            with emulation():
                archive(suite)
                print(f"{suite}: the root is ready after {time.monotonic() - began:.0f} s", flush=True)
        except Missing as reason:
            return _skipped(str(reason))
        command = [sys.executable, "-m", "pytest", "tests/arm64", "--suite", suite, "-v", "-s", *arguments.pytest]
        code = max(code, subprocess.run(command, check=False).returncode)
        print(f"{suite} on arm64 took {time.monotonic() - began:.0f} s in all.", flush=True)
    return code


def _skipped(reason: str) -> int:
    print(f"SKIPPED: nothing was tested on arm64: {reason}")
    if os.environ.get("BEACON_GATEWAY_ARM64") == "required":
        print("SKIPPED, and BEACON_GATEWAY_ARM64 says that it is required.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
