"""How a tracker decides: its constants, and what makes an arrival."""

from dataclasses import dataclass, field

from beacon_gateway.core.model.proximity import Borders


@dataclass(frozen=True, slots=True)
class Tuning:
    """How a tracker decides. Defaults found by simulation: `tests/core/tracking/test_zone_stability.py` holds them."""

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
    slow_samples: int = 4
    slow_window: float = 45.0
    """So many within so many seconds are an arrival too: a controller that filters duplicates reports a beacon once in
    10.24 s, and may lose one of those reports. Were three enough, a beacon of another floor of which one frame a
    minute comes through would come and go 48 times a day instead of 25."""

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
    restless_hold: float = 15.0
    """Seconds that the evidence must last longer for each recent change of a fixed beacon's zone, where it would take
    one back, as routers damp a route that flaps (RFC 2439). A body before a beacon is no other signal than a beacon
    that was moved, and both are reported in time; but what changes again and again is people. Not damped are the first
    change after a calm time, one that goes on in the direction of the one before, and tags that are carried about.
    `tests/core/tracking/test_zones_among_people.py` has the figures."""
    calm: float = 3600.0
    """Seconds after which a change counts as recent by a factor e less."""
    most_restless: float = 4.0
    """Recent changes that count at most: a beacon that did move is reported within 64 s of evidence."""

    silence_floor: float = 30.0
    silence_ceiling: float = 180.0
    """Seconds without a sample after which a beacon is gone: ten times its usual gap, between these two."""
    silence_gaps: float = 10.0
    gap_memory: int = 64
    """How many gaps the usual one (their 95th percentile) is taken from."""
    weak_margin: float = 8.0
    """dB under `enter_level` ..."""
    weak_lasting: float = 20.0
    """... for this many seconds ..."""
    weak_samples: int = 6
    """... and samples is a departure too. With few samples the level is hardly smoothed."""

    def latest(self, arrivals: list[float], now: float) -> list[float]:
        """Add a sample's time to those that may make an arrival together."""
        recent = [when for when in arrivals if now - when <= self.slow_window]
        recent.append(now)
        return recent[-max(self.enter_samples, self.slow_samples) :]

    def arrived(self, arrivals: list[float]) -> float | None:
        """Return the first sample of an arrival if these make one."""
        if len(arrivals) >= self.enter_samples:
            first = arrivals[-self.enter_samples]
            if arrivals[-1] - first <= self.enter_window:
                return first
        return arrivals[-self.slow_samples] if len(arrivals) >= self.slow_samples else None
