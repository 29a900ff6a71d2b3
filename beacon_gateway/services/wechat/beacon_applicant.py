"""Requests new beacon ids, so that neither a lost answer nor the end of this process makes a second batch.

A request cannot be repeated safely, and one whose answer was lost cannot be asked for by number. But only one can be
under review at a time: so it is noted before it is sent, first it is looked whether new beacons appear, and only then
asked again, which the account refuses while the first is pending.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, Protocol

from beacon_gateway.core.bindings.target import NeedsOperator, Refused, TryLater
from beacon_gateway.core.files.inventory import ListedBeacon
from beacon_gateway.core.wechat.application import (
    Application,
    ApplicationVerdict,
    BeaconRequest,
    NotedRequest,
    ReviewDecision,
)

REVIEW_POLL_S: Final = 3.0
MAX_REVIEW_POLLS: Final = 15
"""45 s: a review by machine takes about ten, and a call that hung may be carried out late."""
FOLLOW_EVERY_S: Final = 2.0
MACHINE_REVIEW_S: Final = 60.0
"""Seconds after which a review is one by people, and is asked for once a minute."""


class ApplicationPort(Protocol):
    """Where one applies."""

    async def beacons(self) -> list[ListedBeacon]: ...
    async def apply(self, quantity: int, reason: str, comment: str) -> int: ...
    async def verdict(self, number: int) -> ApplicationVerdict: ...
    async def granted(self, number: int) -> list[ListedBeacon]: ...


class RequestStore(Protocol):
    """Durable memory of requests. Each method returns when it is on the card; raises OSError."""

    async def unfinished(self) -> NotedRequest | None: ...
    async def begin(self, request: BeaconRequest, newest: int, at: datetime) -> int: ...
    async def answered(self, note: int, number: int) -> None: ...
    async def drop(self, note: int) -> None: ...

    async def end(self, note: int, outcome: str) -> None:
        """Note what became of a request. Only one is under review at a time: those before it are at their end too."""


class BeaconApplicant:
    """`sleep` takes seconds, `utc` gives an aware moment. Refusals with a code of `another_pending` mean that an
    application is under review, with one of `never_begun` that nothing was done.
    """

    def __init__(
        self,
        desk: ApplicationPort,
        notes: RequestStore,
        sleep: Callable[[float], Awaitable[None]],
        utc: Callable[[], datetime],
        *,
        another_pending: str,
        never_begun: frozenset[str],
    ) -> None:
        self._desk, self._notes, self._sleep, self._utc = desk, notes, sleep, utc
        self._another_pending, self._never_begun = another_pending, never_begun

    async def unfinished(self) -> tuple[NotedRequest, Application] | None:
        """Return an earlier request whose end was not reported, and what became of it so far; None where nothing did.

        Raises TryLater where that cannot be looked at now, and OSError.
        """
        noted = await self._notes.unfinished()
        if noted is None:
            return None
        if noted.number is not None:
            return noted, await self.follow(noted.number, 0.0, noted.request.quantity)
        if new := await self._wait_for_new(noted.newest, noted.request.quantity):
            return noted, Application(None, ApplicationVerdict(ReviewDecision.GRANTED), new)
        return None

    async def apply(self, request: BeaconRequest) -> Application:
        """Apply once. Raises Refused, NeedsOperator, TryLater where it is not known what was done, and OSError where it
        cannot be noted beforehand: nothing was asked for then.
        """
        newest = max((beacon.number for beacon in await self._desk.beacons()), default=0)
        note = await self._notes.begin(request, newest, self._utc())
        try:
            return await self._sent(request, note)
        except TryLater as lost:
            if lost.code in self._never_begun:
                await self._notes.drop(note)
                raise
        if new := await self._wait_for_new(newest, request.quantity):
            return Application(None, ApplicationVerdict(ReviewDecision.GRANTED), new)
        try:
            return await self._sent(request, note, again=True)
        except Refused as refused:
            if refused.code != self._another_pending:
                raise
            return Application(None, ApplicationVerdict(ReviewDecision.PENDING))

    async def told(self, application: Application) -> None:
        """Note that somebody was shown what became of an application."""
        noted = await self._notes.unfinished()
        decision = application.verdict.decision
        if noted and decision is not ReviewDecision.PENDING and noted.number in {application.number, None}:
            await self._notes.end(noted.note, decision)

    async def follow(self, number: int, patience: float, quantity: int = 0) -> Application:
        """Ask until it is decided, for so many seconds at most. A call that fails is asked again."""
        waited = 0.0
        while True:
            try:
                verdict = await self._desk.verdict(number)
                if verdict.decision is not ReviewDecision.GRANTED:
                    beacons: list[ListedBeacon] = []
                else:
                    beacons = await self._desk.granted(number)
                if verdict.decision is ReviewDecision.REJECTED or (beacons and len(beacons) >= quantity):
                    return Application(number, verdict, tuple(beacons))
            except TryLater:
                if waited >= patience:
                    raise
            if waited >= patience:
                return Application(number, verdict, tuple(beacons))
            pause = FOLLOW_EVERY_S if waited < MACHINE_REVIEW_S else MACHINE_REVIEW_S
            await self._sleep(pause)
            waited += pause

    async def _sent(self, request: BeaconRequest, note: int, *, again: bool = False) -> Application:
        """Send a request; one that is refused at its first sending was never made."""
        try:
            number = await self._desk.apply(request.quantity, request.reason, request.comment)
        except (Refused, NeedsOperator):
            if not again:
                await self._notes.drop(note)
            raise
        await self._notes.answered(note, number)
        return Application(number, ApplicationVerdict(ReviewDecision.PENDING))

    async def _wait_for_new(self, newest: int, quantity: int) -> tuple[ListedBeacon, ...]:
        """Return the beacons that are newer, as soon as there are so many; none if they do not come."""
        for _ in range(MAX_REVIEW_POLLS):
            await self._sleep(REVIEW_POLL_S)
            try:
                new = tuple(beacon for beacon in await self._desk.beacons() if beacon.number > newest)
            except TryLater:
                continue
            if len(new) >= quantity:
                return new
        return ()
