"""The system's clocks, and the kernel's boot id that says which monotonic times belong together."""

import time
from datetime import UTC, datetime
from pathlib import Path


class SystemClock:
    """Monotonic for "how long", aware UTC for "when"; never mixed."""

    def monotonic(self) -> float:
        return time.monotonic()

    def utc(self) -> datetime:
        return datetime.now(UTC)


def boot_id() -> str:
    """Give the kernel's id of this boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
