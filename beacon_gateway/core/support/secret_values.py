"""Secrets whose value is known: taken out of texts, and searched for in whatever is to be given away."""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus

MARK: Final = "[secret]"
"""What stands where a secret was."""
MIN_SECRET_CHARACTERS: Final = 3
"""WeChat's console takes no shorter token. Anything shorter is in every text, and no secret."""
MIN_LONG_SECRET_CHARACTERS: Final = 8
"""From here on a value is sought in all its forms and inside of words. A shorter one is a part of other words too."""

_BLANK: Final = b" \t\r\n\0"
"""What may stand between the pieces of a value that was wrapped, or written in two bytes a character."""
_BEFORE: Final = r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]*?"
_AFTER: Final = r"[A-Za-z0-9+/_-]*={0,2}"
"""The rest of what was encoded together with a value: an appid, for example."""


class SecretValues:
    """The values, and every form in which one may have been written down: plain, in a URL, as hex, JSON or base64."""

    __slots__ = ("_any_case", "_exact", "_short", "count")

    def __init__(self, values: Iterable[str]) -> None:
        known = sorted(
            {value for value in values if len(value) >= MIN_SECRET_CHARACTERS}, key=lambda value: (-len(value), value)
        )
        self.count = len(known)
        long = [value for value in known if len(value) >= MIN_LONG_SECRET_CHARACTERS]
        self._any_case = _longest_first(form for value in long for form in _forms(value))
        self._exact = _longest_first(form for value in long for form in _base64_forms(value))
        self._short = [
            re.compile(rf"(?<![A-Za-z0-9]){re.escape(value)}(?![A-Za-z0-9])")
            for value in known
            if len(value) < MIN_LONG_SECRET_CHARACTERS
        ]

    def remove(self, text: str) -> str:
        """Put a mark where a value was."""
        # Looked for first, without a regular expression: nearly always there is nothing, and texts have megabytes.
        folded = text.lower()
        for form in self._any_case:
            if form.lower() in folded:
                text = re.sub(re.escape(form), MARK, text, flags=re.IGNORECASE)
        for form in self._exact:
            if form in text:
                text = re.sub(_BEFORE + re.escape(form) + _AFTER, MARK, text)
        for pattern in self._short:
            text = pattern.sub(MARK, text)
        return text

    def are_in(self, content: bytes) -> bool:
        """True if any value is there in any form, though it may be wrapped."""
        for searched in (content, content.translate(None, _BLANK)):
            folded = searched.lower()
            if any(form.lower().encode() in folded for form in self._any_case):
                return True
            if any(form.encode() in searched for form in self._exact):
                return True
        text = content.decode("utf-8", errors="replace") if self._short else ""
        return any(pattern.search(text) for pattern in self._short)


def _forms(value: str) -> Iterator[str]:
    yield value
    yield quote(value, safe="")
    yield quote_plus(value)
    yield json.dumps(value)[1:-1]
    yield html.escape(value)
    yield value.encode().hex()


def _base64_forms(value: str) -> Iterator[str]:
    """Return the characters of base64 that are the value's own, whatever is encoded before and after it."""
    raw = value.encode()
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + raw).decode()
        core = encoded[-(-8 * before // 6) : 8 * (before + len(raw)) // 6]
        yield core
        yield core.replace("+", "-").replace("/", "_")


def _longest_first(forms: Iterable[str]) -> list[str]:
    return sorted(set(forms), key=lambda form: (-len(form), form))
