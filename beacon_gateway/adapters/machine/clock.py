"""The system's clocks, and the kernel's boot id that says which monotonic times belong together."""

import ctypes
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from beacon_gateway.core.log.wall_clock import ClockState, clock_state
from beacon_gateway.core.model.settings import ClockTrust

MAX_CLOCK_ERROR_US: Final = 16_000_000
"""Microseconds. The kernel begins with this estimate of the clock's error, and comes back to it eight hours after the
last word of a time service (NTP_PHASE_LIMIT, include/linux/timex.h)."""


class SystemClock:
    """Monotonic for "how long", aware UTC for "when"; never mixed."""

    def __init__(self, trust: ClockTrust = ClockTrust.CHECKED) -> None:
        self._trust = trust

    monotonic = staticmethod(time.monotonic)
    """As it is: it is asked for each advertisement, and a function of our own around it would cost more than it."""

    def utc(self) -> datetime:
        return datetime.now(UTC)

    def synchronised(self) -> bool:
        """True if the wall clock may be believed."""
        return self.state().is_right

    def state(self) -> ClockState:
        """Return whether the wall clock may be believed, and on whose word."""
        return clock_state(self._trust, self.utc(), marked=self.is_marked())

    def is_marked(self) -> bool:
        """True if a time service has set the clock: timesyncd, chronyd and ntpd all tell the kernel.

        The estimated error is asked for and not STA_UNSYNC, which chronyd leaves set where it is not to touch the
        hardware clock. A system that cannot tell is believed.
        """
        found = _Timex()
        try:
            answer = ctypes.CDLL(None).adjtimex(ctypes.byref(found))
        except (AttributeError, OSError):
            return True
        return bool(answer < 0 or found.maxerror < MAX_CLOCK_ERROR_US)


class _Timex(ctypes.Structure):
    """The head of `struct timex`, adjtimex(2); no mode is set, so that it only reads."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("rest", ctypes.c_byte * 256),
    )


def boot_id() -> str:
    """Return the kernel's id of this boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
