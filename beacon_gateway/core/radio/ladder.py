"""The ladder: what to do next about a radio that does not hear, and when it is time to stop trying.

Each rung costs more than the one below: a new scanner disturbs nobody, a power cycle the adapter's other users,
another adapter changes all levels, a restart of bluetoothd disturbs whatever else Bluetooth does on the machine, and an
exit costs a minute of deafness. So each has its turn only after the one below was given time to help, power cycles and
restarts have a budget, and what only people or the kernel can mend (no adapter, blocked, refused by D-Bus) climbs no
rung at all. Times are monotonic seconds.
"""

from collections import Counter, deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from beacon_gateway.core.radio.trouble import Cause, State, state_of


class Rung(StrEnum):
    NEW_SCANNER = "new-scanner"
    POWER_CYCLE = "power-cycle"
    OTHER_ADAPTER = "other-adapter"
    """Scan with the next one: where any may be used, and another is there."""
    RESTART_BLUETOOTHD = "restart-bluetoothd"
    BELIEVE = "believe"
    """Take it that beacons are gone, not the radio: everything was tried, and strangers are heard."""
    EXIT = "exit"
    """Leave it to a new process."""


_CLIMB: Final = (Rung.NEW_SCANNER, Rung.POWER_CYCLE, Rung.OTHER_ADAPTER, Rung.RESTART_BLUETOOTHD)
"""Another adapter comes after what helps this one: its antenna is elsewhere, so all levels change."""

_ONLY_WAIT: Final = frozenset(
    {Cause.ADAPTER_GONE, Cause.BLOCKED, Cause.BUS_GONE, Cause.NO_MONITORS, Cause.NO_PERMISSION}
)
"""What no rung mends. The wait is cut short when a change is heard of."""

_WAS_SCANNING: Final = frozenset({Cause.SILENT, Cause.NO_LEVEL, Cause.CANARIES})
"""All others are a scan that could not begin or was ended: tried again a few times before the next rung."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each rung is given, in seconds, and how often it may be climbed."""

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
    """So many starts in a row are refused before the next rung."""
    rounds: int = 3
    """From bottom to top in vain, before a new process is worth trying."""
    budget_window: float = 3600.0
    power_cycles: int = 6
    restarts: int = 3
    """The most in one such window: a radio that works for a minute at a time must not drag everything along."""


@dataclass(frozen=True, slots=True)
class Step:
    rung: Rung
    pause: float
    """To wait before it, not scanning."""
    patience: float
    """To scan after it without hearing anything, before the next step."""


class Ladder:
    """Remembers what was tried. `chance` values are uniform in 0..1."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self.climbed: Counter[Rung] = Counter()
        """Rungs taken since the start."""
        self._spent: dict[Rung, deque[float]] = {Rung.POWER_CYCLE: deque(), Rung.RESTART_BLUETOOTHD: deque()}
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

    def state(self, cause: Cause) -> State:
        """Return the state to report while this is the trouble."""
        rungs = len(_CLIMB) if self._has_other else len(_CLIMB) - 1
        tried = self._round > 0 or self._failures > self.patience.starts * rungs
        return state_of(cause, tried_everything=tried)

    def next(self, cause: Cause, now: float, chance: float, *, has_other: bool = False) -> Step:
        """Return the next thing to do about a scan that could not begin or hears nothing.

        `has_other` is whether another adapter could be taken.
        """
        self._has_other = has_other
        if cause not in _WAS_SCANNING:
            self._failures += 1
        rung = self._choose(cause)
        if not self._affordable(rung, now):
            rung = Rung.NEW_SCANNER
        self.climbed[rung] += 1
        if rung in self._spent:
            self._spent[rung].append(now)
        return Step(rung, self._pause(cause, chance), self._patience_after(rung))

    def _choose(self, cause: Cause) -> Rung:
        if cause in _ONLY_WAIT:
            return Rung.NEW_SCANNER
        if cause is Cause.POWERED_OFF:
            return Rung.POWER_CYCLE
        if cause not in _WAS_SCANNING and self._failures % self.patience.starts:
            return Rung.NEW_SCANNER
        if cause is Cause.NO_LEVEL and self._has_other:
            self._next = max(self._next, _CLIMB.index(Rung.OTHER_ADAPTER))  # nothing teaches this one to measure
        if self._next < len(_CLIMB) and _CLIMB[self._next] is Rung.OTHER_ADAPTER and not self._has_other:
            self._next += 1
        if self._next == len(_CLIMB):
            self._next = 0
            self._round += 1
            if cause is Cause.CANARIES:
                return Rung.BELIEVE
            if self._round >= self.patience.rounds and self._ever_heard:
                return Rung.EXIT
        if cause is Cause.DAEMON_GONE:
            self._next = _CLIMB.index(Rung.RESTART_BLUETOOTHD)  # the others need a daemon to talk to
        self._next += 1
        return _CLIMB[self._next - 1]

    def _affordable(self, rung: Rung, now: float) -> bool:
        if rung not in self._spent:
            return True
        spent = self._spent[rung]
        while spent and now - spent[0] >= self.patience.budget_window:
            spent.popleft()
        most = self.patience.power_cycles if rung is Rung.POWER_CYCLE else self.patience.restarts
        return len(spent) < most

    def _pause(self, cause: Cause, chance: float) -> float:
        if cause in _WAS_SCANNING:
            return 0.0  # its silence was wait enough
        patience = self.patience
        pause = min(patience.first_pause * 2.0 ** min(self._failures - 1, 16), patience.longest_pause)
        return pause * (1 + patience.jitter * chance)

    def _patience_after(self, rung: Rung) -> float:
        patience = self.patience
        first = patience.after_restart if rung is Rung.RESTART_BLUETOOTHD else patience.silence
        return min(first * 2.0 ** min(self._round, 16), max(patience.longest_silence, first))
