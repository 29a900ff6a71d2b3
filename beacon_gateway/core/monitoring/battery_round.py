"""Which beacons of a floor somebody should walk to, and in which order."""

import math
from collections.abc import Iterable
from typing import Final

from beacon_gateway.core.health.diagnosis import Verdict
from beacon_gateway.core.model.status import BeaconStatus
from beacon_gateway.core.monitoring.alerts import is_running_low

_VISITED: Final[tuple[str, ...]] = (Verdict.BATTERY, Verdict.UNKNOWN, Verdict.CLONED, Verdict.MOVED, Verdict.STRAYED)
"""Verdicts that only somebody can settle who stands before the beacon, the most urgent first."""


def visits_first(beacons: Iterable[BeaconStatus], *, own: bool) -> tuple[list[BeaconStatus], list[BeaconStatus]]:
    """Return those that need a visit, the most urgent first, and the others, silent ones first; else as in the files.

    Of another floor than the gateway's `own`, a beacon that was never heard is none that is missed.
    """
    visited = [verdict for verdict in _VISITED if own or verdict != Verdict.UNKNOWN]
    wanted: list[BeaconStatus] = []
    others: list[BeaconStatus] = []
    for beacon in beacons:
        (wanted if beacon.verdict in visited or is_running_low(beacon) else others).append(beacon)
    return (
        sorted(wanted, key=lambda beacon: _urgency(beacon, visited)),
        sorted(others, key=lambda beacon: beacon.present),
    )


def _urgency(beacon: BeaconStatus, visited: list[str]) -> float:
    """Return the place of a beacon's verdict; a low battery comes right after those that are empty."""
    place = visited.index(beacon.verdict) if beacon.verdict in visited else math.inf
    return min(place, 0.5) if is_running_low(beacon) else place
