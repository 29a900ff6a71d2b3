"""Stands before every page: who may come in by which name, what a form must carry, and what a browser is answered."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlsplit

from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError

from beacon_gateway.adapters.web.server import refusals
from beacon_gateway.adapters.web.server.failures import FailureLog
from beacon_gateway.adapters.web.server.forms import FORM, MULTIPART, URLENCODED, BrokenForm, OtherCoding, read_form
from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.adapters.web.server.host_names import HostNames
from beacon_gateway.adapters.web.server.refusals import RequestRefused, refusal, refusal_of
from beacon_gateway.adapters.web.server.visits import VISIT, Visit, Visits, give

BODY_TIMEOUT_S: Final = 30.0
"""Seconds that the body of a request may take to arrive: a phone in a cellar, half a megabyte."""
MAX_ANONYMOUS_BODY_BYTES: Final = 4 << 10
"""Bytes of a body from somebody who has not logged in: a name and a password."""
MAX_NEXT_CHARACTERS: Final = 500
"""Characters of an address that is gone to after the login."""
RECHECK_VISIT_AFTER_S: Final = 10.0
"""Seconds after which a long answer, as the live page's, is looked at: whether its visitor may still see it."""
FIELD: Final = "visit"
"""The field of every form that changes something."""
READING: Final = frozenset({"GET", "HEAD"})
LOGIN: Final = "/login"
LOGOUT: Final = "/logout"
_OPEN: Final = frozenset({LOGIN, "/healthz"})
_OPEN_BELOW: Final = "/static/"
_FORMS: Final = frozenset({URLENCODED, MULTIPART})
_FOR_READERS: Final = frozenset({LOGIN, LOGOUT})
"""The forms of those who may change nothing."""
_OF_PROXIES: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")
_SAME_SITE: Final = frozenset({"same-origin", "none"})

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Nothing from elsewhere, nothing inline, in nobody's frame.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
}


