"""A passive scan's memory of who was heard: bounded, and the longest silent are forgotten first."""

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from beacon_gateway.adapters.bluez.reports import MOST_SENDERS, MonitorReports

BEACON = "/org/bluez/hci0/dev_beacon"


def heard(path: str) -> tuple[BLEDevice, AdvertisementData]:
    return BLEDevice(path, None, {}), AdvertisementData(None, {}, {}, [], None, -60, (path, {}))


def test_a_beacon_that_keeps_reporting_outlives_any_number_of_passing_phones() -> None:
    received: list[str] = []
    reports = MonitorReports(lambda device, _: received.append(device.address))
    reports.note(*heard(BEACON))
    for number in range(2 * MOST_SENDERS):
        reports.note(*heard(f"phone {number}"))
        if number % 1000 == 0:
            reports.beat(BEACON)
    received.clear()
    reports.beat(BEACON)
    reports.beat("phone 0")
    reports.beat(f"phone {2 * MOST_SENDERS - 1}")
    assert received == [BEACON, f"phone {2 * MOST_SENDERS - 1}"]


def test_a_beacon_that_bleak_hears_again_counts_as_heard() -> None:
    received: list[str] = []
    reports = MonitorReports(lambda device, _: received.append(device.address))
    for number in range(2 * MOST_SENDERS):
        if number % 1000 == 0:
            reports.note(*heard(BEACON))
        reports.note(*heard(f"phone {number}"))
    reports.beat(BEACON)
    assert received == [BEACON]
