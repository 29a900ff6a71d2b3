"""Each folder in `faulty` is named after its fault; expected.txt beside it says where it lies and which it is."""

from pathlib import Path

import pytest

from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.core.model.problems import Problem, Severity, is_sound
from tests.adapters.files.folders import assert_can_be_said, assert_chinese_is_chinese, listed, problems_in

FAULTY = Path(__file__).parent / "faulty"
FOLDERS = sorted(path.name for path in FAULTY.iterdir())


def expected(folder: str) -> list[str]:
    return (FAULTY / folder / "expected.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_fault_is_found_at_its_place_and_nothing_else(folder: str) -> None:
    assert listed(problems_in(FAULTY / folder)) == expected(folder)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_fault_can_be_said_in_both_languages_and_names_what_was_found(folder: str) -> None:
    for problem in problems_in(FAULTY / folder):
        assert_can_be_said(problem)


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_said_in_chinese_leans_on_no_english_sentence(folder: str) -> None:
    for problem in problems_in(FAULTY / folder):
        assert_chinese_is_chinese(problem)


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_fault_is_told_twice(folder: str) -> None:
    told = [(problem.place, problem.code, sorted(problem.details.items())) for problem in problems_in(FAULTY / folder)]
    assert told == [fault for index, fault in enumerate(told) if fault not in told[:index]]


@pytest.mark.parametrize("folder", [name for name in FOLDERS if name.startswith("gateway-")])
def test_a_faulty_gateway_file_gives_no_settings_unless_only_a_key_is_unknown(folder: str) -> None:
    settings, _, problems = read_settings(FAULTY / folder / "gateway.yaml")
    assert not is_sound(problems)
    assert settings is None or {problem.code for problem in problems} <= {"key.unknown", "key.unknown-near"}


def test_several_pages_on_one_beacon_are_a_warning_and_not_a_fault() -> None:
    problems = problems_in(FAULTY / "pages-2-are-shown-at-random")
    assert [problem.severity for problem in problems] == [Severity.WARNING]
    assert is_sound(problems)


def test_ten_faults_in_three_files_are_told_at_once() -> None:
    problems = problems_in(FAULTY / "ten-at-once")
    assert len(problems) >= 10
    assert len({problem.code for problem in problems}) >= 10
    assert {problem.place.file for problem in problems} == {
        "store/floors/F1.yaml",
        "store/floors/F2.yaml",
        "store/pages.yaml",
    }


def one_of(folder: str) -> Problem:
    (problem,) = problems_in(FAULTY / folder)
    return problem


@pytest.mark.parametrize(
    ("folder", "near"),
    [
        ("page-unknown-near", "members-day"),
        ("page-unknown-in-slot", "members-day"),
        ("gateway-language-bad-near", "en"),
        ("gateway-role-bad", "writer"),
        ("gateway-clock-bad", "trusted"),
        ("gateway-unknown-key-near", "timezone"),
        ("minor-010", "10"),
    ],
)
def test_what_was_probably_meant_is_offered(folder: str, near: str) -> None:
    assert one_of(folder).details["near"] == near


@pytest.mark.parametrize("folder", ["page-unknown", "page-on", "gateway-language-bad", "unknown-key"])
def test_nothing_is_offered_where_nothing_is_near(folder: str) -> None:
    assert not one_of(folder).details["near"]


@pytest.mark.parametrize(
    ("folder", "first"),
    [
        ("key-twice", "7"),
        ("slug-twice", "5"),
        ("page-slug-twice", "2"),
        ("beacon-twice-in-one-file", "store/floors/F1.yaml:5:3"),
        ("beacon-twice-in-two-files", "store/floors/F1.yaml:5:3"),
        ("floor-twice", "store/floors/F1.yaml:1:8"),
        ("slots-overlap", "store/floors/F1.yaml:11:16"),
    ],
)
def test_what_stands_twice_names_the_first_place(folder: str, first: str) -> None:
    assert one_of(folder).details["first"] == first


@pytest.mark.parametrize(
    ("folder", "missing"),
    [
        ("two-keys-missing", {"major", "minor"}),
        ("page-incomplete", {"description", "url", "icon"}),
        ("gateway-and-floor-missing", {"gateway", "floor"}),
    ],
)
def test_every_missing_key_is_named(folder: str, missing: set[str]) -> None:
    assert {problem.details["found"] for problem in problems_in(FAULTY / folder)} == missing
