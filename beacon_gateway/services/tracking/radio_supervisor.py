"""Keeps the radio listening: begins scans, notices when one is of no use any more, and escalates what is done then."""

import asyncio
import random
from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

import structlog

from beacon_gateway.core.health.clones import SenderReport
from beacon_gateway.core.log.event import EventKind
from beacon_gateway.core.model.advertisement import Take
from beacon_gateway.core.model.clocks import MonotonicClock
from beacon_gateway.core.model.liveness import Liveness
from beacon_gateway.core.radio.adapters import AdapterChoice, ChosenAdapter
from beacon_gateway.core.radio.escalation import ActionTimeouts, Escalation, RecoveryAction, RecoveryStep
from beacon_gateway.core.radio.trouble import RadioCause, RadioState, RadioTrouble
from beacon_gateway.services.own_thread import in_own_thread
from beacon_gateway.services.ticking import until_tick

CHECK_EVERY_S: Final = 3.0
SENDERS_EVERY_S: Final = 60.0
"""Seconds between two looks at who sends what; slow, since it goes through every device that is known."""

MAX_ROUND_S: Final = 300.0
"""Seconds that an action with its pause and all its time-outs may take; beyond it, the radio's task stands still."""

MIN_TICKS_WITH_PHANTOMS: Final = 3
"""Looks between which reports without a level came, and no other, until the adapter is taken for one without levels.
Where another program stops scanning, bluetoothd takes all levels away at once: that is one look."""

MAX_REFUSAL_CHARACTERS: Final = 300
"""Characters of what bluetoothd says that are kept."""


class RadioScan(Protocol):
    """A scan under way."""

    adapter: str
    address: str
    """Of the adapter; "" where it has none."""
    monitored: bool
    """Whether a controller that drops repeated reports is kept from it."""

    async def lost(self, within: float) -> RadioCause | None:
        """Wait so long for the scan to end by itself; return what ended it."""

    def looks(self) -> Iterable[SenderReport]: ...


class ScanningRadio(Protocol):
    """Every method raises RadioTrouble, and nothing else, for what the radio does not do."""

    adapters: AdapterChoice
    """Which adapter the next scan is on."""

    @property
    def phantoms(self) -> int:
        """Return how many callbacks were no advertisement."""

    @property
    def faults(self) -> int:
        """Return on how many advertisements our own code raised: 0, or there is a bug."""

    def scanning(self, take: Take) -> AbstractAsyncContextManager[RadioScan]:
        """Hand over every advertisement for the length of the block."""

    async def power_cycle(self) -> None: ...

    async def changed(self) -> None:
        """Return when there is a reason to try again at once."""


class AdvertisementSink(Protocol):
    """Who takes the advertisements, and so knows what is missing."""

    adverts: int
    """How many were taken."""

    def silence(self, now: float) -> tuple[RadioCause, float] | None:
        """Return what is missing, and since when (monotonic); None while all is well."""

    def accept_silence(self) -> None:
        """Take it that the beacons that were missed are gone."""

    def look(self, looks: Iterable[SenderReport]) -> None:
        """Take in who sends what."""


class RadioEventLog(Protocol):
    def event(self, kind: EventKind, when: float, details: Mapping[str, str]) -> None:
        """Write an event down."""


class BluetoothService(Protocol):
    def ask_for_restart(self) -> None:
        """Ask for a restart of bluetoothd. Raises OSError where it cannot be asked."""


class AdapterMemory(Protocol):
    def keep(self, chosen: ChosenAdapter) -> None:
        """Remember the adapter that receives over a restart. Raise OSError."""


class GaveUp(Exception):  # noqa: N818 - no error of anybody's: the last rung
    """Everything was tried; a new process may be luckier."""


@dataclass(frozen=True, slots=True)
class RadioHealth:
    """The radio as it is now."""

    state: RadioState = RadioState.STARTING
    since: float = 0.0
    """Monotonic."""
    cause: RadioCause | None = None
    reason: str = ""
    """The refusal's own words; "" where there was none."""
    adapter: str = ""
    address: str = ""
    """Of the adapter."""
    instead_of: str = ""
    """The address of the adapter that received nothing before this one was taken; "" where there is none."""
    monitored: bool = False


