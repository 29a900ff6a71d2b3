"""Text as a YAML scalar or comment that reads back as exactly that text, whatever it is."""

import re
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z\u4e00-\u9fff](?:[\w\-./ \u4e00-\u9fff]*[\w\u4e00-\u9fff])?", re.ASCII)
_MEANS_SOMETHING: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Our own reader takes them as text; other programs that read these files do not."""


def scalar(text: str) -> str:
    """Return the text as one scalar on one line, in quotes unless it is a plain word or two.

    Half of a surrogate pair cannot stand in a file and becomes U+FFFD.
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _MEANS_SOMETHING:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def comment(text: str) -> str:
    """Return the text as what may stand after `# `: one line, without what cannot be seen."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - the surrogates
        return "\ufffd"
    return f"\\x{code:02x}" if code < 1 << 8 else f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"
