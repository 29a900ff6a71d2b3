"""Characters that mislead: found where they harm, left alone where a text needs them, named in both languages."""

import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.text.odd_characters import (
    OddKind,
    alike,
    as_ascii,
    first_odd,
    first_odd_in_address,
    first_typed_otherwise,
    first_unseen,
    visible,
    without_unseen,
)

UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2064\u2066\u2069\u2800\u3164\ufe00"
    "\ufe0e\ufe0f\ufeff\uffa0\ufffb\U0001d173\U000e0001\U000e0041\U000e0101"
)
NEEDED = {
    "a heart in colour": "❤️",
    "a cook": "👩‍🍳",
    "a family": "👨‍👩‍👧",
    "a runner with a skin and a sex": "🏃🏽‍♀️",
    "a rainbow flag": "🏳️‍🌈",
    "a keycap": "1️⃣",
    "the flag of Scotland": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "another form of a Han character": "葛\U000e0100",
    "Uyghur": "ئۇي\u200cغۇر",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ\u180b",
    "Devanagari": "क्\u200dष",
}


@pytest.mark.parametrize("character", UNSEEN, ids=lambda character: f"U+{ord(character):04X}")
def test_what_cannot_be_seen_between_two_letters_is_found_and_named(character: str) -> None:
    found = first_unseen(f"春{character}a季")
    if unicodedata.category(character) == "Mn" and character in "\ufe00\U000e0101":
        assert found is None  # another form of the Han character before it
        return
    assert found
    assert (found.at, found.why) == (1, OddKind.UNSEEN)
    assert found.details["code"] == f"U+{ord(character):04X}"
    assert found.details["name"].startswith(unicodedata.name(character, "CONTROL CHARACTER"))


@pytest.mark.parametrize("text", NEEDED.values(), ids=NEEDED)
def test_what_a_text_for_people_needs_is_left_in_it(text: str) -> None:
    assert first_unseen(text) is None
    assert visible(text) == text


@pytest.mark.parametrize("text", NEEDED.values(), ids=NEEDED)
def test_an_address_needs_none_of_it(text: str) -> None:
    assert first_odd_in_address(f"https://h5.example.com/{text}")


@pytest.mark.parametrize(
    ("text", "at", "near"),
    [
        ("https：//h5.example.com/", 5, ":"),
        ("https://h5．example.com/", 10, "."),
        ("https://h5。example.com/", 10, "."),
        ("https://h5.example.com／spring", 22, "/"),
        ("https://h5.example.com/？id=1", 23, "?"),
    ],
)
def test_an_address_holds_no_full_width_mark_that_means_something(text: str, at: int, near: str) -> None:
    found = first_odd_in_address(text)
    assert found
    assert (found.at, found.why, found.details["near"]) == (at, OddKind.FULL_WIDTH, near)


@pytest.mark.parametrize(
    "text", ["https://h5.example.com/春季", "https://商场.example.com/a?b=c#d", "https://h5/史蒂夫·乔布斯"]
)
def test_an_address_may_be_chinese(text: str) -> None:
    assert first_odd_in_address(text) is None


@pytest.mark.parametrize("mark", "）（，、！【】“”；１ａ")
def test_an_address_holds_no_mark_of_running_text(mark: str) -> None:
    found = first_odd_in_address(f"https://h5.example.com/a{mark}")
    assert found
    assert (found.at, found.why) == (24, OddKind.IN_ADDRESS)
    assert unquote(found.details["encoded"]) == mark


@pytest.mark.parametrize("character", "\ue000\uf8ff\ufdd0\ufffc\ufffd\u0378\U0001fffe\U000e1000\U000f0000\U0010ffff")
def test_what_is_no_character_is_found_named_shown_and_taken_out(character: str) -> None:
    found = first_unseen(f"春{character}季")
    assert found
    assert (found.at, found.why) == (1, OddKind.NONE)
    assert all(found.details.values())
    assert visible(f"春{character}季") == f"春‹U+{ord(character):04X}›季"
    assert without_unseen(f"春{character}季") == "春季"


@pytest.mark.parametrize("character", "\u20c9\U0001faff\U000323b0")
def test_what_unicode_may_have_added_since_is_left_in_a_text(character: str) -> None:
    assert first_unseen(f"春{character}季") is None


@pytest.mark.parametrize(
    ("text", "at", "why"), [("1０", 1, OddKind.FULL_WIDTH), ("٩", 0, OddKind.DIGIT), ("1९", 1, OddKind.DIGIT)]
)
def test_digits_are_those_of_ascii(text: str, at: int, why: OddKind) -> None:
    found = first_typed_otherwise(text)
    assert found
    assert (found.at, found.why, found.details["near"]) == (at, why, as_ascii(text[at]))
    assert as_ascii(text).isascii()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a\u3000b", OddKind.BLANK),
        ("a\xa0b", OddKind.BLANK),
        ("a\u2003b", OddKind.BLANK),
        ("a\u2028b", OddKind.LINE),
        ("a\x85b", OddKind.LINE),
        ("a\rb", OddKind.LINE),
        ("a\x1bb", OddKind.CONTROL),
        ("a，b", OddKind.FULL_WIDTH),
        ("a–b", OddKind.FULL_WIDTH),
        ("“a", OddKind.FULL_WIDTH),
    ],
)
def test_what_no_word_for_a_machine_holds_is_told_by_its_kind(text: str, why: OddKind) -> None:
    found = first_odd(text)
    assert found
    assert found.why is why


def test_the_first_of_several_is_told() -> None:
    found = first_odd("a，b\u200bc")
    assert found
    assert found.character == "，"
    assert first_odd("plain-word_1.2") is None


def test_full_width_letters_and_marks_become_what_they_stand_for() -> None:
    assert as_ascii("Ｆ１：［ａ，ｂ］＃ “x” – ‘y’") == "F1:[a,b]# \"x\" - 'y'"


def test_a_text_shows_what_cannot_be_seen_in_it() -> None:
    assert visible("spring-sale\u200b") == "spring-sale‹U+200B›"
    assert visible("a\u3000b\xa0c") == "a‹U+3000›b‹U+00A0›c"
    assert visible("a\tb") == "a b"


@pytest.mark.parametrize(
    ("one", "other", "character"),
    [("spring-s\u0430le", "spring-sale", "\u0430"), ("spr\u0456ng", "spring", "\u0456"), ("a–b", "a-b", "–")],
)
def test_two_texts_that_look_alike_are_told_apart(one: str, other: str, character: str) -> None:
    found = alike(one, other)
    assert found
    assert found.character == character


@pytest.mark.parametrize(
    ("one", "other"), [("member-day", "members-day"), ("spring", "summer"), ("春季", "ab"), ("a", "a"), ("F1", "f1")]
)
def test_what_looks_different_needs_no_explanation(one: str, other: str) -> None:
    assert alike(one, other) is None


@given(st.text())
def test_any_text_can_be_shown_and_looked_through(text: str) -> None:
    assert first_odd(visible(text).replace("\u200d", "").replace("\ufe0f", ""), full_width=False) is None or any(
        character in text for character in "\u200c\u200d\ufe0e\ufe0f\u180b\U000e0100"
    )
    for look in (first_odd, first_unseen, first_odd_in_address):
        found = look(text)
        if found:
            assert text[found.at] == found.character
            assert all(found.details.values())
