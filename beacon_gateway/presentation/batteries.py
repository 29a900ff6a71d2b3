"""Batteries of beacons."""

from collections.abc import Mapping
from typing import Any

from beacon_gateway.core.model.battery_status import BatteryStatus, charge_text
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.messages import say


def battery_text(language: Language, battery: BatteryStatus) -> str:
    """Return the last that was said, and how it was a month ago."""
    return _text(language, battery.text, battery.before_text, battery.before_day)


def battery_text_of(language: Language, battery: Mapping[str, Any]) -> str:
    """Return the same from the status file."""
    volts = battery["millivolts"] is not None
    before = charge_text(*((None, battery["before"]) if volts else (battery["before"], None)))
    return _text(language, charge_text(battery["percent"], battery["millivolts"]), before, battery["before_day"])


def _text(language: Language, charge: str, before: str, day: str | None) -> str:
    return say("battery.trend" if before else "battery.now", language, charge=charge, before=before, day=day)
