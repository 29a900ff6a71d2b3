"""Events."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from beacon_gateway.core.log.event import Event, EventKind
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.messages import say, say_beacon_event
from beacon_gateway.presentation.keys import key_json
from beacon_gateway.presentation.troubles import part_name


def event_line(event: Event, zone: tzinfo, language: Language) -> str:
    unknown = "" if event.segment.known else "?"
    return f"{event.at.astimezone(zone):%Y-%m-%d %H:%M:%S}{unknown} {sentence(event, language)}"


def sentence(event: Event, language: Language) -> str:
    """Say what happened."""
    details = dict(event.details)
    match event.kind:
        case EventKind.STATE:
            return say(f"radio.{details['state']}", language, reason=details.get("reason", "")).rstrip()
        case EventKind.RUNG:
            cause = " → ".join(filter(None, (details.get("cause", ""), details.get("adapter", ""))))
            return say(f"rung.{details['rung']}", language, cause=cause)
        case EventKind.CLOCK:
            return say(f"clock.{details['turn']}", language, seconds=f"{int(details['seconds']):+d}")
        case EventKind.LOG:
            return say(f"log.{details.pop('what')}", language, **details)
        case EventKind.LEVEL | EventKind.PART:
            named = {"part": part_name(details["part"], language)} if "part" in details else {}
            return say(event.kind.value, language, **details | named)
        case _:
            kind = event.kind.value.removeprefix("beacon.")
            return say_beacon_event(kind, event.key, event.beacon, details, language)


def event_json(event: Event) -> Mapping[str, Any]:
    return {
        "at": event.at.isoformat(),
        "time_known": event.segment.known,
        "gateway": event.gateway,
        "kind": event.kind.value,
        "beacon": event.beacon or None,
        **(key_json(event.key) if event.key else {}),
        "details": dict(event.details),
        "boot": event.segment.boot,
        "monotonic": event.when,
    }
