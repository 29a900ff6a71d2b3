"""A dongle that measures no level: under a filter with an RSSI the kernel drops its reports, and `doctor` finds out."""

from typing import Final

import pytest

from tests.vm.bluetoothd import Bluetoothd
from tests.vm.gateway import LE_ONLY, running
from tests.vm.machine import Machine

NOT_MEASURED: Final = 127
"""What HCI says where a controller does not know how strong a report was."""


@pytest.mark.parametrize("experimental", [False, True])
def test_doctor_names_a_dongle_that_measures_no_level(
    machine: Machine, bluetoothd: Bluetoothd, *, experimental: bool
) -> None:
    bluetoothd.start(experimental=experimental)
    with running(machine, LE_ONLY) as (gateway,):
        pass  # it leaves its files, and no daemon
    try:
        for number in range(1, 6):
            gateway.send(f"newcomer-{number}", rssi=(NOT_MEASURED, NOT_MEASURED))
        air = gateway.doctor()["air"]
    finally:
        machine.air("silence_all", chip=LE_ONLY.address)
    assert air["level"] == "fail"
    assert "no report had a signal strength" in air["text"]


def test_one_that_measures_is_heard(machine: Machine, bluetoothd: Bluetoothd) -> None:
    bluetoothd.start(experimental=False)
    with running(machine, LE_ONLY) as (gateway,):
        pass
    try:
        gateway.send("resident")
        assert gateway.doctor()["air"]["level"] == "ok"
    finally:
        machine.air("silence_all", chip=LE_ONLY.address)
