"""The running daemon, in five lines; six where it receives shakes."""

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any, Final

from beacon_gateway.core.health.diagnosis import Verdict
from beacon_gateway.core.messages import say
from beacon_gateway.core.settings import Language
from beacon_gateway.presentation.overview import padded

MOST_NAMES: Final = 8


def status_lines(status: Mapping[str, Any], zone: tzinfo, language: Language) -> Iterator[str]:
    """Say a status as the status file has it. Raises KeyError for one of another schema."""
    started = datetime.fromisoformat(status["started"]).astimezone(zone)
    yield say(
        "status.gateway", language, **_only(status, "gateway", "floor", "version"), started=f"{started:%m-%d %H:%M}"
    )
    radio = status["radio"]
    yield say(
        "status.radio", language, sentence=say(f"radio.{radio['state']}", language, reason=radio["reason"]).rstrip()
    )
    own = [beacon for beacon in status["beacons"] if beacon["floor"] == status["floor"]]
    silent = [beacon["name"] or beacon["beacon"] for beacon in own if not beacon["present"]]
    names = (", " if language is Language.ENGLISH else "、").join(silent[:MOST_NAMES])
    if len(silent) > MOST_NAMES:
        names += " " + say("status.more", language, count=len(silent) - MOST_NAMES)
    missing = say("status.missing", language, names=names) if silent else ""
    yield say("status.beacons", language, present=len(own) - len(silent), total=len(own), missing=missing)
    reason = status.get("log_trouble")
    trouble = say("status.log-trouble", language, reason=reason) if reason else ""
    hits = sum(status["hits"].values())
    yield say("status.hits", language, hits=hits, trouble=trouble, **_only(status, "unwritten", "dropped"))
    store = status["store"]
    sync = store["sync"] or say("status.no-sync", language)
    revision = store["revision"] or say("plan.nothing", language)
    if shakes := status.get("shakes"):
        refused = sum(shakes["refused"].values())
        phrase = "status.shakes-closed" if shakes["trouble"] else "status.shakes"
        yield say(phrase, language, taken=shakes["taken"], refused=refused, reason=shakes["trouble"])
    yield say("status.files", language, **_only(store, "errors", "warnings"), sync=sync, revision=revision)


def beacon_lines(status: Mapping[str, Any], language: Language) -> Iterator[str]:
    """Say each beacon of this gateway's floor, and whatever else it hears, with the verdict; the worst first."""
    shown = [beacon for beacon in status["beacons"] if beacon["floor"] == status["floor"] or beacon["present"]]
    for beacon in sorted(shown, key=lambda beacon: (beacon["verdict"] == Verdict.HEALTHY, beacon["floor"])):
        silent = beacon["silent_seconds"]
        heard = say("status.never", language) if silent is None else say("status.ago", language, ago=_span(silent))
        level = "" if beacon["rssi"] is None else f"{beacon['rssi']:.0f} dBm"
        name = padded(beacon["name"] or beacon["beacon"], 20)
        verdict = say(f"verdict.{beacon['verdict']}", language)
        yield f"{beacon['floor']:<4} {name} {level:>8}  {padded(heard, 12)} {verdict}"


def _span(seconds: float) -> str:
    """Give a length of time as people say it."""
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _only(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names}
