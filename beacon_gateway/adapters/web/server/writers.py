"""Visits where there are no accounts: everybody who reaches this machine's address may look; by a link one may write.

A reverse proxy may stand before that address and say nothing of itself (nginx's `proxy_pass` alone does). Strangers
then come from this machine too: the address alone gives nobody the right to change anything.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Protocol

from aiohttp import web

from beacon_gateway.adapters.web.server.visits import COOKIE, Visit, Visits, give, new_cookie
from beacon_gateway.core.access.sessions import Sessions
from beacon_gateway.core.model.visitor import AT_THIS_MACHINE, READER_HERE, Visitor


class LoginLinks(Protocol):
    def redeem(self, secret: str) -> bool:
        """Return True once for each secret. Called in a thread."""


class Writers(Visits):
    def __init__(self, gateway: str, monotonic: Callable[[], float]) -> None:
        """`gateway` is its name: cookies know no ports, and several gateways may be tunnelled to one machine."""
        super().__init__()
        self._name, self._monotonic = f"{COOKIE}-{gateway}", monotonic
        self._sessions: Sessions[Visitor] = Sessions()

    async def of(self, request: web.Request) -> Visit:
        cookie, is_new = self._cookie(request, self._name)
        visitor = None if is_new else self._writer(cookie)
        return Visit(
            visitor or READER_HERE,
            cookie,
            self._token(cookie),
            is_new,
            may_write=visitor is not None,
            may_enter=True,
            name=self._name,
        )

    async def lasts(self, visit: Visit) -> bool:
        """True: anybody who reaches the address may look."""
        del visit
        return True

    def begin(self, before: Visit, answer: web.StreamResponse) -> None:
        """Let this browser write. What it had before is worth nothing from now on: somebody else may have given it."""
        self._sessions.end(_digest(before.cookie))
        cookie = new_cookie()
        self._sessions.begin(_digest(cookie), AT_THIS_MACHINE, self._monotonic())
        give(answer, self._name, cookie)

    def end(self, visit: Visit, answer: web.StreamResponse) -> None:
        self._sessions.end(_digest(visit.cookie))
        answer.del_cookie(self._name, httponly=True, samesite="Lax")

    def _writer(self, cookie: str) -> Visitor | None:
        return self._sessions.find(_digest(cookie), self._monotonic(), still=lambda _: True)


def _digest(cookie: str) -> bytes:
    return sha256(cookie.encode("utf-8", "surrogatepass")).digest()
