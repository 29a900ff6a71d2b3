"""Text and numbers from outside, made sound: what passes here can be stored, compared, shown and sent on."""

import json
from datetime import UTC, datetime
from typing import Any, Final

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS: Final = "…"
MAX_TEXT_CHARACTERS: Final = 4096
"""Longer than any title, address or reason; a text beyond it is shortened, and ends with "…"."""
MAX_JSON_DEPTH: Final = 32
MAX_INTEGER: Final = 2**63 - 1
"""SQLite's largest."""
MAX_NUMBER_CHARACTERS: Final = 32
MAX_UNIX_S: Final = 253_402_214_400
"""The last day of the year 9999 begins: every zone has a date for it."""


def valid_unicode(text: str) -> str:
    """Return a text that UTF-8 can encode: lone surrogates are replaced, all other characters kept."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(REPLACEMENT if "\ud800" <= character <= "\udfff" else character for character in text)
    return text


def sound_text(text: str, max_characters: int = MAX_TEXT_CHARACTERS) -> str:
    """Return one line of valid Unicode: control characters become blanks, and the length is bounded."""
    if len(text) > max_characters:
        text = text[: max_characters - 1] + ELLIPSIS
    if text.isprintable():
        return text
    return "".join(" " if _is_control(character) else character for character in valid_unicode(text))


def decoded(content: bytes) -> str:
    """Return the text of UTF-8 that may be cut or damaged, with U+FFFD for what is no character."""
    return content.decode("utf-8", "replace")


def sound_name(name: str) -> str:
    """Return a file's name, or a path, for people and for JSON: one line of valid Unicode. Not for opening the file."""
    return sound_text(with_bytes_replaced(name))


def with_bytes_replaced(text: str) -> str:
    """Return valid Unicode of what was read from the system.

    Bytes that are not UTF-8, which Python keeps as lone surrogates, are decoded as anywhere else.
    """
    try:
        return decoded(text.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        return valid_unicode(text)


def sound_integer(value: object, lowest: int = 0, highest: int = MAX_INTEGER) -> int | None:
    """Return a whole number that may be written as text or with a ".0"; None if it is none, or out of range."""
    if isinstance(value, str):
        value = _number_in(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if lowest <= value <= highest else None


def sound_moment(value: object) -> datetime | None:
    """Return the aware time of Unix seconds; None if they are none, not after 1970, or beyond the year 9999."""
    seconds = sound_integer(value, 1, MAX_UNIX_S)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def sound_json(content: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what JSON holds, each of its texts sound. Raw control characters and cut UTF-8 inside texts are read.

    Raises ValueError if it is no JSON, or nested too deeply.
    """
    try:
        return _sound(json.loads(decoded(content).removeprefix("\ufeff"), strict=False), MAX_JSON_DEPTH)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _sound(value: Any, depth: int) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, str):
        return sound_text(value)
    if not isinstance(value, dict | list):
        return value
    if not depth:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return {sound_text(name): _sound(inner, depth - 1) for name, inner in value.items()}
    return [_sound(inner, depth - 1) for inner in value]


def _number_in(text: str) -> int | float | None:
    text = text.strip()
    if len(text) > MAX_NUMBER_CHARACTERS or not text.isascii() or "_" in text:
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return None


def _is_control(character: str) -> bool:
    return character < " " or "\x7f" <= character <= "\x9f"
