"""Beacons of the store that no file declares: reported once each, and not more in an hour than people read."""

from collections import OrderedDict, deque
from collections.abc import Iterable
from typing import Final

from beacon_gateway.core.health.beacon_event import BeaconEvent, BeaconEventKind
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.tracking.strangers import Stranger

HOUR_S: Final = 3600.0
FORGOTTEN_AFTER_S: Final = 86400.0
"""Seconds of silence after which an undeclared beacon is news again."""
MAX_UNREGISTERED: Final = 1024
MAX_EVENTS_PER_HOUR: Final = 20
"""Anybody can send the store's UUID with a new number each second. Who is still there in the next hour is told then."""


class UnregisteredBeacons:
    def __init__(self) -> None:
        self._heard: OrderedDict[BeaconKey, float] = OrderedDict()
        """When those that were told were heard last; the one told first goes first."""
        self._told: deque[float] = deque(maxlen=MAX_EVENTS_PER_HOUR)

    def sweep(self, strangers: Iterable[Stranger], now: float) -> list[BeaconEvent]:
        """Return those that are news."""
        return [self._tell(stranger, now) for stranger in strangers if self._is_news(stranger, now)]

    def _is_news(self, stranger: Stranger, now: float) -> bool:
        heard = self._heard.get(stranger.key)
        if heard is not None and stranger.heard - heard < FORGOTTEN_AFTER_S:
            self._heard[stranger.key] = stranger.heard
            return False
        arrived = stranger.arrived == stranger.heard
        return arrived and (len(self._told) < MAX_EVENTS_PER_HOUR or now - self._told[0] > HOUR_S)

    def _tell(self, stranger: Stranger, now: float) -> BeaconEvent:
        self._told.append(now)
        self._heard[stranger.key] = stranger.heard
        if len(self._heard) > MAX_UNREGISTERED:
            self._heard.popitem(last=False)
        details = {"rssi": f"{stranger.rssi:.0f}", "samples": str(stranger.samples)}
        if alike := stranger.look_alike:
            details |= {"mistakes": " ".join(alike.mistakes), "meant": str(alike.meant)}
        return BeaconEvent(BeaconEventKind.UNREGISTERED, stranger.key, now, details)