@dataclass
class RadioSupervisor:
    """Listens until cancelled. Raises GaveUp from the top of the escalation."""

    radio: ScanningRadio
    ear: AdvertisementSink
    notes: RadioEventLog
    service: BluetoothService
    clock: MonotonicClock
    patience: ActionTimeouts = field(default_factory=ActionTimeouts)
    check_every: float = CHECK_EVERY_S
    look_every: float = SENDERS_EVERY_S
    adapter_memory: AdapterMemory | None = None
    health: RadioHealth = field(init=False)
    escalation: Escalation = field(init=False)
    prestarted: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    """Set once the first scan has begun, or once it is known why it cannot."""
    _turned: float = field(init=False)
    _surprise: str = field(init=False, default="")
    """The class of the last unexpected exception."""
    _noted: tuple[RecoveryAction, RadioCause] | None = field(init=False, default=None)
    _kept: ChosenAdapter | None = field(init=False, default=None)
    """The adapter that was remembered last."""
    _keeping: asyncio.Task[None] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.escalation = Escalation(self.patience)
        self._turned = self.clock.monotonic()
        self.health = RadioHealth(since=self._turned)
        self._log = structlog.get_logger("radio")

    def pulse(self) -> Liveness:
        return Liveness("radio", self._turned, MAX_ROUND_S)

    async def listen(self, take: Take) -> None:
        """Hand over advertisements until cancelled."""
        step = RecoveryStep(RecoveryAction.NEW_SCANNER, pause=0.0, timeout=self.patience.silence)
        while True:
            before = self.ear.adverts
            try:
                async with self.radio.scanning(take) as scan:
                    self.health = replace(
                        self.health, adapter=scan.adapter, address=scan.address, monitored=scan.monitored
                    )
                    self.prestarted.set()
                    cause = await self._until_useless(scan, step.timeout, before)
                reason = ""
            except RadioTrouble as trouble:
                cause, reason = trouble.cause, str(trouble)
            except Exception as error:  # noqa: BLE001 - what is not expected of bleak or D-Bus is a reason to begin anew
                cause, reason = RadioCause.REFUSED, self._unexpected(error)
            chance = random.random()  # noqa: S311 - jitter
            has_other = self.radio.adapters.has_other
            step = self.escalation.next(cause, self.clock.monotonic(), chance, has_other=has_other)
            if step.action is not RecoveryAction.ACCEPT_SILENCE:
                self._change(self.escalation.state(cause), cause, reason)
            self.prestarted.set()
            self._turned = self.clock.monotonic()
            await self._take(step, cause)

    async def _until_useless(self, scan: RadioScan, patience: float, before: int) -> RadioCause:
        """Return when the scan has ended, or is silent for longer than it may.

        `before` is how many advertisements had come when it began.
        """
        begun = looked = self.clock.monotonic()
        phantoms, ticks_with_phantoms = self.radio.phantoms, 0
        while True:
            cause = await scan.lost(until_tick(self.check_every))
            if cause:
                return cause
            now = self._turned = self.clock.monotonic()
            ticks_with_phantoms += self.radio.phantoms != phantoms
            phantoms = self.radio.phantoms
            missing = self.ear.silence(now)
            if missing:
                cause, since = missing
                if now - max(begun, since) >= patience:
                    without_level = cause is RadioCause.SILENT and ticks_with_phantoms >= MIN_TICKS_WITH_PHANTOMS
                    return RadioCause.NO_LEVEL if without_level else cause
            elif self.ear.adverts != before:
                self._received()
                ticks_with_phantoms = 0
                patience = self.patience.silence
            if now - looked >= self.look_every:
                looked = now
                self.ear.look(scan.looks())

    def _received(self) -> None:
        """Note that advertisements arrive, and which adapter brings them."""
        self.escalation.heard()
        adapters = self.radio.adapters
        adapters.received()
        self.health = replace(self.health, instead_of=adapters.instead_of)
        self._change(RadioState.LISTENING, None)
        chosen, memory = adapters.remembered, self.adapter_memory
        if memory and chosen and chosen != self._kept and (self._keeping is None or self._keeping.done()):
            self._kept = chosen
            self._keeping = asyncio.ensure_future(self._keep(memory, chosen))

    async def _keep(self, memory: AdapterMemory, chosen: ChosenAdapter) -> None:
        """Remember an adapter, in a thread: a card may hang, and the radio waits for none."""
        try:
            await in_own_thread(lambda: memory.keep(chosen), "adapter-memory")
        except OSError as error:  # it is found again by the same steps, after a restart
            self._log.warning("radio.adapter_not_remembered", reason=str(error))

    async def _take(self, step: RecoveryStep, cause: RadioCause) -> None:
        """Take one action of the escalation."""
        taken = self.radio.adapters.move_on() if step.action is RecoveryAction.OTHER_ADAPTER else ""
        self._note(step.action, cause, taken)
        if step.action is RecoveryAction.EXIT:
            raise GaveUp(f"nothing is heard ({cause}), whatever was tried")
        await self._pause(step.pause)
        try:
            match step.action:
                case RecoveryAction.POWER_CYCLE:
                    await self.radio.power_cycle()
                case RecoveryAction.RESTART_BLUETOOTHD:
                    self.service.ask_for_restart()
                case RecoveryAction.ACCEPT_SILENCE:
                    self.ear.accept_silence()
        except (RadioTrouble, OSError) as error:
            self._log.warning("radio.rung_failed", action=step.action, reason=str(error))
        except Exception as error:  # noqa: BLE001 - as above: the next rung is tried all the same
            self._log.warning("radio.rung_failed", action=step.action, reason=self._unexpected(error))

    async def _pause(self, seconds: float) -> None:
        """Wait so long, or until there is a reason to try again; but never less than a moment."""
        if not seconds:
            return
        least = asyncio.ensure_future(asyncio.sleep(min(seconds, self.patience.first_pause)))
        change = asyncio.ensure_future(self._changed())
        try:
            await asyncio.wait({change}, timeout=seconds)
            await least
        finally:
            for waiting in (least, change):
                waiting.cancel()
            await asyncio.wait({least, change})

    async def _changed(self) -> None:
        try:
            await self.radio.changed()
        except RadioTrouble:
            await asyncio.Event().wait()  # not known; the pause ends by itself

    def _unexpected(self, error: Exception) -> str:
        """Log an exception once while it repeats itself; return its class."""
        kind = type(error).__name__
        if kind != self._surprise:
            self._log.error("radio.unexpected", exc_info=error)
        self._surprise = kind
        return kind

    def _note(self, action: RecoveryAction, cause: RadioCause, adapter: str) -> None:
        """Write an action down, but not each of the many new scanners of one long trouble.

        `adapter` is the name of the one that was taken; "" where it stays.
        """
        if action is RecoveryAction.NEW_SCANNER and self._noted == (action, cause):
            return
        self._noted = (action, cause)
        details = {"rung": action.value, "cause": cause.value, "adapter": adapter}
        self.notes.event(EventKind.RUNG, self.clock.monotonic(), {name: text for name, text in details.items() if text})

    def _change(self, state: RadioState, cause: RadioCause | None, reason: str = "") -> None:
        before, now = self.health, self.clock.monotonic()
        since = before.since if state is before.state else now
        self.health = replace(before, state=state, since=since, cause=cause, reason=reason[:MAX_REFUSAL_CHARACTERS])
        if state is before.state:
            return
        if state is RadioState.LISTENING:
            self._noted = None
        details = {"state": state.value, "cause": cause.value if cause else "", "reason": self.health.reason}
        self.notes.event(EventKind.STATE, now, {name: text for name, text in details.items() if text})
