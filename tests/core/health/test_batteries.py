"""What beacons say of their batteries: only what is documented, and what their file says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from beacon_gateway.core.health.batteries import (
    BATTERY_HISTORY_DAYS,
    LOW_MILLIVOLTS,
    LOW_PERCENT,
    Batteries,
    BatteryCharge,
    BatteryUnit,
    charge_of,
    millivolts_of,
)
from beacon_gateway.core.health.clones import SenderReport
from beacon_gateway.core.health.diagnosis import Verdict
from beacon_gateway.core.model.battery_status import BatteryStatus
from beacon_gateway.core.model.store import BatterySource
from beacon_gateway.core.monitoring.alerts import alerts
from beacon_gateway.core.monitoring.battery_round import visits_first
from tests.adapters.web.pages.test_metrics import beacon, whole_status
from tests.core.air import KEY, OTHER, declared

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
TLM = bytes.fromhex("20000bb8180000000064000003e8")
"""3000 mV and 24 degrees, as the specification's table lays it out."""
BEACONS = {key: replace(one, battery=BatterySource.TRAILING_BYTE) for key, one in declared(KEY).items()}


def look(trailing: bytes = b"", eddystone: bytes = b"") -> SenderReport:
    return SenderReport("C0:00:00:00:00:01", KEY, -60, trailing, eddystone)


@pytest.mark.parametrize(
    ("service_data", "millivolts"),
    [
        (TLM, 3000),
        (TLM[:2] + b"\x00\x00" + TLM[4:], None),  # a beacon on USB power has none
        (b"\x20\x01" + TLM[2:], None),  # encrypted
        (b"\x00\xee" + bytes(16) + b"\x00\x00", None),  # Eddystone-UID
        (TLM[:-1], None),
        (TLM + b"\x00", None),
        (b"", None),
    ],
)
def test_a_tlm_says_its_millivolts_and_nothing_else_does(service_data: bytes, millivolts: int | None) -> None:
    assert millivolts_of(service_data) == millivolts


@pytest.mark.parametrize(
    ("trailing", "percent"), [(b"\x00", 0), (b"\x57", 87), (b"\x64", 100), (b"\x65", None), (b"\x57\x00", None)]
)
def test_a_trailing_byte_is_percent_only_where_the_file_says_so(trailing: bytes, percent: int | None) -> None:
    expected = None if percent is None else BatteryCharge(percent, BatteryUnit.PERCENT)
    assert charge_of(look(trailing), BatterySource.TRAILING_BYTE) == expected
    assert charge_of(look(trailing), BatterySource.TLM) is None


@pytest.mark.parametrize(
    ("unit", "limit"), [(BatteryUnit.PERCENT, LOW_PERCENT), (BatteryUnit.MILLIVOLTS, LOW_MILLIVOLTS)]
)
def test_low_is_at_the_limit_and_below(unit: BatteryUnit, limit: int) -> None:
    assert [BatteryCharge(limit + more, unit).is_low for more in (-1, 0, 1)] == [True, True, False]


def test_the_last_is_known_and_how_it_was_a_month_ago() -> None:
    batteries = Batteries()
    for day in range(40):
        for hour in (0, 9):
            batteries.look([look(bytes([100 - day]))], BEACONS, NOON + timedelta(days=day, hours=hour))
    state = batteries.of(KEY)
    assert state
    assert (state.last.value, state.at) == (61, NOON + timedelta(days=39, hours=9))
    assert state.earlier
    assert (state.earlier.charge.value, (NOON + timedelta(days=39)).date() - state.earlier.day) == (
        100 - 40 + BATTERY_HISTORY_DAYS,
        timedelta(days=BATTERY_HISTORY_DAYS - 1),
    )


def test_while_the_time_is_not_known_there_is_a_last_and_no_day() -> None:
    batteries = Batteries()
    batteries.look([look(b"\x57")], BEACONS, None)
    state = batteries.of(KEY)
    assert state
    assert (state.last.value, state.at, state.earlier) == (87, None, None)
    assert not batteries.unsaved()


def test_what_is_saved_comes_back_and_is_saved_once() -> None:
    batteries, later = Batteries(), Batteries()
    batteries.look([look(b"\x5f")], BEACONS, NOON)
    batteries.look([look(b"\x50")], BEACONS, NOON + timedelta(days=1))
    days = batteries.unsaved()
    batteries.saved(days)
    assert not batteries.unsaved()
    later.recall(days)
    state = later.of(KEY)
    assert state
    assert (state.last.value, state.at, state.earlier and state.earlier.charge.value) == (80, None, 95)


def test_beacons_that_left_the_files_are_forgotten() -> None:
    batteries = Batteries()
    batteries.look([look(b"\x57"), look(b"\x57")._replace(key=OTHER)], BEACONS, NOON)
    assert batteries.of(OTHER) is None
    batteries.use({})
    assert batteries.of(KEY) is None
    assert not batteries.unsaved()


# Told


LOW = BatteryStatus(None, 2410, low=True, at=NOON, before=2900, before_day="2026-11-01")


def test_a_low_battery_needs_somebody_before_the_beacon_falls_silent() -> None:
    status = replace(whole_status(), beacons=(replace(beacon(1), battery=LOW), beacon(2)))
    [need] = [need for need in alerts(status) if need.beacon]
    assert (need.phrase, need.beacon and need.beacon.major, dict(need.details)) == (
        "battery.low",
        10006,
        {"charge": "2.41 V"},
    )


def test_one_that_fell_silent_is_told_of_once() -> None:
    silent = replace(beacon(1, present=False), battery=LOW)
    assert silent.verdict == Verdict.BATTERY
    found = [need.phrase for need in alerts(replace(whole_status(), beacons=(silent,))) if need.beacon]
    assert found == ["verdict.battery"]


def test_on_a_round_low_batteries_come_right_after_empty_ones() -> None:
    moved = replace(beacon(1), verdict=Verdict.MOVED)
    low, empty, well = replace(beacon(2), battery=LOW), beacon(3, present=False), beacon(4)
    assert visits_first([moved, well, low, empty], own=True) == ([empty, low, moved], [well])
