"""The air of the guest: chips, the beacons around them, and passers-by. Told what to do by the host, a JSON line each.

Beacons never catch up: one that is late sends later. So a guest short of time makes the air slower, and does not
push two advertisements into one turn of bluetoothd, which would signal one.
"""

import asyncio
import json
import logging
import math
import os
import sys
import traceback
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Final

from tests.vm.guest.beacon import FLAGS, Beacon, Frame, ibeacon, phone
from tests.vm.guest.chip import Chip

PORT: Final = Path("/dev/virtio-ports/air")
_CROWD_TURN: Final = 0.1
"""Seconds between two crowds of passers-by."""


class Air:
    """Answers the host's requests; each public method is one, its arguments are the request's fields."""

    def __init__(self) -> None:
        self._chips: dict[str, Chip] = {}
        self._beacons: dict[str, Beacon] = {}
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._passed = 0

    async def plug(
        self, chip: str, *, dual_mode: bool = False, filters_duplicates: bool = False, extended: bool = False
    ) -> str:
        """Plug a chip in, a new one under a new name (its MAC address); return its hciN."""
        if chip not in self._chips:
            self._chips[chip] = Chip(
                chip, dual_mode=dual_mode, filters_duplicates=filters_duplicates, extended=extended
            )
        return await self._chips[chip].plug()

    async def name(self, chip: str) -> str | None:
        """Return the hciN that a chip is now."""
        return self._chips[chip].name

    async def unplug(self, chip: str) -> None:
        self._chips[chip].unplug()

    async def deafen(self, chip: str, *, until_reset: bool) -> None:
        self._chips[chip].deafen(until_reset=until_reset)

    async def hear_again(self, chip: str) -> None:
        self._chips[chip].hear_again()

    async def send(
        self,
        chip: str,
        name: str,
        *,
        address: str,
        uuid: str,
        major: int,
        minor: int,
        power: int = -59,
        interval: float = 0.1,
        rssi: tuple[int, int] = (-62, -62),
        adverts: int | None = None,
        ibeacons: int | None = None,
        connectable: bool = False,
        before: str = FLAGS,
        after: str = "",
        trailing: str = "",
        others: Sequence[str] = (),
        in_response: bool = False,
        extended: bool = False,
        changes_address_every: float | None = None,
    ) -> None:
        """Let a beacon send near a chip, from now on or so many times. Its counts begin anew.

        `others` are the data of frames that it sends in turn with its iBeacon, in hex; `in_response`: its iBeacon is
        what it answers to a scan request; after `ibeacons` of them it sends the others alone.
        """
        await self.silence(name)
        data = ibeacon(uuid, major, minor, power, before=before, after=after, trailing=trailing)
        address_bytes = bytes.fromhex(address.replace(":", ""))
        frames = [
            Frame(address_bytes, bytes.fromhex(FLAGS), response=data)
            if in_response
            else Frame(address_bytes, data, connectable, extended=extended),
            *(Frame(address_bytes, bytes.fromhex(other), connectable, extended=extended) for other in others),
        ]
        beacon = Beacon(chip, frames, interval, (rssi[0], rssi[1]), adverts, ibeacons)
        self._beacons[name] = beacon
        self._sending[name] = asyncio.create_task(
            _advertise(self._chips[chip], beacon, changes_address_every or math.inf)
        )

    async def silence(self, name: str) -> None:
        if task := self._sending.pop(name, None):
            task.cancel()

    async def silence_all(self, chip: str) -> None:
        for name, beacon in self._beacons.items():
            if beacon.near == chip:
                await self.silence(name)

    async def crowd(self, chip: str, *, per_second: int) -> None:
        """Let so many phones pass each second, each seen once; 0: nobody any more."""
        await self.silence("crowd")
        if per_second:
            self._sending["crowd"] = asyncio.create_task(self._pass_by(self._chips[chip], per_second))

    async def earbuds(self, chip: str, *, section_bytes: int) -> None:
        """Let ear-buds send extended advertisements near a chip, with a manufacturer section of so many bytes."""
        await self.silence("earbuds")
        data = bytes([section_bytes, 0xFF, 0x4C, 0x00]) + bytes(section_bytes - 3)
        beacon = Beacon(chip, [Frame(bytes.fromhex("C2E0A0BD0001"), data, extended=True)], 1.0, (-70, -70))
        self._beacons["earbuds"] = beacon
        self._sending["earbuds"] = asyncio.create_task(_advertise(self._chips[chip], beacon, math.inf))

    async def state(self) -> dict[str, Any]:
        return {
            "chips": {name: chip.state() for name, chip in self._chips.items()},
            "beacons": {
                name: {"sent": beacon.sent, "reported": beacon.reported, "left": beacon.left}
                for name, beacon in self._beacons.items()
            },
            "passed": self._passed,
        }

    async def _pass_by(self, chip: Chip, per_second: int) -> None:
        while True:
            for _ in range(round(per_second * _CROWD_TURN)):
                frame = phone()
                self._passed += chip.hear(frame, -80)
            await asyncio.sleep(_CROWD_TURN)


async def _advertise(chip: Chip, beacon: Beacon, changes_address_every: float) -> None:
    loop = asyncio.get_running_loop()
    changed = loop.time()
    while beacon.left != 0:
        frame, rssi = beacon.advertise()
        if chip.hear(frame, rssi):
            beacon.count(frame)
        await asyncio.sleep(beacon.interval)
        if loop.time() - changed >= changes_address_every:
            beacon.change_address()
            changed = loop.time()


async def _answer(air: Air, request: dict[str, Any]) -> dict[str, Any]:
    deed: Callable[..., Awaitable[Any]] = getattr(air, request.pop("do"))
    try:
        return {"answer": await deed(**request)}
    except Exception:  # noqa: BLE001 - whatever it is, the host must hear of it
        return {"error": traceback.format_exc()}


async def serve() -> None:
    logging.getLogger("bumble").setLevel(logging.ERROR)  # it would warn of every command that it leaves to `Chip`
    air = Air()
    port = os.open(PORT, os.O_RDWR)
    requests = os.fdopen(port, "r", closefd=False)
    while line := await asyncio.to_thread(requests.readline):
        os.write(port, json.dumps(await _answer(air, json.loads(line))).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(asyncio.run(serve()))
