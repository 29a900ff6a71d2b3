"""How the declared beacons are: judged at sweeps from what the tracker knows; nothing is done for an advertisement.

A fixed beacon tells of its own health by being heard. What is found comes out as a `BeaconEvent`, once; how a beacon is
now can be asked at any time. All is bounded by the number of declared beacons.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.health.beacon_event import BeaconEvent, BeaconEventKind
from beacon_gateway.core.health.canaries import LATE_SWEEP_S
from beacon_gateway.core.health.clones import Clones, SenderReport
from beacon_gateway.core.health.level_history import LevelHistory, LevelStep
from beacon_gateway.core.health.receiver_level import RECENT_MINUTES, ReceiverChange, common_step, receiver_change
from beacon_gateway.core.health.unregistered import UnregisteredBeacons
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.model.store import Beacon
from beacon_gateway.core.tracking.strangers import Stranger
from beacon_gateway.core.tracking.tracker import BeaconState

ABSENT_AFTER_S: Final = 300.0
"""Seconds of silence after which a fixed beacon is absent, where the files say nothing. The tracker's learned time-out,
after which it left, is never as long."""
MAX_PATIENCE_FACTOR: Final = 12.0
CALM_AFTER_S: Final = 86400.0
"""A beacon that was absent and came back is given twice as long the next time, up to an hour, until it stayed for so
many seconds: one at the edge of hearing would else come and go all day. What the files say is exact."""
MIN_HEARD_S: Final = 300.0
"""Seconds of presence after which this gateway misses a beacon. Several gateways share a floor."""
STRAYED_AFTER_S: Final = 60.0
NEWS_FOR_S: Final = 86400.0
"""Seconds for which a beacon counts as moved or cloned after the last sign of it."""
SECONDS_PER_MINUTE: Final = 60.0
MIN_SAMPLES_FOR_INTERVAL: Final = 10
MAX_COUNT_S: Final = 600.0
"""Seconds of listening over which so few samples are counted at most."""
INTERVAL_SMOOTHING: Final = 0.2


@dataclass(frozen=True, slots=True)
class RememberedBeacon:
    """What is worth knowing of a beacon after a restart."""

    key: BeaconKey
    heard: float
    """Monotonic seconds; before this gateway's start they are negative perhaps, and that is right."""
    level: float | None
    """dBm."""
    interval: float | None
    absent: bool


@dataclass(frozen=True, slots=True)
class BeaconCondition:
    """How a beacon is now."""

    heard_ago: float | None
    """Seconds; None if it never was."""
    missed: bool
    """It used to be heard here, so that its silence means something."""
    interval: float | None
    """Seconds between two samples; None until learned."""
    timeout: float
    """Seconds of silence after which it counts as absent."""
    trend: float | None
    """dB in the last hour; None until enough was heard."""
    absent: bool
    moved: bool
    strayed: bool
    cloned: bool


class _Record:
    """What is remembered of one declared beacon."""

    __slots__ = (
        "absent_since",
        "back_at",
        "beacon",
        "cloned_at",
        "counted_from",
        "heard",
        "interval",
        "level",
        "moved_at",
        "near_since",
        "patience",
        "present_for",
        "samples",
        "samples_from",
        "strayed",
    )

    def __init__(self, beacon: Beacon, listened: float, memory: RememberedBeacon | None) -> None:
        self.beacon = beacon
        self.samples = 0
        self.heard = memory.heard if memory else -math.inf
        self.interval = memory.interval if memory else None
        self.level = LevelHistory(memory.level if memory else None)
        self.present_for = MIN_HEARD_S if memory else 0.0
        self.absent_since = memory.heard if memory and memory.absent else math.inf
        """When an absent beacon was heard last; inf while it is not absent."""
        self.back_at = -math.inf
        self.patience = 1.0
        """How many times the usual silence it is given."""
        self.samples_from, self.counted_from = 0, listened
        """Count of samples, and seconds of listening, from which the interval is reckoned."""
        self.near_since: float | None = None
        self.strayed = False
        self.moved_at = self.cloned_at = -math.inf

    @property
    def missed(self) -> bool:
        return self.present_for >= MIN_HEARD_S and not self.beacon.mobile

    @property
    def absent(self) -> bool:
        return self.absent_since < math.inf

    @property
    def timeout(self) -> float:
        if self.beacon.timeout is not None:
            return self.beacon.timeout
        return ABSENT_AFTER_S * self.patience

    def count(self, state: BeaconState, now: float, listened: float) -> None:
        """Learn the interval from samples over listening time; the silence of one that went teaches nothing."""
        counted, seconds = state.samples - self.samples_from, listened - self.counted_from
        steady = state.present and now - state.heard < SECONDS_PER_MINUTE
        if steady and counted < MIN_SAMPLES_FOR_INTERVAL and seconds < MAX_COUNT_S:
            return
        if steady and counted > 0:
            measured = seconds / counted
            old = measured if self.interval is None else self.interval
            self.interval = old + INTERVAL_SMOOTHING * (measured - old)
        self.samples_from, self.counted_from = state.samples, listened


