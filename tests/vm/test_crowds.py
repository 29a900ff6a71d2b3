"""A department store's year of passers-by in some minutes: every phone is a new address, and none may be remembered."""

import re
import time

import pytest

from tests.vm.bluetoothd import Bluetoothd
from tests.vm.gateway import LE_ONLY, Gateway, running
from tests.vm.machine import Machine

pytestmark = pytest.mark.soak

PER_SECOND = 150
"""About what a guest bears."""
SETTLING = 90.0
"""Seconds after which as many are forgotten as come: BlueZ keeps each for half a minute."""
WATCHED = 240.0
MILLION = 1_000_000
MOST_GROWTH = 8 * 1024
"""kB for a million addresses."""


def test_a_million_addresses_leave_no_trace_in_memory(machine: Machine, bluetoothd: Bluetoothd) -> None:
    bluetoothd.start(experimental=True)
    with running(machine, LE_ONLY) as (gateway,):
        machine.air("crowd", chip=LE_ONLY.address, per_second=PER_SECOND)
        time.sleep(SETTLING)
        memory, passed = [_memory(machine, gateway)], machine.air("state")["passed"]
        began = time.monotonic()
        while time.monotonic() - began < WATCHED:
            time.sleep(10)
            memory.append(_memory(machine, gateway))
        passed = machine.air("state")["passed"] - passed
        machine.air("crowd", chip=LE_ONLY.address, per_second=0)
    third = len(memory) // 3
    growth = sum(memory[-third:]) / third - sum(memory[:third]) / third
    # The middles of the first and of the last third are two thirds of the time apart.
    for_a_million = growth * 1.5 * MILLION / passed
    print(
        f"{passed} addresses, {passed / WATCHED:.0f}/s, memory {memory} kB; "
        f"extrapolated to a million: {for_a_million:+.0f} kB"
    )
    assert for_a_million < MOST_GROWTH


def _memory(machine: Machine, gateway: Gateway) -> int:
    """Return the gateway's resident memory in kB."""
    status = machine.run("cat", f"/proc/{gateway.process()}/status")
    return int(re.findall(r"^VmRSS:\s*(\d+)", status, re.MULTILINE)[0])
