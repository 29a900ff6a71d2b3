"""One sentence in both languages."""

from collections.abc import Mapping
from typing import NamedTuple

from beacon_gateway.core.settings import Language


class Text(NamedTuple):
    zh: str
    en: str

    def fill(self, language: Language, details: Mapping[str, object]) -> str:
        """Give it in a language. Names in braces are filled; raises KeyError for one that has no value."""
        return (self.zh if language is Language.CHINESE else self.en).format_map(details)
