"""A passive scan's memory of who was heard: bounded, and the longest silent are forgotten first."""

from collections.abc import Mapping

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from beacon_gateway.adapters.bluez.handover import Handover
from beacon_gateway.adapters.bluez.monitor_reports import MAX_SENDERS, MonitorReports
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey, Frame
from tests.services.tracking.shop import SHOES

BEACON = "/org/bluez/hci0/dev_beacon"
IBEACON = Frame(SHOES, -59).payload()
CONTINUITY = bytes.fromhex("10050b1c2d3e4f")


class Reports(MonitorReports):
    """Counts what it hands over, as (manufacturer data of Apple, RSSI)."""

    def __init__(self) -> None:
        super().__init__(Handover(self._receive))
        self.received: list[tuple[bytes, int]] = []

    def _receive(self, manufacturer_data: Mapping[int, bytes], rssi: int) -> None:
        self.received.append((manufacturer_data[APPLE_COMPANY_ID], rssi))

    def hear(self, path: str, *, apple: bytes = IBEACON, rssi: int = -60) -> None:
        """Take in what bleak makes of a change."""
        advertisement = AdvertisementData(None, {APPLE_COMPANY_ID: apple}, {}, [], None, rssi, (path, {}))
        self.note(BLEDevice(path, None, {}), advertisement)


def test_a_beacon_that_keeps_reporting_outlives_any_number_of_passing_phones() -> None:
    reports = Reports()
    reports.hear(BEACON)
    for number in range(2 * MAX_SENDERS):
        reports.hear(f"phone {number}")
        if number % 1000 == 0:
            reports.on_report(BEACON)
    reports.received.clear()
    reports.on_report("phone 0")
    assert not reports.received
    reports.on_report(BEACON)
    reports.on_report(f"phone {2 * MAX_SENDERS - 1}")
    assert len(reports.received) == 2


def test_a_beacon_that_bleak_hears_again_counts_as_heard() -> None:
    reports = Reports()
    for number in range(2 * MAX_SENDERS):
        if number % 1000 == 0:
            reports.hear(BEACON)
        reports.hear(f"phone {number}")
    reports.on_report(BEACON)
    assert reports.received == [(IBEACON, -60)]


def test_another_frame_of_the_same_phone_does_not_take_the_place_of_its_ibeacon() -> None:
    reports = Reports()
    reports.hear(BEACON)
    reports.hear(BEACON, apple=CONTINUITY, rssi=-70)
    reports.on_report(BEACON)
    assert reports.received == [(IBEACON, -70)]


def test_a_look_tells_who_was_reported_since_the_last_one() -> None:
    reports = Reports()
    other = Frame(BeaconKey(SHOES.uuid, SHOES.major, SHOES.minor + 1), -59).payload()
    reports.hear(BEACON)
    reports.hear("other", apple=other)
    reports.on_report(BEACON)
    assert [look.sender for look in reports.looks()] == [BEACON]
    assert not list(reports.looks())
