"""Looks at what the gateway runs on."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.database.log.hit_log import FILE
from beacon_gateway.adapters.machine.hardware import disk
from beacon_gateway.adapters.machine.observing import SystemTools
from beacon_gateway.adapters.machine.radios import bluetoothd_version
from beacon_gateway.adapters.machine.versions import versions
from beacon_gateway.core.doctor.machine import Disk
from beacon_gateway.core.support.host_environment import HostEnvironment

SHOWN: Final = ("beacon-gateway", "Python", "bleak", "BlueZ", "kernel")
"""Versions that are asked for first; `support-bundle` has all."""


class EnvironmentProbe:
    """Of one gateway."""

    def __init__(self, state: Path, *, root: Path = Path("/"), tools: SystemTools | None = None) -> None:
        """`state` is the gateway's state folder."""
        self._state, self._root, self._tools = state, root, tools or SystemTools()
        self._versions: Mapping[str, str] = {}
        """They stay the same for as long as this process runs, but for BlueZ, which is upgraded rarely."""

    async def look(self) -> HostEnvironment:
        """Return it as it is now. Never raises; may take seconds, in a thread."""
        return await asyncio.to_thread(self._look)

    def _look(self) -> HostEnvironment:
        if not self._versions:
            said = re.search(r"[0-9]+(\.[0-9]+)+", bluetoothd_version(self._root, self._tools))
            found = {**versions(), "BlueZ": said[0] if said else ""}
            self._versions = {what: found.get(what, "") for what in SHOWN}
        return HostEnvironment(self._disk(), self._log_bytes(), self._versions)

    def _log_bytes(self) -> int:
        return sum(_size(self._state / f"{FILE}{end}") for end in ("", "-wal", "-shm"))

    def _disk(self) -> Disk | None:
        try:
            return disk(self._state)
        except OSError:
            return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # there is none, or what waited was just written back
        return 0
