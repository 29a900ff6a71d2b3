"""What an advertisement costs in process: a command takes the stream without a bus, once more and once less of it."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from dataclasses import dataclass
from typing import Self

from tests.bench import callgrind
from tests.bench.stream import STREAM


@dataclass(frozen=True, slots=True)
class InProcess:
    command: tuple[str, ...]
    """Takes a number of units as its last word; prints CPU seconds for one advertisement."""
    unit: int
    """Advertisements in one."""
    units_by_instructions: int
    units_by_cpu: int

    @classmethod
    def path(cls, way: str, path: str, stream: str) -> Self:
        """One of ours (`tests.bench.paths`)."""
        command = (sys.executable, "-m", "tests.bench.paths", way, path, stream)
        return cls(command, STREAM, *((10, 100) if way == "direct" else (2, 20)))

    @classmethod
    def files(cls, path: str) -> Self:
        """One way of reading a large store's files (`tests.bench.files`): here a reading is the unit."""
        return cls((sys.executable, "-m", "tests.bench.files", path), 1, 2, 10)

    @classmethod
    def theengs(cls, python: str) -> Self:
        return cls((python, "-m", "tests.bench.theengs", "direct"), 1, 100, 1_000)

    async def instructions(self) -> float:
        """Return instructions for each advertisement: the difference of two runs, so that start-up does not count."""
        more, less = [await self._total(units) for units in (self.units_by_instructions + 1, 1)]
        return (more - less) / (self.units_by_instructions * self.unit)

    async def cpu(self) -> float:
        """Return seconds of CPU for each advertisement."""
        output, _ = await _run([*self.command, str(self.units_by_cpu)])
        return float(output.split()[0])

    async def _total(self, units: int) -> int:
        _, errors = await _run(callgrind.counted([*self.command, str(units)]))
        return callgrind.collected(errors)


async def _run(command: list[str]) -> tuple[bytes, bytes]:
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    output, errors = await process.communicate()
    if process.returncode:
        raise RuntimeError(errors.decode())
    return output, errors
