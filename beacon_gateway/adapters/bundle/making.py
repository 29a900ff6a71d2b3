"""Has the command make a support bundle: a process of its own takes no memory of ours, and can be stopped."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

MOST_SECONDS: Final = 210.0
"""A minute more than `sources.PATIENCE`, which is to gather: to scrub and to write what was gathered, on a slow Pi."""
NOT_THE_CHILDS: Final = frozenset({"NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"})
"""With these it would speak to systemd in the daemon's name."""
LONGEST: Final = 500
"""Characters of a complaint that are told."""


class BundleMaker:
    """Makes bundles of one gateway, each in a temporary folder that is gone afterwards."""

    def __init__(
        self,
        config: Path,
        *,
        program: Sequence[str] = (),
        environment: Mapping[str, str] = os.environ,
        most_seconds: float = MOST_SECONDS,
    ) -> None:
        """`config` is gateway.yaml. In `environment` are the secrets that must not be in a bundle."""
        isolated = ("-I",) if sys.flags.isolated else ()
        self._program = program or (sys.executable, *isolated, "-m", "beacon_gateway")
        # One by one: the unit counts its memory and its threads as ours (MemoryHigh, TasksMax).
        self._words = ("support-bundle", "--one-by-one", "--config", str(config.absolute()), "--output")
        self._environment = {name: value for name, value in environment.items() if name not in NOT_THE_CHILDS}
        self._most_seconds = most_seconds

    @asynccontextmanager
    async def made(self) -> AsyncIterator[Path]:
        """Make one; it is there while the block runs. Raises OSError, with a reason for people, where that fails."""
        with tempfile.TemporaryDirectory(prefix="beacon-gateway-bundle-") as name:
            await self._make(name)
            yield _only_file(name)

    async def _make(self, folder: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *(*self._program, *self._words, folder),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=self._environment,
            start_new_session=True,  # a group that can be ended with all that it started
        )
        try:
            async with asyncio.timeout(self._most_seconds):
                _, complaint = await process.communicate()
        except TimeoutError:
            raise OSError(f"it was not done after {self._most_seconds:g} s.") from None
        finally:
            with suppress(ProcessLookupError):  # all of it has ended
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        if process.returncode:
            lines = complaint.decode("utf-8", errors="replace").split("\n")
            last = next((line for line in reversed(lines) if line.strip()), f"exit code {process.returncode}")
            raise OSError(last[:LONGEST])


def _only_file(folder: str) -> Path:
    found = next(Path(folder).glob("*.tar.gz"), None)
    if found is None:
        raise OSError("support-bundle wrote nothing.")
    return found
