"""Whatever the state folder answers, a daemon that runs goes on: it receives, says what is ill, and logs all of it."""

import asyncio
import os
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import pytest

from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.faults.floor import LOOK_EVERY_SECONDS, Daemon, daemon_at, write_gateway
from tests.faults.injection import Injection, injected, there_is_strace
from tests.faults.test_store_folder import touch
from tests.patience import HANG_S
from tests.services.bindings.scene import wechat_side

pytestmark = [
    pytest.mark.skipif(not there_is_strace(), reason="there is no strace here: sudo apt install strace"),
    pytest.mark.timeout(300),
]

OPENS: Final = ("openat", "open")
NAMES: Final = ("rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "rmdir", "link", "linkat")
LOOKS: Final = ("newfstatat", "statx", "stat", "lstat", "fstat", "access", "faccessat", "faccessat2")
READS: Final = ("read", "pread64", "getdents64")
WRITES: Final = ("write", "pwrite64", "ftruncate", "fallocate", "fchmod", "fchmodat", "fchown")
FLUSHES: Final = ("fsync", "fdatasync")
ALL: Final = (*OPENS, *NAMES, *LOOKS, *READS, *WRITES, *FLUSHES)
FAULTS: Final = {
    "ESTALE": (LOOKS, READS, ALL),
    "EIO": (READS, FLUSHES, ALL),
    "ENOSPC": (WRITES, FLUSHES, ALL),
    "EACCES": (OPENS, NAMES, ALL),
    "EROFS": (OPENS, WRITES, ALL),
}
"""Kinds of calls that meet an error, one after another."""
DATABASES: Final = ("hits.db", "ledger.db", "quota.db")
SUFFIXES: Final = ("", "-wal", "-shm", "-journal")


def places(daemons: Path) -> list[Path]:
    """Return every file and folder of the daemon's own, and the names that it gives some for a moment."""
    state, runtime = daemons / "state", daemons / "run"
    # os.walk passes over what the daemon takes away meanwhile: it swaps the last good copy.
    found = {
        Path(folder, name) for own in (state, runtime) for folder, _, files in os.walk(own) for name in ("", *files)
    }
    databases = {state / f"{name}{suffix}" for name in DATABASES for suffix in SUFFIXES}
    return sorted(found | databases | {runtime / ".status.json.new"})


async def meet(daemon: Daemon, injection: Injection, turn: int) -> int:
    """Let the daemon meet one fault while one more beacon arrives; return how many of its calls failed."""
    async with injected(daemon.pid, places(daemon.folder), injection, daemon.folder / "trace") as strace:
        touch(daemon.folder / "store", turn)
        await daemon.advertise_one()
        await strace.until_met()
    assert daemon.process.returncode is None, "the daemon ended"
    return strace.injected()


async def recovered(daemon: Daemon) -> None:
    """Wait until the daemon says that all is well again, and counted every arrival."""
    await daemon.until(
        lambda status: (
            sum(status["hits"].values()) >= len(daemon.arrived)
            and status["radio"]["state"] == "listening"
            and not (status["log_trouble"] or status["store"]["errors"])
            and all(part["failing_since"] is None for part in status["parts"].values())
        )
    )


async def until_logged(daemon: Daemon) -> None:
    """Wait until every arrival is in the log, while the daemon runs."""
    async with asyncio.timeout(HANG_S):
        while len(await daemon.logged()) < len(daemon.arrived):
            await asyncio.sleep(LOOK_EVERY_SECONDS)


@pytest.mark.parametrize("error", FAULTS)
async def test_a_daemon_outlives_every_answer_of_its_state_folder(
    error: str,
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    async with AsyncExitStack() as stack:
        wechat = await stack.enter_async_context(wechat_side())
        write_gateway(tmp_path, api_base=wechat.url, more="hits: {commit_every: 1s}\n")
        daemon = await stack.enter_async_context(daemon_at(tmp_path, bus, bluez))
        await daemon.let_one_arrive()
        await recovered(daemon)
        for turn, calls in enumerate(FAULTS[error]):
            await meet(daemon, Injection(calls, f"error={error}"), turn)
        touch(daemon.folder / "store", len(FAULTS[error]))
        await daemon.advertise_one()
        await recovered(daemon)
        await until_logged(daemon)
        err = await daemon.end()
        assert "Traceback" not in err
        assert await daemon.logged() == daemon.arrived
