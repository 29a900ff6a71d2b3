"""One sentence in both languages."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from beacon_gateway.core.model.settings import Language

_FORMS: Final = {"s": ("", "s"), "are": ("is", "are"), "were": ("was", "were")}


class Text(NamedTuple):
    zh: str
    en: str

    def fill(self, language: Language, details: Mapping[str, object]) -> str:
        """Return the sentence in a language. Names in braces are filled; raises KeyError for one that has no value.

        `{count_s}`, `{count_are}` and `{count_were}` are the plural's of a number `count`.
        """
        return (self.zh if language is Language.CHINESE else self.en).format_map(_Filling(details))


class _Filling(dict[str, object]):
    """Details, and what English makes of their numbers."""

    def __missing__(self, name: str) -> str:
        counted, _, form = name.rpartition("_")
        count = self.get(counted)
        if form not in _FORMS or not isinstance(count, int):
            raise KeyError(name)
        return _FORMS[form][count != 1]
