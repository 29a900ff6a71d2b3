"""Visits where there are accounts: by a session's cookie, or a monitor's header."""

import base64
import binascii
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest
from http import HTTPStatus
from typing import Final, Protocol

from aiohttp import web

from beacon_gateway.adapters.web.server.password_check import PasswordCheck, address_of
from beacon_gateway.adapters.web.server.refusals import RequestRefused, is_for_programs
from beacon_gateway.adapters.web.server.visits import COOKIE, Visit, Visits, give, new_cookie
from beacon_gateway.core.access.sessions import Sessions
from beacon_gateway.core.access.web_accounts import WebAccount, WebAccounts
from beacon_gateway.core.model.visitor import NOBODY

MONITOR_VALID_S: Final = 600.0
"""Seconds for which a monitor's header is known to be right: a scrape then costs no hash."""
MAX_MONITORS: Final = 100
_NO_SESSION: Final = ""
MAX_AUTHORIZATION_CHARACTERS: Final = 1_500
"""Characters: a name and a password in base64, four bytes a character."""


class Accounts(Protocol):
    async def now(self) -> WebAccounts:
        """Return the accounts as they are now; what was changed seconds ago may be missing."""


@dataclass(frozen=True, slots=True)
class _Monitor:
    account: WebAccount
    until: float


class Members(Visits):
    """Visits of people who log in; before that they are nobody."""

    asks_for_login = True

    def __init__(self, accounts: Accounts, check: PasswordCheck, gateway: str, monotonic: Callable[[], float]) -> None:
        """`gateway` is its name: cookies know no ports, and several gateways may be tunnelled to one machine."""
        super().__init__()
        self._accounts, self._check, self._monotonic = accounts, check, monotonic
        self._name = f"{COOKIE}-{gateway}"
        self._sessions: Sessions[WebAccount] = Sessions()
        self._monitors: OrderedDict[bytes, _Monitor] = OrderedDict()
        self._header_key = secrets.token_bytes(32)

    async def of(self, request: web.Request) -> Visit:
        cookie, is_new = self._cookie(request, self._name)
        account = None if is_new else await self._account_of(cookie)
        if account:
            return Visit(account.visitor, cookie, self._token(cookie), is_new, name=self._name)
        if is_for_programs(request) and request.method == "GET" and (account := await self._monitor(request)):
            return Visit(account.visitor, _NO_SESSION, "", is_new=False, name=self._name)
        return Visit(NOBODY, cookie, self._token(cookie), is_new, is_admitted=False, name=self._name)

    async def lasts(self, visit: Visit) -> bool:
        return visit.cookie == _NO_SESSION or await self._account_of(visit.cookie, is_request=False) is not None

    def begin(self, account: WebAccount, before: Visit, answer: web.StreamResponse) -> None:
        """Log in. What the browser had before is worth nothing from now on: somebody else may have given it."""
        self._sessions.end(_digest(before.cookie))
        cookie = new_cookie()
        self._sessions.begin(_digest(cookie), account, self._monotonic())
        give(answer, self._name, cookie)

    def end(self, visit: Visit, answer: web.StreamResponse) -> None:
        """Log out."""
        self._sessions.end(_digest(visit.cookie))
        answer.del_cookie(self._name, httponly=True, samesite="Lax")

    async def _account_of(self, cookie: str, *, is_request: bool = True) -> WebAccount | None:
        accounts = await self._accounts.now()

        def is_unchanged(account: WebAccount) -> bool:
            return accounts.of(account.visitor.name) == account

        return self._sessions.find(_digest(cookie), self._monotonic(), still=is_unchanged, is_request=is_request)

    async def _monitor(self, request: web.Request) -> WebAccount | None:
        """Return whose name and password a monitor sends; None if it sends none. Raises Refused."""
        header = request.headers.get("Authorization", "")
        if header[:6].lower() != "basic ":
            return None
        typed = _typed(header)
        if typed is None:
            raise RequestRefused(HTTPStatus.UNAUTHORIZED, "refused.wrong-password")
        key = digest(self._header_key, header.encode("utf-8", "surrogatepass"), sha256)
        accounts, now = await self._accounts.now(), self._monotonic()
        known = self._monitors.get(key)
        if known and known.until > now and accounts.of(known.account.visitor.name) == known.account:
            return known.account
        account = await self._check.account(*typed, address_of(request), accounts, way="basic")
        if account is None:
            raise RequestRefused(HTTPStatus.UNAUTHORIZED, "refused.wrong-password")
        self._monitors[key] = _Monitor(account, now + MONITOR_VALID_S)
        self._monitors.move_to_end(key)
        if len(self._monitors) > MAX_MONITORS:
            self._monitors.popitem(last=False)
        return account


def _digest(cookie: str) -> bytes:
    return sha256(cookie.encode("utf-8", "surrogatepass")).digest()


def _typed(header: str) -> tuple[str, str] | None:
    """Return name and password of a header (RFC 7617); None where it holds none."""
    try:
        text = base64.b64decode(header[6:].strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    name, colon, password = text.partition(":")
    return (name, password) if colon and len(header) <= MAX_AUTHORIZATION_CHARACTERS else None
