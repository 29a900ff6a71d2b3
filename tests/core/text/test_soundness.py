"""What comes from outside is made sound."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.text.soundness import (
    MAX_TEXT_CHARACTERS,
    MAX_UNIX_S,
    decoded,
    sound_integer,
    sound_json,
    sound_moment,
    sound_name,
    sound_text,
    valid_unicode,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()))
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(ANY_TEXT)
def test_a_sound_text_is_one_line_that_utf8_can_encode(text: str) -> None:
    sound = sound_text(text)
    sound.encode()
    assert len(sound.split("\n")) == 1
    assert not any(character < " " or "\x7f" <= character <= "\x9f" for character in sound)


@given(ANY_TEXT)
def test_what_is_sound_stays_as_it_is(text: str) -> None:
    assert sound_text(sound_text(text)) == sound_text(text)
    assert valid_unicode(valid_unicode(text)) == valid_unicode(text)


def test_half_an_emoji_is_replaced_and_its_neighbours_stay() -> None:
    assert sound_text("咖啡\ud83d啡") == "咖啡\N{REPLACEMENT CHARACTER}啡"
    assert valid_unicode("a\n\udc00b") == "a\n\N{REPLACEMENT CHARACTER}b"


def test_control_characters_become_blanks_and_all_else_stays() -> None:
    assert sound_text("\x1b[31mred\x9b\x00\x7f") == " [31mred   "
    assert sound_text("咖啡 ☕ é\N{NO-BREAK SPACE}") == "咖啡 ☕ é\N{NO-BREAK SPACE}"


def test_a_long_text_is_shortened() -> None:
    sound = sound_text("长" * 10**6)
    assert len(sound) == MAX_TEXT_CHARACTERS
    assert sound.endswith("长…")


def test_cut_utf8_is_read() -> None:
    assert decoded("咖啡".encode()[:-1]) == "咖\N{REPLACEMENT CHARACTER}"


def test_a_name_from_disk_that_is_not_utf8_is_shown_with_replacements() -> None:
    assert sound_name("咖啡.yaml".encode("gbk").decode("utf-8", "surrogateescape")).endswith(".yaml")
    assert sound_name("F1\n.yaml") == "F1 .yaml"
    assert sound_name("\ud83d.yaml") == "\N{REPLACEMENT CHARACTER}.yaml"


@given(ANY_TEXT)
def test_any_name_can_be_shown(name: str) -> None:
    sound_name(name).encode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, 7),
        ("7", 7),
        (" 7 ", 7),
        (7.0, 7),
        ("7.0", 7),
        (True, None),
        (10**20, None),
        ("1" * 5000, None),
        (-1, None),
        (7.5, None),
        (float("nan"), None),
        (float("inf"), None),
        ("NaN", None),
        ("1_0", None),
        ("٧", None),
        ("", None),
        (None, None),
        ([7], None),
    ],
)
def test_a_whole_number_is_in_range_or_none(value: object, expected: int | None) -> None:
    assert sound_integer(value) == expected


def test_a_moment_is_a_date_that_every_zone_has_or_none() -> None:
    assert sound_moment("1700000000") == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert sound_moment(MAX_UNIX_S) is not None
    assert [sound_moment(value) for value in (0, -1, 10**15, MAX_UNIX_S + 1, "soon", None)] == [None] * 6


def test_json_with_raw_control_characters_and_cut_utf8_is_read() -> None:
    content = b'\xef\xbb\xbf{"title": "a\nb\x00\xe5\x92", "half": "\\ud83d"}'
    assert sound_json(content) == {"title": "a b \N{REPLACEMENT CHARACTER}", "half": "\N{REPLACEMENT CHARACTER}"}


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100, b"[" * 10**6, b'{"a":' * 10**5, b"1" * 10**4, b"<html>"])
def test_what_is_no_json_or_nested_too_deeply_is_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json has words of its own
        sound_json(content)


@given(ANY_JSON)
def test_every_text_of_json_can_be_encoded(value: object) -> None:
    json.dumps(sound_json(json.dumps(value).encode()), ensure_ascii=False).encode()


@given(st.binary())
def test_any_bytes_are_json_or_a_value_error(content: bytes) -> None:
    with contextlib.suppress(ValueError):
        sound_json(content)
