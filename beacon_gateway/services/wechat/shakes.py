"""Shakes without the people: each is counted once, and of whose phone it was there stay eight bytes, good for a day.

They are a keyed digest of the openid. While the key of the day exists, anyone who has it could find out whether a known
openid shook; after that it is impossible. The openid goes no further than this module, and is kept nowhere.
"""

import asyncio
import hmac
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Protocol

from beacon_gateway.core.log.shake import ReportedShake, Shake
from beacon_gateway.core.model.clocks import BothClocks
from beacon_gateway.core.model.recent import RecentNumbers
from beacon_gateway.core.model.store import NOTHING, Store
from beacon_gateway.services.ticking import until_tick

PERSON_BYTES: Final = 8
GRACE: Final = timedelta(minutes=5)
"""For what is reported late, and for clocks that differ: so long after midnight yesterday's key is kept."""
SHAKE_MEMORY_S: Final = 30.0
"""Seconds. WeChat sends an event again 5 and 10 s after it was not answered ("Shake event notifications" page)."""
MAX_SHAKES_REMEMBERED: Final = 60_000
"""In this time, for each of two generations: 2,000 a second, 11 MB. At 1,000 a second it is half."""
FORGET_EVERY_S: Final = 60.0


class DailyKeys(Protocol):
    def key_of(self, day: date) -> bytes:
        """Return the secret key of that day; makes one if there is none."""

    def forget_before(self, day: date) -> None:
        """Destroy the keys of all days before that one; what could not be done is tried again at the next call."""


class Shakes:
    """Of one gateway. Knows no beacons until it is given the store in force."""

    def __init__(
        self, *, gateway: str, zone: tzinfo, keys: DailyKeys, note: Callable[[Shake], None], clock: BothClocks
    ) -> None:
        """`zone` says when a day ends; `note` gets each shake once, and must not wait."""
        self._gateway, self._zone = gateway, zone
        self._keys, self._note, self._clock = keys, note, clock
        self._store: Store = NOTHING
        self._recent = RecentNumbers(seconds=SHAKE_MEMORY_S, most=MAX_SHAKES_REMEMBERED)
        self._first = date.min
        """The first day that still has a key."""
        self.taken = 0
        self.repeated = 0
        self.too_old = 0
        """Refused: the key of their day is gone."""
        self.ahead = 0
        """Refused: they are said to happen yet."""

    @property
    def forgotten(self) -> int:
        """Return how many were forgotten before their time: one reported again would have been counted twice."""
        return self._recent.dropped

    def use(self, store: Store) -> None:
        """Name beacons as this store does from now on."""
        self._store = store

    def take(self, told: ReportedShake) -> None:
        """Note a shake, unless it was noted already. Waits for nothing: the keys lie in memory."""
        now = self._clock.utc()
        day = told.created.astimezone(self._zone).date()
        if told.created > now + GRACE:  # its key would outlive today's
            self.ahead += 1
        elif day < self._first_day(now):
            self.too_old += 1
        else:
            person = hmac.digest(self._keys.key_of(day), told.openid.encode(), "sha256")[:PERSON_BYTES]
            self._take(told, person)

    async def run(self) -> None:
        """Destroy each day's key when its time is over, even without shakes; until cancelled."""
        while True:
            self.forget_old_keys()
            await asyncio.sleep(until_tick(FORGET_EVERY_S))

    def forget_old_keys(self) -> None:
        """Destroy the keys whose time is over."""
        self._first = (self._clock.utc() - GRACE).astimezone(self._zone).date()
        self._keys.forget_before(self._first)

    def _first_day(self, now: datetime) -> date:
        """Return the first day that has a key, once the older ones are gone."""
        if (now - GRACE).astimezone(self._zone).date() != self._first:
            self.forget_old_keys()
        return self._first

    def _take(self, told: ReportedShake, person: bytes) -> None:
        # Who and when is all that WeChat gives an event for an identity; the eight bytes stand for the openid.
        event = int.from_bytes(person, "big") << 64 | int(told.created.timestamp())
        if self._recent.get(event) is not None:
            self.repeated += 1
            return
        self._recent.put(event, 1, self._clock.monotonic())
        self.taken += 1
        beacon = self._store.beacons.get(told.key)
        self._note(
            Shake(
                created=told.created,
                person=person,
                key=told.key,
                beacon=beacon.slug if beacon else "",
                floor=beacon.floor if beacon else "",
                gateway=self._gateway,
                revision=self._store.revision,
                around=len(told.around),
            )
        )
