"""Exit codes: promised to scripts and to the systemd unit, which does not restart on 64 and 78."""

from enum import IntEnum


class ExitCode(IntEnum):
    FINE = 0
    FAILED = 1
    PENDING = 2
    """Changes or faults wait."""
    BRAKED = 3
    OPERATOR = 4
    """The account or its credentials are the problem."""
    USAGE = 64
    CONFIG = 78
