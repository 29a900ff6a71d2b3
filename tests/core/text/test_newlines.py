"""The text of a file through a form and back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.text.newlines import MARK, for_file, for_form

TEXTS = st.lists(st.sampled_from(["a", "b", " ", "\n", "\r", "\r\n", "中", "\u2028"]), max_size=30).map("".join)


def sent(text: str) -> str:
    """Return what a browser sends of what it shows."""
    return re.sub("\n", "\r\n", text)


@given(TEXTS, st.booleans())
def test_what_nobody_touched_comes_back_as_it_was(text: str, marked: bool) -> None:
    before = MARK + text if marked else text
    assert for_file(sent(for_form(before)), before) == before


@given(TEXTS, TEXTS)
def test_what_was_typed_is_there_whatever_was_there_before(before: str, typed: str) -> None:
    assert for_form(for_file(sent(for_form(typed)), before)) == for_form(typed)


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("a\r\nb\r\nc\n", "a\nB\nc\n", "a\r\nB\r\nc\n"),
        ("a\r\nb\nc\n", "a\nb\nx\nc\n", "a\r\nb\nx\nc\n"),
        ("a\r\nb\r\n", "a\nb\nc", "a\r\nb\r\nc"),
        ("", "a\n", "a\n"),
        ("a", "a\nb", "a\nb"),
        ("a\rb\r", "a\n", "a\r"),
    ],
)
def test_lines_that_were_not_touched_keep_their_ends(before: str, typed: str, after: str) -> None:
    assert for_file(sent(typed), before) == after
