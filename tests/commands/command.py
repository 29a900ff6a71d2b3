"""Runs `beacon-gateway` as its user does: a process of its own."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.services.status.ears import Ears

SECRET = "s3cret" * 5


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: str
    err: str


async def start(*words: str, folder: Path | None = None, **environment: str) -> asyncio.subprocess.Process:
    return await launch(*words, folder=folder, environment=environment)


async def start_on(
    stdout: int, /, *words: str, folder: Path | None = None, **environment: str
) -> asyncio.subprocess.Process:
    """Start it with this file as its standard output, a terminal for example."""
    return await launch(*words, stdout=stdout, folder=folder, environment=environment)


async def launch(
    *words: str,
    environment: Mapping[str, str],
    folder: Path | None = None,
    prefix: Sequence[str] = (),
    stdout: int = asyncio.subprocess.PIPE,
    stderr: int = asyncio.subprocess.PIPE,
) -> asyncio.subprocess.Process:
    """Start it; `prefix` are the words of a program that runs it."""
    return await asyncio.create_subprocess_exec(
        *prefix,
        sys.executable,
        "-m",
        "beacon_gateway",
        *words,
        cwd=folder,
        env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "error", **environment},
        stdout=stdout,
        stderr=stderr,
    )


async def run(*words: str, folder: Path | None = None, **environment: str) -> Done:
    process = await start(*words, folder=folder, **environment)
    out, err = await process.communicate()
    return Done(process.returncode or 0, out.decode(), err.decode())


async def start_service(
    config: str, bus: PrivateBus, *, prefix: Sequence[str] = (), stderr: int = asyncio.subprocess.PIPE
) -> asyncio.subprocess.Process:
    """Start the daemon as systemd does; return once it says that it is ready: it takes what its scan hears.

    `prefix` are the words of a program that runs it.
    """
    with Ears.somewhere() as ears:
        daemon = await launch(
            *("run", "--config", config),
            prefix=prefix,
            stderr=stderr,
            environment={"DBUS_SYSTEM_BUS_ADDRESS": bus.address, "NOTIFY_SOCKET": ears.name},
        )
        await ears.until(lambda words: "READY=1" in words)
    return daemon
