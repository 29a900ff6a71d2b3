"""What imports cost before the first scan: the daemon's without an account, and bleak's own."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Final

from tests.bench import callgrind

IMPORTS: Final = {
    "bleak": "import bleak, bleak.backends.bluezdbus.scanner",
    "ours": "import beacon_gateway.__main__, beacon_gateway.commands.run",
}


@dataclass(frozen=True, slots=True)
class Start:
    imports: str

    async def instructions(self) -> float:
        """Count, less what Python needs to start and end."""
        with TemporaryDirectory() as bytecode:
            await _run(_python(self.imports), bytecode)  # compiles, as an installation does
            whole, empty = [
                callgrind.collected((await _run(callgrind.counted(_python(code)), bytecode))[1])
                for code in (self.imports, "")
            ]
        return whole - empty

    async def cpu(self) -> float:
        """Return seconds of CPU, less those of an empty start."""
        told = "; import time; print(time.process_time())"
        with TemporaryDirectory() as bytecode:
            await _run(_python(self.imports), bytecode)
            whole, empty = [
                float((await _run(_python(code + told), bytecode))[0]) for code in (self.imports, "import sys")
            ]
        return whole - empty


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


async def _run(command: list[str], bytecode: str) -> tuple[bytes, bytes]:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": bytecode}
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, env=environment)
    output, errors = await process.communicate()
    if process.returncode:
        raise RuntimeError(errors.decode())
    return output, errors
