"""What is wrong with the gateway, who mends it and until when, as one sentence: the same one wherever it is read."""

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Final

from beacon_gateway.core.model.beijing import BEIJING
from beacon_gateway.core.model.problems import Problem, SourcePosition
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.target_status import TargetStatus
from beacon_gateway.core.model.unread_row import UnreadRow
from beacon_gateway.core.monitoring.judgement import target_details
from beacon_gateway.core.sentences.messages import explain, explain_code, say, say_row

_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?[+-]\d{2}:\d{2}")


def trouble_text(phrase: str, details: Mapping[str, object], language: Language, zone: tzinfo | None) -> str:
    """Fill a trouble's phrase. `details` are those of a `Trouble`, or of its JSON; no zone is the machine's own."""
    said = {name: _said(value, language, zone) for name, value in details.items()}
    if isinstance(part := details.get("part"), str):
        said["part"] = part_name(part, language)
    said["first"] = _first_problem(details, language)
    if isinstance(fault := details.get("fault"), str):
        said["fault"] = say(fault, language)
    if details.get("code") is not None:
        said["reason"] = _reason(str(details["code"]), str(details.get("reason") or ""), language)
    if details.get("path") and (until := _moment(details.get("until"))):
        said["until"] = f"{until.astimezone(BEIJING):%m-%d %H:%M}"  # WeChat counts calls by the day in Beijing
    return " ".join(say(phrase, language, **said).split())


def target_text(target: TargetStatus, language: Language, zone: tzinfo) -> str:
    """Say in a few words how a binding target stands; what to do about it is `trouble_text`."""
    return trouble_text(f"sync.{target.state}", target_details(target), language, zone)


def part_name(name: str, language: Language) -> str:
    """Say what a part of the daemon does. The status has sections, which are parts of it: `status-beacons`."""
    try:
        return say(f"part.name.{name.partition('-')[0]}", language)
    except KeyError:
        return name


def _said(value: object, language: Language, zone: tzinfo | None) -> object:
    if (moment := _moment(value)) is not None:
        return f"{moment.astimezone(zone):%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        return say("list.comma", language).join(_name(one, language) for one in value)
    return "" if value is None else value


def _name(one: object, language: Language) -> str:
    """Return a name: people's own, or of a row that has none, whether it is one or JSON's object of it."""
    match one:
        case UnreadRow(kind, number, place) | {"kind": str(kind), "number": str(number), "place": int(place)}:
            return say_row(kind, number, place, language)
    return str(one)


def _moment(value: object) -> datetime | None:
    """Return a moment, whether it is one or JSON's text of it."""
    match value:
        case datetime():
            return value
        case str() if _MOMENT.fullmatch(value):
            return datetime.fromisoformat(value)
    return None


def _first_problem(details: Mapping[str, object], language: Language) -> str:
    """Return the first problem of the store's files as a sentence with its place; "" where none is named."""
    place, code, filled = (details.get(name) for name in ("place", "problem", "of_problem"))
    if not isinstance(code, str) or not isinstance(filled, Mapping):
        return ""
    colon = say("list.colon", language)
    return f"{place}{colon}{explain(Problem(SourcePosition(str(place)), code, filled), language)}"


def _reason(code: str, reason: str, language: Language) -> str:
    """Explain an answer of the target's; its own words come after, for support."""
    own = f"[{reason}]" if reason else ""
    return f"{explain_code(code, reason, language)} {own}" if code else own
