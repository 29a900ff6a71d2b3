"""What a browser shows to be known again, and what a form must carry so that no other site can send it."""

import hmac
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from aiohttp import web

from beacon_gateway.core.model.visitor import AT_THIS_MACHINE, Visitor

COOKIE: Final = "visit"
_COOKIE: Final = re.compile(r"[A-Za-z0-9_-]{20,99}")


@dataclass(frozen=True, slots=True)
class Visit:
    """Of one browser."""

    visitor: Visitor
    cookie: str
    token: str
    """Made of the cookie with a key that only this process knows: a hidden field of every form."""
    is_new: bool
    """Whether the cookie is still to be given."""
    is_admitted: bool = True
    """False for visitors who must log in first."""
    may_write: bool = True
    """False for somebody who may look, but whom nobody knows."""
    may_enter: bool = False
    """Whether a link would let this visitor write."""
    name: str = COOKIE
    """Of the cookie."""


VISIT: Final = web.RequestKey("visit", Visit)


class Visits:
    """Visits in which everybody may do everything; other kinds are made of it."""

    asks_for_login = False

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    async def of(self, request: web.Request) -> Visit:
        """Return the visit that a request belongs to. Raises Refused."""
        cookie, is_new = self._cookie(request, COOKIE)
        return Visit(AT_THIS_MACHINE, cookie, self._token(cookie), is_new)

    async def lasts(self, visit: Visit) -> bool:
        """True if that visit may still look at what it began to look at."""
        del visit
        return True

    def _cookie(self, request: web.Request, name: str) -> tuple[str, bool]:
        """Return the browser's cookie, or a new one, and whether it is new."""
        known = request.cookies.get(name, "")
        return (known, False) if _COOKIE.fullmatch(known) else (new_cookie(), True)

    def _token(self, cookie: str) -> str:
        return hmac.new(self._key, cookie.encode(), sha256).hexdigest()


def new_cookie() -> str:
    """Make one of 256 bits."""
    return secrets.token_urlsafe(32)


def give(answer: web.StreamResponse, name: str, cookie: str) -> None:
    """Let the browser keep the cookie while it runs.

    Lax, not Strict: with Strict somebody who follows a link from WeCom or a mail would be asked to log in again each
    time. What Strict would add is little here: a GET changes nothing, and a form needs the token too.
    """
    answer.set_cookie(name, cookie, httponly=True, samesite="Lax")
