"""The metrics as Prometheus' own reader reads them."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from beacon_gateway.adapters.web.pages.exposition import exposition
from beacon_gateway.core.model.battery_status import BatteryStatus
from beacon_gateway.core.model.status import (
    AccountStatus,
    BeaconStatus,
    FiguresStatus,
    PartStatus,
    ProcessStatus,
    ServerStatus,
    ShakesStatus,
    Status,
)
from beacon_gateway.core.model.target_status import TargetStatus
from beacon_gateway.core.monitoring.metrics import MAX_BEACON_SERIES, Metric, metrics_of
from tests.services.status.test_heartbeat import NOW, status

MOST_NAMES = 43
BATTERIES = {
    0: BatteryStatus(87, None, low=False, at=NOW, before=95, before_day="2026-11-01"),
    1: BatteryStatus(None, 2950, low=False, at=None),
}


def beacon(number: int, *, floor: str = "F6", present: bool = True, rssi: float | None = -61.5) -> BeaconStatus:
    return BeaconStatus(
        uuid="FDA50693-A4E2-4FB1-AFCF-C6EB07647825",
        major=10006,
        minor=number,
        beacon=f"beacon-{number}",
        name=f"信标 {number}",
        floor=floor,
        present=present,
        zone="near",
        rssi=rssi,
        silent_seconds=None if rssi is None else 0.5,
        samples=7,
        interval=0.5,
        timeout=30.0,
        trend=None,
        verdict="healthy" if present else "battery",
    )


def whole_status(beacons: int = 2) -> Status:
    """Return a status in which everything that may be missing is there."""
    return replace(
        status(),
        shakes=ShakesStatus(5, 1, {"forged": 2}, ""),
        figures=FiguresStatus("2026-11-23", ""),
        account=AccountStatus(3, 3, {"/shakearound/page/search": 12}, {"/shakearound/page/add": NOW}),
        process=ProcessStatus(60 << 20, 12.5, 4096, 17),
        store=replace(status().store, sync="in-sync"),
        targets={"wechat": TargetStatus("in-sync")},
        pages=ServerStatus("127.0.0.1:8080"),
        parts={"sync": PartStatus(3, "KeyError in sync.py:7", None, None)},
        lines_dropped=2,
        beacons=tuple(replace(beacon(number), battery=BATTERIES.get(number)) for number in range(beacons)),
        radio=replace(status().radio, rungs={"new-scanner": 2}),
    )


def read(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Return all series: value by name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def names(status: Status) -> set[str]:
    return {name for name, _ in read(exposition(metrics_of(status)))}


def test_all_that_the_status_knows_is_read_by_prometheus() -> None:
    series = read(exposition(metrics_of(whole_status())))
    assert series["beacon_gateway_info", (("floor", "F6"), ("gateway", "f6-east"), ("version", "1"))] == 1
    assert series["beacon_gateway_radio_state", (("state", "listening"),)] == 1
    assert series["beacon_gateway_radio_state", (("state", "deaf"),)] == 0
    assert series["beacon_gateway_hits_total", (("floor", "F6"),)] == 3
    assert series["beacon_gateway_beacon_rssi_dbm", (("beacon", "beacon-1"), ("floor", "F6"))] == -61.5
    assert series["beacon_gateway_wechat_calls_today", (("path", "/shakearound/page/search"),)] == 12
    assert series["beacon_gateway_wechat_parked_until_timestamp_seconds", (("path", "/shakearound/page/add"),)] == (
        NOW.timestamp()
    )
    midnight = datetime(2026, 11, 22, 16, tzinfo=UTC)  # of the 23rd in Beijing
    assert series["beacon_gateway_figures_last_day_timestamp_seconds", ()] == midnight.timestamp()
    assert series["beacon_gateway_process_cpu_seconds_total", ()] == 12.5
    assert series["beacon_gateway_failures_total", (("part", "sync"),)] == 3
    assert series["beacon_gateway_failures_total", (("part", "log-lines"),)] == 2
    assert series["beacon_gateway_started_timestamp_seconds", ()] == NOW.timestamp()


def test_there_are_not_many_names() -> None:
    assert 30 < len(names(whole_status())) <= MOST_NAMES


def test_above_the_cap_no_beacon_has_series_of_its_own() -> None:
    few, many = names(whole_status(MAX_BEACON_SERIES)), names(whole_status(MAX_BEACON_SERIES + 1))
    assert {name for name in few if name.startswith("beacon_gateway_beacon_")} == {
        "beacon_gateway_beacon_battery_percent",
        "beacon_gateway_beacon_battery_volts",
        "beacon_gateway_beacon_present",
        "beacon_gateway_beacon_rssi_dbm",
        "beacon_gateway_beacon_silent_seconds",
    }
    assert not [name for name in many if name.startswith("beacon_gateway_beacon_")]
    text = exposition(metrics_of(whole_status(5000)))
    assert len(text) < 10_000
    assert read(text)["beacon_gateway_beacons", (("floor", "F6"),)] == 5000


def test_what_a_gateway_does_not_do_has_no_series() -> None:
    words = ("shakes", "wechat", "process", "battery")
    assert not [name for name in names(status()) if any(word in name for word in words)]


def test_a_beacon_that_was_never_heard_has_no_level() -> None:
    text = exposition(metrics_of(replace(status(), beacons=(beacon(1, present=False, rssi=None),))))
    assert ("beacon_gateway_beacon_present", (("beacon", "beacon-1"), ("floor", "F6"))) in read(text)
    assert "rssi" not in text


@given(st.text(st.characters(exclude_categories=["Cs"])), st.floats(allow_nan=False, allow_infinity=False))
def test_any_label_and_any_number_come_back(label: str, value: float) -> None:
    text = exposition([Metric("beacon_gateway_any", "Any.", {(("label", label),): value})])
    ((_, labels), found), *rest = read(text).items()
    assert (labels, found, rest) == ((("label", label),), value, [])
