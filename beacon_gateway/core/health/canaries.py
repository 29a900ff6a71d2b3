"""Canaries: this floor's own beacons that are always heard. When all of them fall silent at once, suspect the radio.

A radio can fail to receive what matters and look well: it still reports phones, or one old frame again and again.
Learned and asked at sweeps only.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Final

from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import Beacon
from beacon_gateway.core.tracking.tracker import BeaconState

SUSPECT_RADIO_AFTER_S: Final = 20.0
"""Seconds in which no canary was heard, after which the radio is suspected. Shorter than the shortest time-out of a
beacon, so that nobody leaves before."""
MAX_CANARY_GAP_S: Final = 5.0
"""Seconds of silence that a beacon which is to become a canary may keep at most ..."""
CANARY_PROBATION_S: Final = 300.0
"""... for so many seconds on end."""
MAX_CANARY_PROBATION_S: Final = 3600.0
"""Twice as long after each false alarm, up to this: nobody can make the gateway mend its radio all day."""
MIN_CANARIES: Final = 2
"""One beacon alone proves nothing: it may have died."""
LATE_SWEEP_S: Final = 10.0
"""Seconds between two sweeps after which this process was held up, and silence means nothing for a while."""


class Canaries:
    """Who they are, and since when they are silent. Times are monotonic seconds."""

    def __init__(self, floor: str) -> None:
        self._floor = floor
        self._to_earn: dict[BeaconKey, float] = {}
        """For every beacon that may become one: how long it must be heard steadily."""
        self._steady_since: dict[BeaconKey, float] = {}
        self._heard: dict[BeaconKey, float] = {}
        """When each canary was heard last."""
        self._swept = -math.inf
        self._resumed = -math.inf
        """When the sweeps began, or began again after this process was held up."""

    def use(self, beacons: Mapping[BeaconKey, Beacon]) -> None:
        """Choose among these beacons from now on; forget all others."""
        fixed = [key for key, beacon in beacons.items() if beacon.floor == self._floor and not beacon.mobile]
        self._to_earn = {key: self._to_earn.get(key, CANARY_PROBATION_S) for key in fixed}
        self._steady_since = {key: since for key, since in self._steady_since.items() if key in self._to_earn}
        self._heard = {key: heard for key, heard in self._heard.items() if key in self._to_earn}

    def __len__(self) -> int:
        return len(self._heard)

    def sweep(self, states: Iterable[BeaconState], now: float) -> None:
        """Learn who is heard steadily, and drop each that fell silent alone."""
        if now - self._swept > LATE_SWEEP_S:
            self._resumed = now
        self._swept = now
        for state in states:
            if state.key in self._to_earn and (self._earned(state, now) or state.key in self._heard):
                self._heard[state.key] = state.heard
        if self._heard and now - max(self._heard.values()) <= MAX_CANARY_GAP_S:
            for key in [key for key, heard in self._heard.items() if now - heard > SUSPECT_RADIO_AFTER_S]:
                del self._heard[key]

    def _earned(self, state: BeaconState, now: float) -> bool:
        if not state.present or now - state.heard > MAX_CANARY_GAP_S:
            self._steady_since.pop(state.key, None)
            return False
        return now - self._steady_since.setdefault(state.key, now) >= self._to_earn[state.key]

    def silent_since(self, now: float) -> float | None:
        """Return when a canary was last heard, if none was for `SUSPECT_RADIO_AFTER_S`; else None."""
        if len(self._heard) < MIN_CANARIES:
            return None
        last = max(self._heard.values())
        return last if now - max(last, self._resumed) > SUSPECT_RADIO_AFTER_S else None

    def accept_silence(self) -> None:
        """Stop expecting these: the radio was mended as far as that goes, and they are still silent.

        They have been switched off, with the lights perhaps. Whoever is heard again must earn it anew, for longer.
        """
        for key in self._heard:
            self._to_earn[key] = min(2 * self._to_earn[key], MAX_CANARY_PROBATION_S)
        self._heard.clear()
