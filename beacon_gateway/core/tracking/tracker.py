"""From sightings to hits: who is here, how near, since when.

`Tracker.hear` runs for every advertisement of every iPhone, tag and beacon in a department store, so what it does for a
stranger is one dictionary look-up, and for a beacon that stands still a low-pass step and two comparisons. All
decisions are in the slower methods behind them, taken only when something might change. Times are monotonic seconds,
levels dBm.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.model.ibeacon import FRAME_BYTES, IBEACON_TYPE, BeaconKey, decode, signed
from beacon_gateway.core.model.proximity import PLAUSIBLE_POWER, Proximity, distance, reference_power, zone_of
from beacon_gateway.core.model.store import NOTHING, Beacon
from beacon_gateway.core.tracking.hit import ExitReason, Hit, HitKind
from beacon_gateway.core.tracking.presence import Presence
from beacon_gateway.core.tracking.strangers import Strangers
from beacon_gateway.core.tracking.track import MIN_ALTERNATIONS, Track
from beacon_gateway.core.tracking.tuning import Tuning

ALTERNATION_WINDOW_S: Final = 600.0
"""`MIN_ALTERNATIONS` changes between the same two measured powers within so many seconds are two senders, or one with
two faces. A technician who tries a power and takes it back makes two."""


@dataclass(slots=True)
class FrameCounters:
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
    alternated: float = -math.inf
    """When it last alternated between two measured powers, if it does so again and again."""


class Tracker:
    """Keeps one track for each declared beacon. Not for use from several threads."""

    def __init__(self, beacons: Mapping[BeaconKey, Beacon] = NOTHING.beacons, tuning: Tuning | None = None) -> None:
        self._tuning = tuning or Tuning()
        self._time_constant = self._tuning.time_constant
        self._long_gap = self._tuning.silence_floor / self._tuning.silence_gaps
        """Shorter ones cannot raise a time-out above its floor, and are not noted: this is asked for each sample."""
        self._tracks: dict[BeaconKey, Track] = {}
        self._frames: dict[bytes, Track] = {}
        self.strangers = Strangers(self._tuning)
        self.reception = FrameCounters()
        self.declare(beacons, -math.inf)

    def declare(self, beacons: Mapping[BeaconKey, Beacon], now: float) -> list[Hit]:
        """Follow exactly these beacons from now on; those present that are dropped give an `exit`."""
        gone = [self._exit(track, now, ExitReason.REMOVED) for key, track in self._tracks.items() if key not in beacons]
        # In the files' order, which is the one people see.
        self._tracks = {key: self._tracks.get(key) or Track(key, self._tuning.gap_memory) for key in beacons}
        for key, beacon in beacons.items():
            track = self._tracks[key]
            track.timeout = beacon.timeout
            track.restless_hold = 0.0 if beacon.mobile else self._tuning.restless_hold
            if track.power.state(beacon.measured_power):
                track.open_gate()
        self._frames = {track.frame: track for track in self._tracks.values() if track.frame}
        self.strangers.declare(beacons)
        return [hit for hit in gone if hit]

    def hear(self, payload: bytes, rssi: int, now: float) -> Hit | None:
        """Take in Apple's manufacturer data from one advertisement, RSSI within -110..-1; most give no hit."""
        track = self._frames.get(payload)
        if track is None:
            return self._consider_payload(payload, rssi, now)
        gap = now - track.heard
        track.heard = now
        track.levels.append(-rssi)
        if gap > self._long_gap:
            track.note_long_gap(gap)
        # As `low_pass.smoothed`, written out: a call would cost more than the step does.
        track.level += (rssi - track.level) * gap / (gap + self._time_constant)
        if track.gate_low < rssi < track.gate_high:
            return None
        return self._consider(track, rssi, gap, now)

    def _consider_payload(self, payload: bytes, rssi: int, now: float) -> Hit | None:
        """Take in what is no known frame as it is: one with bytes after its end, a new one, or no iBeacon."""
        frame = payload[:FRAME_BYTES]
        if frame in self._frames:
            return self.hear(frame, rssi, now)
        return self._consider_frame(payload, rssi, now) if payload[:2] == IBEACON_TYPE else None

    def sweep(self, now: float, *, listening: bool = True) -> list[Hit]:
        """Find departures; call it about once a second. Return the exits in the order in which they happened.

        While the radio is not receiving (`listening` false) no beacon leaves, and afterwards each gets a full time-out
        anew.
        """
        if not listening:
            for track in self._tracks.values():
                track.excused_until = track.strong = now
            return []
        hits = [hit for track in self._tracks.values() if track.present and (hit := self._departure(track, now))]
        return sorted(hits, key=lambda hit: hit.when)

    def end_minute(self) -> list[Presence]:
        """Return who was heard since the last call and how; call it about once a minute."""
        return [_presence(track) for track in self._tracks.values() if track.levels]

    def close(self, now: float) -> list[Hit]:
        """Say good-bye for all that are present: the gateway stops."""
        return [hit for track in self._tracks.values() if (hit := self._exit(track, now, ExitReason.SHUTDOWN))]

    def states(self) -> Iterator[BeaconState]:
        """Return every declared beacon's state."""
        for track in self._tracks.values():
            yield BeaconState(
                track.key, track.present, track.zone, track.level, track.heard, track.samples, _alternated(track)
            )

    def _consider_frame(self, payload: bytes, rssi: int, now: float) -> Hit | None:
        """Look at a frame that was not seen before: a declared beacon's with another power, or a stranger's."""
        frame = decode(payload)
        if frame is None:
            self.reception.malformed += 1
            return None
        track = self._tracks.get(frame.key)
        if track is None:
            self.reception.unknown += 1
            self.strangers.note(frame.key, rssi, now)
            return None
        if track.frame:
            self._note_change(track, payload[:FRAME_BYTES], now)
        # One known frame a beacon: a sender that varies its power byte costs time, never memory.
        self._frames.pop(track.frame, None)
        track.frame = payload[:FRAME_BYTES]
        self._frames[track.frame] = track
        power = reference_power(frame.measured_power, self._tuning.default_power)
        track.power.offer(power, now, at_once=not track.present)
        track.open_gate()
        return self.hear(payload, rssi, now)

    def _note_change(self, track: Track, frame: bytes, now: float) -> None:
        """Count changes to and fro between two powers.

        Three powers or more are somebody's reconfiguring, or a sender that plays with the byte; and battery volts or
        percent, which some beacons send there, may waver.
        """
        plausible = signed(frame[-1]) in PLAUSIBLE_POWER and signed(track.frame[-1]) in PLAUSIBLE_POWER
        if not plausible or frame != track.former_frame:
            track.alternations.clear()
        if plausible:
            track.alternations.append(now)
            del track.alternations[:-MIN_ALTERNATIONS]
        track.former_frame = track.frame

    def _consider(self, track: Track, rssi: int, gap: float, now: float) -> Hit | None:
        if track.stale:
            track.stale = False
            track.level = float(rssi)
            track.forget_evidence()
        if track.present:
            return self._weigh(track, rssi, gap, now)
        return self._arrival(track, now)

    def _arrival(self, track: Track, now: float) -> Hit | None:
        tuning = self._tuning
        track.arrivals = tuning.latest(track.arrivals, now)
        first = tuning.arrived(track.arrivals)
        if first is None or track.level < tuning.enter_level:
            return None
        track.present = True
        track.entered = first
        track.strong = now
        track.strong_samples = track.samples
        track.zone = zone_of(track.level, track.power.in_force, tuning.borders)
        self._close_gate(track)
        return self._hit(track, HitKind.ENTER, track.entered)

    def _weigh(self, track: Track, rssi: int, gap: float, now: float) -> Hit | None:
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
            or now - track.changed < tuning.settle
            or now - track.evidence_since < self._hold(track, now, nearer=nearer)
        ):
            return None
        track.zone = _INWARDS[track.zone] if nearer else _OUTWARDS[track.zone]
        track.restless = min(self._restless(track, now) + 1, tuning.most_restless)
        track.changed, track.came_nearer = now, nearer
        track.forget_evidence()
        self._close_gate(track)
        return self._hit(track, HitKind.ZONE, now)

    def _hold(self, track: Track, now: float, *, nearer: bool) -> float:
        """Return the seconds that evidence must last: longer for each recent change where it would take one back."""
        if nearer is track.came_nearer:
            return self._tuning.hold
        return self._tuning.hold + track.restless_hold * self._restless(track, now)

    def _restless(self, track: Track, now: float) -> float:
        """Return how many changes of its zone are recent; one that left and came back begins anew."""
        return track.restless * math.exp((track.changed - now) / self._tuning.calm)

    def _departure(self, track: Track, now: float) -> Hit | None:
        tuning = self._tuning
        if track.power.settle(track.heard):
            track.open_gate()
        silent = now - track.heard
        if silent > tuning.filter_reset:
            track.stale = True
            track.open_gate()
        silence = now - max(track.heard, track.excused_until)
        if silence > tuning.silence_floor and silence > self.silence_allowed(track.key):
            return self._exit(track, now, ExitReason.TIMEOUT)
        if track.level >= tuning.enter_level - tuning.weak_margin:
            track.strong = now
            track.strong_samples = track.samples
        elif (
            track.heard - track.strong > tuning.weak_lasting
            and track.samples - track.strong_samples >= tuning.weak_samples
        ):
            return self._exit(track, now, ExitReason.WEAK)
        return None

    def silence_allowed(self, key: BeaconKey) -> float:
        """Return the seconds of silence after which a beacon counts as gone: the files say, or its rhythm teaches."""
        tuning = self._tuning
        track = self._tracks[key]
        if track.timeout is not None:
            return track.timeout
        remembered = min(track.samples, tuning.gap_memory)
        first = track.samples - remembered
        long = sorted(gap for number, gap in track.long_gaps if number > first and gap < tuning.silence_ceiling)
        longer = remembered - 1 - int(remembered * 0.95)  # how many gaps are longer than the 95th percentile
        learned = long[-1 - longer] * tuning.silence_gaps if 0 <= longer < len(long) else 0.0
        return min(max(learned, tuning.silence_floor), tuning.silence_ceiling)

    def _exit(self, track: Track, now: float, reason: ExitReason) -> Hit | None:
        if not track.present:
            return None
        hit = self._hit(track, HitKind.EXIT, min(track.heard, now), reason)
        track.leave()
        return hit

    def _bounds(self, track: Track) -> tuple[float, float]:
        """Return the levels in dBm, hysteresis included, between which the beacon stays in its zone."""
        borders, margin = self._tuning.borders, self._tuning.hysteresis
        at_one_metre = track.power.in_force
        immediate, near = at_one_metre - borders.immediate, at_one_metre - borders.near
        if track.zone is Proximity.IMMEDIATE:
            return immediate - margin, math.inf
        if track.zone is Proximity.NEAR:
            return near - margin, immediate + margin
        return -math.inf, near + margin

    def _close_gate(self, track: Track) -> None:
        track.gate_low, track.gate_high = self._bounds(track)

    def _hit(self, track: Track, kind: HitKind, when: float, reason: ExitReason | None = None) -> Hit:
        return Hit(
            kind=kind,
            key=track.key,
            when=when,
            zone=track.zone,
            rssi=track.level,
            distance=distance(track.level, track.power.in_force),
            dwell=None if kind is HitKind.ENTER else when - track.entered,
            reason=reason,
        )


def _presence(track: Track) -> Presence:
    levels = sorted(track.levels)
    track.samples_before += len(levels)
    track.levels.clear()
    zone = track.zone if track.present else None
    return Presence(track.key, len(levels), -levels[-1], -levels[len(levels) // 2], -levels[0], zone)


def _alternated(track: Track) -> float:
    times = track.alternations
    often = len(times) == MIN_ALTERNATIONS and times[-1] - times[0] <= ALTERNATION_WINDOW_S
    return times[-1] if often else -math.inf


_INWARDS = {Proximity.FAR: Proximity.NEAR, Proximity.NEAR: Proximity.IMMEDIATE}
_OUTWARDS = {Proximity.IMMEDIATE: Proximity.NEAR, Proximity.NEAR: Proximity.FAR}
