"""Who is in the air now, declared or not: what `scan` shows.

The tracker decides who is here and logs it, and so knows declared beacons only. A survey decides nothing: it keeps what
was heard last. Times are monotonic seconds, levels dBm.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from beacon_gateway.core.model.advertisement import corrected
from beacon_gateway.core.model.ibeacon import (
    APPLE_COMPANY_ID,
    FRAME_BYTES,
    IBEACON_TYPE,
    IDENTITY_BYTES,
    BeaconKey,
    decode,
    signed,
)
from beacon_gateway.core.model.proximity import Proximity, reference_power, zone_of
from beacon_gateway.core.tracking.look_alikes import LookAlike, LookAlikeMistake, LookAlikes, disguised, identity_of
from beacon_gateway.core.tracking.low_pass import smoothed
from beacon_gateway.core.tracking.tuning import Tuning

MAX_UNKNOWN_BEACONS: Final = 1000
"""Undeclared beacons that are kept; anybody can send any number of them."""

NO_POWERS: Final[Mapping[BeaconKey, int]] = MappingProxyType({})

RATE_WINDOW_S: Final = 10.0
"""Seconds over which adverts a second are counted."""
MAX_TIMES_KEPT: Final = 32
"""Of each beacon: for one that is faster than three a second the window is so much shorter."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One beacon as it was heard last."""

    key: BeaconKey
    rssi: float
    """Filtered."""
    zone: Proximity
    """Of the filtered level alone: on a border it flickers, where the tracker's would not."""
    heard: float
    adverts: int
    """Since the survey began."""
    rate: float
    """Adverts a second, lately."""
    look_alike: LookAlike | None = None
    """What an undeclared one was meant to be, where it is set up wrongly."""


@dataclass(frozen=True, slots=True)
class SurveyOverview:
    """Everything that a survey knows at one time."""

    now: float
    declared: Sequence[Sighting]
    """The declared beacons that were heard, in the files' order."""
    unknown: Sequence[Sighting]
    """Undeclared beacons under the store's UUIDs, the one heard last first."""
    forgotten: int
    """How often an unknown beacon had to make room for another."""
    adverts: int
    """All."""
    other_ibeacons: int
    """Adverts of iBeacons under others' UUIDs."""
    other_adverts: int
    """Adverts that are no iBeacon's, nor of one that was meant to be."""


class _Sender:
    """What is kept of one beacon. Plain slots: it is written for every advertisement."""

    __slots__ = ("adverts", "at_one_metre", "heard", "key", "level", "look_alike", "power", "stated_power", "times")

    def __init__(self, key: BeaconKey, look_alike: LookAlike | None = None, *, stated_power: int | None = None) -> None:
        self.key = key
        self.look_alike = look_alike
        self.stated_power = stated_power
        """The files' own; None takes the frame's."""
        self.adverts = 0
        self.power = -1
        """The frame's power byte; none yet."""
        self.at_one_metre = 0
        self.level = 0.0
        self.heard = 0.0
        self.times: deque[float] = deque(maxlen=MAX_TIMES_KEPT)


