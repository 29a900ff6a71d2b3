"""Small sentences that several pages share."""

from typing import Final

from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.messages import say

_SPANS: Final = ((86_400, "ago.days"), (3600, "ago.hours"), (60, "ago.minutes"))


def say_plainly(language: Language, phrase: str, **details: object) -> str:
    """Return a phrase of the catalogue, without the room that an empty detail leaves at its end."""
    return say(phrase, language, **details).rstrip()


def span(seconds: float, language: Language) -> str:
    """Return a length of time as people say it."""
    for size, phrase in _SPANS:
        if seconds >= size:
            return say(phrase, language, count=int(seconds // size))
    return say("ago.seconds", language, count=int(seconds))
