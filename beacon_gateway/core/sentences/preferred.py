"""Which language a person reads, by what the terminal or the browser says of it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final

from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.catalogue import languages

_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_MAX_ACCEPTED: Final = 16
"""Entries of an Accept-Language header that are looked at; browsers send a handful."""


def language_of_locale(environment: Mapping[str, str]) -> Language | None:
    """Return the language of a POSIX locale; None for C, or one without a catalogue."""
    locale = next((found for name in _VARIABLES if (found := environment.get(name))), "")
    return _known(locale.partition(".")[0].replace("_", "-"))


def language_accepted(header: str) -> Language | None:
    """Return the first choice of an Accept-Language header among the catalogues; None where there is none."""
    accepted = sorted(_accepted(header), key=lambda entry: -entry[0])  # in the order written, where q is the same
    return next((known for q, tag in accepted if q > 0 and (known := _known(tag)) is not None), None)


def _accepted(header: str) -> Iterator[tuple[float, str]]:
    for entry in header.split(",", _MAX_ACCEPTED)[:_MAX_ACCEPTED]:
        tag, _, parameters = entry.partition(";")
        name, _, value = parameters.partition("=")
        q = 1.0
        if name.strip() == "q":
            with suppress(ValueError):
                q = float(value)
        yield q, tag.strip()


def _known(tag: str) -> Language | None:
    code = tag.partition("-")[0].lower()
    return next((language for language in languages() if language == code), None)
