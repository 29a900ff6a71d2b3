"""The way in, and the way out: a page that asks for name and password."""

import re
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlsplit

from aiohttp import web

from beacon_gateway.adapters.web.server.forms import FORM
from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.adapters.web.server.guard import LOGIN, LOGOUT, MAX_NEXT_CHARACTERS
from beacon_gateway.adapters.web.server.members import Accounts, Members
from beacon_gateway.adapters.web.server.password_check import PasswordCheck, address_of
from beacon_gateway.adapters.web.server.refusals import RequestRefused, whole_seconds
from beacon_gateway.adapters.web.server.visits import VISIT

_OWN_PATH: Final = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_NOT_AFTER: Final = frozenset({LOGIN, LOGOUT})


class LoginPage:
    def __init__(self, frame: PageFrame, accounts: Accounts, check: PasswordCheck, members: Members) -> None:
        self._frame, self._accounts, self._check, self._members = frame, accounts, check, members

    def routes(self) -> list[web.RouteDef]:
        return [web.get(LOGIN, self._show), web.post(LOGIN, self._enter), web.post(LOGOUT, self._leave)]

    async def _show(self, request: web.Request) -> web.Response:
        after = own_path(request.query.get("next", ""))
        return _to(after) if request[VISIT].is_admitted else self._page(request, after)

    async def _enter(self, request: web.Request) -> web.Response:
        form = request[FORM]
        name, password, after = (form.get(field, "") for field in ("name", "password", "next"))
        try:
            accounts = await self._accounts.now()
            account = await self._check.account(name, password, address_of(request), accounts, way="form")
        except RequestRefused as refused:
            answer = self._page(request, own_path(after), refused.phrase, code=refused.status, **refused.details)
            answer.headers["Retry-After"] = str(whole_seconds(refused.wait))
            return answer
        if account is None:
            return self._page(request, own_path(after), "login.wrong", code=HTTPStatus.UNAUTHORIZED)
        answer = _to(own_path(after))
        self._members.begin(account, request[VISIT], answer)
        return answer

    async def _leave(self, request: web.Request) -> web.Response:
        answer = _to(LOGIN)
        self._members.end(request[VISIT], answer)
        return answer

    def _page(
        self, request: web.Request, after: str, trouble: str = "", *, code: int = HTTPStatus.OK, **details: object
    ) -> web.Response:
        return self._frame.page(
            request,
            "login",
            self._frame.status(),
            title="login.title",
            code=code,
            after=after,
            trouble=trouble,
            details=details,
            same=LOGIN,
            kept=f"next={quote(after, safe='')}&" if after != "/" else "",
        )


def own_path(text: str) -> str:
    """Return where to go after the login: only to a path of this server, else to the first page."""
    if len(text) > MAX_NEXT_CHARACTERS or not _OWN_PATH.fullmatch(text):
        return "/"
    try:
        parts = urlsplit(text)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc or parts.path in _NOT_AFTER else text


def _to(path: str) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": quote(path, safe="/?#[]@!$&'()*+,;=:%~")})
