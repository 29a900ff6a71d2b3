"""The first page: four tiles, and what needs attention."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from typing import Final

from aiohttp import web

from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.adapters.web.server.words import say_plainly
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.status import BeaconStatus, Status
from beacon_gateway.core.model.target_status import TargetState
from beacon_gateway.core.monitoring.alerts import Alert, alerts
from beacon_gateway.core.monitoring.healthcheck import listening_share
from beacon_gateway.core.monitoring.judgement import WELL, GatewayState, judge
from beacon_gateway.presentation.troubles import target_text, trouble_text

MAX_ALERTS_SHOWN: Final = 50
"""On the first page; the rest is on the floors'."""


@dataclass(frozen=True, slots=True)
class Tile:
    phrase: str
    path: str
    mood: str
    large: str
    text: str


@dataclass(frozen=True, slots=True)
class AlertLine:
    """A need as the page says it."""

    mood: str
    text: str
    since: datetime | None
    beacon: BeaconStatus | None


class OverviewPage:
    def __init__(self, frame: PageFrame) -> None:
        self._frame = frame

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/", self._show)]

    async def _show(self, request: web.Request) -> web.Response:
        status, language, zone = self._frame.status(), self._frame.language(request), self._frame.zone
        tiles, found = _tiles(status, language, zone), alerts(status)
        more = max(0, len(found) - MAX_ALERTS_SHOWN)
        shown = [_line(need, language, zone) for need in found[:MAX_ALERTS_SHOWN]]
        return self._frame.page(request, "overview", status, title="page.overview", tiles=tiles, needs=shown, more=more)


def _line(need: Alert, language: Language, zone: tzinfo) -> AlertLine:
    text = trouble_text(need.phrase, need.details, language, zone)
    return AlertLine(need.severity.value, text, need.since, need.beacon)


def _tiles(status: Status, language: Language, zone: tzinfo) -> list[Tile]:
    tell = partial(say_plainly, language)
    own = [beacon for beacon in status.beacons if beacon.floor == status.floor and not beacon.mobile]
    present = sum(beacon.present for beacon in own)
    judgement = judge(status)
    radio_is_well = judgement.about("radio") is None
    text = tell("tile.beacons.text", floor=status.floor, present=present, total=len(own))
    beacons = Tile("tile.beacons", "/floors", _mood(present == len(own)), f"{present}/{len(own)}", text)
    state = tell(f"radio.{status.radio.state}", reason="")
    gateway = Tile(
        "tile.gateway",
        "/gateway",
        "fault" if judgement.state is GatewayState.FAILED else "fine",
        listening_share(status),
        tell("tile.gateway.share", share=listening_share(status)) if radio_is_well else state,
    )
    return [beacons, gateway, _changes(status, language, zone), _shakes(status, language)]


def _changes(status: Status, language: Language, zone: tzinfo) -> Tile:
    """Show the binding target, by what became of the last attempt; of several, the first that is not well."""
    targets = sorted(status.targets.values(), key=lambda target: target.state in WELL)
    if not targets:
        return Tile("tile.changes", "/bindings", "quiet", "–", say_plainly(language, "tile.changes.off"))
    worst = targets[0]
    if worst.state == TargetState.IN_SYNC:
        return Tile("tile.changes", "/bindings", "fine", "0", say_plainly(language, "tile.changes.none"))
    large = str(worst.pending) if worst.pending else "–"
    return Tile("tile.changes", "/bindings", _mood(worst.state in WELL), large, target_text(worst, language, zone))


def _shakes(status: Status, language: Language) -> Tile:
    figures = status.figures

    def none(phrase: str, **details: object) -> Tile:
        return Tile("tile.shakes", "/gateway", "quiet", "–", say_plainly(language, phrase, **details))

    if figures is None:
        return none("tile.shakes.elsewhere")
    if figures.trouble:
        return none("tile.shakes.trouble", reason=figures.trouble)
    if figures.last is None or figures.shakes is None:
        return none("tile.shakes.not-yet")
    text = say_plainly(language, "tile.shakes.text", day=figures.last)
    return Tile("tile.shakes", "/gateway", "fine", f"{figures.shakes} → {figures.clicks}", text)


def _mood(well: bool) -> str:
    return "fine" if well else "care"
