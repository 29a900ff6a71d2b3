"""What somebody should look at now, from the daemon's status: the list that a page begins with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from beacon_gateway.core.fitness import FIT
from beacon_gateway.core.health.diagnosis import Verdict
from beacon_gateway.core.status import BeaconStatus, Status

QUIET: Final = frozenset({Verdict.HEALTHY, Verdict.AWAY, Verdict.UNKNOWN, Verdict.GATEWAY_DEAF})
"""Verdicts that ask nobody to walk to a beacon. A deaf gateway is told once, not for each beacon."""
WAITING: Final = frozenset({"pending", "stale", "braked", "operator", "retrying"})
"""States of the binding target in which something waits."""


class Weight(StrEnum):
    FAULT = "fault"
    """The gateway does not do all of its work."""
    CARE = "care"
    """It does, and something wants looking after."""


@dataclass(frozen=True, slots=True)
class Need:
    """`phrase` is the catalogue's, with what to do in it."""

    weight: Weight
    phrase: str
    since: datetime | None = None
    """Aware; None where it is not known."""
    details: Mapping[str, object] = field(default_factory=dict)
    beacon: BeaconStatus | None = None


def needs(status: Status) -> list[Need]:
    """Give what needs attention: faults first, then the newest; of what is as old, in the order of the files."""
    found = [*_of_the_gateway(status), *_of_the_beacons(status)]
    return sorted(found, key=lambda need: (need.weight is not Weight.FAULT, -_moment(need.since)))


def _of_the_gateway(status: Status) -> Iterator[Need]:
    radio, store = status.radio, status.store
    if radio.state not in FIT:
        yield Need(Weight.FAULT, f"radio.{radio.state}", radio.since, {"reason": radio.reason})
    if status.log_trouble:
        yield Need(Weight.FAULT, "need.log", details={"reason": status.log_trouble, "waiting": status.unwritten})
    if status.dropped:
        yield Need(Weight.CARE, "need.dropped", details={"count": status.dropped})
    if store.errors:
        yield Need(Weight.CARE, "need.files", details={"count": store.errors})
    if store.sync in WAITING:
        yield Need(Weight.CARE, f"need.sync.{store.sync}")
    if not status.time_known:
        yield Need(Weight.CARE, "need.clock")
    if status.shakes and status.shakes.trouble:
        yield Need(Weight.CARE, "need.shakes", details={"reason": status.shakes.trouble})
    if status.figures and status.figures.trouble:
        yield Need(Weight.CARE, "need.figures", details={"reason": status.figures.trouble})


def _of_the_beacons(status: Status) -> Iterator[Need]:
    for beacon in status.beacons:
        if beacon.verdict not in QUIET and (beacon.floor == status.floor or beacon.present):
            heard = beacon.silent_seconds
            since = None if beacon.present or heard is None else status.written - timedelta(seconds=heard)
            yield Need(Weight.CARE, f"verdict.{beacon.verdict}", since, beacon=beacon)


def _moment(since: datetime | None) -> float:
    return since.timestamp() if since else 0.0
