"""A gateway's radio at work in a test, with the supervisor that keeps it so, and what it hands over."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from beacon_gateway.adapters.bluez.radio import BluezRadio, BluezScan, BluezTimeouts
from beacon_gateway.adapters.machine.clock import SystemClock
from beacon_gateway.core.health.clones import SenderReport
from beacon_gateway.core.log.event import EventKind
from beacon_gateway.core.model.settings import RadioSettings
from beacon_gateway.core.radio.escalation import ActionTimeouts
from beacon_gateway.core.radio.trouble import RadioCause
from beacon_gateway.services.tracking.radio_supervisor import RadioSupervisor
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez

BEACON = "C0:00:00:00:00:01"
FRAME = {0x004C: bytes.fromhex("0215 fda50693a4e24fb1afcfc6eb07647825 2716 0001 c5")}

WAITS = BluezTimeouts(start=0.5, stop=0.5, cycle=0.1, off=0.0, settle=0.0)
"""Real seconds where bluetoothd is waited for."""
IMPATIENT = ActionTimeouts(silence=3600, first_pause=0.001, longest_pause=0.01)
"""Silence is never judged."""
QUICK = replace(IMPATIENT, silence=0.06, after_restart=0.06, longest_silence=0.06)
"""Takes a scan for dead after 60 ms without an advertisement."""
CHECK = 0.02


class Heard(list[int]):
    """The RSSI of every advertisement that was handed over; knows how long there was none."""

    def __init__(self) -> None:
        super().__init__()
        self.adverts = 0
        self.last = time.monotonic()
        self.believed = 0
        self.looks: list[list[SenderReport]] = []

    def __call__(self, _manufacturer_data: Mapping[int, bytes], rssi: int) -> None:
        self.append(rssi)
        self.adverts += 1
        self.last = time.monotonic()

    def silence(self, now: float) -> tuple[RadioCause, float] | None:
        return (RadioCause.SILENT, self.last) if now - self.last > CHECK else None

    def accept_silence(self) -> None:
        self.believed += 1

    def look(self, looks: Iterable[SenderReport]) -> None:
        self.looks.append(list(looks))


class Notes(list[tuple[EventKind, dict[str, str]]]):
    """What was written down."""

    def event(self, kind: EventKind, _when: float, details: Mapping[str, str]) -> None:
        self.append((kind, dict(details)))

    @property
    def states(self) -> list[str]:
        return [details["state"] for kind, details in self if kind is EventKind.STATE]

    @property
    def actions(self) -> list[str]:
        return [details["rung"] for kind, details in self if kind is EventKind.RUNG]


class Systemd:
    """Is asked for restarts of bluetoothd."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.failure: OSError | None = None

    def ask_for_restart(self) -> None:
        self.asked.set()
        if self.failure:
            raise self.failure


class Station:
    """One gateway's radio, its supervisor, and all that they talk to."""

    def __init__(self, wanted: RadioSettings | None = None, patience: ActionTimeouts = IMPATIENT) -> None:
        self.radio = BluezRadio(wanted or RadioSettings(), WAITS)
        self.heard = Heard()
        self.notes = Notes()
        self.systemd = Systemd()
        self.listen = RadioSupervisor(
            radio=self.radio,
            ear=self.heard,
            notes=self.notes,
            service=self.systemd,
            clock=SystemClock(),
            patience=patience,
            check_every=CHECK,
            look_every=3600,
        )

    @property
    def steps(self) -> int:
        """Return how often something was done about the radio."""
        return sum(self.listen.escalation.attempts.values())

    @asynccontextmanager
    async def listening(
        self, take: Callable[[Mapping[int, bytes], int], None] | None = None
    ) -> AsyncIterator[asyncio.Task[None]]:
        """Listen for the length of the block. Raises what ended it before."""
        task = asyncio.create_task(self.listen.listen(take or self.heard), name="radio")
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.wait({task})
        if not task.cancelled():
            task.result()


@asynccontextmanager
async def listening(radio: BluezRadio, take: Callable[[Mapping[int, bytes], int], None]) -> AsyncIterator[BluezScan]:
    """Scan for the length of the block, with nobody to mend it."""
    async with radio.scanning(take) as scan:
        yield scan


async def advertise(bluez: FakeBluez, *rssis: int, adapter: str = "hci0") -> None:
    """Put one beacon on the air; return when every client has dealt with it."""
    for rssi in rssis:
        await bluez.advertise(BEACON, manufacturer_data=FRAME, rssi=rssi, adapter=adapter)
    await bluez.delivered()
