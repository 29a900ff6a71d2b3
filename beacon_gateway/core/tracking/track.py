"""What the tracker remembers of one declared beacon."""

import math
from typing import Final

from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.tracking.measured_power import MeasuredPower

MIN_ALTERNATIONS: Final = 4
"""Changes between the same two measured powers that are remembered, and that are a sign of two senders."""


class Track:
    """Plain slots: it is written for every advertisement."""

    __slots__ = (
        "_gap_memory",
        "alternations",
        "arrivals",
        "came_nearer",
        "changed",
        "entered",
        "evidence",
        "evidence_since",
        "excused_until",
        "former_frame",
        "frame",
        "gate_high",
        "gate_low",
        "heard",
        "key",
        "level",
        "levels",
        "long_gaps",
        "power",
        "present",
        "restless",
        "restless_hold",
        "samples_before",
        "stale",
        "strong",
        "strong_samples",
        "timeout",
        "zone",
    )

    def __init__(self, key: BeaconKey, gap_memory: int) -> None:
        self.key = key
        self.timeout: float | None = None
        """The files' own; None learns it."""
        self.long_gaps: list[tuple[int, float]] = []
        """The last `gap_memory` gaps that can make a difference, each with the number of the sample that ended it."""
        self._gap_memory = gap_memory
        self.frame = b""
        """The bytes it sends, once heard: identity and measured power."""
        self.former_frame = b""
        self.alternations: list[float] = []
        """When it went from one of two plausible powers to the other, the last ALTERNATIONS times."""
        self.power = MeasuredPower()
        self.levels = bytearray()
        """Of each sample of this minute: -dBm. A byte a sample, however many a sender sends."""
        self.samples_before = 0
        self.heard = -math.inf
        self.excused_until = -math.inf
        self.level = 0.0
        self.zone = Proximity.FAR
        self.came_nearer = False
        """Whether the last change of zone was inwards."""
        self.restless = 0.0
        """Recent changes of zone, as they were when the last one was made."""
        self.restless_hold = 0.0
        self.leave()

    @property
    def samples(self) -> int:
        """Return how many were heard in all."""
        return self.samples_before + len(self.levels)

    def note_long_gap(self, seconds: float) -> None:
        """Remember a gap that ended with the newest sample. A deque would take 760 bytes for the few there ever are."""
        self.long_gaps.append((self.samples, seconds))
        del self.long_gaps[: -self._gap_memory]

    def leave(self) -> None:
        """Be absent."""
        self.present = False
        self.stale = True
        self.arrivals: list[float] = []
        self.entered = self.changed = self.strong = -math.inf
        self.strong_samples = self.samples
        self.forget_evidence()
        self.open_gate()

    def forget_evidence(self) -> None:
        self.evidence = 0.0
        self.evidence_since = 0.0

    def open_gate(self) -> None:
        """Let every sample through to the decisions."""
        self.gate_low, self.gate_high = math.inf, -math.inf
