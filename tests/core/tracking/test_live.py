"""What the live page is told: from what the tracker knows, and only what changed."""

from dataclasses import replace
from uuid import UUID

import pytest

from beacon_gateway.core.model.ibeacon import BeaconKey, Frame
from beacon_gateway.core.model.store import Beacon
from beacon_gateway.core.tracking.live import (
    LiveBeacons,
    LiveCounts,
    LiveLook,
    LivePresence,
    difference,
    sought,
    take_look,
)
from beacon_gateway.core.tracking.tracker import Tracker

OURS = UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825")
THEIRS = UUID("00000000-0000-4000-8000-000000000001")
NORTH, SOUTH, UNDECLARED = (BeaconKey(OURS, 10_006, minor) for minor in (1, 2, 9))
FOREIGN = BeaconKey(THEIRS, 10_006, 1)
BEACONS = {
    NORTH: Beacon(NORTH, slug="north", name="北扶梯口", floor="F6"),
    SOUTH: Beacon(SOUTH, slug="south", name="服务台", floor="F6"),
}
START = 5_000.0


class Shop:
    """A tracker, its clock, and the looks that are taken at it."""

    def __init__(self) -> None:
        self.beacons = dict(BEACONS)
        self.tracker = Tracker(self.beacons)
        self.now = START
        self.deaf = False
        self.heard = 0

    def hear(self, *keys: BeaconKey, seconds: int = 1, times: int = 1, rssi: int = -60) -> None:
        """Let each be heard so many times in each of the next seconds."""
        for _ in range(seconds * times):
            self.now += 1 / times
            for key in keys:
                self.heard += 1
                self.tracker.hear(Frame(key, -59).payload(), rssi, self.now)

    def look(self, former: LiveLook | None = None) -> LiveLook:
        air = LiveBeacons(
            self.tracker.states(),
            self.beacons.__getitem__,
            self.tracker.strangers,
            LiveCounts(self.heard, self.tracker.reception.unknown),
            self.deaf,
            "F6",
        )
        return take_look(air, self.now, START, former)


def hearings(look: LiveLook) -> dict[BeaconKey, str]:
    return {key: row.reading.hearing for key, row in look.rows.items()}


def test_a_beacon_that_is_here_has_level_zone_and_when_it_was_heard() -> None:
    shop = Shop()
    shop.hear(NORTH, seconds=5)
    row = shop.look().rows[NORTH]
    assert row.who[:4] == ("F6/north", True, "北扶梯口", "F6")
    assert row.reading == (LivePresence.HEARD, -60, None, "near", 5)


def test_declared_beacons_stay_in_the_order_of_the_files_though_nobody_hears_them() -> None:
    shop = Shop()
    shop.hear(SOUTH, seconds=5)
    look = shop.look()
    assert list(look.rows) == [NORTH, SOUTH]
    assert look.rows[NORTH].reading == (LivePresence.NEVER, None, None, "", None)


def test_one_frame_makes_no_presence_and_a_long_silence_ends_it() -> None:
    shop = Shop()
    shop.hear(SOUTH)
    assert hearings(shop.look())[SOUTH] == LivePresence.SELDOM
    shop.now += 60
    assert hearings(shop.look())[SOUTH] == LivePresence.SILENT


def test_a_gateway_that_hears_nothing_knows_nothing() -> None:
    shop = Shop()
    shop.hear(NORTH, UNDECLARED, seconds=5)
    shop.deaf = True
    assert hearings(shop.look()) == {
        NORTH: LivePresence.HEARD,
        SOUTH: LivePresence.DEAF,
        UNDECLARED: LivePresence.HEARD,
    }
    shop.now += 25
    look = shop.look()
    assert set(hearings(look).values()) == {LivePresence.DEAF}
    assert look.rows[NORTH].reading.zone == ""


def test_strangers_under_our_uuid_are_shown_and_nobody_elses_device_is() -> None:
    shop = Shop()
    shop.hear(UNDECLARED, FOREIGN, seconds=5)
    look = shop.look()
    assert FOREIGN not in look.rows
    assert look.rows[UNDECLARED].who == (str(UNDECLARED), False, "", "", str(OURS).upper(), 10_006, 9, "", "")
    assert look.counts == LiveCounts(10, 10)
    shop.now += 31
    assert hearings(shop.look())[UNDECLARED] == LivePresence.SILENT


def test_of_a_tag_the_floor_is_where_it_is_heard_and_not_where_its_file_has_it() -> None:
    shop = Shop()
    shop.beacons[NORTH] = replace(BEACONS[NORTH], floor="F1", mobile=True)
    shop.hear(NORTH, seconds=5)
    assert shop.look().rows[NORTH].who[:4] == ("F1/north", True, "北扶梯口", "~F6")


