"""The newest events of this process, for store IT: they name addresses, files and accounts of the store's."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from aiohttp import web

from beacon_gateway.adapters.web.pages.gateway_sources import LogTail
from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.adapters.web.server.visits import VISIT
from beacon_gateway.adapters.web.server.words import say_plainly

ALL, WARNINGS = "all", "warning"
CHOICES: Final = (ALL, WARNINGS)
MOODS: Final = {"warning": "care", "error": "fault", "critical": "fault"}
"""Of the levels from warning up."""


@dataclass(frozen=True, slots=True)
class _Shown:
    at: str
    mood: str
    level: str
    text: str


class GatewayLogPage:
    def __init__(self, frame: PageFrame, tail: LogTail) -> None:
        self._frame, self._tail = frame, tail

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/gateway/log", self._show)]

    async def _show(self, request: web.Request) -> web.Response:
        if not request[VISIT].visitor.is_it:
            raise web.HTTPForbidden(text=say_plainly(self._frame.language(request), "gateway.only-it"))
        level = request.query.get("level", ALL)
        code = HTTPStatus.OK if level in CHOICES else HTTPStatus.BAD_REQUEST
        lines = [
            _Shown(self._local(at), MOODS.get(of, ""), of, text)
            for at, of, text in reversed(self._tail.lines())
            if level != WARNINGS or of in MOODS
        ]
        return self._frame.page(
            request,
            "gateway_log",
            self._frame.status(),
            title="page.gateway-log",
            code=code,
            kept=f"level={level}&" if code == HTTPStatus.OK else "",
            level=level if code == HTTPStatus.OK else "",
            lines=lines if code == HTTPStatus.OK else [],
            choices=CHOICES,
        )

    def _local(self, at: str) -> str:
        """Return a moment in the store's zone; what is none as it is."""
        try:
            return f"{datetime.fromisoformat(at).astimezone(self._frame.zone):%m-%d %H:%M:%S}"
        except ValueError:
            return at
