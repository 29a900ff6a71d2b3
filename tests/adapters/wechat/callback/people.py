"""The ports of `Shakes`, by hand."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from beacon_gateway.core.log.shake import ReportedShake, Shake
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.services.wechat.shakes import DailyKeys, Shakes
from tests.adapters.wechat.callback.scene import CHOSEN, OPENID
from tests.services.tracking.manual_clock import ManualClock

ZONE = ZoneInfo("Asia/Shanghai")


class FewKeys:
    """In memory; the first is all ones, the next all twos."""

    def __init__(self) -> None:
        self.known: dict[date, bytes] = {}
        self._made = 0

    def key_of(self, day: date) -> bytes:
        if day not in self.known:
            self._made += 1
            self.known[day] = bytes([self._made]) * 32
        return self.known[day]

    def forget_before(self, day: date) -> None:
        self.known = {known: key for known, key in self.known.items() if known >= day}


def counting(clock: ManualClock, keys: DailyKeys | None = None) -> tuple[Shakes, list[Shake]]:
    """Return shakes of one gateway, and where they are noted."""
    noted: list[Shake] = []
    return Shakes(gateway="pi", zone=ZONE, keys=keys or FewKeys(), note=noted.append, clock=clock), noted


def beijing(text: str) -> datetime:
    """Return the moment at which a clock in the store shows so."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def told(created: datetime, openid: str = OPENID, *, key: BeaconKey = CHOSEN, around: int = 0) -> ReportedShake:
    return ReportedShake(openid, created, key, (key,) * around)
