"""The frame around each page: menu, language, times of the store, and how a template is filled."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Final

from aiohttp import web

from beacon_gateway.adapters.web.compiled_templates import environment
from beacon_gateway.adapters.web.server.visits import VISIT
from beacon_gateway.adapters.web.server.words import say_plainly, span
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.status import Status
from beacon_gateway.core.sentences.catalogue import language_name, languages
from beacon_gateway.core.sentences.preferred import language_accepted

PAGE_REFRESH_S: Final = 15
"""Seconds after which a page is brought up to date."""
COOKIE: Final = "language"
YEAR_S: Final = 365 * 86400
MENU: Final = (
    ("/", "page.overview"),
    ("/floors", "page.floors"),
    ("/bindings", "page.bindings"),
    ("/heat", "page.heat"),
    ("/live", "page.live"),
    ("/gateway", "page.gateway"),
)
HERE: Final = Path(__file__).parents[1]
_MEGABYTE_BYTES: Final = 1 << 20


class PageFrame:
    """Fills templates for one gateway."""

    def __init__(self, status: Callable[[], Status], *, zone: tzinfo, language: Language) -> None:
        """`status` gives the latest; `language` is for those who chose none."""
        self.status, self.zone, self._language = status, zone, language
        self._jinja = environment()

    def language(self, request: web.Request) -> Language:
        """Return the language that this person chose, now or before, or that the browser asks for, or the store's."""
        chosen = request.query.get("language") or request.cookies.get(COOKIE)
        if chosen in languages():
            return Language(chosen)
        return language_accepted(request.headers.get("Accept-Language", "")) or self._language

    def page(
        self, request: web.Request, name: str, status: Status, *, title: str, code: int = HTTPStatus.OK, **more: object
    ) -> web.Response:
        """Fill the template of that name; `title` is a phrase, `more` is for the template."""
        language = self.language(request)
        context: Mapping[str, object] = {
            "status": status,
            "visit": request[VISIT],
            "language": language,
            "languages": {other: language_name(other) for other in languages() if other != language},
            "menu": MENU,
            "here": _chapter(request.path),
            "same": request.path if code == HTTPStatus.OK else "/",  # what was typed wrongly may lead anywhere
            "kept": "",  # of the query, in another language: what ends with &
            "refresh": PAGE_REFRESH_S,
            "zone": str(self.zone),
            "title": say_plainly(language, title),
            "say": partial(say_plainly, language),
            "clock": lambda when: f"{when.astimezone(self.zone):%Y-%m-%d %H:%M:%S}",
            "ago": lambda when: span((status.written - when).total_seconds(), language),
            "span": lambda seconds: span(seconds, language),
            "megabytes": lambda count: f"{count / _MEGABYTE_BYTES:.1f}",
            **more,
        }
        text = self._jinja.get_template(f"{name}.html").render(context)
        answer = web.Response(status=code, text=text, content_type="text/html", charset="utf-8")
        if request.query.get("language") == language:
            answer.set_cookie(COOKIE, language, max_age=YEAR_S, httponly=True, samesite="Lax")
        return answer

    def missing(self, request: web.Request) -> web.Response:
        return self.page(request, "missing", self.status(), title="page.not-found", code=HTTPStatus.NOT_FOUND)


def _chapter(path: str) -> str:
    """Return the menu's address for a page below it."""
    return next((chapter for chapter, _ in MENU if chapter != "/" and path.startswith(f"{chapter}/")), path)


def static(name: str) -> bytes:
    """Return a file that browsers get as it is."""
    return (HERE / "static" / name).read_bytes()
