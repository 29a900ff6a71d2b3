"""Nothing that goes to a terminal is obeyed there, and its encoding can write it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.text.terminal_text import Styled, escaped

ANY_TEXT = st.text(st.characters(exclude_categories=()))
ENCODINGS = st.sampled_from(["utf-8", "latin-1", "gbk", "gb18030", "ascii", "cp1252", "shift_jis"])


@given(ANY_TEXT, ENCODINGS)
def test_any_text_can_be_written_and_holds_no_code(text: str, encoding: str) -> None:
    shown = escaped(text, encoding)
    shown.encode(encoding)
    rest = shown.replace("\r\n", "").replace("\n", "").replace("\t", "")
    assert not any(character < " " or "\x7f" <= character <= "\x9f" for character in rest)


@given(st.text(), ENCODINGS)
def test_json_keeps_its_value(text: str, encoding: str) -> None:
    written = json.dumps({text: [text, {"x": text}]}, ensure_ascii=False, indent=1)
    assert json.loads(escaped(written, encoding)) == {text: [text, {"x": text}]}


@given(ANY_TEXT)
def test_what_is_escaped_stays_as_it_is(text: str) -> None:
    assert escaped(escaped(text)) == escaped(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\\u001b[31mred\\u001b[0m"),
        ("\x9b31m", "\\u009b31m"),
        ("\x00\x07\x7f", "\\u0000\\u0007\\u007f"),
        ("exe.\u202egnp", "exe.\\u202egnp"),
        ("100%\rdone", "100%\\u000ddone"),
        ("\U000e0041", "\\udb40\\udc41"),
        ("half \ud83d", "half \N{REPLACEMENT CHARACTER}"),
    ],
)
def test_what_a_terminal_would_obey_is_seen(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize(
    "text", ["春季新品\n", "a\tb\r\n", "☕️ 👨‍👩‍👧 é ñ", "　全角", "\N{NO-BREAK SPACE}", "\ufeffdate,hour"]
)
def test_what_people_write_stays(text: str) -> None:
    assert escaped(text) == text


@pytest.mark.parametrize(
    ("encoding", "shown"), [("ascii", "\\u6625 \\u00e9"), ("latin-1", "\\u6625 é"), ("gbk", "春 é")]
)
def test_what_an_encoding_lacks_is_written_as_json_would(encoding: str, shown: str) -> None:
    assert escaped("春 é", encoding) == shown


def test_an_emoji_becomes_two_escapes() -> None:
    assert json.loads(f'"{escaped("🎉", "ascii")}"') == "🎉"


def test_our_own_codes_are_a_kind_of_text_of_their_own() -> None:
    assert isinstance(Styled("\x1b[1m"), str)
    assert type(str(Styled("\x1b[1m"))) is str
