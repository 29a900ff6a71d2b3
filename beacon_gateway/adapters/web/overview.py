"""The first page: four tiles, and what needs attention."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from aiohttp import web

from beacon_gateway.adapters.web.frame import Frame
from beacon_gateway.adapters.web.words import say_plainly
from beacon_gateway.core.attention import needs
from beacon_gateway.core.fitness import FIT, listening_share
from beacon_gateway.core.settings import Language
from beacon_gateway.core.status import Status

MOST_NEEDS: Final = 50
"""On the first page; the rest is on the floors'."""


@dataclass(frozen=True, slots=True)
class Tile:
    phrase: str
    path: str
    mood: str
    large: str
    text: str


class OverviewPage:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/", self._show)]

    async def _show(self, request: web.Request) -> web.Response:
        status = self._frame.status()
        tiles, found = _tiles(status, self._frame.language(request)), needs(status)
        more = max(0, len(found) - MOST_NEEDS)
        shown = found[:MOST_NEEDS]
        return self._frame.page(request, "overview", status, title="page.overview", tiles=tiles, needs=shown, more=more)


def _tiles(status: Status, language: Language) -> list[Tile]:
    tell = partial(say_plainly, language)
    own = [beacon for beacon in status.beacons if beacon.floor == status.floor]
    present = sum(beacon.present for beacon in own)
    radio_is_well = status.radio.state in FIT
    text = tell("tile.beacons.text", floor=status.floor, present=present, total=len(own))
    beacons = Tile("tile.beacons", "/floors", _mood(present == len(own)), f"{present}/{len(own)}", text)
    state = tell(f"radio.{status.radio.state}", reason="")
    gateway = Tile(
        "tile.gateway",
        "/gateway",
        "fine" if radio_is_well and not status.log_trouble else "fault",
        listening_share(status),
        tell("tile.gateway.share", share=listening_share(status)) if radio_is_well else state,
    )
    return [beacons, gateway, _changes(status, language), _shakes(status, language)]


def _changes(status: Status, language: Language) -> Tile:
    if status.store.sync is None:
        return Tile("tile.changes", "/bindings", "quiet", "–", say_plainly(language, "tile.changes.off"))
    count = status.store.pending
    text = (
        say_plainly(language, "tile.changes.some", count=count) if count else say_plainly(language, "tile.changes.none")
    )
    return Tile("tile.changes", "/bindings", _mood(not count), str(count), text)


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
