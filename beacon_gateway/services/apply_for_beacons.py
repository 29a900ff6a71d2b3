"""Applies for new beacon ids, so that a lost answer never makes a second batch.

An application cannot be repeated safely, and one whose answer was lost cannot be asked for by number. But only one can
be under review at a time: so first it is looked whether new beacons appear, and only then asked again, which the
account refuses while the first is pending.
"""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from beacon_gateway.core.application import Application, Decision, Verdict
from beacon_gateway.core.inventory import ListedBeacon
from beacon_gateway.core.target import Refused, TryLater

LOOK_EVERY: Final = 3.0
LOOKS: Final = 15
"""45 s: a review by machine takes about ten, and a call that hung may be carried out late."""
FOLLOW_EVERY: Final = 2.0
SOON: Final = 60.0
"""Seconds after which a review is one by people, and is asked for once a minute."""


class Desk(Protocol):
    """Where one applies."""

    async def beacons(self) -> list[ListedBeacon]: ...
    async def apply(self, quantity: int, reason: str, comment: str) -> int: ...
    async def verdict(self, number: int) -> Verdict: ...
    async def granted(self, number: int) -> list[ListedBeacon]: ...


class ApplyForBeacons:
    """`sleep` takes seconds. Refusals with a code of `another_pending` mean that an application is under review, with
    one of `never_begun` that nothing was done.
    """

    def __init__(
        self,
        desk: Desk,
        sleep: Callable[[float], Awaitable[None]],
        *,
        another_pending: str,
        never_begun: frozenset[str],
    ) -> None:
        self._desk, self._sleep = desk, sleep
        self._another_pending, self._never_begun = another_pending, never_begun

    async def apply(self, quantity: int, reason: str, comment: str) -> Application:
        """Apply once. Raises Refused, NeedsOperator, or TryLater where nobody can tell what was done."""
        before = {beacon.number for beacon in await self._desk.beacons()}
        try:
            return _pending(await self._desk.apply(quantity, reason, comment))
        except TryLater as lost:
            if lost.code in self._never_begun:
                raise
        for _ in range(LOOKS):
            await self._sleep(LOOK_EVERY)
            try:
                new = tuple(beacon for beacon in await self._desk.beacons() if beacon.number not in before)
            except TryLater:
                continue
            if len(new) >= quantity:
                return Application(None, Verdict(Decision.GRANTED), new)
        try:
            return _pending(await self._desk.apply(quantity, reason, comment))
        except Refused as refused:
            if refused.code != self._another_pending:
                raise
            return _pending(None)

    async def follow(self, number: int, patience: float, quantity: int = 0) -> Application:
        """Ask until it is decided, for so many seconds at most. A call that fails is asked again."""
        waited = 0.0
        while True:
            try:
                verdict = await self._desk.verdict(number)
                if verdict.decision is not Decision.GRANTED:
                    beacons: list[ListedBeacon] = []
                else:
                    beacons = await self._desk.granted(number)
                if verdict.decision is Decision.REJECTED or (beacons and len(beacons) >= quantity):
                    return Application(number, verdict, tuple(beacons))
            except TryLater:
                if waited >= patience:
                    raise
            if waited >= patience:
                return Application(number, verdict, tuple(beacons))
            pause = FOLLOW_EVERY if waited < SOON else SOON
            await self._sleep(pause)
            waited += pause


def _pending(number: int | None) -> Application:
    return Application(number, Verdict(Decision.PENDING))