class BeaconHealth:
    """Judges the declared beacons of one gateway. Times are monotonic seconds."""

    def __init__(self, floor: str) -> None:
        self._floor = floor
        self._records: dict[BeaconKey, _Record] = {}
        self._clones = Clones()
        self._unregistered = UnregisteredBeacons()
        self._swept: float | None = None
        self._minute_ends = -math.inf
        self._listened = 0.0
        """Seconds for which the radio has been listening."""
        self._excused = -math.inf
        """When nothing was received last: silence before does not count."""

    def use(self, beacons: Mapping[BeaconKey, Beacon], now: float, remembered: Iterable[RememberedBeacon] = ()) -> None:
        """Judge exactly these beacons from now on, with what is remembered of them from before a restart."""
        memories = {memory.key: memory for memory in remembered}
        records = {}
        for key, beacon in beacons.items():
            record = self._records.get(key)
            if record is None:
                record = _Record(beacon, self._listened, memories.get(key))
            record.beacon = beacon
            records[key] = record
        self._records = records
        if memories:
            self._excused = now

    def remembered(self) -> list[RememberedBeacon]:
        """Return what is to be kept for the next start: of each beacon that is missed when it is silent."""
        return [
            RememberedBeacon(key, record.heard, record.level.level(), record.interval, record.absent)
            for key, record in self._records.items()
            if record.missed
        ]

    def condition(self, key: BeaconKey, now: float) -> BeaconCondition:
        """Tell how a declared beacon is. Raises KeyError for any other."""
        record = self._records[key]
        return BeaconCondition(
            heard_ago=now - record.heard if record.heard > -math.inf else None,
            missed=record.missed,
            interval=record.interval,
            timeout=record.timeout,
            trend=record.level.trend(now),
            absent=record.absent,
            moved=now - record.moved_at < NEWS_FOR_S,
            strayed=record.strayed,
            cloned=now - record.cloned_at < NEWS_FOR_S,
        )

    def sweep(
        self,
        states: Iterable[BeaconState],
        now: float,
        *,
        listening: bool = True,
        strangers: Iterable[Stranger] = (),
    ) -> list[BeaconEvent | ReceiverChange]:
        """Judge all beacons; call it every second or two, after the tracker's sweep.

        While the radio is not receiving (`listening` false) no beacon is absent, and afterwards each gets the full time
        anew.
        """
        passed = now - self._swept if self._swept is not None else 0.0
        self._swept = now
        if not listening or passed > LATE_SWEEP_S:
            self._excused = now
            passed = 0.0
        self._listened += passed
        minute_over = now >= self._minute_ends
        if minute_over:
            self._minute_ends = now + SECONDS_PER_MINUTE
        events: list[BeaconEvent | ReceiverChange] = []
        for state in states:
            record = self._records.get(state.key)
            if record is not None:
                events += self._judge(record, state, now, passed)
                if minute_over:
                    self._end_minute(record, state, now)
        if minute_over:
            events += self._judge_levels(now)
        return events + self._unregistered.sweep(strangers, now)

    def look(self, looks: Iterable[SenderReport], now: float) -> list[BeaconEvent]:
        """Look for beacons in two places at once; call it about once a minute."""
        events: list[BeaconEvent] = []
        for key in self._clones.look(looks, self._records):
            events += _cloned(self._records[key], key, now, "places")
        return events

    def _judge(self, record: _Record, state: BeaconState, now: float, passed: float) -> Iterator[BeaconEvent]:
        if state.samples != record.samples:
            record.samples, record.heard = state.samples, state.heard
            record.level.add(state.rssi)
            if state.alternated > record.cloned_at:
                yield from _cloned(record, state.key, state.alternated, "powers")
        if state.present:
            record.present_for += passed
        if record.beacon.mobile:
            return
        if record.absent:
            if state.present and state.heard > record.absent_since:
                yield _back(record, state, now)
        elif record.missed and now - max(record.heard, self._excused) > record.timeout:
            record.absent_since = record.heard
            yield _absent(record, state.key, now)
        if record.beacon.floor != self._floor:
            yield from _strayed(record, state, now)

    def _end_minute(self, record: _Record, state: BeaconState, now: float) -> None:
        record.count(state, now, self._listened)
        if now - record.back_at > CALM_AFTER_S and not record.absent:
            record.patience = 1.0
        record.level.end_minute(now)

    def _judge_levels(self, now: float) -> Iterator[BeaconEvent | ReceiverChange]:
        """Report each fixed beacon whose level made a step, or what the receiver did where most made one."""
        steps = [(record, step) for record in self._records.values() if (step := record.level.step())]
        levels = [record.level for record in self._records.values() if not record.beacon.mobile]
        fixed_steps = any(not record.beacon.mobile for record, _ in steps)
        change = receiver_change(levels, now) if fixed_steps else common_step(levels, now)
        if change is not None:
            for record in self._records.values():
                record.level.relearn(now)
            yield change
            return
        if fixed_steps and receiver_change(levels, now, RECENT_MINUTES) is not None:
            return
        for record, step in steps:
            record.level.accept()
            if not record.beacon.mobile:
                record.moved_at = now
                yield BeaconEvent(BeaconEventKind.MOVED, record.beacon.key, now, _step(step))


