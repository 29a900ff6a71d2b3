"""A chip that stays deaf until bluetoothd is started anew: the gateway, which may not do it, asks systemd."""

import pytest

from tests.vm.bluetoothd import Bluetoothd
from tests.vm.gateway import LE_ONLY, running, wait_for
from tests.vm.machine import Machine

pytestmark = pytest.mark.on("trixie")


def test_a_chip_that_only_a_new_bluetoothd_can_wake_is_woken(machine: Machine, bluetoothd: Bluetoothd) -> None:
    bluetoothd.start(experimental=True)
    before = bluetoothd.process()
    machine.run("systemctl", "start", "beacon-gateway-bluetooth.path")
    with running(machine, LE_ONLY, alone=True) as (gateway,):
        gateway.send("resident", interval=0.2)
        gateway.has_logged("enter", "resident", within=60)
        machine.air("deafen", chip=LE_ONLY.address, until_reset=False)
        took = wait_for("bluetoothd is another", lambda: bluetoothd.process() not in {0, before}, within=400)
        print(f"bluetoothd was started anew after {took:.0f} s")
        machine.air("hear_again", chip=LE_ONLY.address)
        gateway.hears("newcomer-1", within=120)
        assert "exit" not in {kind for kind, _ in gateway.hits()}
        assert gateway.rungs()["restart-bluetoothd"] == 1
