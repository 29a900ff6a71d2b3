"""The way in where there are no accounts: by a link that somebody with rights on this machine made."""

import re
from asyncio import to_thread
from http import HTTPStatus
from typing import Final

from aiohttp import web

from beacon_gateway.adapters.web.server.forms import FORM
from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.adapters.web.server.guard import LOGIN, LOGOUT
from beacon_gateway.adapters.web.server.visits import VISIT
from beacon_gateway.adapters.web.server.writers import LoginLinks, Writers

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")


class LinkLoginPage:
    """A GET shows a button only: programs that look at links beforehand use none up."""

    def __init__(self, frame: PageFrame, links: LoginLinks, writers: Writers) -> None:
        self._frame, self._links, self._writers = frame, links, writers

    def routes(self) -> list[web.RouteDef]:
        return [web.get(LOGIN, self._show), web.post(LOGIN, self._enter), web.post(LOGOUT, self._leave)]

    async def _show(self, request: web.Request) -> web.Response:
        if request[VISIT].may_write:
            return _to("/")
        secret = request.query.get("link", "")
        return self._page(request, secret if _SECRET.fullmatch(secret) else "")

    async def _enter(self, request: web.Request) -> web.Response:
        secret = request[FORM].get("link", "")
        if not _SECRET.fullmatch(secret) or not await to_thread(self._links.redeem, secret):
            return self._page(request, "", "login.link-over", code=HTTPStatus.FORBIDDEN)
        answer = _to("/")
        self._writers.begin(request[VISIT], answer)
        return answer

    async def _leave(self, request: web.Request) -> web.Response:
        answer = _to("/")
        self._writers.end(request[VISIT], answer)
        return answer

    def _page(self, request: web.Request, secret: str, trouble: str = "", *, code: int = HTTPStatus.OK) -> web.Response:
        return self._frame.page(
            request,
            "link_login",
            self._frame.status(),
            title="login.title",
            code=code,
            secret=secret,
            trouble=trouble,
            same=LOGIN,
            kept=f"link={secret}&" if secret else "",
        )


def _to(path: str) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": path})
