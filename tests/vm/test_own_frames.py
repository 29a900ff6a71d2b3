"""A beacon is heard when its iBeacon frame is, whatever else its device sends: in both modes, and by Bluetooth 5."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from beacon_gateway.core.ibeacon import APPLE, BeaconKey, Frame
from tests.watch.shop import UUID_OF_STORE

from .bluetoothd import Bluetoothd
from .gateway import DUAL_MODE, EXTENDED, LE_ONLY, MAJOR, Chip, Gateway, TooLate, running, wait_for
from .machine import Machine

ADVERTS = 200
INTERVAL = 0.2
TLM = "0201060303aafe1116aafe20000bb8190000000064000003e8"
MINEW = "02010608ff3906a10864c0ff"
CONTINUITY = "02011a0aff4c0010050b1c2d3e4f"
SECTION = "03ff3906"
"""A manufacturer section of nobody's data: with an iBeacon and no flags, 31 bytes."""
OTHER_TRIPLE = Frame(BeaconKey(UUID_OF_STORE, MAJOR, 60_000), -59).payload()

KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "connectable": {"connectable": True},
    "without flags": {"before": ""},
    "trailing byte": {"trailing": "64"},
    "second section after": {"before": "", "after": SECTION},
    "second section before": {"before": SECTION},
    "in the scan response": {"in_response": True},
    "changing address": {"changes_address_every": 15.0},
    "with TLM": {"others": [TLM]},
    "with another maker's frame": {"others": [MINEW]},
    "iPhone": {"others": [CONTINUITY]},
    "two triples": {"others": ["020106" + "1aff" + APPLE.to_bytes(2, "little").hex() + OTHER_TRIPLE.hex()]},
}
"""What one device sends, as `guest.air.Air.send` takes it."""
BEACONS = {kind: f"newcomer-{number}" for number, kind in enumerate(KINDS, 1)}
EXTENDED_ONLY = "newcomer-40"
ENDING = "newcomer-41"
NOT_PASSIVE = {"in the scan response", "second section before"}
"""A passive scan asks for no scan response, and its monitor compares the first section."""


@pytest.fixture(scope="module")
def gateways(machine: Machine, bluetoothd: Bluetoothd) -> Iterator[dict[Chip, Gateway]]:
    """Two active gateways and a passive one, around which every kind was sent; side by side: most of it is waiting."""
    bluetoothd.start(experimental=True)
    chips = (LE_ONLY, EXTENDED, DUAL_MODE)
    with running(machine, *chips, passive=[DUAL_MODE]) as gateways:
        machine.air("earbuds", chip=EXTENDED.address, section_bytes=40)
        for gateway in gateways:
            gateway.send("resident", interval=1.0)
        for gateway in gateways:  # a scan that has only just begun is not what is asked about
            gateway.has_logged("enter", "resident", within=60)
        bluetoothd_was = bluetoothd.process()
        for gateway in gateways:
            for kind, how in KINDS.items():
                gateway.send(BEACONS[kind], adverts=ADVERTS, interval=INTERVAL, **how)
            gateway.send(ENDING, ibeacons=20, interval=INTERVAL, others=[TLM])
        gateways[1].send(EXTENDED_ONLY, adverts=ADVERTS, interval=INTERVAL, extended=True)
        wait_for(
            "the devices have sent all",
            lambda: all(gateway.air(beacon)["left"] == 0 for gateway in gateways for beacon in BEACONS.values()),
            within=4 * ADVERTS * INTERVAL,
        )
        assert bluetoothd.process() == bluetoothd_was
        yield {gateway.chip: gateway for gateway in gateways}
        machine.air("silence", name="earbuds")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("chip", [LE_ONLY, EXTENDED, DUAL_MODE], ids=lambda chip: chip.name)
def test_each_kind_counts_once_for_each_of_its_ibeacons(gateways: dict[Chip, Gateway], chip: Chip, kind: str) -> None:
    if chip is DUAL_MODE and kind in NOT_PASSIVE:
        assert _counted(gateways[chip], BEACONS[kind], 0) == 0
        return
    ibeacons = ADVERTS / (1 + len(KINDS[kind].get("others", ())))
    reported = gateways[chip].air(BEACONS[kind])["reported"]
    assert reported >= 0.9 * ibeacons
    assert abs(_counted(gateways[chip], BEACONS[kind], reported) - reported) <= 1


def test_an_extended_advertisement_counts_like_any_other(gateways: dict[Chip, Gateway]) -> None:
    gateway = gateways[EXTENDED]
    reported = gateway.air(EXTENDED_ONLY)["reported"]
    assert abs(_counted(gateway, EXTENDED_ONLY, reported) - reported) <= 1
    assert reported > 0


@pytest.mark.parametrize("chip", [LE_ONLY, EXTENDED, DUAL_MODE], ids=lambda chip: chip.name)
def test_a_device_that_sends_no_ibeacon_any_more_is_gone(gateways: dict[Chip, Gateway], chip: Chip) -> None:
    gateways[chip].has_logged("exit", ENDING, within=120)


def _counted(gateway: Gateway, beacon: str, expected: int) -> int:
    """Return how many advertisements the gateway counted, once they are as many as expected or some time is over."""
    with suppress(TooLate):  # the figures say more
        wait_for("all are counted", lambda: abs(gateway.samples(beacon) - expected) <= 1, within=20)
    return gateway.samples(beacon)
