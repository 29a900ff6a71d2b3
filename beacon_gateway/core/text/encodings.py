"""How a text file was encoded, as its first bytes show."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE
from typing import Final

_MARKS: Final = (BOM_UTF16_LE, BOM_UTF16_BE, BOM_UTF32_BE)
"""The mark of UTF-32 in little endian begins with that of UTF-16."""
_MIN_BYTES: Final = 4
"""Bytes: two characters of UTF-16, one of UTF-32."""


def is_utf_16(content: bytes) -> bool:
    """True if a file begins as UTF-16 or UTF-32 does: with a mark, or with a NUL beside each of two ASCII characters.

    A file that begins with NULs only, as power cuts leave it, does not.
    """
    first = content[:_MIN_BYTES]
    if first.startswith(_MARKS):
        return True
    if len(first) < _MIN_BYTES or not first.strip(b"\0"):
        return False
    return first[0] != 0 == first[1] == first[3] or first[0] == first[2] == 0 != first[3]
