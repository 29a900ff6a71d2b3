"""Whatever the store's folder answers, a daemon that runs goes on: it receives, logs, and says which place is ill."""

from pathlib import Path
from typing import Final

import pytest

from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.faults.floor import Daemon, daemon_at
from tests.faults.injection import Injection, command, injected, there_is_strace
from tests.pictures import png

pytestmark = [
    pytest.mark.skipif(not there_is_strace(), reason="there is no strace here: sudo apt install strace"),
    pytest.mark.timeout(600),
]

PLACES: Final = (".", "floors", "floors/F6.yaml", "pages.yaml", "icons", "icons/spring.png")
LOOKS: Final = ("newfstatat", "statx", "stat", "lstat")
OPENS: Final = ("openat", "open")
READS: Final = ("read", "pread64", "getdents64")
ERRORS: Final = ("ESTALE", "EIO", "EHOSTDOWN", "EACCES")
HANGS_MICROSECONDS: Final = 40_000_000
DELAY: Final = "delay_enter=2000000"
"""Microseconds: a share that answers late."""


def touch(store: Path, turn: int) -> None:
    """Change all that is read, so that it is read anew: an edit that means nothing."""
    for path in (store / "floors" / "F6.yaml", store / "pages.yaml"):
        path.write_text(path.read_text().split("# turn")[0] + f"# turn {turn}\n")
    (store / "icons" / "spring.png").write_bytes(png(text=str(turn)))


async def meet(daemon: Daemon, place: str, injection: Injection, turn: int) -> None:
    """Let the daemon meet one fault: it goes on, and knows afterwards that it is over."""
    store = daemon.folder / "store"
    async with injected(daemon.pid, store / place, injection, daemon.folder / "trace") as strace:
        touch(store, turn)
        await strace.until_met()
        await daemon.let_one_arrive()
    touch(store, turn + 1)
    await daemon.until(lambda status: not status["store"]["errors"])


@pytest.mark.parametrize("place", PLACES)
async def test_a_daemon_outlives_every_answer_of_the_stores_folder(
    place: str,
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    kinds = [LOOKS, OPENS, READS] if place != "." else [OPENS]
    async with daemon_at(tmp_path, bus, bluez) as daemon:
        turn = 0
        for calls in kinds:
            if place in ("floors", ".", "icons") and calls is LOOKS:
                continue  # a folder is listed, not looked at
            for error in ERRORS:
                turn += 2
                await meet(daemon, place, Injection(calls, f"error={error}"), turn)
        turn += 2
        await meet(daemon, place, Injection(OPENS, DELAY), turn)
        err = await daemon.end()
        assert "Traceback" not in err
        assert await daemon.logged() == daemon.arrived


@pytest.mark.parametrize("error", ["EIO", "ESTALE", "EACCES"])
async def test_a_start_that_cannot_list_the_floors_works_by_the_last_good_copy(
    error: str,
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    async with daemon_at(tmp_path, bus, bluez) as daemon:
        await daemon.until(lambda status: bool(status.get("beacons")))
        await daemon.end()
    fault = Injection(OPENS, f"error={error}")
    prefix = tuple(command(fault, tmp_path / "store" / "floors", tmp_path / "trace"))
    async with daemon_at(tmp_path, bus, bluez, prefix=prefix) as daemon:
        await daemon.until(lambda status: bool(status.get("beacons")) and status["store"]["errors"] > 0)
        await daemon.let_one_arrive()
        await daemon.end()
        assert await daemon.logged() == daemon.arrived


async def test_a_start_amid_a_share_that_hangs_is_ready_and_works_by_the_last_good_copy(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    async with daemon_at(tmp_path, bus, bluez) as daemon:
        await daemon.until(lambda status: bool(status.get("beacons")))
        await daemon.end()
    hangs = Injection(OPENS, f"delay_enter={HANGS_MICROSECONDS}")
    prefix = tuple(command(hangs, tmp_path / "store" / "floors", tmp_path / "trace"))
    async with daemon_at(tmp_path, bus, bluez, prefix=prefix) as daemon:
        await daemon.until(lambda status: bool(status.get("beacons")))
        await daemon.let_one_arrive()
        await daemon.until(lambda status: status["store"]["errors"] > 0)  # it says which folder does not answer
