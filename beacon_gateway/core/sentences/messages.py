"""Sentences for people, from the catalogue, as a helpful colleague would say them.

A sentence says what was found, what was expected and what to do. Names in braces are filled from the details;
`{errors:count.error}` is the number with its noun, in the plural form that goes with it ("1 error", "2 errors").
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import reduce
from string import Formatter
from typing import Final

from beacon_gateway.core.bindings.target import (
    ICON_AWAY,
    NO_SECRET,
    OTHER_ACCOUNT,
    PROXY_UNUSABLE,
    SECRET_SLOW,
    Blocked,
    LedgerUnusable,
    ListingShort,
    Moved,
    TargetError,
    TryLater,
    Unreachable,
    WaitForQuota,
)
from beacon_gateway.core.health.beacon_event import BeaconEvent
from beacon_gateway.core.model.beijing import BEIJING
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey
from beacon_gateway.core.model.problems import Problem
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.catalogue import text_for_number, text_of
from beacon_gateway.core.sentences.system_errors import with_system_errors
from beacon_gateway.core.sentences.wechat_codes import SAME_AS
from beacon_gateway.core.text.odd_characters import alike
from beacon_gateway.core.tracking.look_alikes import LookAlike

NOT_ON_THE_LIST: Final = 40164
_NOUN: Final = "count."
_MANY: Final = 100
"""Whose form is taken for what is not a whole number, such as "–"."""
_COUNTED: Final = f":{_NOUN}"
_ADDRESS: Final = re.compile(r"invalid ip (\S+?)(?: ipv6 (\S+?))?, not in whitelist")


def say(phrase: str, language: Language, **details: object) -> str:
    """Return a phrase of the catalogue, filled."""
    text = text_of(phrase, language)
    filled = _Counted(language).vformat(text, (), details) if _COUNTED in text else text.format_map(details)
    return with_system_errors(filled, language)


class _Counted(Formatter):
    """Fills a sentence in which numbers stand with their nouns."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: object, format_spec: str) -> str:
        if not format_spec.startswith(_NOUN):
            return format(value, format_spec)
        digits = str(value).replace(",", "")
        text = text_for_number(format_spec, int(digits) if digits.isdecimal() else _MANY, self._language)
        return text.format(n=value)


def tell(event: BeaconEvent, beacon: str, language: Language) -> str:
    """Say a beacon event, and what to do about it. `beacon` is the name that staff know it by; a stranger has none."""
    return say_beacon_event(event.kind.value, event.key, beacon, event.details, language)


def say_beacon_event(
    kind: str, key: BeaconKey | None, beacon: str, details: Mapping[str, str], language: Language
) -> str:
    """Return the sentence of a beacon event, by its word and details."""
    filled: dict[str, object] = {**details, "beacon": beacon, "key": key}
    if "meant" in details:
        kind = "look-alike"
        filled["wrong"] = say_mistakes(details.get("mistakes", "").split(), language)
    return say(f"event.{kind}", language, **filled)


def say_mistakes(mistakes: Iterable[str], language: Language, company: int = APPLE_COMPANY_ID) -> str:
    """Return what is set up wrongly in a look-alike (`core.tracking.look_alikes.LookAlikeMistake`)."""
    said = [say(f"alike.{mistake}", language, company=f"0x{company:04X}") for mistake in mistakes]
    return reduce(lambda one, two: say("alike.and", language, one=one, two=two), said)


def say_look_alike(found: LookAlike, language: Language, beacon: str = "") -> str:
    """Return what is wrong with a look-alike and what to do. `beacon` is the name of the one it was meant to be."""
    wrong = say_mistakes(found.mistakes, language, found.company)
    return say("alike.named" if beacon else "alike.told", language, wrong=wrong, meant=found.meant, beacon=beacon)


def say_row(kind: str, number: str, place: int, language: Language) -> str:
    """Return the name of a row that cannot be read (`core.model.unread_row`)."""
    phrase = f"plan.row.{kind}" if number else f"plan.row.{kind}.nameless"
    return say(phrase, language, number=number, place=place)


def explain(problem: Problem, language: Language) -> str:
    """Say a problem in one sentence, without its place."""
    said = say(problem.code, language, **problem.details)
    two_names = problem.code.endswith("-near")
    odd = alike(problem.details["found"], problem.details["near"]) if two_names else None
    if odd is None:
        return said
    why = say("near.alike", language, character=odd.character, **odd.details)
    return say("near.both", language, fault=said, why=why)


_OWN_CODES: Final = {
    PROXY_UNUSABLE: "wechat.proxy",
    OTHER_ACCOUNT: "wechat.other-account",
    ICON_AWAY: "trouble.icon-away",
    NO_SECRET: "wechat.no-secret",
    SECRET_SLOW: "wechat.secret-slow",
}


def explain_code(code: int | str, errmsg: str, language: Language) -> str:
    """Return what one of WeChat's error codes, or one of our own, means, and what to do.

    `errmsg` is WeChat's text, or one that holds it.
    """
    if own := _OWN_CODES.get(str(code)):
        return say(own, language)
    number = int(code) if re.fullmatch("-?[0-9]{1,9}", str(code)) else None
    if number == NOT_ON_THE_LIST and (found := _ADDRESS.search(errmsg)):
        return say("wechat.address-to-add", language, address=found[1])
    if number is not None:
        with suppress(KeyError):
            return text_of(f"wechat.code.{SAME_AS.get(number, number)}", language)
    return say("wechat.unknown-code", language, code=code)


def explain_trouble(error: TargetError, language: Language) -> str:
    """Say why the target did not do it, and what to do; the target's own words come after, for whoever is asked."""
    if own := _told_by_kind(error, language):
        return own
    if not error.code:
        return say("trouble.untold", language, reason=error) if isinstance(error, TryLater) else str(error)
    return f"{explain_code(error.code, str(error), language)} [{error}]"


def _told_by_kind(error: TargetError, language: Language) -> str:
    """Say what this gateway itself knows of a trouble; "" where all is in the target's answer."""
    match error:
        case WaitForQuota():
            until = f"{error.until.astimezone(BEIJING):%Y-%m-%d %H:%M}"
            return say("wechat.parked", language, path=error.path, until=until)
        case Blocked():
            return say("trouble.blocked" if error.page else "trouble.still-shown", language, page=error.page)
        case Moved():
            return say("trouble.moved", language)
        case ListingShort() | LedgerUnusable():
            phrase = "wechat.listing-short" if isinstance(error, ListingShort) else "trouble.ledger"
            return say(phrase, language, reason=error)
        case Unreachable() if not error.code:
            return say("trouble.unreachable", language, reason=error)
    return ""
