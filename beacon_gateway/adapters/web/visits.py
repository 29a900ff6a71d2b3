"""What a browser shows to be known again, and what a form must carry so that no other site can send it."""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from aiohttp import web

from beacon_gateway.core.visitor import AT_THIS_MACHINE, Visitor

COOKIE: Final = "visit"
_LENGTHS: Final = range(20, 100)


@dataclass(frozen=True, slots=True)
class Visit:
    """Of one browser."""

    visitor: Visitor
    cookie: str
    token: str
    """Made of the cookie with a key that only this process knows: a hidden field of every form."""
    is_new: bool
    """Whether the cookie is still to be given."""


VISIT: Final = web.RequestKey("visit", Visit)


class Visits:
    """Of an address that only this machine reaches: whoever comes may do everything."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def of(self, request: web.Request) -> Visit:
        """Give the visit that a request belongs to."""
        known = request.cookies.get(COOKIE, "")
        cookie = known if len(known) in _LENGTHS else secrets.token_urlsafe(32)
        return Visit(AT_THIS_MACHINE, cookie, self._token(cookie), cookie != known)

    def _token(self, cookie: str) -> str:
        return hmac.new(self._key, cookie.encode(), sha256).hexdigest()
