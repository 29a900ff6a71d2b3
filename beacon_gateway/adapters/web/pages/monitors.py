"""What monitors ask: whether the gateway does its work, and its figures."""

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from beacon_gateway.adapters.web.pages.exposition import CONTENT_TYPE, exposition
from beacon_gateway.adapters.web.server.visits import VISIT
from beacon_gateway.core.model.status import Status
from beacon_gateway.core.monitoring.healthcheck import unfit
from beacon_gateway.core.monitoring.judgement import judge
from beacon_gateway.core.monitoring.metrics import metrics_of


class Monitors:
    def __init__(self, status: Callable[[], Status], utc: Callable[[], datetime]) -> None:
        self._status, self._utc = status, utc

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/healthz", self._healthz), web.get("/metrics", self._metrics)]

    async def _healthz(self, request: web.Request) -> web.Response:
        """200 while the gateway receives and logs, 503 with the reasons while it does not; to strangers only which.

        What else is wrong is named, and rings no bell.
        """
        status = self._status()
        reasons = unfit(status, self._utc())
        if not request[VISIT].is_admitted:
            return web.json_response({"fit": not reasons}, status=503 if reasons else 200)
        body = {
            "fit": not reasons,
            "reasons": reasons,
            "state": (judged := judge(status)).state.value,
            "troubles": judged.every(),
            "gateway": status.gateway,
            "floor": status.floor,
            "version": status.version,
            "radio": status.radio.state,
            "sync": status.store.sync,
            "written": status.written.isoformat(timespec="milliseconds"),
            "expires": status.expires.isoformat(timespec="milliseconds"),
        }
        return web.json_response(body, status=503 if reasons else 200)

    async def _metrics(self, _: web.Request) -> web.Response:
        text = exposition(metrics_of(self._status()))
        return web.Response(body=text.encode(), headers={"Content-Type": CONTENT_TYPE})
