"""A log of days: hits, minutes and shakes at times that tests name, and what they must add up to."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from beacon_gateway.core.log.listening import Minute
from beacon_gateway.core.log.logged import LoggedHit, LoggedMinute, LoggedShake, NamedPresence
from beacon_gateway.core.log.shake import Shake
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.tracking.hit import ExitReason, Hit, HitKind
from beacon_gateway.core.tracking.presence import Presence
from tests.adapters.database.hits import KEY

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
MIDNIGHT: Final = datetime(2026, 11, 20, tzinfo=SHANGHAI)
BOOT: Final = ClockSegment("this-boot", 0.0, MIDNIGHT.timestamp(), known=True)
"""Of a machine that was started at midnight."""
HOUR: Final = 3600.0
DAY: Final = 24 * HOUR


def key(number: int) -> BeaconKey:
    return BeaconKey(KEY.uuid, KEY.major, number)


def enter(when: float, number: int = 1, *, floor: str = "F6", segment: ClockSegment = BOOT) -> LoggedHit:
    hit = Hit(HitKind.ENTER, key(number), when, Proximity.NEAR, -70.0, 2.0)
    return LoggedHit(hit, segment, "gw", floor, f"corner-{number}", "r1")


def left(
    when: float, dwell: float, number: int = 1, *, reason: ExitReason = ExitReason.TIMEOUT, floor: str = "F6"
) -> LoggedHit:
    hit = Hit(HitKind.EXIT, key(number), when, Proximity.FAR, -85.0, 9.0, dwell=dwell, reason=reason)
    return LoggedHit(hit, BOOT, "gw", floor, f"corner-{number}", "r1")


def minute(
    when: float, *heard: int, seconds: float = 60.0, deaf: float = 0.0, floor: str = "F6", segment: ClockSegment = BOOT
) -> LoggedMinute:
    presences = tuple(
        NamedPresence(Presence(key(number), 60, -80, -70, -60, Proximity.NEAR), "gw", floor, f"corner-{number}")
        for number in heard
    )
    return LoggedMinute(Minute(when, seconds, deaf), segment, "r1", presences)


def hour_of(*heard: int, begins: float, floor: str = "F6") -> Sequence[LoggedMinute]:
    return [minute(begins + 60 * number, *heard, floor=floor) for number in range(60)]


def shake(when: float, person: int, *, number: int = 1, floor: str = "F6") -> LoggedShake:
    created = (MIDNIGHT + timedelta(seconds=int(when))).astimezone(UTC)
    told = Shake(created, person.to_bytes(8, "big"), key(number), f"corner-{number}", floor, "gw", "r1", around=2)
    return LoggedShake(told, when, BOOT)