def _absent(record: _Record, key: BeaconKey, now: float) -> BeaconEvent:
    level = record.level.level()
    details = {"minutes": _minutes(now - record.heard), "timeout": f"{record.timeout:.0f}"}
    return BeaconEvent(BeaconEventKind.ABSENT, key, now, details | ({} if level is None else {"level": f"{level:.0f}"}))


def _back(record: _Record, state: BeaconState, now: float) -> BeaconEvent:
    details = {"minutes": _minutes(state.heard - record.absent_since), "rssi": f"{state.rssi:.0f}"}
    record.absent_since = math.inf
    record.back_at = now
    record.patience = min(2 * record.patience, MAX_PATIENCE_FACTOR)
    return BeaconEvent(BeaconEventKind.BACK, state.key, now, details)


def _strayed(record: _Record, state: BeaconState, now: float) -> Iterator[BeaconEvent]:
    """Tell of a beacon of another floor that is close for a minute of samples: a silent one is not close."""
    if not state.present:
        record.near_since, record.strayed = None, False
    elif state.zone is Proximity.FAR:
        record.near_since = None
    elif record.near_since is None:
        record.near_since = state.heard
    elif not record.strayed and state.heard - record.near_since >= STRAYED_AFTER_S:
        record.strayed = True
        details = {"floor": record.beacon.floor, "zone": state.zone.value, "rssi": f"{state.rssi:.0f}"}
        yield BeaconEvent(BeaconEventKind.STRAYED, state.key, now, details)


def _cloned(record: _Record, key: BeaconKey, when: float, sign: str) -> Iterator[BeaconEvent]:
    """Note a sign of a copy; tell it unless it is known."""
    known = when - record.cloned_at < NEWS_FOR_S
    record.cloned_at = when
    if not known:
        yield BeaconEvent(BeaconEventKind.CLONED, key, when, {"sign": sign})


def _step(step: LevelStep) -> Mapping[str, str]:
    return {"before": f"{step.before:.0f}", "after": f"{step.after:.0f}", "step": f"{step.after - step.before:+.0f}"}


def _minutes(seconds: float) -> str:
    return str(max(1, round(seconds / 60)))
