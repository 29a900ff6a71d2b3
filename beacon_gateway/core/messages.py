"""The one catalogue of sentences for people: Chinese and English, said as a helpful colleague would say them.

A sentence says what was found, what was expected and what to do. Names in braces are filled from the details. The
sentences themselves are in `core.sentences`, by subject.
"""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.health.beacon_event import BeaconEvent
from beacon_gateway.core.problems import Problem
from beacon_gateway.core.sentences.account import ACCOUNT
from beacon_gateway.core.sentences.air import AIR
from beacon_gateway.core.sentences.beacons import BEACONS
from beacon_gateway.core.sentences.daemon import DAEMON
from beacon_gateway.core.sentences.demo import DEMO
from beacon_gateway.core.sentences.files import PROBLEMS
from beacon_gateway.core.sentences.plans import PLANS
from beacon_gateway.core.sentences.text import Text
from beacon_gateway.core.settings import Language

PHRASES: Final[Mapping[str, Text]] = {**PLANS, **DAEMON, **BEACONS, **AIR, **DEMO, **ACCOUNT}


def say(phrase: str, language: Language, **details: object) -> str:
    """Give a phrase of the catalogue, filled."""
    return PHRASES[phrase].fill(language, details)


def tell(event: BeaconEvent, beacon: str, language: Language) -> str:
    """Say a beacon event, and what to do about it. `beacon` is the name that staff know it by; a stranger has none."""
    return PHRASES[f"event.{event.kind}"].fill(language, {**event.details, "beacon": beacon, "key": event.key})


def explain(problem: Problem, language: Language) -> str:
    """Say a problem in one sentence, without its place."""
    return PROBLEMS[problem.code].fill(language, problem.details)
