"""The gateway itself: radio, log, clock, files, program."""

from aiohttp import web

from beacon_gateway.adapters.web.frame import Frame
from beacon_gateway.core.fitness import listening_share
from beacon_gateway.core.messages import say


class GatewayPage:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/gateway", self._show)]

    async def _show(self, request: web.Request) -> web.Response:
        status, language = self._frame.status(), self._frame.language(request)
        rungs = ", ".join(say(f"rung.{rung}", language, cause=count) for rung, count in status.radio.rungs.items())
        return self._frame.page(
            request,
            "gateway",
            status,
            title="page.gateway",
            share=listening_share(status),
            rungs=rungs,
            hits=sum(status.hits.values()),
        )
