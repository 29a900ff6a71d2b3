"""What is said to those who are turned away: a page where a browser asked for one, a line of text elsewhere."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import web

from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.adapters.web.server.visits import VISIT
from beacon_gateway.adapters.web.server.words import say_plainly
from beacon_gateway.core.model.settings import Language

_BY_STATUS: Final[Mapping[int, str]] = {
    HTTPStatus.UNAUTHORIZED: "refused.login",
    HTTPStatus.BAD_REQUEST: "refused.broken",
    HTTPStatus.FORBIDDEN: "refused.not-allowed",
    HTTPStatus.METHOD_NOT_ALLOWED: "refused.method",
    HTTPStatus.REQUEST_TIMEOUT: "refused.slow",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "refused.too-large",
}


class RequestRefused(Exception):  # noqa: N818 - what is done with a request, not an error of ours
    """The request is turned away, in a sentence of the catalogue."""

    def __init__(self, status: int, phrase: str, *, wait: float = 0.0, ends: bool = False, **details: object) -> None:
        """`wait` is in seconds; `ends` closes the connection: what else was sent is not read."""
        self.status, self.phrase, self.wait, self.ends, self.details = status, phrase, wait, ends, details


def wants_page(request: web.Request) -> bool:
    """True if a person looks at what is answered. A program asks for something else than HTML, or does not say."""
    return "text/html" in request.headers.get("Accept", "") and not is_for_programs(request)


def is_for_programs(request: web.Request) -> bool:
    """True if monitors and scripts ask there, who know nothing of cookies."""
    return request.path == "/metrics" or request.path.startswith("/api/")


def refusal(request: web.Request, refused: RequestRefused, frame: PageFrame | None) -> web.Response:
    """Make the answer."""
    language = frame.language(request) if frame else Language.ENGLISH
    answer = _said(request, refused.status, say_plainly(language, refused.phrase, **refused.details), frame)
    if refused.wait:
        answer.headers["Retry-After"] = str(whole_seconds(refused.wait))
    if refused.ends:
        answer.force_close()
    return answer


def refusal_of(request: web.Request, raised: web.HTTPException, frame: PageFrame | None) -> web.Response:
    """Make the answer to what a page refused, in the page's own words if it gave any."""
    said = raised.text or ""
    if said in {"", f"{raised.status}: {raised.reason}"}:  # aiohttp's own
        language = frame.language(request) if frame else Language.ENGLISH
        said = say_plainly(language, _BY_STATUS.get(raised.status, "refused.other"), code=raised.status)
    answer = _said(request, raised.status, said, frame)
    if allow := raised.headers.get("Allow"):
        answer.headers["Allow"] = allow
    return answer


def whole_seconds(wait: float) -> int:
    """Return whole seconds that are no less."""
    return max(1, int(-(-wait // 1)))


def _said(request: web.Request, status: int, said: str, frame: PageFrame | None) -> web.Response:
    if frame and VISIT in request and wants_page(request):
        return frame.page(request, "refused", frame.status(), title="refused.title", code=status, said=said)
    return web.Response(status=status, text=f"{said}\n")
