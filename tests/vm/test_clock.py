"""A machine without a clock battery: the wrong year at the start, a jump of ten years, and no hit lost or misdated."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from tests.vm.bluetoothd import Bluetoothd
from tests.vm.gateway import LE_ONLY, Gateway, running, wait_for
from tests.vm.machine import Machine

DECADE: Final = timedelta(days=3650)
NEAR: Final = timedelta(minutes=5)
"""How long this test may take, and the guest's clock may differ from ours."""
SET: Final = """
import ctypes, math, sys, time
class Timex(ctypes.Structure):
    _fields_ = (
        ("modes", ctypes.c_uint), ("offset", ctypes.c_long), ("freq", ctypes.c_long), ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long), ("status", ctypes.c_int), ("constant", ctypes.c_long),
        ("precision", ctypes.c_long), ("tolerance", ctypes.c_long), ("seconds", ctypes.c_long),
        ("microseconds", ctypes.c_long), ("rest", ctypes.c_byte * 256),
    )
wanted = float(sys.argv[1])
if sys.argv[2] != "synchronised":
    time.clock_settime(time.CLOCK_REALTIME, wanted)
    sys.exit()
by = wanted - time.time()
seconds = math.floor(by)
timex = Timex(modes=0x100 | 0x4 | 0x10, seconds=seconds, microseconds=int((by - seconds) * 1_000_000))
sys.exit(ctypes.CDLL(None).adjtimex(ctypes.byref(timex)) < 0)  # ADJ_SETOFFSET, ADJ_MAXERROR, ADJ_STATUS
"""
"""A time service sets the clock and says so to the kernel; here in one call, or a look in between would see a jump. A
clock that is set without a word is one that nobody looks after."""


def set_clock(machine: Machine, to: datetime, *, by_a_time_service: bool) -> None:
    machine.run("python", "-c", SET, str(to.timestamp()), "synchronised" if by_a_time_service else "")


@pytest.fixture
def gateway(machine: Machine, bluetoothd: Bluetoothd) -> Iterator[Gateway]:
    bluetoothd.start(experimental=True)
    set_clock(machine, datetime.now(UTC) - DECADE, by_a_time_service=False)
    try:
        with running(machine, LE_ONLY) as (gateway,):
            yield gateway
    finally:
        set_clock(machine, datetime.now(UTC), by_a_time_service=False)


def times(gateway: Gateway) -> dict[str, tuple[datetime, bool]]:
    """Return when each beacon entered, and whether that is known."""
    hits = [hit for hit in gateway.log("hits") if hit["kind"] == "enter"]
    return {hit["beacon"]: (datetime.fromisoformat(hit["at"]), hit["time_known"]) for hit in hits}


def known(gateway: Gateway, beacon: str) -> bool:
    return times(gateway).get(beacon, (None, False))[1]


def test_a_clock_that_is_ten_years_wrong_both_ways(machine: Machine, gateway: Gateway) -> None:
    process, begun = gateway.process(), datetime.now(UTC)
    gateway.hears("newcomer-1", within=60)
    at, is_known = times(gateway)["newcomer-1"]
    assert not is_known
    assert abs(at - (begun - DECADE)) < NEAR

    set_clock(machine, datetime.now(UTC), by_a_time_service=True)
    wait_for("what was logged before has its right time", lambda: known(gateway, "newcomer-1"), within=30)

    set_clock(machine, datetime.now(UTC) + DECADE, by_a_time_service=False)
    time.sleep(5)  # two sweeps: the jump is noticed
    gateway.hears("newcomer-2", within=60)
    assert not known(gateway, "newcomer-2")

    set_clock(machine, datetime.now(UTC), by_a_time_service=True)
    wait_for("what was logged in the wrong decade has, too", lambda: known(gateway, "newcomer-2"), within=30)
    gateway.hears("newcomer-3", within=60)

    found = times(gateway)
    assert list(found) == ["newcomer-1", "newcomer-2", "newcomer-3"]
    moments = [at for at, is_known in found.values() if is_known]
    assert moments == sorted(moments)
    assert len(moments) == len(found)
    assert all(begun - timedelta(seconds=30) < at < begun + NEAR for at in moments)
    turns = [event["details"]["turn"] for event in gateway.log("events") if event["kind"] == "clock"]
    assert turns == ["set-right", "stepped", "set-right"]
    assert gateway.process() == process
