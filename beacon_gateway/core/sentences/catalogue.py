"""Finds the sentences of a subject when somebody first says one: a gateway says few of all that there are.

All of them at once would take two megabytes, and a tenth of what the start costs.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Final

from beacon_gateway.core.sentences.text import Text

SUBJECTS: Final[Mapping[str, str]] = {
    word: module
    for module, words in {
        "account": "account devices emulator import",
        "adapters": "adapter passive",
        "air": "record recording replay scan",
        "beacons": "alike battery event verdict",
        "bundle": "bundle",
        "daemon": "clock events hits log part radio rung status trouble",
        "demo": "demo",
        "doctor": "doctor",
        "doctor_bluetooth": (
            "doctor.adapter doctor.adapter-power doctor.air doctor.blocked doctor.bluetoothd doctor.bluetoothd-version "
            "doctor.controller-mode doctor.dbus doctor.monitors doctor.passive"
        ),
        "doctor_machine": "doctor.card doctor.clock doctor.disk doctor.power doctor.swap doctor.wifi",
        "page_bindings": "bindings",
        "page_gateway": "api gateway",
        "page_heartbeats": "bar beat list round shown",
        "page_heat": "heat",
        "page_live": "live",
        "page_login": "login refused",
        "needs": "need sync",
        "pages": "ago floor page tile",
        "plans": "apply audit check drift field plan problem undo",
        "privacy": "privacy",
        "reports": "report",
        "setup": "setup",
        "web_accounts": "password web-accounts",
        "wechat": "wechat",
    }.items()
    for word in words.split()
}
"""In which module a phrase stands, by the first two words of its name, or else by the first."""


def text_of(phrase: str) -> Text:
    """Return a phrase of the catalogue. Raises KeyError for one that is not there."""
    first, _, rest = phrase.partition(".")
    module = SUBJECTS.get(f"{first}.{rest.partition('.')[0]}") or SUBJECTS[first]
    return of_module(module)[phrase]


@cache
def of_module(module: str) -> Mapping[str, Text]:
    """Return all phrases of a module, which has them under its own name in capitals."""
    found: Mapping[str, Text] = getattr(import_module(f"{__package__}.{module}"), module.upper())
    return found
