"""What the running daemon says is wrong with itself: the judgement that the status and the pages show as well."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.doctor.daemon import JOURNAL, DaemonReport
from beacon_gateway.core.doctor.finding import Finding, fail, ok, warn
from beacon_gateway.core.model.status import ServerTrouble
from beacon_gateway.core.model.target_status import TargetState
from beacon_gateway.core.monitoring.judgement import GatewayState, Trouble

_PLAN: Final = "sudo beacon-gateway plan"
_FIXES: Final[Mapping[str, str]] = {
    TargetState.PENDING: _PLAN,
    TargetState.STALE: _PLAN,
    TargetState.REFUSED: _PLAN,
    TargetState.NO_BEACONS: "beacon-gateway devices list",
    TargetState.BRAKED: _PLAN,
    TargetState.VANISHED: "sudo beacon-gateway check",
    TargetState.PAGE_EXISTS: _PLAN,
    TargetState.HELD: "beacon-gateway audit --since 7d",
    TargetState.OPERATOR: "beacon-gateway account",
    TargetState.CLOCK: "timedatectl",
}


def judge_bindings(reported: DaemonReport) -> Finding:
    """Return the worst of the daemon's troubles with its binding targets."""
    if not reported.targets:
        return ok("bindings", "none")
    trouble = next((one for one in reported.troubles if one.name.partition(":")[0] in reported.targets), None)
    if trouble is None:
        return ok("bindings", "well")
    judge = fail if trouble.state is GatewayState.OPERATOR else warn
    return judge("bindings", "trouble", _FIXES.get(trouble.name.partition(":")[2], ""), said=trouble)


def judge_shakes(reported: DaemonReport) -> Finding:
    trouble = reported.about("shakes")
    if trouble is None:
        return ok("shakes", "received" if reported.receives_shakes else "off")
    return fail("shakes", "closed", fix_of_port(trouble), said=trouble)


def judge_parts(reported: DaemonReport) -> Finding:
    """Return the first part of the daemon that failed; the rest of it goes on."""
    trouble = reported.about("part")
    return warn("parts", "failed", JOURNAL, said=trouble) if trouble else ok("parts", "well")


def fix_of_port(trouble: Trouble) -> str:
    """Return the command that shows why a port is closed."""
    match trouble.name.partition(":")[2]:
        case ServerTrouble.TAKEN:
            return who_has(trouble.details.get("port"))
        case ServerTrouble.NO_ADDRESS:
            return "ip addr"
    return JOURNAL


def who_has(port: object) -> str:
    return f"sudo ss -ltnp 'sport = :{port}'"