def test_a_stranger_that_was_set_up_wrongly_is_shown_with_what_it_was_meant_to_be() -> None:
    shop = Shop()
    swapped = BeaconKey(OURS, 0x1627, 0x0100)
    shop.hear(swapped, seconds=5)
    look = shop.look()
    assert look.rows[swapped].who[-2:] == ("bytes", str(NORTH))
    shop.tracker.declare({SOUTH: BEACONS[SOUTH]}, shop.now)  # what it was like is not expected any more
    shop.beacons = {SOUTH: BEACONS[SOUTH]}
    later = shop.look(look)
    assert later.rows[swapped].who[-2:] == ("", "")
    assert [row.who.ident for row in difference(look, later).new] == [str(swapped)]


def test_a_rate_needs_two_looks_and_becomes_the_true_one() -> None:
    shop = Shop()
    look = shop.look()
    assert (look.rows[NORTH].reading.rate, look.pace) == (None, None)
    for _ in range(30):
        shop.hear(NORTH, times=4)
        shop.hear(NORTH, times=2)
        look = shop.look(look)
    assert look.rows[NORTH].reading.rate == 3.0
    assert look.pace == pytest.approx(3.0)
    assert look.rows[SOUTH].reading.rate == 0.0


def test_a_rate_is_never_negative_though_a_beacon_was_forgotten() -> None:
    shop = Shop()
    shop.hear(UNDECLARED, seconds=5)
    before = shop.look()
    shop.tracker.declare({}, shop.now)
    shop.tracker.declare(shop.beacons, shop.now)
    shop.hear(UNDECLARED)
    assert shop.look(before).rows[UNDECLARED].reading.rate == 0.0


def test_whoever_saw_nothing_is_told_all_and_then_only_what_changed() -> None:
    shop = Shop()
    shop.hear(NORTH, seconds=5)
    first = shop.look()
    assert [row.who.name for row in difference(None, first).new] == ["北扶梯口", "服务台"]
    same = difference(first, first)
    assert (same.new, same.changed, same.gone) == ([], [], [])
    shop.hear(NORTH)
    told = difference(first, replace(shop.look(), pace=1.0))
    assert ([row.who.ident for row in told.changed], told.new, told.gone) == (["F6/north"], [], [])


def test_the_time_that_passes_is_no_change() -> None:
    shop = Shop()
    shop.hear(NORTH, seconds=5)
    first = shop.look(shop.look())
    shop.now += 60
    second = shop.look(first)
    shop.now += 1
    assert difference(second, shop.look(second)).changed == []


def test_what_left_the_files_is_gone_and_what_was_renamed_is_told_anew() -> None:
    shop = Shop()
    first = shop.look()
    shop.beacons = {NORTH: replace(BEACONS[NORTH], name="北门")}
    shop.tracker.declare(shop.beacons, shop.now)
    told = difference(first, shop.look(first))
    assert [row.who.name for row in told.new] == ["北门"]
    assert told.gone == ["F6/south"]


def test_a_beacon_with_another_slug_leaves_no_row_behind() -> None:
    shop = Shop()
    first = shop.look()
    swapped = {NORTH: replace(BEACONS[NORTH], slug="south"), SOUTH: replace(BEACONS[SOUTH], slug="east")}
    shop.beacons = swapped
    shop.tracker.declare(swapped, shop.now)
    told = difference(first, shop.look(first))
    assert {row.who.ident for row in told.new} == {"F6/south", "F6/east"}
    assert told.gone == ["F6/north"]


def test_a_stranger_that_gets_into_the_files_becomes_a_row_of_its_own() -> None:
    shop = Shop()
    shop.hear(UNDECLARED, seconds=5)
    first = shop.look()
    shop.beacons[UNDECLARED] = Beacon(UNDECLARED, slug="new", name="", floor="F6")
    shop.tracker.declare(shop.beacons, shop.now)
    told = difference(first, shop.look(first))
    assert [row.who[:4] for row in told.new] == [("F6/new", True, "new", "F6")]
    assert told.gone == [str(UNDECLARED)]


@pytest.mark.parametrize(
    ("words", "strangers", "found"),
    [
        ("", True, [NORTH, SOUTH, UNDECLARED]),
        ("", False, [NORTH, SOUTH]),
        ("扶梯 f6", True, [NORTH]),
        ("10006/9", True, [UNDECLARED]),
        ("10006/9", False, []),
        ("fda50693", True, [UNDECLARED]),
        ("nobody", True, []),
    ],
)
def test_rows_are_found_by_name_floor_and_numbers(words: str, strangers: bool, found: list[BeaconKey]) -> None:
    shop = Shop()
    shop.hear(UNDECLARED, seconds=5)
    look = shop.look()
    assert sought(look.rows.values(), words, strangers=strangers) == [look.rows[key] for key in found]
