"""A D-Bus daemon of the test's own, standing in for the system bus."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.patience import HANG_S

# Limits are far above what a test needs: a daemon at its limit drops messages or clients, and the test fails elsewhere.
_CONFIGURATION = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>{address}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
  </policy>
  <limit name="max_incoming_bytes">1000000000</limit>
  <limit name="max_outgoing_bytes">1000000000</limit>
  <limit name="max_connections_per_user">1000</limit>
  <limit name="max_match_rules_per_connection">10000</limit>
</busconfig>
"""


class PrivateBus:
    """A dbus-daemon that can die and come back at the same address."""

    def __init__(self, executable: str, folder: Path) -> None:
        self.address = f"unix:path={folder / 'bus'}"
        self._command = (executable, f"--config-file={folder / 'bus.conf'}", "--nofork", "--nopidfile", "--nosyslog")
        self._process: asyncio.subprocess.Process | None = None
        (folder / "bus.conf").write_text(_CONFIGURATION.format(address=self.address))

    @property
    def env(self) -> dict[str, str]:
        """This process's environment, with this bus as the system bus: for child processes."""
        return {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": self.address}

    @property
    def process_id(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Return once the daemon listens; raise RuntimeError if it does not (it says why on stderr)."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command, "--print-address=1", stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(HANG_S):
            listening = await self._process.stdout.readline()
        if not listening:
            raise RuntimeError("dbus-daemon ended before it listened")

    async def kill(self) -> None:
        """End the daemon as a crash does, without a word to its clients; return once it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        await process.communicate()  # unlike wait(), closes the pipe as well

    async def restart(self) -> None:
        await self.kill()
        await self.start()


@asynccontextmanager
async def private_bus() -> AsyncIterator[PrivateBus]:
    """Run a bus for the length of the block.

    Raises FileNotFoundError, naming the Debian package, if dbus-daemon is not installed.
    """
    executable = shutil.which("dbus-daemon")
    if executable is None:
        raise FileNotFoundError("dbus-daemon is missing. Install it:  sudo apt install dbus-daemon")
    # Not pytest's tmp_path: a socket's path may have 107 characters only.
    with TemporaryDirectory(prefix="bus-") as folder:
        bus = PrivateBus(executable, Path(folder))
        try:
            await bus.start()
            yield bus
        finally:
            await bus.kill()
