"""A chip that stays deaf until bluetoothd is started anew: the gateway, which may not do it, asks systemd."""

import pytest

from .bluetoothd import Bluetoothd
from .gateway import LE_ONLY, Gateway, wait_for
from .journal import Journal
from .machine import Machine

pytestmark = pytest.mark.on("trixie")


def test_a_chip_that_only_a_new_bluetoothd_can_wake_is_woken(
    machine: Machine, journal: Journal, bluetoothd: Bluetoothd
) -> None:
    bluetoothd.start(experimental=True)
    before = bluetoothd.process()
    # The unit watches the one gateway's folder; here it is that of an instance.
    machine.write(
        "/run/systemd/system/beacon-gateway-bluetooth.path.d/instance.conf",
        f"[Path]\nPathExists=\nPathExists=/run/beacon-gateway-{LE_ONLY.name}/restart-bluetooth\n",
    )
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "start", "beacon-gateway-bluetooth.path")
    gateway = Gateway(machine, journal, LE_ONLY)
    gateway.start()
    gateway.send("resident", interval=0.2)
    wait_for("the resident is there", lambda: ("enter", "resident") in gateway.hits(), within=60)
    machine.air("deafen", chip=LE_ONLY.address, until_reset=False)
    took = wait_for("bluetoothd is another", lambda: bluetoothd.process() not in {0, before}, within=400)
    print(f"bluetoothd was started anew after {took:.0f} s")
    machine.air("hear_again", chip=LE_ONLY.address)
    gateway.hears("newcomer-1", within=120)
    assert "exit" not in {kind for kind, _ in gateway.hits()}
    assert gateway.status()["radio"]["rungs"]["restart-bluetoothd"] == 1
    gateway.stop()
