"""What is heard: from the running daemon, or in a scan of some seconds."""

from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.doctor.bluetooth import LET_IN, LIST_ADAPTERS, RESTART
from beacon_gateway.core.doctor.daemon import DaemonReport
from beacon_gateway.core.doctor.finding import Finding, Phrase, fail, ok, warn
from beacon_gateway.core.doctor.rfkill import UNBLOCK
from beacon_gateway.core.radio.trouble import RadioState
from beacon_gateway.core.tracking.look_alikes import LookAlike

SCAN: Final = "beacon-gateway scan --seconds 60"

MIN_REPORTS_WITHOUT_LEVEL: Final = 10
"""Reports without a signal strength, where none has one, until the adapter is taken for one that measures none."""

_FIXES: Final = {
    RadioState.NO_ADAPTER: LIST_ADAPTERS,
    RadioState.NO_BLUETOOTHD: RESTART,
    RadioState.BLOCKED: UNBLOCK,
    RadioState.NO_PERMISSION: LET_IN,
    RadioState.DEAF: RESTART,
    RadioState.NO_LEVEL: LIST_ADAPTERS,
}


@dataclass(frozen=True, slots=True)
class AirEvidence:
    """What was heard, by the daemon since its start, or in a scan."""

    advertisements: int
    """From any sender."""
    declared: int
    """Beacons that the files name."""
    heard: int
    """How many of those were heard."""
    unknown: int = 0
    """Beacons under the store's UUIDs that no file names; a scan says so, the daemon's status does not."""
    look_alike: LookAlike | None = None
    """One of those that is set up wrongly; the strongest."""
    seconds: int | None = None
    """Of the scan; None: since the daemon's start."""
    without_level: int = 0
    """Reports that had no signal strength, in a scan."""


@dataclass(frozen=True, slots=True)
class NoScan:
    """A scan could not begin."""

    reason: str


def air_of(reported: DaemonReport) -> AirEvidence:
    return AirEvidence(reported.advertisements, reported.beacons, reported.heard)


def judge_air(air: AirEvidence | NoScan | DaemonReport) -> Finding:
    if isinstance(air, NoScan):
        return fail("air", "no-scan", RESTART, reason=air.reason)
    if isinstance(air, DaemonReport):
        if air.state not in {RadioState.LISTENING, RadioState.STARTING}:
            judge = warn if air.state == RadioState.RECOVERING else fail
            state = RadioState(air.state) if air.state in set(RadioState) else RadioState.DEAF
            said = Phrase(f"radio.{state}", {"reason": air.reason})
            return judge("air", "state", _FIXES.get(state, ""), state=said)
        if air.state == RadioState.STARTING and not air.advertisements:
            return warn("air", "starting")
        air = air_of(air)
    return _judge(air)


def _judge(air: AirEvidence) -> Finding:
    how = Phrase("doctor.air.daemon") if air.seconds is None else Phrase("doctor.air.scan", {"seconds": air.seconds})
    details = {
        "how": how,
        "advertisements": air.advertisements,
        "declared": air.declared,
        "heard": air.heard,
        "unknown": air.unknown,
    }
    if not air.advertisements and air.without_level >= MIN_REPORTS_WITHOUT_LEVEL:
        return fail("air", "no-level", LIST_ADAPTERS, **details)
    if not air.advertisements:
        return fail("air", "silent", SCAN, **details)
    if not air.declared:
        return warn("air", "none-declared", SCAN, **details)
    if air.heard:
        return ok("air", "heard", **details)
    if alike := air.look_alike:
        return fail("air", "look-alike", SCAN, **details, alike=alike)
    return fail("air", "other-numbers" if air.unknown else "foreign", SCAN, **details)
