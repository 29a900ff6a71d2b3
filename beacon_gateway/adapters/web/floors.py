"""The beacons of a floor: those that are not heard stay visible."""

from aiohttp import web

from beacon_gateway.adapters.web.frame import Frame


class FloorPages:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/floors", self._show), web.get("/floors/{floor}", self._show)]

    async def _show(self, request: web.Request) -> web.Response:
        """Show one floor: as asked for, else this gateway's own, else the first."""
        status = self._frame.status()
        names = sorted({beacon.floor for beacon in status.beacons})
        usual = status.floor if status.floor in names else next(iter(names), "")
        floor = request.match_info.get("floor", usual)
        if floor not in names and "floor" in request.match_info:
            return self._frame.missing(request)
        beacons = [beacon for beacon in status.beacons if beacon.floor == floor]
        return self._frame.page(
            request, "floors", status, title="page.floors", floors=names, floor=floor, beacons=beacons
        )
