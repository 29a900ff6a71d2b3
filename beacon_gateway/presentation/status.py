"""The running daemon in a few lines: five, one more for an account and for shakes, and one for each other trouble."""

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any, Final

from beacon_gateway.core.health.diagnosis import Verdict
from beacon_gateway.core.model.battery_status import charge_text
from beacon_gateway.core.model.settings import Language, ScanMode
from beacon_gateway.core.model.store import heard_on
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.presentation.batteries import battery_text_of
from beacon_gateway.presentation.overview import padded
from beacon_gateway.presentation.troubles import trouble_text

MAX_STATUS_NAMES: Final = 8


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
    if radio["mode"] == ScanMode.PASSIVE:
        yield say("passive.what", language)
    own = [beacon for beacon in status["beacons"] if beacon["floor"] == status["floor"] and not beacon.get("mobile")]
    silent = [beacon["name"] or beacon["beacon"] for beacon in own if not beacon["present"]]
    names = say("list.comma", language).join(silent[:MAX_STATUS_NAMES])
    if len(silent) > MAX_STATUS_NAMES:
        names += " " + say("status.more", language, count=len(silent) - MAX_STATUS_NAMES)
    missing = say("status.missing", language, names=names) if silent else ""
    yield say("status.beacons", language, present=len(own) - len(silent), total=len(own), missing=missing)
    hits = sum(status["hits"].values())
    yield say("status.hits", language, hits=hits, **_only(status, "unwritten", "dropped"))
    if shakes := status.get("shakes"):
        refused = sum(shakes["refused"].values())
        yield say("status.shakes", language, taken=shakes["taken"], refused=refused)
    store, targets = status["store"], status["targets"]
    sync = "" if targets else say("status.no-sync", language)
    revision = store["revision"] or say("plan.nothing", language)
    yield say("status.files", language, **_only(store, "errors", "warnings"), sync=sync, revision=revision)
    troubles = status["judgement"]["troubles"]
    details = {trouble["name"]: trouble["details"] for trouble in troubles}
    for name, target in targets.items():
        state = target["state"]
        text = trouble_text(f"sync.{state}", details.get(f"{name}:{state}", {}), language, zone)
        yield say("status.target", language, state=text)
    for trouble in troubles:
        if not trouble["name"].startswith("radio:"):  # said above, with what to do
            yield say(
                "status.trouble", language, text=trouble_text(trouble["phrase"], trouble["details"], language, zone)
            )


def beacon_lines(status: Mapping[str, Any], language: Language) -> Iterator[str]:
    """Say each beacon of this gateway's floor, and whatever else it hears, with the verdict; the worst first."""
    shown = [beacon for beacon in status["beacons"] if beacon["floor"] == status["floor"] or beacon["present"]]
    for beacon in sorted(shown, key=lambda beacon: (beacon["verdict"] == Verdict.HEALTHY, beacon["floor"])):
        silent = beacon["silent_seconds"]
        heard = say("status.never", language) if silent is None else say("status.ago", language, ago=_span(silent))
        level = "" if beacon["rssi"] is None else f"{beacon['rssi']:.0f} dBm"
        name = padded(beacon["name"] or beacon["beacon"], 20)
        verdict = say(f"verdict.{beacon['verdict']}", language)
        if battery := beacon.get("battery"):
            charge = charge_text(battery["percent"], battery["millivolts"])
            low = battery["low"] and beacon["verdict"] != Verdict.BATTERY
            said = say("battery.low", language, charge=charge) if low else f"({battery_text_of(language, battery)})"
            verdict = f"{verdict} {said}"
        floor = heard_on(status["floor"]) if beacon.get("mobile") and beacon["present"] else beacon["floor"]
        yield f"{floor:<4} {name} {level:>8}  {padded(heard, 12)} {verdict}"
    if any(beacon.get("mobile") and beacon["present"] for beacon in shown):
        yield say("status.tags", language)


def _span(seconds: float) -> str:
    """Return a length of time as people say it."""
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _only(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names}
