"""With an advertisement monitor beside the scan, no chip keeps anything back."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.vm.bluetoothd import Bluetoothd
from tests.vm.gateway import DUAL_MODE, FILTERING, LE_ONLY, Chip, Gateway, TooLate, running, wait_for
from tests.vm.machine import Machine

CHIPS = (LE_ONLY, DUAL_MODE, FILTERING)
ADVERTS = 200
INTERVAL = 0.25
"""Seconds; a guest that is short of time else hears two in one turn of bluetoothd, which signals one."""


@pytest.fixture(scope="module")
def gateways(machine: Machine, bluetoothd: Bluetoothd) -> Iterator[dict[Chip, Gateway]]:
    """Three gateways, one on each chip, that have been sent everything; side by side, since most of it is waiting."""
    bluetoothd.start(experimental=True)
    with running(machine, *CHIPS) as gateways:
        for gateway in gateways:
            gateway.send("resident", interval=1.0)
        for gateway in gateways:  # a scan that has only just begun is not what is asked about
            gateway.has_logged("enter", "resident", within=60)
        for gateway in gateways:
            gateway.send("counted", adverts=ADVERTS, interval=INTERVAL, rssi=(-62, -62))
        wait_for(
            "the beacons have sent all",
            lambda: all(gateway.air("counted")["left"] == 0 for gateway in gateways),
            within=4 * ADVERTS * INTERVAL,
        )
        yield {gateway.chip: gateway for gateway in gateways}


@pytest.mark.parametrize("chip", CHIPS, ids=lambda chip: chip.name)
def test_a_chip_reports_all_that_a_beacon_sends(gateways: dict[Chip, Gateway], chip: Chip) -> None:
    # The kernel stops a scan each 10.24 s for some 30 ms; no chip hears anything then.
    assert gateways[chip].air("counted")["reported"] >= 0.98 * ADVERTS
    assert not gateways[chip].chip_state()["asked_to_filter"]


@pytest.mark.parametrize("chip", CHIPS, ids=lambda chip: chip.name)
def test_a_gateway_counts_all_that_its_chip_reports(gateways: dict[Chip, Gateway], chip: Chip) -> None:
    gateway = gateways[chip]
    reported = gateway.air("counted")["reported"]
    with suppress(TooLate):  # the figures say more
        wait_for("all are counted", lambda: gateway.samples("counted") == reported, within=30)
    assert gateway.samples("counted") == reported > 0
