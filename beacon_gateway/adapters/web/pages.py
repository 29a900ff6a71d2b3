"""The pages for people: rendered here, whole, from the status of the last beat; readable without any script."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from importlib import resources
from typing import Final

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from beacon_gateway.core.attention import needs
from beacon_gateway.core.fitness import FIT
from beacon_gateway.core.messages import say
from beacon_gateway.core.settings import Language
from beacon_gateway.core.status import Status

REFRESH: Final = 15
"""Seconds after which a page asks for itself again, without a script."""
MOST_NEEDS: Final = 50
"""On the first page; the rest is on the floors'."""
COOKIE: Final = "language"
YEAR: Final = 365 * 86400
OK: Final = 200
MENU: Final = (("/", "page.overview"), ("/floors", "page.floors"), ("/gateway", "page.gateway"))
_SPANS: Final = ((86_400, "ago.days"), (3600, "ago.hours"), (60, "ago.minutes"))
_ROOM: Final = "beacon_gateway.adapters.web"
_MEGABYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Tile:
    phrase: str
    path: str
    mood: str
    large: str
    text: str


class Pages:
    """Answers for people. Nothing here writes anything."""

    def __init__(self, status: Callable[[], Status], *, zone: tzinfo, language: Language) -> None:
        """`language` is for those who chose none."""
        self._status, self._zone, self._language = status, zone, language
        self._jinja = Environment(
            loader=PackageLoader(_ROOM), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._css = (resources.files(_ROOM) / "static" / "pages.css").read_bytes()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.overview),
            web.get("/floors", self.floors),
            web.get("/floors/{floor}", self.floors),
            web.get("/gateway", self.gateway),
            web.get("/static/pages.css", self.css),
        ]

    async def overview(self, request: web.Request) -> web.Response:
        status = self._status()
        tiles, found = _tiles(status, self.language(request)), needs(status)
        more = max(0, len(found) - MOST_NEEDS)
        shown = found[:MOST_NEEDS]
        return self._page(request, "overview", status, title="page.overview", tiles=tiles, needs=shown, more=more)

    async def floors(self, request: web.Request) -> web.Response:
        """Show one floor: as asked for, else this gateway's own, else the first."""
        status = self._status()
        names = sorted({beacon.floor for beacon in status.beacons})
        usual = status.floor if status.floor in names else next(iter(names), "")
        floor = request.match_info.get("floor", usual)
        if floor not in names and "floor" in request.match_info:
            return self.missing(request)
        beacons = [beacon for beacon in status.beacons if beacon.floor == floor]
        return self._page(request, "floors", status, title="page.floors", floors=names, floor=floor, beacons=beacons)

    async def gateway(self, request: web.Request) -> web.Response:
        status, language = self._status(), self.language(request)
        rungs = ", ".join(f"{say(f'rung.{rung}', language, cause=count)}" for rung, count in status.radio.rungs.items())
        hits = sum(status.hits.values())
        return self._page(
            request, "gateway", status, title="page.gateway", share=_share(status), rungs=rungs, hits=hits
        )

    async def css(self, _: web.Request) -> web.Response:
        return web.Response(body=self._css, content_type="text/css", charset="utf-8")

    def missing(self, request: web.Request) -> web.Response:
        return self._page(request, "missing", self._status(), title="page.not-found", code=404)

    def language(self, request: web.Request) -> Language:
        """Give the language that somebody chose, now or before."""
        chosen = request.query.get("language") or request.cookies.get(COOKIE)
        return Language(chosen) if chosen in set(Language) else self._language

    def _page(
        self, request: web.Request, name: str, status: Status, *, title: str, code: int = OK, **more: object
    ) -> web.Response:
        language = self.language(request)
        other = Language.ENGLISH if language is Language.CHINESE else Language.CHINESE
        context: Mapping[str, object] = {
            "status": status,
            "language": language,
            "other": other,
            "menu": MENU,
            "here": "/floors" if request.path.startswith("/floors/") else request.path,
            "same": request.path if code == OK else "/",  # what was typed wrongly may lead anywhere
            "refresh": REFRESH,
            "zone": str(self._zone),
            "title": say(title, language),
            "say": partial(_say, language),
            "clock": lambda when: f"{when.astimezone(self._zone):%Y-%m-%d %H:%M:%S}",
            "ago": lambda when: _span((status.written - when).total_seconds(), language),
            "span": lambda seconds: _span(seconds, language),
            "megabytes": lambda count: f"{count / _MEGABYTE:.1f}",
            **more,
        }
        text = self._jinja.get_template(f"{name}.html").render(context)
        answer = web.Response(status=code, text=text, content_type="text/html", charset="utf-8")
        if request.query.get("language") == language.value:
            answer.set_cookie(COOKIE, language.value, max_age=YEAR, httponly=True, samesite="Lax")
        return answer


def _say(language: Language, phrase: str, **details: object) -> str:
    return say(phrase, language, **details).rstrip()


def _tiles(status: Status, language: Language) -> list[Tile]:
    tell = partial(_say, language)
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
        _share(status),
        tell("tile.gateway.share", share=_share(status)) if radio_is_well else state,
    )
    return [beacons, gateway, _changes(status, language), _shakes(status, language)]


def _changes(status: Status, language: Language) -> Tile:
    if status.store.sync is None:
        return Tile("tile.changes", "/gateway", "quiet", "–", _say(language, "tile.changes.off"))
    count = status.store.pending
    text = _say(language, "tile.changes.some", count=count) if count else _say(language, "tile.changes.none")
    return Tile("tile.changes", "/gateway", _mood(not count), str(count), text)


def _shakes(status: Status, language: Language) -> Tile:
    figures = status.figures

    def none(phrase: str, **details: object) -> Tile:
        return Tile("tile.shakes", "/gateway", "quiet", "–", _say(language, phrase, **details))

    if figures is None:
        return none("tile.shakes.elsewhere")
    if figures.trouble:
        return none("tile.shakes.trouble", reason=figures.trouble)
    if figures.last is None or figures.shakes is None:
        return none("tile.shakes.not-yet")
    text = _say(language, "tile.shakes.text", day=figures.last)
    return Tile("tile.shakes", "/gateway", "fine", f"{figures.shakes} → {figures.clicks}", text)


def _mood(well: bool) -> str:
    return "fine" if well else "care"


def _share(status: Status) -> str:
    """Give how much of the time since the start it could hear; rounded down, so that 100 % is all of it."""
    whole = max(1.0, (status.written - status.started).total_seconds())
    return f"{int(1000 * max(0.0, 1 - status.radio.deaf_seconds / whole)) / 10:g} %"


def _span(seconds: float, language: Language) -> str:
    for size, phrase in _SPANS:
        if seconds >= size:
            return say(phrase, language, count=int(seconds // size))
    return say("ago.seconds", language, count=int(seconds))
