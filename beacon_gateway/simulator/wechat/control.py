"""The emulator's own door, which WeChat does not have: faults to come, and what has been called.

GET /emulator/calls counts the calls by path. POST /emulator/faults takes a fault as `fault_words` reads it, GET lists
those that wait, DELETE forgets them.
"""

from typing import Protocol

from aiohttp import web

from beacon_gateway.simulator.wechat.fault_words import add_typed
from beacon_gateway.simulator.wechat.faults import FaultQueue

CONTROL = "/emulator/"


class ControlTarget(Protocol):
    """What takes orders."""

    faults: FaultQueue

    def counts(self) -> dict[str, int]: ...


async def obey(request: web.Request, backend: ControlTarget) -> web.Response:
    """Carry out one order; 400 for a fault that cannot be read, 404 for what is none."""
    match request.method, request.path.removeprefix(CONTROL):
        case "GET", "calls":
            return web.json_response(backend.counts())
        case "POST", "faults":
            try:
                add_typed(backend.faults, await request.text())
            except ValueError as error:
                return web.Response(status=400, text=f"{error}\n")
        case "DELETE", "faults":
            backend.faults.clear()
        case "GET", "faults":
            pass
        case _:
            return web.Response(status=404, text=f"{__doc__}")
    return web.json_response(
        [
            {"path": rule.glob, "fault": rule.fault.kind, "number": rule.fault.number, "left": rule.left}
            for rule in backend.faults.waiting()
        ]
    )
