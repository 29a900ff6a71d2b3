"""From sightings to hits: who is here, how near, since when.

`Tracker.hear` runs for every advertisement of every iPhone, tag and beacon in a department store, so what it does for a
stranger is one dictionary look-up, and for a beacon that stands still a low-pass step and two comparisons. All
decisions are in the slower methods behind them, taken only when something might change. Times are monotonic seconds,
levels dBm.
"""

import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from beacon_gateway.core.hit import ExitReason, Hit, HitKind
from beacon_gateway.core.ibeacon import FRAME_BYTES, IBEACON_TYPE, BeaconKey, decode
from beacon_gateway.core.proximity import Borders, Proximity, distance, reference_power, zone_of


@dataclass(frozen=True, slots=True)
class Tuning:
    """How a tracker decides. The defaults were found by simulation; `tests/core/test_zone_stability.py` holds them."""

    time_constant: float = 4.0
    """Seconds of the level's low-pass. A *time* constant, so a beacon at 10 Hz and one at 1 Hz smooth alike."""
    filter_reset: float = 15.0
    """Seconds of silence after which old samples say nothing about the new ones."""
    default_power: int = -59
    """dBm at 1 m for beacons whose own measured power is implausible (the usual factory setting)."""
    borders: Borders = field(default_factory=Borders)

    enter_level: float = -90.0
    """dBm. Weaker than this is no arrival."""
    enter_samples: int = 3
    enter_window: float = 10.0
    """Seconds within which those samples must come: one stray frame is no arrival."""

    hysteresis: float = 4.0
    """dB beyond a border before a sample counts against the zone."""
    evidence: float = 30.0
    """dB that must add up beyond the border. A cumulated sum (Page's test) decides as early as the noise allows: a
    median and low-pass held for 4 s changed zone five times an hour on a border at 1 Hz and 6 dB of noise, and took
    13 s to notice a step of 12 dB."""
    evidence_clip: float = 8.0
    """dB that one sample can add: it takes four samples at least, whatever their strength."""
    evidence_rate: float = 2.0
    """Samples a second that count in full. Faster ones share: neighbouring samples fade together and prove less."""
    hold: float = 4.0
    """Seconds that the evidence must have lasted."""
    settle: float = 10.0
    """Seconds between two zone changes of one beacon."""

    silence_floor: float = 30.0
    silence_ceiling: float = 180.0
    """Seconds without a sample after which a beacon is gone: ten times its usual gap, between these two."""
    silence_gaps: float = 10.0
    gap_memory: int = 64
    """How many gaps the usual one (their 95th percentile) is taken from."""
    weak_margin: float = 8.0
    """dB under `enter_level` ..."""
    weak_lasting: float = 20.0
    """... for this many seconds is a departure too."""


class _Track:
    """What is remembered of one declared beacon. Plain slots: it is written for every advertisement."""

    __slots__ = (
        "arrivals",
        "at_one_metre",
        "changed",
        "entered",
        "evidence",
        "evidence_since",
        "excused_until",
        "frame",
        "gate_high",
        "gate_low",
        "heard",
        "key",
        "level",
        "long_gaps",
        "present",
        "samples",
        "stale",
        "strong",
        "zone",
    )

    def __init__(self, key: BeaconKey, gap_memory: int) -> None:
        self.key = key
        self.long_gaps: deque[tuple[int, float]] = deque(maxlen=gap_memory)
        """Gaps that can make a difference, each with the number of the sample that ended it."""
        self.frame = b""
        """The bytes it sends, once heard: identity and measured power."""
        self.at_one_metre = 0
        self.samples = 0
        self.heard = -math.inf
        self.excused_until = -math.inf
        self.level = 0.0
        self.zone = Proximity.FAR
        self.leave()

    def leave(self) -> None:
        """Be absent."""
        self.present = False
        self.stale = True
        self.arrivals: list[float] = []
        self.entered = self.changed = self.strong = -math.inf
        self.forget_evidence()
        self.open_gate()

    def forget_evidence(self) -> None:
        self.evidence = 0.0
        self.evidence_since = 0.0

    def open_gate(self) -> None:
        """Let every sample through to the decisions."""
        self.gate_low, self.gate_high = math.inf, -math.inf


@dataclass(slots=True)
class Reception:
    """iBeacon frames that led to nothing; counters for status and metrics."""

    unknown: int = 0
    """Well-formed, but declared in no file."""
    malformed: int = 0
    """Begins as an iBeacon and is too short for one."""


