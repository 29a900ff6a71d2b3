"""Which picture is meant by a name under which there is none."""

from unicodedata import normalize

import pytest

from beacon_gateway.core.files.icon_names import (
    MAX_ICON_GUESSES,
    MAX_NAMES_COMPARED,
    IconNames,
    looks_alike,
    usable_names,
)

THERE = ["icons/spring.png", "icons/Lucky-Draw.JPG", "icons/会员日.gif", "icons/" + normalize("NFD", "Café.png")]


@pytest.mark.parametrize(
    ("wanted", "near"),
    [
        ("icons/Spring.PNG", "icons/spring.png"),
        ("Icons/spring.png", "icons/spring.png"),
        ("icons\\spring.png", "icons/spring.png"),
        ("icons//spring.png ", "icons/spring.png"),
        ("/icons/spring.png", "icons/spring.png"),
        ("store/icons/spring.png", "icons/spring.png"),
        ("C:\\store\\icons\\spring.png", "icons/spring.png"),
        ("spring.png", "icons/spring.png"),
        ("icons/spring.jpg", "icons/spring.png"),
        ("icons/spring", "icons/spring.png"),
        ("icons/sprnig.png", "icons/spring.png"),
        ("icons/lucky-draw.jpeg", "icons/Lucky-Draw.JPG"),
        ("icons/lucky_draw.jpg", "icons/Lucky-Draw.JPG"),
        ("icons/会员日.png", "icons/会员日.gif"),
        ("icons/" + normalize("NFC", "Café.png"), THERE[3]),
        ("icons/winter-2026.png", ""),
        ("", ""),
        ("/", ""),
    ],
)
def test_a_near_name_is_offered_and_no_other(wanted: str, near: str) -> None:
    assert IconNames(THERE).near(wanted) == near


def test_the_very_name_but_for_case_is_nearer_than_another_ending() -> None:
    assert IconNames(["icons/a.gif", "icons/A.png"]).near("icons/a.png") == "icons/A.png"


def test_names_that_are_shown_alike_and_are_not_are_told_apart() -> None:
    assert looks_alike("Café", normalize("NFD", "Café"))
    assert not looks_alike("Café", "Café")
    assert not looks_alike("Cafe", "Café")


def test_a_name_that_cannot_be_typed_is_not_offered() -> None:
    assert usable_names(["a.png", "\udcb4\udcba.png", "a\x1b[31m.png"]) == ["a.png"]


def test_guesses_are_few_and_among_few() -> None:
    names = IconNames([f"icons/spring-{number}.png" for number in range(MAX_NAMES_COMPARED)])
    assert [bool(names.near(f"sprnig-{number}.png")) for number in range(MAX_ICON_GUESSES + 1)] == [
        True
    ] * MAX_ICON_GUESSES + [False]
    assert not IconNames([f"icons/spring-{number}.png" for number in range(MAX_NAMES_COMPARED + 1)]).near(
        "sprnig-1.png"
    )
