"""Whether it is the receiver that changed, where beacons' levels make a step.

A gateway that hangs elsewhere, another antenna or another dongle changes the levels of many beacons in the same
minutes, alike or each in its own way; a beacon that is moved changes alone. So a step of one beacon is the receiver's
where more than half of the beacons that are known here changed with it. With one or two beacons the two cannot be told
apart: the beacons count as moved then, which asks somebody to go and look, and that is right in either case.

A smaller change than a single beacon's fading is proven by many beacons together, where most go the same way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.health.level_history import LATEST_MINUTES, MIN_STEP_DB, LevelHistory

MIN_BEACONS_CHANGED: Final = 3
"""That changed together. Two may hang on one shelf that was moved."""
CHANGED_DB: Final = MIN_STEP_DB / 2
"""dB by which a beacon's level must have changed to count as one that changed with another's step: a receiver that
lost 12 dB takes less from those that are at the edge of hearing, of which only the louder frames are left."""
RECENT_MINUTES: Final = 3
"""Minutes after which a change can be suspected. Noise lets each beacon's step be proven at another minute: the first
one waits until it is known whether the others follow."""
COMMON_STEP_DB: Final = 6.0
"""dB that most beacons must have in common where none of them made a step by itself. People give six beacons at most
3.3 dB in common in eight simulated days (`tests/core/crowd.py`), and 5.4 dB where a crowd four times as thick comes in
at opening; one of eight times, behind which a beacon is for most of the time, gives 8 dB, and is reported. A step of
8 dB was found in all of forty runs within 15 minutes, 7 dB within 25, 6 dB in four of ten: less cannot be told from
people."""
MIN_BEACONS_FOR_COMMON_STEP: Final = 6
"""Beacons of which the level is known. Three have up to 5.3 dB in common by people alone."""


@dataclass(frozen=True, slots=True)
class ReceiverChange:
    """The levels of many beacons changed at one time."""

    when: float
    """Monotonic seconds at which it was found."""
    changes: Sequence[float]
    """dB, of each beacon that changed, in order of size; MIN_BEACONS_CHANGED at least."""
    known: int
    """Of how many beacons the level was known."""

    @property
    def details(self) -> Mapping[str, str]:
        """Return what the log line and the sentence hold."""
        middle = self.changes[len(self.changes) // 2]
        return {
            "beacons": str(len(self.changes)),
            "known": str(self.known),
            "step": f"{middle:+.0f}",
            "lowest": f"{self.changes[0]:+.0f}",
            "highest": f"{self.changes[-1]:+.0f}",
        }


def receiver_change(levels: Iterable[LevelHistory], now: float, minutes: int = LATEST_MINUTES) -> ReceiverChange | None:
    """Return what the receiver did in the latest minutes; None where no change is common to most of these beacons."""
    shifts = [shift for level in levels if (shift := level.shift(now, minutes)) is not None]
    changes = sorted(shift for shift in shifts if abs(shift) >= CHANGED_DB)
    if len(changes) < MIN_BEACONS_CHANGED or 2 * len(changes) <= len(shifts):
        return None
    return ReceiverChange(now, changes, len(shifts))


def common_step(levels: Iterable[LevelHistory], now: float) -> ReceiverChange | None:
    """Return what the receiver did where most levels lie on one side of those before for all of the latest minutes."""
    shifts = [
        (shift, begun)
        for level in levels
        if (shift := level.shift(now, LATEST_MINUTES)) is not None
        and (begun := level.shift(now, LATEST_MINUTES, RECENT_MINUTES)) is not None
    ]
    if len(shifts) < MIN_BEACONS_FOR_COMMON_STEP:
        return None
    for sign in (-1, 1):
        if all(
            2 * sum(sign * shift >= COMMON_STEP_DB for shift in part) > len(shifts)
            for part in zip(*shifts, strict=True)
        ):
            changes = sorted(shift for shift, _ in shifts if abs(shift) >= COMMON_STEP_DB / 2)
            return ReceiverChange(now, changes, len(shifts))
    return None