class Survey:
    """Takes in every advertisement. Without declared beacons every iBeacon counts as one under the store's UUIDs."""

    def __init__(
        self,
        declared: Iterable[BeaconKey],
        started: float,
        *,
        most_unknown: int = MAX_UNKNOWN_BEACONS,
        tuning: Tuning | None = None,
        measured_powers: Mapping[BeaconKey, int] = NO_POWERS,
        offset: int = 0,
    ) -> None:
        """`measured_powers`: of the declared beacons for which the files state one; `offset`: dB, of this receiver."""
        self._tuning = tuning or Tuning()
        self._started = started
        self._most_unknown = most_unknown
        self._declared = {key.identity(): _Sender(key, stated_power=measured_powers.get(key)) for key in declared}
        self._offset = offset
        self._look_alikes = LookAlikes([sender.key for sender in self._declared.values()])
        self._unknown: OrderedDict[bytes, _Sender] = OrderedDict()
        """By identity, the one heard last at the end."""
        self._adverts = self._ibeacons = self._other_ibeacons = self._forgotten = 0

    def hear(self, manufacturer_data: Mapping[int, bytes], rssi: int, now: float) -> None:
        """Take in one advertisement."""
        self._adverts += 1
        payload = manufacturer_data.get(APPLE_COMPANY_ID)
        if payload is None or payload[:2] != IBEACON_TYPE or len(payload) < FRAME_BYTES:
            self._hear_disguised(manufacturer_data, rssi, now)
            return
        self._ibeacons += 1
        identity = payload[:IDENTITY_BYTES]
        sender = self._declared.get(identity) or self._unknown_sender(identity, payload)
        if sender is None:
            self._other_ibeacons += 1
            return
        self._note(sender, payload[FRAME_BYTES - 1], rssi, now)

    def _hear_disguised(self, manufacturer_data: Mapping[int, bytes], rssi: int, now: float) -> None:
        """Take in one that has the store's numbers in the frame of something else."""
        for mistake, company, payload in disguised(manufacturer_data):
            identity = identity_of(payload, mistake, company)
            if sender := self._unknown_sender(identity, payload, (mistake,), company):
                self._ibeacons += 1
                self._note(sender, payload[FRAME_BYTES - 1], rssi, now)
                return

    def _note(self, sender: _Sender, power: int, rssi: int, now: float) -> None:
        rssi = corrected(rssi, self._offset)
        if power != sender.power:
            sender.power = power
            sender.at_one_metre = reference_power(signed(power), self._tuning.default_power, sender.stated_power)
        gap = now - sender.heard
        if sender.adverts == 0 or gap > self._tuning.filter_reset:
            sender.level = float(rssi)
        else:
            sender.level = smoothed(sender.level, rssi, gap, self._tuning.time_constant)
        sender.heard = now
        sender.adverts += 1
        sender.times.append(now)

    def overview(self, now: float) -> SurveyOverview:
        """Return what was heard so far."""
        return SurveyOverview(
            now=now,
            declared=[self._sighting(sender, now) for sender in self._declared.values() if sender.adverts],
            unknown=[self._sighting(sender, now) for sender in reversed(self._unknown.values())],
            forgotten=self._forgotten,
            adverts=self._adverts,
            other_ibeacons=self._other_ibeacons,
            other_adverts=self._adverts - self._ibeacons,
        )

    def _unknown_sender(
        self,
        identity: bytes,
        payload: bytes,
        mistakes: tuple[LookAlikeMistake, ...] = (),
        company: int = APPLE_COMPANY_ID,
    ) -> _Sender | None:
        sender = self._unknown.get(identity)
        if sender is not None:
            self._unknown.move_to_end(identity)
            return sender
        frame = decode(payload)
        if frame is None or (self._declared and frame.key.uuid not in self._look_alikes.uuids):
            return None
        look_alike = self._look_alikes.of(frame.key, mistakes, company)
        if mistakes and not look_alike:
            return None
        if len(self._unknown) >= self._most_unknown:
            self._unknown.popitem(last=False)
            self._forgotten += 1
        sender = self._unknown[identity] = _Sender(frame.key, look_alike)
        return sender

    def _sighting(self, sender: _Sender, now: float) -> Sighting:
        return Sighting(
            key=sender.key,
            rssi=sender.level,
            zone=zone_of(sender.level, sender.at_one_metre, self._tuning.borders),
            heard=sender.heard,
            adverts=sender.adverts,
            rate=self._rate(sender.times, now),
            look_alike=sender.look_alike,
        )

    def _rate(self, times: deque[float], now: float) -> float:
        since = max(now - RATE_WINDOW_S, self._started)
        counted = sum(1 for when in times if when >= since)
        if counted == MAX_TIMES_KEPT and now > times[0]:  # older ones fell out: these fill their own window
            return (counted - 1) / (now - times[0])
        return counted / max(now - since, 1.0)
