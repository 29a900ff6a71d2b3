"""When what came to nothing is tried again: later each time, and each thing by its own count."""

import random
from datetime import datetime
from typing import Final

from beacon_gateway.core.bindings.plan import Change
from beacon_gateway.core.bindings.target import SlowDown, TargetError, WaitForQuota
from beacon_gateway.services.bindings.progress import Progress, SyncStep

FIRST_SYNC_RETRY_S: Final = 5.0
MAX_SYNC_RETRY_S: Final = 600.0
"""Seconds. Doubled each time, with up to a half more by chance: the gateways of a chain must not knock in step."""
MAX_RETRY_DOUBLINGS: Final = 10
RETRY_JITTER_SHARE: Final = 0.5


class Retries:
    """Of one target."""

    def __init__(self, first_s: float = FIRST_SYNC_RETRY_S) -> None:
        self._first_s = first_s
        self._passes = 0
        """That failed as a whole, one after another."""
        self._changes: dict[str, int] = {}
        """How often each came to nothing one after another, by what is sent."""

    def after_failure(self, error: TargetError, now: datetime) -> float:
        """Return the seconds until the next pass, where this one could not go on. `now` is aware."""
        self._passes += 1
        return self._pause_s(self._passes, error, now)

    def note(self, progress: Progress) -> None:
        """Count what a pass that carried out a plan left behind."""
        self._changes = {key: self._changes.get(key, 0) + 1 for key in _left(progress)}

    def after(self, progress: Progress, now: datetime) -> float | None:
        """Return the seconds until the next try of what a pass left behind; None if there is nothing."""
        self._passes = 0
        left = _left(progress).items()
        return min((self._pause_s(self._changes.get(key, 1), error, now) for key, error in left), default=None)

    def failing(self, progress: Progress) -> frozenset[Change]:
        """Return the changes of a new plan that came to nothing before: they come last."""
        return frozenset(change for change in progress.steps if progress.key_of(change) in self._changes)

    def owed(self, progress: Progress) -> frozenset[str]:
        """Return what a pass was to do and could not yet, by what is sent; with what waits for that."""
        left = {*progress.later, *(change for change, step in progress.steps.items() if step is SyncStep.BLOCKED)}
        return frozenset(progress.key_of(change) for change in left)

    def _pause_s(self, times: int, error: TargetError | None, now: datetime) -> float:
        pause_s = min(self._first_s * float(2 ** min(times - 1, MAX_RETRY_DOUBLINGS)), MAX_SYNC_RETRY_S)
        if isinstance(error, WaitForQuota | SlowDown):
            return max(0.0, (error.until - now).total_seconds()) + by_chance(pause_s)
        return pause_s + by_chance(pause_s * RETRY_JITTER_SHARE)


def _left(progress: Progress) -> dict[str, TargetError | None]:
    """Return what is to be tried again soon: what met a passing trouble, and what differs, which may only be late."""
    differing: dict[str, TargetError | None] = {progress.key_of(change): None for change in progress.differences}
    return differing | {progress.key_of(change): error for change, error in progress.later.items()}


def by_chance(most: float) -> float:
    """Return any number from 0 to `most`."""
    return most * random.random()  # noqa: S311 - spreads load, guards nothing
