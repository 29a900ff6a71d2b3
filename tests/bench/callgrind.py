"""Counts the instructions of a process, with valgrind: they repeat to a per cent on a busy machine."""

import re
import shutil
from collections.abc import Sequence


def installed() -> bool:
    return shutil.which("valgrind") is not None


def counted(command: Sequence[str]) -> list[str]:
    """Return the command that runs this one and counts."""
    return ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command]


def collected(errors: bytes) -> int:
    """Read the count out of what such a command wrote to its error output, once it has ended."""
    found = re.search(rb"Collected : (\d+)", errors)
    if found is None:
        raise RuntimeError(errors.decode())
    return int(found[1])
