"""The one catalogue of sentences for people: Chinese and English, said as a helpful colleague would say them.

A sentence says what was found, what was expected and what to do. Names in braces are filled from the details. The
sentences themselves are in `core.sentences`, by subject.
"""

import re
from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.beijing import BEIJING
from beacon_gateway.core.health.beacon_event import BeaconEvent
from beacon_gateway.core.problems import Problem
from beacon_gateway.core.sentences.account import ACCOUNT
from beacon_gateway.core.sentences.air import AIR
from beacon_gateway.core.sentences.beacons import BEACONS
from beacon_gateway.core.sentences.bundle import BUNDLE
from beacon_gateway.core.sentences.daemon import DAEMON
from beacon_gateway.core.sentences.demo import DEMO
from beacon_gateway.core.sentences.doctor import DOCTOR
from beacon_gateway.core.sentences.files import PROBLEMS
from beacon_gateway.core.sentences.page_bindings import PAGE_BINDINGS
from beacon_gateway.core.sentences.page_gateway import PAGE_GATEWAY
from beacon_gateway.core.sentences.page_heartbeats import PAGE_HEARTBEATS
from beacon_gateway.core.sentences.page_heat import PAGE_HEAT
from beacon_gateway.core.sentences.page_live import PAGE_LIVE
from beacon_gateway.core.sentences.page_login import PAGE_LOGIN
from beacon_gateway.core.sentences.pages import PAGES
from beacon_gateway.core.sentences.plans import PLANS
from beacon_gateway.core.sentences.privacy import PRIVACY
from beacon_gateway.core.sentences.reports import REPORTS
from beacon_gateway.core.sentences.setup import SETUP
from beacon_gateway.core.sentences.text import Text
from beacon_gateway.core.sentences.web_accounts import WEB_ACCOUNTS
from beacon_gateway.core.sentences.wechat import CODES, WECHAT
from beacon_gateway.core.settings import Language
from beacon_gateway.core.target import TargetError, WaitForQuota

PHRASES: Final[Mapping[str, Text]] = {
    **PLANS,
    **DAEMON,
    **BEACONS,
    **AIR,
    **DEMO,
    **WECHAT,
    **ACCOUNT,
    **PRIVACY,
    **REPORTS,
    **DOCTOR,
    **SETUP,
    **BUNDLE,
    **PAGES,
    **PAGE_GATEWAY,
    **PAGE_BINDINGS,
    **PAGE_HEARTBEATS,
    **PAGE_HEAT,
    **PAGE_LIVE,
    **PAGE_LOGIN,
    **WEB_ACCOUNTS,
}

NOT_ON_THE_LIST: Final = 40164
_ADDRESS: Final = re.compile(r"invalid ip (\S+?)(?: ipv6 (\S+?))?, not in whitelist")


def say(phrase: str, language: Language, **details: object) -> str:
    """Give a phrase of the catalogue, filled."""
    return PHRASES[phrase].fill(language, details)


def tell(event: BeaconEvent, beacon: str, language: Language) -> str:
    """Say a beacon event, and what to do about it. `beacon` is the name that staff know it by; a stranger has none."""
    return PHRASES[f"event.{event.kind}"].fill(language, {**event.details, "beacon": beacon, "key": event.key})


def explain(problem: Problem, language: Language) -> str:
    """Say a problem in one sentence, without its place."""
    return PROBLEMS[problem.code].fill(language, problem.details)


def explain_code(code: int | str, errmsg: str, language: Language) -> str:
    """Say what one of WeChat's error codes means, and what to do. `errmsg` is WeChat's text, or one that holds it."""
    number = int(code) if re.fullmatch("-?[0-9]{1,9}", str(code)) else None
    if number == NOT_ON_THE_LIST and (found := _ADDRESS.search(errmsg)):
        return say("wechat.address-to-add", language, address=found[1])
    if number is None or number not in CODES:
        return say("wechat.unknown-code", language, code=code)
    return CODES[number].fill(language, {})


def explain_trouble(error: TargetError, language: Language) -> str:
    """Say why the target did not do it, and what to do; the target's own words come after, for whoever is asked."""
    if isinstance(error, WaitForQuota):
        until = f"{error.until.astimezone(BEIJING):%Y-%m-%d %H:%M}"
        return say("wechat.parked", language, path=error.path, until=until)
    if not error.code:
        return str(error)
    return f"{explain_code(error.code, str(error), language)} [{error}]"
