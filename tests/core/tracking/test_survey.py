"""Who is in the air now."""

from uuid import UUID

import pytest

from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey, Frame
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.tracking.survey import MAX_UNKNOWN_BEACONS, Survey

OURS = UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825")
THEIRS = UUID("B9407F30-F5F8-466E-AFF9-25556B57FE6D")
SHOES, DESK = BeaconKey(OURS, 10_006, 1), BeaconKey(OURS, 10_006, 2)
START = 5_000.0


def frame(key: BeaconKey, power: int = -59) -> dict[int, bytes]:
    return {APPLE_COMPANY_ID: Frame(key, power).payload()}


@pytest.fixture
def survey() -> Survey:
    return Survey([SHOES, DESK], START)


def test_a_declared_beacon_is_found_with_its_signal_zone_and_time(survey: Survey) -> None:
    for second in range(20):
        survey.hear(frame(SHOES), -67, START + second)
    overview = survey.overview(START + 21)
    [sighting] = overview.declared
    assert (sighting.key, sighting.rssi, sighting.zone) == (SHOES, -67.0, Proximity.NEAR)
    assert (sighting.heard, sighting.adverts) == (START + 19, 20)
    assert (overview.unknown, overview.other_ibeacons, overview.other_adverts, overview.adverts) == ([], 0, 0, 20)


def test_everything_is_counted_in_one_place_only(survey: Survey) -> None:
    survey.hear(frame(SHOES), -60, START)
    survey.hear(frame(BeaconKey(OURS, 1, 1)), -60, START)
    survey.hear(frame(BeaconKey(THEIRS, 1, 1)), -60, START)
    for other in (
        {},
        {0x0075: b"\x42"},
        {APPLE_COMPANY_ID: b"\x10\x05"},
        {APPLE_COMPANY_ID: b"\x02\x15\x00"},
        {APPLE_COMPANY_ID: b""},
    ):
        survey.hear(other, -60, START)
    overview = survey.overview(START)
    assert [sighting.key for sighting in overview.declared] == [SHOES]
    assert [sighting.key for sighting in overview.unknown] == [BeaconKey(OURS, 1, 1)]
    assert (overview.other_ibeacons, overview.other_adverts, overview.adverts) == (1, 5, 8)


def test_without_declared_beacons_every_ibeacon_is_an_unknown_one() -> None:
    survey = Survey([], START)
    survey.hear(frame(BeaconKey(THEIRS, 1, 1)), -60, START)
    overview = survey.overview(START)
    assert ([sighting.key for sighting in overview.unknown], overview.other_ibeacons) == ([BeaconKey(THEIRS, 1, 1)], 0)


@pytest.mark.parametrize("sent", [-59, -3])
def test_a_power_that_the_files_state_counts_whatever_is_sent(sent: int) -> None:
    survey = Survey([SHOES, DESK], START, measured_powers={SHOES: -75})
    for key in (SHOES, DESK):
        survey.hear(frame(key, power=sent), -70, START)
    assert [sighting.zone for sighting in survey.overview(START).declared] == [Proximity.IMMEDIATE, Proximity.NEAR]


def test_the_offset_of_a_receiver_is_part_of_every_level() -> None:
    survey = Survey([SHOES], START, offset=-6)
    survey.hear(frame(SHOES), -60, START)
    survey.hear(frame(BeaconKey(OURS, 1, 1)), -108, START)
    overview = survey.overview(START)
    assert [sighting.rssi for sighting in (*overview.declared, *overview.unknown)] == [-66, -110]


def test_trailing_bytes_and_another_power_make_no_other_beacon(survey: Survey) -> None:
    survey.hear(frame(SHOES, power=-59), -70, START)
    assert survey.overview(START).declared[0].zone is Proximity.NEAR
    survey.hear({APPLE_COMPANY_ID: Frame(SHOES, -75).payload() + b"\x64"}, -70, START)
    [sighting] = survey.overview(START).declared
    assert (sighting.adverts, sighting.zone) == (2, Proximity.IMMEDIATE)


def test_the_signal_is_smoothed_and_begins_anew_after_a_silence(survey: Survey) -> None:
    survey.hear(frame(SHOES), -60, START)
    survey.hear(frame(SHOES), -80, START + 1)
    assert survey.overview(START + 1).declared[0].rssi == pytest.approx(-64)
    survey.hear(frame(SHOES), -80, START + 60)
    assert survey.overview(START + 60).declared[0].rssi == -80


# How often


@pytest.mark.parametrize("rate", [0.5, 1, 3, 10, 100])
def test_the_rate_is_that_of_the_last_seconds(survey: Survey, rate: float) -> None:
    for number in range(round(60 * rate)):
        survey.hear(frame(SHOES), -60, START + number / rate)
    assert survey.overview(START + 60).declared[0].rate == pytest.approx(rate, rel=0.1)


def test_the_rate_is_right_in_the_first_seconds_too(survey: Survey) -> None:
    for number in range(4):
        survey.hear(frame(SHOES), -60, START + number / 2)
    assert survey.overview(START + 2).declared[0].rate == pytest.approx(2)


def test_a_beacon_that_fell_silent_has_no_rate(survey: Survey) -> None:
    for number in range(100):
        survey.hear(frame(SHOES), -60, START + number / 10)
    assert survey.overview(START + 30).declared[0].rate == 0


# Bounds


def test_the_unknown_one_heard_longest_ago_makes_room(survey: Survey) -> None:
    for minor in range(MAX_UNKNOWN_BEACONS):
        survey.hear(frame(BeaconKey(OURS, 1, minor)), -60, START + minor)
    survey.hear(frame(BeaconKey(OURS, 1, 0)), -60, START + MAX_UNKNOWN_BEACONS)  # the first is heard again
    survey.hear(frame(BeaconKey(OURS, 2, 0)), -60, START + MAX_UNKNOWN_BEACONS + 1)
    overview = survey.overview(START + MAX_UNKNOWN_BEACONS + 1)
    keys = [sighting.key for sighting in overview.unknown]
    assert len(keys) == MAX_UNKNOWN_BEACONS
    assert keys[:2] == [BeaconKey(OURS, 2, 0), BeaconKey(OURS, 1, 0)]
    assert BeaconKey(OURS, 1, 1) not in keys
    assert overview.forgotten == 1
    assert overview.adverts == MAX_UNKNOWN_BEACONS + 2


def test_no_crowd_of_unknown_ones_pushes_out_a_declared_one(survey: Survey) -> None:
    survey.hear(frame(SHOES), -60, START)
    for number in range(5 * MAX_UNKNOWN_BEACONS):
        survey.hear(frame(BeaconKey(OURS, number >> 8, number & 0xFF)), -60, START + 1)
    overview = survey.overview(START + 2)
    assert [sighting.key for sighting in overview.declared] == [SHOES]
    assert (len(overview.unknown), overview.forgotten) == (MAX_UNKNOWN_BEACONS, 4 * MAX_UNKNOWN_BEACONS)
