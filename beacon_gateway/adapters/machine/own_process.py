"""What this process takes of its machine, as the kernel counts it."""

import os
from pathlib import Path
from typing import Final

from beacon_gateway.core.model.status import ProcessStatus

PROC: Final = Path("/proc/self")


class OwnProcess:
    def __init__(self, proc: Path = PROC) -> None:
        self._proc = proc

    def look(self) -> ProcessStatus | None:
        """Return it as it is now; None where the kernel does not say."""
        try:
            resident = int((self._proc / "statm").read_text(encoding="ascii").split()[1])
            io = dict(line.split(": ", 1) for line in (self._proc / "io").read_text(encoding="ascii").splitlines())
            # The name, in brackets, may hold anything; proc(5): utime and stime are the 12th and 13th after it.
            times = (self._proc / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
            return ProcessStatus(
                memory_bytes=resident * os.sysconf("SC_PAGE_SIZE"),
                cpu_seconds=sum(map(int, times)) / os.sysconf("SC_CLK_TCK"),
                written_bytes=int(io["write_bytes"]),
                open_files=sum(1 for _ in (self._proc / "fd").iterdir()),
            )
        except (OSError, ValueError, LookupError):
            return None