@dataclass(frozen=True, slots=True)
class BeaconState:
    """What is known of a declared beacon now. The level and times mean nothing before its first sample."""

    key: BeaconKey
    present: bool
    zone: Proximity
    rssi: float
    heard: float
    """Monotonic seconds; -inf if never."""
    samples: int


class Tracker:
    """Keeps one track for each declared beacon. Not for use from several threads."""

    def __init__(self, keys: Iterable[BeaconKey] = (), tuning: Tuning | None = None) -> None:
        self._tuning = tuning or Tuning()
        self._time_constant = self._tuning.time_constant
        self._long_gap = self._tuning.silence_floor / self._tuning.silence_gaps
        """Shorter ones cannot raise a time-out above its floor, and are not noted: this is asked for each sample."""
        self._tracks = {key: _Track(key, self._tuning.gap_memory) for key in keys}
        self._frames: dict[bytes, _Track] = {}
        self.reception = Reception()

    def declare(self, keys: Iterable[BeaconKey], now: float) -> list[Hit]:
        """Follow exactly these beacons from now on; those present that are dropped give an `exit`."""
        wanted = dict.fromkeys(keys)  # in the files' order, which is the one people see
        gone = [self._exit(track, now, ExitReason.REMOVED) for key, track in self._tracks.items() if key not in wanted]
        self._tracks = {key: self._tracks.get(key) or _Track(key, self._tuning.gap_memory) for key in wanted}
        self._frames = {track.frame: track for track in self._tracks.values() if track.frame}
        return [hit for hit in gone if hit]

    def hear(self, payload: bytes, rssi: int, now: float) -> Hit | None:
        """Take in Apple's manufacturer data from one advertisement, RSSI within -110..-1; most give no hit."""
        track = self._frames.get(payload[:FRAME_BYTES])
        if track is None:
            return self._consider_frame(payload, rssi, now) if payload[:2] == IBEACON_TYPE else None
        gap = now - track.heard
        track.heard = now
        track.samples += 1
        if gap > self._long_gap:
            track.long_gaps.append((track.samples, gap))
        # An implicit Euler step of a low-pass: needs no exp() and never overshoots, however long the gap.
        track.level += (rssi - track.level) * gap / (gap + self._time_constant)
        if track.gate_low < rssi < track.gate_high:
            return None
        return self._consider(track, rssi, gap, now)

    def sweep(self, now: float, *, listening: bool = True) -> list[Hit]:
        """Find departures; call it about once a second. Give the exits in the order in which they happened.

        While the radio is deaf (`listening` false) nobody leaves, and afterwards everybody gets a full time-out anew.
        """
        if not listening:
            for track in self._tracks.values():
                track.excused_until = track.strong = now
            return []
        hits = [hit for track in self._tracks.values() if track.present and (hit := self._departure(track, now))]
        return sorted(hits, key=lambda hit: hit.when)

    def close(self, now: float) -> list[Hit]:
        """Say good-bye for all that are present: the gateway stops."""
        return [hit for track in self._tracks.values() if (hit := self._exit(track, now, ExitReason.SHUTDOWN))]

    def states(self) -> Iterator[BeaconState]:
        """Give every declared beacon's state."""
        for track in self._tracks.values():
            yield BeaconState(track.key, track.present, track.zone, track.level, track.heard, track.samples)

    def _consider_frame(self, payload: bytes, rssi: int, now: float) -> Hit | None:
        """Look at a frame that was not seen before: a declared beacon's with another power, or a stranger's."""
        frame = decode(payload)
        if frame is None:
            self.reception.malformed += 1
            return None
        track = self._tracks.get(frame.key)
        if track is None:
            self.reception.unknown += 1
            return None
        # One known frame a beacon: a sender that varies its power byte costs time, never memory.
        self._frames.pop(track.frame, None)
        track.frame = payload[:FRAME_BYTES]
        self._frames[track.frame] = track
        track.at_one_metre = reference_power(frame.measured_power, self._tuning.default_power)
        track.open_gate()
        return self.hear(payload, rssi, now)

    def _consider(self, track: _Track, rssi: int, gap: float, now: float) -> Hit | None:
        if track.stale:
            track.stale = False
            track.level = float(rssi)
            track.forget_evidence()
        if track.present:
            return self._weigh(track, rssi, gap, now)
        return self._arrival(track, now)

    def _arrival(self, track: _Track, now: float) -> Hit | None:
        tuning = self._tuning
        track.arrivals = [when for when in track.arrivals if now - when <= tuning.enter_window]
        track.arrivals.append(now)
        if len(track.arrivals) < tuning.enter_samples or track.level < tuning.enter_level:
            return None
        track.present = True
        track.entered = track.arrivals[0]
        track.strong = now
        track.zone = zone_of(track.level, track.at_one_metre, tuning.borders)
        self._close_gate(track)
        return self._hit(track, HitKind.ENTER, track.entered)

    def _weigh(self, track: _Track, rssi: int, gap: float, now: float) -> Hit | None:
        """Add one sample to the evidence that the beacon is in a nearer (positive) or farther (negative) zone."""
        tuning = self._tuning
        low, high = self._bounds(track)
        nearer = track.evidence > 0 or (track.evidence == 0 and rssi > high)
        beyond = rssi - (high if nearer else low)
        step = min(max(beyond, -tuning.evidence_clip), tuning.evidence_clip) * min(1.0, gap * tuning.evidence_rate)
        if track.evidence == 0:
            track.evidence_since = now
        # Never more than decides: what is stored up while `hold` and `settle` last would outlive its reason.
        if nearer:
            track.evidence = min(max(0.0, track.evidence + step), tuning.evidence)
        else:
            track.evidence = max(min(0.0, track.evidence + step), -tuning.evidence)
        if track.evidence == 0:
            self._close_gate(track)
            return None
        track.open_gate()
        if (
            abs(track.evidence) < tuning.evidence
            or now - track.evidence_since < tuning.hold
            or now - track.changed < tuning.settle
        ):
            return None
        track.zone = _INWARDS[track.zone] if nearer else _OUTWARDS[track.zone]
        track.changed = now
        track.forget_evidence()
        self._close_gate(track)
        return self._hit(track, HitKind.ZONE, now)

    def _departure(self, track: _Track, now: float) -> Hit | None:
        tuning = self._tuning
        silent = now - track.heard
        if silent > tuning.filter_reset:
            track.stale = True
            track.open_gate()
        silence = now - max(track.heard, track.excused_until)
        if silence > tuning.silence_floor and silence > self.silence_allowed(track.key):
            return self._exit(track, now, ExitReason.TIMEOUT)
        if track.level >= tuning.enter_level - tuning.weak_margin:
            track.strong = now
        elif track.heard - track.strong > tuning.weak_lasting:
            return self._exit(track, now, ExitReason.WEAK)
        return None

    def silence_allowed(self, key: BeaconKey) -> float:
        """Give the seconds of silence after which a declared beacon counts as gone, learned from its own rhythm."""
        tuning = self._tuning
        track = self._tracks[key]
        remembered = min(track.samples, tuning.gap_memory)
        first = track.samples - remembered
        long = sorted(gap for number, gap in track.long_gaps if number > first and gap < tuning.silence_ceiling)
        longer = remembered - 1 - int(remembered * 0.95)  # how many gaps are longer than the 95th percentile
        learned = long[-1 - longer] * tuning.silence_gaps if 0 <= longer < len(long) else 0.0
        return min(max(learned, tuning.silence_floor), tuning.silence_ceiling)

    def _exit(self, track: _Track, now: float, reason: ExitReason) -> Hit | None:
        if not track.present:
            return None
        hit = self._hit(track, HitKind.EXIT, min(track.heard, now), reason)
        track.leave()
        return hit

    def _bounds(self, track: _Track) -> tuple[float, float]:
        """Give the levels in dBm, hysteresis included, between which the beacon stays in its zone."""
        borders, margin = self._tuning.borders, self._tuning.hysteresis
        immediate, near = track.at_one_metre - borders.immediate, track.at_one_metre - borders.near
        if track.zone is Proximity.IMMEDIATE:
            return immediate - margin, math.inf
        if track.zone is Proximity.NEAR:
            return near - margin, immediate + margin
        return -math.inf, near + margin

    def _close_gate(self, track: _Track) -> None:
        track.gate_low, track.gate_high = self._bounds(track)

    def _hit(self, track: _Track, kind: HitKind, when: float, reason: ExitReason | None = None) -> Hit:
        return Hit(
            kind=kind,
            key=track.key,
            when=when,
            zone=track.zone,
            rssi=track.level,
            distance=distance(track.level, track.at_one_metre),
            dwell=None if kind is HitKind.ENTER else when - track.entered,
            reason=reason,
        )


_INWARDS = {Proximity.FAR: Proximity.NEAR, Proximity.NEAR: Proximity.IMMEDIATE}
_OUTWARDS = {Proximity.IMMEDIATE: Proximity.NEAR, Proximity.NEAR: Proximity.FAR}
