r"""Text on its way to a terminal: nothing in it is obeyed there, and each character can be written in its encoding.

What a terminal would obey, or show in another order, is written as JSON escapes it (`\u001b`). So a person sees that
it is there; JSON keeps its value, since such a character stands only in its texts; and CSV keeps its cells.
"""

import re
from typing import Final

from beacon_gateway.core.text.soundness import valid_unicode

_OBEYED: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters, besides tab and line feed
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # the order of what stands around them
    "\u2028\u2029\ufff9-\ufffb\U000e0000-\U000e007f]"  # lines, annotations and tags, which nobody sees
    "|\r(?!\n)"  # back to the beginning of the line
)


class Styled(str):
    """Text whose escape codes are this program's own; data in it went through `escaped`. Written as it is."""

    __slots__ = ()


def escaped(text: str, encoding: str = "utf-8") -> str:
    """Return text that a terminal shows and does not obey, and that `encoding` can write."""
    if not text.isprintable():
        text = _OBEYED.sub(_escape, valid_unicode(text))
    if encoding == "utf-8":
        return text
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(map(_Encodable(encoding), text))
    return text


class _Encodable:
    """Returns a character, escaped if an encoding lacks it."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding

    def __call__(self, character: str) -> str:
        try:
            character.encode(self._encoding)
        except UnicodeEncodeError:
            return _escape_sequence(character)
        return character


def _escape(found: re.Match[str]) -> str:
    return _escape_sequence(found[0])


def _escape_sequence(character: str) -> str:
    """Return it as JSON does: two escapes for what lies beyond U+FFFF."""
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
