"""Descriptors that connections from outside leave to the radio, the log, and all else that this process opens.

The kernel gives each new file or connection the lowest number that is free: the number of a connection says how many
descriptors are in use.
"""

import asyncio
from pathlib import Path
from typing import Final

LIMITS: Final = Path("/proc/self/limits")
RESERVED_DESCRIPTORS: Final = 32
"""A new scan takes six, a look at the log four, the account's calls some ten."""
MAX_ACCEPTED_AT_ONCE: Final = 16
"""Connections that are accepted before the first of them can be turned away: fewer than are reserved."""
_NAME: Final = "Max open files"


def highest_descriptor(limits: Path = LIMITS) -> int | None:
    """Return the highest number that a connection may have; None where there is no limit, or it is not known.

    Read from the kernel's file: the unit's filter of system calls takes getrlimit() away.
    """
    try:
        lines = limits.read_text(encoding="ascii").splitlines()
        soft = next(line for line in lines if line.startswith(_NAME))[len(_NAME) :].split()[0]
        return max(0, int(soft) - RESERVED_DESCRIPTORS)
    except (OSError, ValueError, LookupError, StopIteration):
        return None


def is_above(transport: asyncio.BaseTransport, highest: int | None) -> bool:
    """True if the connection takes a descriptor that is reserved."""
    connection = transport.get_extra_info("socket")
    return highest is not None and connection is not None and connection.fileno() > highest
