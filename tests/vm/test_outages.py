"""Whatever happens to bluetoothd, adapter or bus: the gateway hears again by itself, and nobody is taken for gone.

Two gateways on two chips, one beacon with each that is there all the time. Each test is one misfortune, and asks for a
newcomer to be heard afterwards.
"""

import time
from collections.abc import Iterator, Sequence

import pytest

from tests.vm.bluetoothd import Bluetoothd
from tests.vm.gateway import DUAL_MODE, LE_ONLY, Gateway, running
from tests.vm.machine import Machine

HEARS_AGAIN = 120.0
"""Seconds from the end of the misfortune."""


@pytest.fixture(scope="module")
def gateways(machine: Machine, bluetoothd: Bluetoothd) -> Iterator[Sequence[Gateway]]:
    bluetoothd.start(experimental=True)
    with running(machine, LE_ONLY, DUAL_MODE) as gateways:
        for gateway in gateways:
            gateway.send("resident", interval=0.2)
        for gateway in gateways:
            gateway.has_logged("enter", "resident", within=60)
        yield gateways


def hear_again(gateways: Sequence[Gateway], newcomer: str) -> None:
    """Claim it, and that the log of before is whole."""
    began = time.monotonic()
    for gateway in gateways:
        took = gateway.hears(newcomer, within=HEARS_AGAIN - (time.monotonic() - began))
        print(f"{gateway.chip.name}: heard {newcomer} {time.monotonic() - began:.0f} s after, waited {took:.0f} s")
        log = gateway.hits()
        assert log[0] == ("enter", "resident")
        assert "exit" not in {kind for kind, _ in log}


def test_bluetoothd_killed(machine: Machine, bluetoothd: Bluetoothd, gateways: Sequence[Gateway]) -> None:
    before = [gateway.process() for gateway in gateways]
    killed = bluetoothd.process()
    machine.run("sh", "-c", f"kill -9 {killed}")
    hear_again(gateways, "newcomer-1")
    assert [gateway.process() for gateway in gateways] == before
    assert bluetoothd.process() not in {killed, 0}


def test_the_adapter_switched_off_and_on(machine: Machine, bluetoothd: Bluetoothd, gateways: Sequence[Gateway]) -> None:
    le_only = gateways[0]
    before = le_only.process()
    adapter = machine.air("name", chip=le_only.chip.address)
    bluetoothd.power(adapter, on=False)
    time.sleep(5)
    bluetoothd.power(adapter, on=True)
    hear_again([le_only], "newcomer-2")
    assert le_only.process() == before


def test_the_adapters_unplugged_and_back_under_each_others_names(machine: Machine, gateways: Sequence[Gateway]) -> None:
    first, second = (gateway.chip.address for gateway in gateways)
    names = [machine.air("name", chip=chip) for chip in (first, second)]
    for chip in (first, second):
        machine.air("unplug", chip=chip)
    time.sleep(5)
    for chip in (second, first):  # the kernel gives the lowest number that is free
        machine.air("plug", chip=chip)
    assert [machine.air("name", chip=chip) for chip in (second, first)] == names
    hear_again(gateways, "newcomer-3")


def test_the_bus_restarted(machine: Machine, gateways: Sequence[Gateway]) -> None:
    machine.run("systemctl", "restart", "dbus.service")
    hear_again(gateways, "newcomer-4")
