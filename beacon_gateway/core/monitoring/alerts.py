"""What somebody should look at now, from the daemon's status: the list that a page begins with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from beacon_gateway.core.health.diagnosis import Verdict
from beacon_gateway.core.model.status import BeaconStatus, Status
from beacon_gateway.core.monitoring.judgement import GatewayState, judge

QUIET: Final = frozenset({Verdict.HEALTHY, Verdict.AWAY, Verdict.UNKNOWN, Verdict.GATEWAY_DEAF})
"""Verdicts that ask nobody to walk to a beacon. A deaf gateway is reported once, not for each beacon."""


class AlertSeverity(StrEnum):
    FAULT = "fault"
    """The gateway does not do all of its work."""
    WARNING = "care"
    """It does, and something wants looking after."""


@dataclass(frozen=True, slots=True)
class Alert:
    """`phrase` is the catalogue's, with what to do in it."""

    severity: AlertSeverity
    phrase: str
    since: datetime | None = None
    """Aware; None where it is not known."""
    details: Mapping[str, object] = field(default_factory=dict)
    beacon: BeaconStatus | None = None


def alerts(status: Status) -> list[Alert]:
    """Return what needs attention: faults first, then the newest; of what is as old, in the order of the files."""
    found = [*_of_the_gateway(status), *_of_the_beacons(status)]
    return sorted(found, key=lambda need: (need.severity is not AlertSeverity.FAULT, -_moment(need.since)))


def _of_the_gateway(status: Status) -> Iterator[Alert]:
    for trouble in judge(status).troubles:
        weight = AlertSeverity.FAULT if trouble.state is GatewayState.FAILED else AlertSeverity.WARNING
        yield Alert(weight, trouble.phrase, trouble.since, trouble.details)


def _of_the_beacons(status: Status) -> Iterator[Alert]:
    for beacon in status.beacons:
        if beacon.verdict not in QUIET and (beacon.floor == status.floor or beacon.present):
            heard = beacon.silent_seconds
            since = None if beacon.present or heard is None else status.written - timedelta(seconds=heard)
            yield Alert(AlertSeverity.WARNING, f"verdict.{beacon.verdict}", since, beacon=beacon)
        if is_running_low(beacon) and (beacon.floor == status.floor or beacon.present):
            details = {"charge": beacon.battery.text if beacon.battery else ""}
            yield Alert(AlertSeverity.WARNING, "battery.low", beacon=beacon, details=details)


def is_running_low(beacon: BeaconStatus) -> bool:
    """Return whether a beacon says that its battery is low; one that fell silent has the verdict for it."""
    return beacon.battery is not None and beacon.battery.low and beacon.verdict != Verdict.BATTERY


def _moment(since: datetime | None) -> float:
    return since.timestamp() if since else 0.0
