"""Lets the kernel refuse what a process asks of a path: strace(1) answers its system calls in the kernel's place."""

import asyncio
import shutil
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.patience import until

"""What a daemon that looks every three seconds has not asked for by then it does not ask for, on a busy machine too."""
LOOK_EVERY_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Injection:
    """One fault: these system calls on this path end so."""

    calls: Sequence[str]
    outcome: str
    """As strace has it: `error=EIO`, `delay_enter=5000000`."""


class Strace:
    """Attached to one process, all of its threads."""

    def __init__(self, trace: Path) -> None:
        self._trace = trace

    def injected(self) -> int:
        """Return how many calls met the fault."""
        return self._trace.read_text(errors="replace").count("INJECTED")

    def delayed(self) -> int:
        """Return how many calls came by at all: a delayed one ends as it would have."""
        return len(self._trace.read_text(errors="replace").splitlines())

    async def until_met(self) -> None:
        """Wait until a call met the fault. Raise TimeoutError if none does."""
        await until(lambda: self.injected() or self.delayed(), every_s=LOOK_EVERY_SECONDS)


def there_is_strace() -> bool:
    return shutil.which("strace") is not None


def command(injection: Injection, paths: Path | Sequence[Path], trace: Path) -> list[str]:
    """Return strace's words for one fault; to be followed by `-p PID` or by a command."""
    calls = ",".join(f"?{call}" for call in injection.calls)  # not every machine has each
    places = [paths] if isinstance(paths, Path) else paths
    return [
        *("strace", "-f", "-qq", "-o", str(trace)),
        *(word for place in places for word in ("-P", str(place))),
        *("-e", f"trace={calls}", "-e", f"inject={calls}:{injection.outcome}"),
    ]


@asynccontextmanager
async def injected(pid: int, paths: Path | Sequence[Path], injection: Injection, trace: Path) -> AsyncIterator[Strace]:
    """Let a process meet a fault on these paths while the block runs."""
    await asyncio.to_thread(trace.write_bytes, b"")
    process = await asyncio.create_subprocess_exec(
        *command(injection, paths, trace), "-p", str(pid), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield Strace(trace)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)  # detaches
        await process.wait()
