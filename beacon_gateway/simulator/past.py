"""The days before a demo, made up: what the log of its first gateway would hold, and what WeChat would have counted."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from beacon_gateway.core.log.listening import Minute
from beacon_gateway.core.log.logged import LoggedHit, LoggedMinute, NamedPresence, Record
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.tracking.hit import Hit, HitKind
from beacon_gateway.core.tracking.presence import Presence
from beacon_gateway.simulator.store import TAG, beacons_of
from beacon_gateway.simulator.wechat.state.account import EmulatedAccount
from beacon_gateway.simulator.wechat.state.records import ShakeResult

REVISION: Final = "made-up"
GATEWAY_STOREY: Final = 0
"""Whose gateway it is."""
OPEN: Final = range(10, 22)
"""Hours of the day in which people are in the store."""
BUSY: Final = (3, 4, 6, 9, 7, 6, 5, 6, 9, 12, 10, 5)
"""Arrivals of the tag in each of them, on a common day."""
FIRST_WEEKEND_DAY: Final = 5
"""The first of its days, counted from Monday."""
WEAK, DIED = "window-east", "stairs"
"""One is heard in some minutes only; one was silent for a while, until somebody came with a battery."""
ABSENT_SECONDS: Final = range(14 * 3600, 17 * 3600)
OFF_SECONDS: Final = range(6 * 3600, 7 * 3600 + 1200)
"""Each day, without power: the hour in which the shop's fuse is tested."""


def past(gateway: str, until: datetime, days: int, rng: random.Random) -> Iterator[tuple[ClockSegment, list[Record]]]:
    """Yield one day after the other: the clock's segment, and the records. `until` is aware, in the store's zone."""
    for number in range(days, 0, -1):
        begins = until - timedelta(days=number)
        segment = ClockSegment(f"made-up-{number}", 0.0, begins.timestamp(), known=True)
        yield segment, [*_minutes(gateway, begins, segment, rng), *_arrivals(gateway, begins, segment, rng)]


def shake(account: EmulatedAccount, page_id: int, until: datetime, days: int, rng: random.Random) -> None:
    """Let people have shaken beside all beacons but one floor's stairs, and have opened that page now and then."""
    unloved = next(key for key, slug in beacons_of(GATEWAY_STOREY) if slug == DIED)
    for number in range(days, 0, -1):  # WeChat counts in the order of the days
        noon = int((until - timedelta(days=number)).replace(hour=12).timestamp())
        for device in account.devices.values():
            if (device.major, device.minor) in {(unloved.major, unloved.minor), (TAG.major, TAG.minor)}:
                continue
            for person in range(rng.randint(4, 24)):
                told = ShakeResult("", "", f"made-up-{person}", noon, device.device_id, page_id, 1.5)
                account.statistics.shaken(told)
                if rng.random() < 1 / 3:
                    account.statistics.clicked(told, noon)


def _minutes(gateway: str, begins: datetime, segment: ClockSegment, rng: random.Random) -> Iterator[Record]:
    for when in range(0, 86_400, 60):
        second = _second_of_day(begins + timedelta(seconds=when))
        if second in OFF_SECONDS:
            continue
        heard = [
            _presence(gateway, key, slug, rng)
            for key, slug in beacons_of(GATEWAY_STOREY)
            if _is_heard(slug, second, rng)
        ]
        yield LoggedMinute(Minute(when, 60.0, 0.0), segment, REVISION, tuple(heard))


def _arrivals(gateway: str, begins: datetime, segment: ClockSegment, rng: random.Random) -> Iterator[Record]:
    times: Sequence[float] = sorted(
        rng.uniform(hour, hour + 1) * 3600
        for hour, count in zip(OPEN, BUSY, strict=True)
        for _ in range(rng.randint(count // 2, count))
    )
    for second in times:
        when = (second - _second_of_day(begins)) % 86_400
        at = begins + timedelta(seconds=when)
        if at.weekday() < FIRST_WEEKEND_DAY and rng.random() < 1 / 3:
            continue
        hit = Hit(HitKind.ENTER, TAG, when, Proximity.NEAR, -68.0, 2.5)
        yield LoggedHit(hit, segment, gateway, "F1", "trolley-tag", REVISION)


def _presence(gateway: str, key: BeaconKey, slug: str, rng: random.Random) -> NamedPresence:
    level = -58 - key.minor * 2 + rng.randint(-2, 2)
    return NamedPresence(
        Presence(key, rng.randint(40, 90), level - 9, level, level + 6, Proximity.NEAR), gateway, "F1", slug
    )


def _is_heard(slug: str, second: int, rng: random.Random) -> bool:
    if slug == WEAK:
        return rng.random() < 1 / 2
    return slug != DIED or second not in ABSENT_SECONDS


def _second_of_day(at: datetime) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second
