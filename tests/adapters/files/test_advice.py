"""Times and time zones as people write them, and the sentence that helps."""

from zoneinfo import ZoneInfo

import pytest

from beacon_gateway.adapters.files.yaml.time_zones import advise_time_zone
from beacon_gateway.core.model.problems import Problem, SourcePosition
from beacon_gateway.core.report.moments import advise_moment
from beacon_gateway.core.sentences.catalogue import languages
from beacon_gateway.core.sentences.messages import explain


@pytest.mark.parametrize(
    ("typed", "code", "near"),
    [
        ("2026-11-24 9:00", "value.time-near", "2026-11-24 09:00"),
        ("2026-11-24T9:00", "value.time-near", "2026-11-24 09:00"),
        ("2026/11/24 10:00", "value.time-near", "2026-11-24 10:00"),
        ("2026.11.24 10.00", "value.time-near", "2026-11-24 10:00"),
        ("2026-11-24 10:00:00", "value.time-near", "2026-11-24 10:00"),
        ("2026年11月24日 9点", "value.time-near", "2026-11-24 09:00"),
        ("2026年11月24日9点半", "value.time-near", "2026-11-24 09:30"),
        ("2026-11-24 下午3点20分", "value.time-near", "2026-11-24 15:20"),
        ("2026-11-24 凌晨12点", "value.time-near", "2026-11-24 00:00"),
        ("2026-11-24 中午12点", "value.time-near", "2026-11-24 12:00"),
        ("2026-11-24 9pm", "value.time-near", "2026-11-24 21:00"),
        ("2026-11-24 12 am", "value.time-near", "2026-11-24 00:00"),
        ("2026-11-24 24:00", "value.time-24", "2026-11-25 00:00"),
        ("2026-12-31 24:00", "value.time-24", "2027-01-01 00:00"),
        ("2026-11-24 26:30", "value.time-24", "2026-11-25 02:30"),
        ("2026-11-24 晚上12点", "value.time-24", "2026-11-25 00:00"),
        ("2026-11-24", "value.time-no-hour", "2026-11-24 00:00"),
        ("2026-11-24T10:00+08:00", "value.time-zone", "2026-11-24 10:00"),
        ("2026-11-24T10:00Z", "value.time-zone", "2026-11-24 10:00"),
        ("9:00", "value.time-no-day", ""),
        ("9点", "value.time-no-day", ""),
        ("2026-06-31 10:00", "value.time-no-such-day", ""),
        ("2026-13-01 10:00", "value.time-no-such-day", ""),
    ],
)
def test_a_time_that_is_written_otherwise_gets_the_sentence_that_helps(typed: str, code: str, near: str) -> None:
    advice = advise_moment(typed)
    assert advice
    assert (advice.code, advice.details.get("near", "")) == (code, near)
    for language in languages():
        sentence = explain(Problem(SourcePosition("F1.yaml"), code, {**advice.details, "found": typed}), language)
        assert typed in sentence
        assert near in sentence


@pytest.mark.parametrize(
    "typed", ["tomorrow", "", "24.11.2026 10:00", "2026-11-24 10:75", "0" * 500, "2026-11-24 99:00"]
)
def test_no_advice_is_better_than_a_guess(typed: str) -> None:
    assert advise_moment(typed) is None


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        *(
            (typed, "Asia/Shanghai")
            for typed in ("Asia/Beijing", "asia/shanghai", "UTC+8", "GMT+08:00", "北京时间", "CST")
        ),
        ("Asia/Shangai", "Asia/Shanghai"),
        ("Tokyo", "Asia/Tokyo"),
        ("America/NewYork", "America/New_York"),
    ],
)
def test_a_time_zone_gets_the_name_that_the_database_has_for_it(typed: str, near: str) -> None:
    advice = advise_time_zone(typed)
    assert advice
    assert (advice.code, advice.details["near"]) == ("value.timezone-near", near)
    ZoneInfo(near)


@pytest.mark.parametrize(("typed", "near"), [("Etc/GMT+8", "Asia/Shanghai"), ("Etc/GMT+9", "Etc/GMT-9")])
def test_a_zone_whose_sign_is_the_other_way_round_says_what_it_means(typed: str, near: str) -> None:
    advice = advise_time_zone(typed)
    assert advice
    assert (advice.code, advice.details["near"]) == ("value.timezone-sign", near)
    assert advice.details["means"] == f"UTC-{typed[-1]}"


@pytest.mark.parametrize("typed", ["Asia", "Mars/Olympus", ""])
def test_no_zone_is_made_up(typed: str) -> None:
    assert advise_time_zone(typed) is None
