"""One verdict on one beacon: what is heard of it here, what the target knows of it, and what is bound to it.

Each of the three alone accuses the wrong one: a beacon that is not heard may live, one that is heard may show nothing.
Together they say what to do.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

ACTIVE_WITHIN: Final = timedelta(hours=48)
"""WeChat reports a shake a day later: what was shaken every day was at best active yesterday."""
NEVER: Final = datetime.min.replace(tzinfo=UTC)
"""When a beacon was last active that never was; None is for "not known"."""


class Audibility(StrEnum):
    YES = "yes"
    """It is heard, or silent for no longer than it may be."""
    NO = "no"
    """It used to be heard here, and is absent."""
    NEVER = "never"
    """It was never heard here for long: it is another gateway's to judge, or has yet to be put up."""


class Verdict(StrEnum):
    HEALTHY = "healthy"
    UNBOUND = "unbound"
    """Alive, and shows nothing."""
    NOBODY_SHAKES = "nobody-shakes"
    COVERAGE_GAP = "coverage-gap"
    """Alive, and this gateway cannot hear it."""
    BATTERY = "battery"
    GATEWAY_DEAF = "gateway-deaf"
    NOT_AT_TARGET = "not-at-target"
    UNREGISTERED = "unregistered"
    CLONED = "cloned"
    STRAYED = "strayed"
    MOVED = "moved"
    AWAY = "away"
    """It is carried about, and not heard here now: nobody expects it."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BeaconFindings:
    """What is known of a beacon. Everything about the target may be unknown (None): there may be no account."""

    heard: Audibility
    deaf: bool = False
    """The radio is not receiving, or all canaries are silent."""
    silent_since: datetime | None = None
    """Aware; when it was heard here last."""
    at_target: bool | None = None
    last_active: datetime | None = None
    """Aware; when somebody last shook at it. `NEVER` if the target says so."""
    bound: int | None = None
    """How many pages are bound at the target."""
    bare: bool = False
    """The files want no page on it (`pages: []`), or it is carried about and they name none."""
    carried: bool = False
    """It is a tag that moves: nobody misses it here."""
    unregistered: bool = False
    cloned: bool = False
    strayed: bool = False
    moved: bool = False


def diagnose(found: BeaconFindings, now: datetime) -> Verdict:
    """Join it all. While the gateway is not receiving, no beacon is accused of anything."""
    if found.deaf:
        return Verdict.GATEWAY_DEAF
    if found.unregistered:
        return Verdict.UNREGISTERED
    match found.heard:
        case Audibility.YES:
            return _of_a_heard_one(found, now)
        case Audibility.NO:
            return Verdict.COVERAGE_GAP if _lives_unheard(found, now) else Verdict.BATTERY
        case Audibility.NEVER:
            return _by_the_target_alone(found, now)


def _of_a_heard_one(found: BeaconFindings, now: datetime) -> Verdict:
    """Return first what makes all else about it doubtful, then what customers notice, then the rest."""
    if found.cloned:
        return Verdict.CLONED
    if found.strayed:
        return Verdict.STRAYED
    if found.at_target is False:
        return Verdict.NOT_AT_TARGET
    if found.bound == 0 and not found.bare:
        return Verdict.UNBOUND
    if found.moved:
        return Verdict.MOVED
    return Verdict.NOBODY_SHAKES if _active(found, now) is False and found.bound != 0 else Verdict.HEALTHY


def _lives_unheard(found: BeaconFindings, now: datetime) -> bool:
    """True if somebody shook at it after it was heard here last."""
    if not _active(found, now) or found.last_active is None:
        return False
    return found.silent_since is None or found.last_active > found.silent_since


def _by_the_target_alone(found: BeaconFindings, now: datetime) -> Verdict:
    if found.at_target is False:
        return Verdict.NOT_AT_TARGET
    if found.carried:
        return Verdict.AWAY
    if not _active(found, now):
        return Verdict.UNKNOWN
    return Verdict.UNBOUND if found.bound == 0 and not found.bare else Verdict.HEALTHY


def _active(found: BeaconFindings, now: datetime) -> bool | None:
    """Return whether people shake at it these days; None if that is not known."""
    return None if found.last_active is None else now - found.last_active <= ACTIVE_WITHIN
