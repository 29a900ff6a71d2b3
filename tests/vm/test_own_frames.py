"""A beacon is heard when its iBeacon frame is, whatever else its device sends: in both modes, and by Bluetooth 5."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

import pytest

from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey, Frame
from tests.services.tracking.shop import UUID_OF_STORE
from tests.vm.bluetoothd import Bluetoothd
from tests.vm.gateway import DUAL_MODE, EXTENDED, LE_ONLY, MAJOR, Chip, Gateway, TooLate, running, wait_for
from tests.vm.machine import Machine

ADVERTS: Final = 80
INTERVAL: Final = 0.5

TLM: Final = "0201060303aafe1116aafe20000bb8190000000064000003e8"
MAKERS_DATA: Final = "02010608ff3906a10864c0ff"
CONTINUITY: Final = "02011a0aff4c0010050b1c2d3e4f"
SECTION: Final = "03ff3906"
"""A manufacturer section of another company: with an iBeacon and no flags, 31 bytes."""
OTHER_TRIPLE: Final = (
    APPLE_COMPANY_ID.to_bytes(2, "little") + Frame(BeaconKey(UUID_OF_STORE, MAJOR, 60_000), -59).payload()
).hex()

KINDS: Final[dict[str, dict[str, Any]]] = {
    "plain": {},
    "connectable": {"connectable": True},
    "without flags": {"before": ""},
    "trailing byte": {"trailing": "64"},
    "second section after": {"before": "", "after": SECTION},
    "second section before": {"before": SECTION},
    "in the scan response": {"in_response": True},
    "changing address": {"changes_address_every": 15.0},
    "with TLM": {"others": [TLM]},
    "with another maker's frame": {"others": [MAKERS_DATA]},
    "iPhone": {"others": [CONTINUITY]},
    "two triples": {"others": [f"0201061aff{OTHER_TRIPLE}"]},
}
"""What one device sends, as `guest.air.Air.send` takes it."""
DEVICES: Final = {kind: f"newcomer-{number}" for number, kind in enumerate(KINDS, 1)}
LONG, ENDING = "newcomer-40", "newcomer-41"
NOT_PASSIVE: Final = {
    "bookworm": {"in the scan response", "second section after"},
    "trixie": {"in the scan response"},
}
"""A passive scan asks for no scan response; BlueZ 5.66 compares a pattern with the last manufacturer section."""
TOLERANCE: Final = {"in the scan response": 3}
"""Else 1. The kernel keeps a report back until its scan response came: what stops the scan in between loses both."""
PASSIVE_TOLERANCE: Final = {"two triples": 8}
"""Else 2. A monitor names a device, and often before bleak knows of it or of the other triple that it sends now."""
ACTIVE: Final = (LE_ONLY, EXTENDED)
PASSIVE: Final = DUAL_MODE
CHIPS: Final = (*ACTIVE, PASSIVE)


@pytest.fixture(scope="module")
def gateways(machine: Machine, bluetoothd: Bluetoothd) -> Iterator[dict[Chip, Gateway]]:
    """A gateway on each chip, one of them passive, that was sent everything; side by side: most of it is waiting."""
    bluetoothd.start(experimental=True)
    with running(machine, *CHIPS, passive=[PASSIVE]) as gateways:
        daemon = bluetoothd.process()
        # Ear-buds pass by, whose advertisements end bluetoothd 5.82 where a monitor looks for manufacturer data.
        machine.air("earbuds", chip=EXTENDED.address, section_bytes=40)
        for gateway in gateways:
            gateway.send("resident", interval=1.0)
        for gateway in gateways:  # a scan that has only just begun is not what is asked about
            gateway.has_logged("enter", "resident", within=60)
        for gateway in gateways:
            for kind, how in KINDS.items():
                gateway.send(DEVICES[kind], adverts=ADVERTS, interval=INTERVAL, **how)
            gateway.send(ENDING, ibeacons=10, interval=INTERVAL, others=[TLM])
            if gateway.chip is EXTENDED:
                gateway.send(LONG, adverts=ADVERTS, interval=INTERVAL, extended=True)
        wait_for("all is sent", lambda: _all_sent(machine), within=4 * ADVERTS * INTERVAL)
        machine.air("silence", name="earbuds")
        assert machine.air("state")["beacons"]["earbuds"]["reported"] > 0
        assert bluetoothd.process() == daemon
        yield {gateway.chip: gateway for gateway in gateways}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("chip", ACTIVE, ids=lambda chip: chip.name)
def test_a_device_counts_once_for_each_of_its_ibeacons(gateways: dict[Chip, Gateway], chip: Chip, kind: str) -> None:
    reported = gateways[chip].air(DEVICES[kind])["reported"]
    assert reported >= 0.9 * ADVERTS / (1 + len(KINDS[kind].get("others", ())))
    assert abs(_counted(gateways[chip], DEVICES[kind], reported) - reported) <= TOLERANCE.get(kind, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_passive_scan_counts_them_too_but_for_what_it_cannot_hear(
    gateways: dict[Chip, Gateway], kind: str, pytestconfig: pytest.Config
) -> None:
    unheard = kind in NOT_PASSIVE[pytestconfig.getoption("suite")]
    heard = 0 if unheard else gateways[PASSIVE].air(DEVICES[kind])["reported"]
    assert abs(_counted(gateways[PASSIVE], DEVICES[kind], heard) - heard) <= PASSIVE_TOLERANCE.get(kind, 2)


def test_an_extended_advertisement_counts_like_any_other(gateways: dict[Chip, Gateway]) -> None:
    reported = gateways[EXTENDED].air(LONG)["reported"]
    assert reported >= 0.9 * ADVERTS
    assert abs(_counted(gateways[EXTENDED], LONG, reported) - reported) <= 1


@pytest.mark.parametrize("chip", CHIPS, ids=lambda chip: chip.name)
def test_a_device_that_sends_no_ibeacon_any_more_is_gone(gateways: dict[Chip, Gateway], chip: Chip) -> None:
    gateways[chip].has_logged("exit", ENDING, within=120)


def _all_sent(machine: Machine) -> bool:
    """True if each device has sent all that it was to send."""
    return all(beacon["left"] in {0, None} for beacon in machine.air("state")["beacons"].values())


def _counted(gateway: Gateway, beacon: str, expected: int) -> int:
    """Return how many advertisements a gateway counted, once they are as many as expected or half a minute is over."""
    with suppress(TooLate):  # the figures say more
        wait_for("all are counted", lambda: gateway.samples(beacon) == expected, within=30)
    return gateway.samples(beacon)
