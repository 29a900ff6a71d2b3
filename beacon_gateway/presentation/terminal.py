"""What a terminal shows: how wide text is there, tables, shades."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from unicodedata import category, east_asian_width

from beacon_gateway.core.text.terminal_text import Styled, escaped

_RESET: Final = "\x1b[0m"
_SHADES: Final = (255, 230, 229, 222, 216, 209, 203, 197, 161)
"""Backgrounds of the 256 colours, from nothing to most; black stays readable on each."""
_HATCHED: Final = 245


def width_of(text: str) -> int:
    """Count columns: a Chinese character has two, an accent that stands above another character none."""
    return sum(_width(character) for character in text)


def left(text: str, width: int) -> str:
    return text + " " * (width - width_of(text))


def right(text: str, width: int) -> str:
    return " " * (width - width_of(text)) + text


def visible(text: str) -> str:
    """Take out what a terminal would obey."""
    return "".join(character if character.isprintable() else " " for character in text)


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Return lines: the first column of the rows to the left, the others to the right."""
    widths = [max(width_of(cell) for cell in cells) for cells in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [right(cell, width) for cell, width in zip(others, widths[1:], strict=True)]
        yield "  ".join(["  " + left(first, widths[0]), *cells]).rstrip()


def shaded_line(label: str, glyphs: Iterable[tuple[str, int | None]]) -> Styled:
    """Return a label, and glyphs on a background each, from 0 (nothing) to 8 (most); None is hatched."""
    return Styled(escaped(label) + "".join(_shaded(escaped(glyph), level) for glyph, level in glyphs).rstrip())


def _shaded(glyph: str, level: int | None) -> str:
    if glyph == " ":
        return glyph
    return f"\x1b[30;48;5;{_HATCHED if level is None else _SHADES[level]}m{glyph}{_RESET}"


def _width(character: str) -> int:
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
