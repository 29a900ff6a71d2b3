"""Stands before every page: who may come in by which name, what a form must carry, and what a browser is told."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from beacon_gateway.adapters.web.visits import COOKIE, VISIT, Visit, Visits

PATIENCE: Final = 30.0
"""Seconds that the body of a request may take to arrive: a phone in a cellar, half a megabyte."""
FIELD: Final = "visit"
"""The field of every form that changes something."""
READING: Final = frozenset({"GET", "HEAD"})

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

    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    @web.middleware
    async def watch(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Turn away whoever asks for another name: a page of another site whose name was made to lead here."""
        answer: web.StreamResponse
        if not _is_our_name(request):
            answer = web.Response(status=421, text="This is not the server of that name.\n")
        else:
            visit = request[VISIT] = self._visits.of(request)
            try:
                if request.method not in READING and request.match_info.http_exception is None:
                    await _check_form(request, visit)
                answer = await handler(request)
            except web.HTTPSeeOther as elsewhere:
                answer = elsewhere
            except web.HTTPException as refusal:
                answer = web.Response(status=refusal.status, text=f"{refusal.text or refusal.reason}\n")
            if visit.is_new and answer.content_type == "text/html":
                answer.set_cookie(COOKIE, visit.cookie, httponly=True, samesite="Strict")
        answer.headers.update(_HEADERS)
        return answer


async def _check_form(request: web.Request, visit: Visit) -> None:
    """Read a form, and make sure that a page of ours sent it. Raises HTTPForbidden, HTTPRequestTimeout."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="This form was sent by a page of another site.")
    try:
        async with asyncio.timeout(PATIENCE):
            form = await request.post()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    token = form.get(FIELD, "")
    if not (isinstance(token, str) and hmac.compare_digest(token.encode(), visit.token.encode())):
        raise web.HTTPForbidden(text="This form is too old, or not one of ours: go back, load the page again, resend.")


def _is_our_name(request: web.Request) -> bool:
    host = request.host.removesuffix(f":{request.url.port}").strip("[]")
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