class Guard:
    """Its `watch` is a middleware. Behind it `request[VISIT]` says who it is, and a form is read and is one of ours."""

    def __init__(
        self,
        visits: Visits,
        names: HostNames | None = None,
        frame: PageFrame | None = None,
        *,
        patience: float = BODY_TIMEOUT_S,
        look_again: float = RECHECK_VISIT_AFTER_S,
        failures: FailureLog | None = None,
    ) -> None:
        """With a `frame` a browser learns in a page why it is turned away."""
        self._visits, self._names, self._frame = visits, names or HostNames(), frame
        self._patience, self._look_again = patience, look_again
        self._failures = failures or FailureLog()

    @web.middleware
    async def watch(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Let through whom it may concern."""
        answer: web.StreamResponse
        try:
            visit = await self._admitted(request)
            if request.method not in READING and request.match_info.http_exception is None:
                await self._check_form(request, visit)
            answer = await self._watched(request, handler, visit)
        except RequestRefused as refused:
            answer = refusal(request, refused, self._frame)
        except web.HTTPSeeOther as elsewhere:
            answer = web.Response(status=elsewhere.status, headers={"Location": elsewhere.headers["Location"]})
            answer.cookies.update(elsewhere.cookies)
        except web.HTTPException as raised:
            answer = refusal_of(request, raised, self._frame)
        except ConnectionError:
            raise  # nobody is there to be answered
        except Exception as error:  # noqa: BLE001 - whatever a page fails at, it is the page's own
            self._failures.note(request, error, asyncio.get_running_loop().time())
            answer = refusal(
                request, RequestRefused(HTTPStatus.INTERNAL_SERVER_ERROR, "refused.failed", ends=True), None
            )
        known = request.get(VISIT)
        if known and known.is_new and answer.content_type == "text/html" and known.name not in answer.cookies:
            give(answer, known.name, known.cookie)
        answer.headers.update(_HEADERS)
        return answer

    async def _admitted(self, request: web.Request) -> Visit:
        """Tell who it is. Raises Refused; HTTPSeeOther to the login."""
        if not is_sound(request):
            raise RequestRefused(HTTPStatus.BAD_REQUEST, "refused.broken", ends=True)
        if not self._names.are_meant_by(request):
            raise RequestRefused(HTTPStatus.MISDIRECTED_REQUEST, "refused.name", ends=True)
        if not self._visits.asks_for_login and any(name in request.headers for name in _OF_PROXIES):
            raise RequestRefused(HTTPStatus.FORBIDDEN, "refused.proxy", ends=True)
        visit = request[VISIT] = await self._visits.of(request)
        if visit.is_admitted or request.path in _OPEN or request.path.startswith(_OPEN_BELOW):
            return visit
        if request.method in READING and refusals.wants_page(request):
            asked = request.raw_path if len(request.raw_path) <= MAX_NEXT_CHARACTERS else "/"
            raise web.HTTPSeeOther(LOGIN if asked == "/" else f"{LOGIN}?next={quote(asked, safe='')}")
        # Without a challenge: a browser would ask for a password in a window of its own.
        raise RequestRefused(HTTPStatus.UNAUTHORIZED, "refused.login", ends=request.method not in READING)

    async def _check_form(self, request: web.Request, visit: Visit) -> None:
        """Read a form, and make sure that a page of ours sent it. Raises Refused, HTTPException."""
        _check_origin(request)
        limit = request.client_max_size if visit.is_admitted else MAX_ANONYMOUS_BODY_BYTES
        _check_size(request, visit, limit)
        try:
            async with asyncio.timeout(self._patience):
                form = request[FORM] = await read_form(request, limit)
        except TimeoutError:
            raise RequestRefused(HTTPStatus.REQUEST_TIMEOUT, "refused.slow", ends=True) from None
        except OtherCoding:
            raise RequestRefused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "refused.coding", ends=True) from None
        except (BrokenForm, ConnectionError, ClientPayloadError, HttpProcessingError, web.RequestPayloadError):
            raise RequestRefused(HTTPStatus.BAD_REQUEST, "refused.broken", ends=True) from None
        if not hmac.compare_digest(_bytes(form.get(FIELD, "")), _bytes(visit.token)):
            raise RequestRefused(HTTPStatus.FORBIDDEN, "refused.form")
        if not visit.may_write and request.path not in _FOR_READERS:
            raise RequestRefused(HTTPStatus.FORBIDDEN, "refused.reader")

    async def _watched(self, request: web.Request, handler: _Handler, visit: Visit) -> web.StreamResponse:
        """Let the handler answer, for as long as its visitor may see the answer."""
        if not self._visits.asks_for_login:
            return await handler(request)
        looking = asyncio.create_task(self._look(request, visit), name="visit")
        try:
            return await handler(request)
        finally:
            looking.cancel()

    async def _look(self, request: web.Request, visit: Visit) -> None:
        while request.transport:
            await asyncio.sleep(self._look_again)
            if visit.is_admitted and not await self._visits.lasts(visit) and request.transport:
                request.transport.abort()  # what it was sent lately is not worth a farewell


def is_sound(request: web.Request) -> bool:
    """True if an address is text that can be said again, encoded or decoded.

    Headers may hold what they like: cookies know no ports, and other servers here may set theirs in any coding.
    """
    try:
        for text in (request.path, request.raw_path, request.query_string, *request.query, *request.query.values()):
            text.encode()
    except (UnicodeError, ValueError):
        return False
    return True


def _check_origin(request: web.Request) -> None:
    """Raise Refused for a form that a browser says no page of ours sent."""
    if not _is_own(request.headers.get("Origin"), request.host):
        raise RequestRefused(HTTPStatus.FORBIDDEN, "refused.elsewhere", ends=True)
    if request.headers.get("Sec-Fetch-Site", "none") not in _SAME_SITE:
        raise RequestRefused(HTTPStatus.FORBIDDEN, "refused.elsewhere", ends=True)


def _check_size(request: web.Request, visit: Visit, limit: int) -> None:
    """Raise Refused for what is no form of ours, or too large, before any of it is read."""
    if request.content_type not in _FORMS and request.body_exists:
        raise RequestRefused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "refused.form-kind", ends=True)
    if not visit.is_admitted and request.content_length is None:
        raise RequestRefused(HTTPStatus.LENGTH_REQUIRED, "refused.no-length", ends=True)
    if (request.content_length or 0) > limit:
        raise RequestRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "refused.too-large", ends=True)


def _is_own(origin: str | None, host: str) -> bool:
    """True if a form comes from a page of this server, as far as its browser says."""
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:  # no address at all
        return False


def _bytes(token: str) -> bytes:
    return token.encode("utf-8", "surrogatepass")
