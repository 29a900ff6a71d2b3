"""How much of the gateway's listening the beacons were heard in."""

from beacon_gateway.core.log.tallies import BeaconDay, GatewayHour
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.report.availability import Availability
from beacon_gateway.core.report.report_request import GroupBy
from tests.core.report.shop import A_DAY, MONDAY, SUNDAY, Question, beacon, beacon_day, days, listened, store, told

WEEK = days(MONDAY, SUNDAY)
MINUTES_A_DAY = 24 * 60


def availability(
    found: list[BeaconDay], *, known: Store | None = None, listening: list[GatewayHour] | None = None
) -> Availability:
    tallies = told(days=found, listening=listened(WEEK) if listening is None else listening)
    return Question(tallies, store=known).report().availability


def shares(found: Availability) -> dict[str, float]:
    return {beacon.slug: round(beacon.heard.share, 3) for floor in found.floors for beacon in floor.beacons}


def test_a_beacon_is_measured_against_what_the_gateway_listened_to() -> None:
    deaf_by_half = listened(WEEK, minutes=30)
    found = [beacon_day(day, 1, MINUTES_A_DAY // 2) for day in WEEK] + [beacon_day(day, 2, 360) for day in WEEK]
    assert shares(availability(found, listening=deaf_by_half)) == {"corner-2": 0.5, "corner-1": 1.0}


def test_a_beacon_counts_from_its_first_day_to_the_end() -> None:
    hung_up_on_sunday = [beacon_day(SUNDAY, 1, MINUTES_A_DAY)]
    died_on_monday = [beacon_day(MONDAY, 2, MINUTES_A_DAY)]
    known = store(beacon(1, "新的"), beacon(2, "坏的"))
    assert shares(availability(hung_up_on_sunday + died_on_monday, known=known)) == {"corner-1": 1, "corner-2": 0.143}


def test_a_beacon_that_is_no_longer_in_the_files_counts_until_its_last_day() -> None:
    taken_down = [beacon_day(MONDAY, 1, MINUTES_A_DAY)]
    assert shares(availability(taken_down, known=store())) == {"corner-1": 1.0}
    assert shares(availability(taken_down, known=store(beacon(1, "搬走的", "F1")))) == {"corner-1": 1.0}


def test_without_sound_files_a_beacon_counts_to_the_end() -> None:
    assert shares(availability([beacon_day(MONDAY, 1, MINUTES_A_DAY)])) == {"corner-1": 0.143}


def test_a_floor_is_the_sum_of_its_beacons_and_names_the_five_worst() -> None:
    found = [beacon_day(day, number, 144 * number) for day in WEEK for number in range(1, 11)]
    [floor] = availability(found).floors
    assert (floor.floor, round(floor.heard.share, 3)) == ("F6", 0.55)
    assert [beacon.slug for beacon in floor.worst] == [f"corner-{number}" for number in range(1, 6)]


def test_a_beacon_of_this_floor_that_was_never_heard_is_named() -> None:
    known = store(beacon(1, "正门"), beacon(2, "试衣间"), beacon(3, "推车", mobile=True), beacon(4, "楼下", "F1"))
    found = availability([beacon_day(MONDAY, 1, 99)], known=known)
    assert [beacon.name for beacon in found.never] == ["试衣间"]


def test_a_deaf_gateway_says_nothing_of_the_beacons() -> None:
    known = store(beacon(1, "正门"))
    found = availability([], known=known, listening=listened(WEEK, minutes=0))
    assert (found.floors, found.never) == ((), ())
    tallies = told(listening=listened(WEEK, minutes=0))
    assert "  The gateway was not receiving: unknown." in Question(tallies, store=known).lines()


def test_a_tag_that_is_carried_about_has_no_availability() -> None:
    known = store(beacon(1, "推车", mobile=True))
    assert availability([beacon_day(MONDAY, 1, 99)], known=known).floors == ()


def test_only_what_is_asked_for_is_told() -> None:
    found = [beacon_day(MONDAY, 1, 99), beacon_day(MONDAY, 2, 99), beacon_day(MONDAY, 1, 9, floor="F1")]
    known = store(beacon(1, "正门"), beacon(2, "中庭"), beacon(9, "试衣间"), beacon(8, "女装"))
    question = Question(
        told(days=found, listening=listened([MONDAY])),
        last=MONDAY + A_DAY,
        store=known,
        by=GroupBy.DAY,
        beacon="corner-9",
    )
    told_of = question.report().availability
    assert (told_of.floors, [beacon.slug for beacon in told_of.never]) == ((), ["corner-9"])
