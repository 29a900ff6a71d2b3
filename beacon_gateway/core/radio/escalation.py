"""Escalation: what to do next about a radio that does not receive, and when it is time to stop trying.

Each action costs more than the one below: a new scanner disturbs nothing else, a power cycle the adapter's other users,
another adapter changes all levels, a restart of bluetoothd disturbs whatever else Bluetooth does on the machine, and an
exit costs a minute without reception. So each has its turn only after the one below was given time to help, power
cycles and restarts have a budget, and what only people or the kernel can mend (no adapter, blocked, refused by D-Bus)
is only waited for. Times are monotonic seconds.
"""

from collections import Counter, deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from beacon_gateway.core.radio.trouble import RadioCause, RadioState, state_of


class RecoveryAction(StrEnum):
    NEW_SCANNER = "new-scanner"
    POWER_CYCLE = "power-cycle"
    OTHER_ADAPTER = "other-adapter"
    """Scan with the next one: where any may be used, and another is there."""
    RESTART_BLUETOOTHD = "restart-bluetoothd"
    ACCEPT_SILENCE = "believe"
    """Take it that beacons are gone, not the radio: everything was tried, and strangers are heard."""
    EXIT = "exit"
    """Leave it to a new process."""


_CLIMB: Final = (
    RecoveryAction.NEW_SCANNER,
    RecoveryAction.POWER_CYCLE,
    RecoveryAction.OTHER_ADAPTER,
    RecoveryAction.RESTART_BLUETOOTHD,
)
"""Another adapter comes after what helps this one: its antenna is elsewhere, so all levels change."""

_ONLY_WAIT: Final = frozenset(
    {RadioCause.ADAPTER_GONE, RadioCause.BLOCKED, RadioCause.BUS_GONE, RadioCause.NO_MONITORS, RadioCause.NO_PERMISSION}
)
"""What no action mends. The wait is cut short when a change is heard of."""

_WAS_SCANNING: Final = frozenset({RadioCause.SILENT, RadioCause.NO_LEVEL, RadioCause.CANARIES})
"""All others are a scan that could not begin or was ended: tried again a few times before the next action."""


@dataclass(frozen=True, slots=True)
class ActionTimeouts:
    """How long each action is given, in seconds, and how often it may be attempted."""

    silence: float = 60.0
    """Without any advertisement until a scan is taken for dead (Home Assistant: 90, room-assistant: 30)."""
    after_restart: float = 120.0
    """The same after a restart of bluetoothd, which may load firmware first."""
    longest_silence: float = 600.0
    """Doubled with each round in vain up to this: the scan runs meanwhile, so whatever heals by itself is heard."""
    first_pause: float = 1.0
    longest_pause: float = 60.0
    """Between two scans that could not begin; doubled from the first to this."""
    jitter: float = 0.25
    """Share of a pause that is added by chance: a store's gateways must not act in step."""
    starts: int = 3
    """So many starts in a row are refused before the next action."""
    rounds: int = 3
    """From bottom to top in vain, before a new process is worth trying."""
    budget_window: float = 3600.0
    power_cycles: int = 6
    restarts: int = 3
    """The most in one such window: a radio that works for a minute at a time must not drag everything along."""


@dataclass(frozen=True, slots=True)
class RecoveryStep:
    action: RecoveryAction
    pause: float
    """To wait before it, not scanning."""
    timeout: float
    """To scan after it without hearing anything, before the next step."""


class Escalation:
    """Remembers what was tried. `chance` values are uniform in 0..1."""

    def __init__(self, patience: ActionTimeouts | None = None) -> None:
        self.timeouts = patience or ActionTimeouts()
        self.attempts: Counter[RecoveryAction] = Counter()
        """Actions taken since the start."""
        self._spent: dict[RecoveryAction, deque[float]] = {
            RecoveryAction.POWER_CYCLE: deque(),
            RecoveryAction.RESTART_BLUETOOTHD: deque(),
        }
        self._ever_heard = False
        self._begin()

    def _begin(self) -> None:
        self._next = 0
        self._round = 0
        self._failures = 0
        self._has_other = False

    def heard(self) -> None:
        """Forget the trouble: advertisements arrive. The budgets remember."""
        self._ever_heard = True
        self._begin()

    def state(self, cause: RadioCause) -> RadioState:
        """Return the state to report while this is the trouble."""
        actions = len(_CLIMB) if self._has_other else len(_CLIMB) - 1
        tried = self._round > 0 or self._failures > self.timeouts.starts * actions
        return state_of(cause, tried_everything=tried)

    def next(self, cause: RadioCause, now: float, chance: float, *, has_other: bool = False) -> RecoveryStep:
        """Return the next thing to do about a scan that could not begin or hears nothing.

        `has_other` is whether another adapter could be taken.
        """
        self._has_other = has_other
        if cause not in _WAS_SCANNING:
            self._failures += 1
        action = self._choose(cause)
        if not self._affordable(action, now):
            action = RecoveryAction.NEW_SCANNER
        self.attempts[action] += 1
        if action in self._spent:
            self._spent[action].append(now)
        return RecoveryStep(action, self._pause(cause, chance), self._patience_after(action))

    def _choose(self, cause: RadioCause) -> RecoveryAction:
        if cause in _ONLY_WAIT:
            return RecoveryAction.NEW_SCANNER
        if cause is RadioCause.POWERED_OFF:
            return RecoveryAction.POWER_CYCLE
        if cause not in _WAS_SCANNING and self._failures % self.timeouts.starts:
            return RecoveryAction.NEW_SCANNER
        if cause is RadioCause.NO_LEVEL and self._has_other:
            self._next = max(
                self._next, _CLIMB.index(RecoveryAction.OTHER_ADAPTER)
            )  # nothing teaches this one to measure
        if self._next < len(_CLIMB) and _CLIMB[self._next] is RecoveryAction.OTHER_ADAPTER and not self._has_other:
            self._next += 1
        if self._next == len(_CLIMB):
            self._next = 0
            self._round += 1
            if cause is RadioCause.CANARIES:
                return RecoveryAction.ACCEPT_SILENCE
            if self._round >= self.timeouts.rounds and self._ever_heard:
                return RecoveryAction.EXIT
        if cause is RadioCause.DAEMON_GONE:
            self._next = _CLIMB.index(RecoveryAction.RESTART_BLUETOOTHD)  # the others need a daemon to talk to
        self._next += 1
        return _CLIMB[self._next - 1]

    def _affordable(self, action: RecoveryAction, now: float) -> bool:
        if action not in self._spent:
            return True
        spent = self._spent[action]
        while spent and now - spent[0] >= self.timeouts.budget_window:
            spent.popleft()
        most = self.timeouts.power_cycles if action is RecoveryAction.POWER_CYCLE else self.timeouts.restarts
        return len(spent) < most

    def _pause(self, cause: RadioCause, chance: float) -> float:
        if cause in _WAS_SCANNING:
            return 0.0  # its silence was wait enough
        patience = self.timeouts
        pause = min(patience.first_pause * 2.0 ** min(self._failures - 1, 16), patience.longest_pause)
        return pause * (1 + patience.jitter * chance)

    def _patience_after(self, action: RecoveryAction) -> float:
        patience = self.timeouts
        first = patience.after_restart if action is RecoveryAction.RESTART_BLUETOOTHD else patience.silence
        return min(first * 2.0 ** min(self._round, 16), max(patience.longest_silence, first))
