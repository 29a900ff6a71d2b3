"""The catalogues: what a message says in a language, from the files below `beacon_gateway/locale`.

They are a part of the program like its modules: installed with it, never written, the same for each run. Reading one is
what importing it would be, and that is why core may; the standard library's gettext reads them, one on first use.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

from beacon_gateway.core.model.settings import Language

FOLDER: Final = Path(__file__).parents[2] / "locale"
"""In it a folder for each language: zh_CN/LC_MESSAGES/messages.po, and compiled, messages.mo."""
FILE: Final = "LC_MESSAGES/messages.mo"


@cache
def languages() -> tuple[Language, ...]:
    """Return the languages that there are, Chinese and English first."""
    first = (Language.CHINESE, Language.ENGLISH)
    return (*first, *sorted(_folders().keys() - first))


def text_of(phrase: str, language: Language) -> str:
    """Return what a message says, its placeholders not filled. Raise KeyError for one that is not there."""
    if not phrase:  # by that gettext keeps a catalogue's header
        raise KeyError(phrase)
    return _catalogue(language).gettext(phrase)


def text_for_number(phrase: str, number: int, language: Language) -> str:
    """Return the plural form of a message that goes with a number. Raise KeyError for one that is not there."""
    return _catalogue(language).ngettext(phrase, phrase, number)


class _English(NullTranslations):
    """What English says, for what a language does not say (yet)."""

    def gettext(self, message: str) -> str:
        return text_of(message, Language.ENGLISH)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:  # noqa: ARG002 - as gettext calls it
        return text_for_number(msgid1, n, Language.ENGLISH)


class _Nothing(NullTranslations):
    def gettext(self, message: str) -> str:
        raise KeyError(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:  # noqa: ARG002 - as gettext calls it
        raise KeyError(msgid1)


@cache
def language_name(language: Language) -> str:
    """Return what a language is called in itself; its catalogue is not kept for that."""
    return _read(language).gettext("language.name")


@cache
def _catalogue(language: Language) -> NullTranslations:
    if language not in _folders():
        return _English()
    found = _read(language)
    found.add_fallback(_Nothing() if language == Language.ENGLISH else _English())
    return found


def _read(language: Language) -> GNUTranslations:
    with (_folders()[language] / FILE).open("rb") as file:
        return GNUTranslations(file)


@cache
def _folders() -> dict[Language, Path]:
    """Return the folder of each language."""
    return {Language(entry.name.partition("_")[0]): entry for entry in FOLDER.iterdir() if (entry / FILE).is_file()}
