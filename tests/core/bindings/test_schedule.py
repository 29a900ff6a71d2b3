"""Which pages a beacon shows at which moment."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.bindings.schedule import desired, next_switch, pages_now
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import NOTHING, Beacon, Slot, Store
from tests.core.air import KEY, OTHER

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
USUAL, SALE, PARTY = ("usual",), ("sale",), ("party",)


def at(text: str, zone: tzinfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def slot(start: str, end: str, pages: tuple[str, ...] = SALE, zone: tzinfo = SHANGHAI) -> Slot:
    return Slot(at(start, zone), at(end, zone), pages)


def beacon(*slots: Slot, pages: tuple[str, ...] | None = USUAL, key: BeaconKey = KEY) -> Beacon:
    return Beacon(key, "door", "Door", "F6", pages=pages, schedule=slots)


def store(*beacons: Beacon) -> Store:
    return Store({}, {beacon.key: beacon for beacon in beacons}, {})


MORNING = slot("2026-11-24 10:00", "2026-11-24 12:00")
NOON = slot("2026-11-24 12:00", "2026-11-24 14:00", PARTY)
EVENING = slot("2026-11-24 18:00", "2026-11-24 22:00", PARTY)


@pytest.mark.parametrize(
    ("now", "pages"),
    [
        ("2026-11-24 09:59:59.999999", USUAL),
        ("2026-11-24 10:00", SALE),
        ("2026-11-24 11:59:59.999999", SALE),
        ("2026-11-24 12:00", USUAL),
        ("2026-11-24 18:00", PARTY),
        ("2026-11-24 22:00", USUAL),
        ("2026-11-25 11:00", USUAL),
    ],
)
def test_a_running_slot_wins_over_the_usual_pages_and_its_end_is_excluded(now: str, pages: tuple[str, ...]) -> None:
    assert pages_now(beacon(MORNING, EVENING), at(now)) == pages


def test_slots_that_touch_hand_over_without_a_gap() -> None:
    assert pages_now(beacon(MORNING, NOON), at("2026-11-24 12:00")) == PARTY


def test_a_slot_can_show_nothing() -> None:
    quiet = beacon(slot("2026-11-24 10:00", "2026-11-24 12:00", ()))
    assert pages_now(quiet, at("2026-11-24 11:00")) == ()


def test_a_beacon_without_pages_is_decided_by_the_files_only_while_a_slot_runs() -> None:
    files = store(beacon(MORNING, pages=None), beacon(pages=None, key=OTHER))
    assert desired(files, at("2026-11-24 09:00")) == {}
    assert desired(files, at("2026-11-24 11:00")) == {KEY: SALE}
    assert desired(files, at("2026-11-24 12:00")) == {}


def test_showing_nothing_is_a_decision() -> None:
    assert desired(store(beacon(pages=())), at("2026-11-24 09:00")) == {KEY: ()}


def test_each_beacon_follows_its_own_schedule() -> None:
    files = store(beacon(MORNING), beacon(EVENING, key=OTHER))
    assert desired(files, at("2026-11-24 11:00")) == {KEY: SALE, OTHER: USUAL}
    assert desired(files, at("2026-11-24 19:00")) == {KEY: USUAL, OTHER: PARTY}


@pytest.mark.parametrize(
    ("now", "switch"),
    [
        ("2026-11-01 00:00", "2026-11-24 10:00"),
        ("2026-11-24 10:00", "2026-11-24 12:00"),
        ("2026-11-24 12:00", "2026-11-24 18:00"),
        ("2026-11-24 21:59:59", "2026-11-24 22:00"),
    ],
)
def test_the_next_switch_is_the_nearest_edge_still_to_come(now: str, switch: str) -> None:
    assert next_switch(store(beacon(EVENING, key=OTHER), beacon(MORNING)), at(now)) == at(switch)


def test_after_the_last_edge_there_is_no_switch() -> None:
    assert next_switch(store(beacon(MORNING)), at("2026-11-24 12:00")) is None
    assert next_switch(store(beacon()), at("2026-11-24 12:00")) is None
    assert next_switch(NOTHING, at("2026-11-24 12:00")) is None


def test_the_store_keeps_its_own_time_wherever_the_clock_stands() -> None:
    shop = beacon(MORNING)
    for now in (
        datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
        at("2026-11-23 21:00", ZoneInfo("America/New_York")),
        at("2026-11-24 13:30", timezone(timedelta(hours=11, minutes=30))),
    ):
        assert pages_now(shop, now) == SALE
        assert pages_now(shop, now - timedelta(microseconds=1)) == USUAL
        assert next_switch(store(shop), now) == at("2026-11-24 12:00")


def test_when_the_clocks_go_forward_a_slot_is_an_hour_shorter() -> None:
    night = beacon(slot("2026-03-29 01:00", "2026-03-29 04:00", zone=BERLIN))
    start = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    assert pages_now(night, start) == SALE
    assert pages_now(night, start + timedelta(hours=1, minutes=59)) == SALE
    assert pages_now(night, start + timedelta(hours=2)) == USUAL


def test_when_the_clocks_go_back_a_slot_is_an_hour_longer() -> None:
    night = beacon(slot("2026-10-25 01:00", "2026-10-25 04:00", zone=BERLIN))
    start = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)
    assert pages_now(night, start) == SALE
    assert pages_now(night, start + timedelta(hours=3, minutes=59)) == SALE
    assert pages_now(night, start + timedelta(hours=4)) == USUAL


def test_the_hour_that_comes_twice_is_read_alike_in_every_time_zone() -> None:
    """A slot until 02:45 ends at the first 02:45; so at the second 02:30 it is over, whichever clock says so."""
    night = beacon(slot("2026-10-25 01:00", "2026-10-25 02:45", zone=BERLIN))
    second_half_past_two = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert pages_now(night, second_half_past_two) == USUAL
    assert next_switch(store(night), second_half_past_two) is None
    assert pages_now(night, second_half_past_two.astimezone(BERLIN)) == USUAL
    assert next_switch(store(night), second_half_past_two.astimezone(BERLIN)) is None


minutes = st.integers(0, 20 * 60)


@given(minutes, st.lists(minutes, unique=True, max_size=8), minutes)
def test_between_two_switches_nothing_changes(first: int, edges: list[int], later: int) -> None:
    midnight = at("2026-11-24 00:00")
    times = sorted(edges)[: len(edges) // 2 * 2]
    pairs = zip(times[::2], times[1::2], strict=True)
    slots = [
        Slot(midnight + timedelta(minutes=start), midnight + timedelta(minutes=end), (f"page-{start}",))
        for start, end in pairs
    ]
    files = store(beacon(*slots))
    now = midnight + timedelta(minutes=first)
    then = now + timedelta(minutes=later)
    switch = next_switch(files, now)
    if switch is None or then < switch:
        assert desired(files, then) == desired(files, now)
    else:
        assert desired(files, switch) != desired(files, now)
