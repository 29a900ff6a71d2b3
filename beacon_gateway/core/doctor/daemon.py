"""The daemon: whether it runs, of which version it is, whether it can write its log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from beacon_gateway.core.doctor.finding import Finding, FindingReason, Unavailable, fail, not_looked_at, ok, warn
from beacon_gateway.core.model.status import STATUS_SCHEMA
from beacon_gateway.core.monitoring.judgement import GatewayState, Trouble

RESTART: Final = "sudo systemctl restart beacon-gateway"
START: Final = "sudo systemctl enable --now beacon-gateway"
JOURNAL: Final = "journalctl -u beacon-gateway -n 30"

ENDED_FOR_A_PERSON: Final = {64: JOURNAL, 78: "beacon-gateway check"}
"""Exit codes after which systemd does not start it again, and what shows the reason."""


@dataclass(frozen=True, slots=True)
class DaemonReport:
    """What the status file says, as far as the doctor wants it."""

    version: str
    started: datetime
    written: datetime
    fresh: bool
    """It has not expired: the daemon turns."""
    state: str
    """The radio's."""
    reason: str
    adapter: str
    advertisements: int
    beacons: int
    """Declared ones, of all floors."""
    heard: int
    """Of those, since the start."""
    dropped: int
    """Records that the log lost."""
    log_trouble: str
    written_bytes: int | None
    """By the daemon's process since its start; None where it does not say."""
    troubles: tuple[Trouble, ...] = ()
    """What it says is wrong; the worst first."""
    targets: frozenset[str] = frozenset()
    """Names of its binding targets."""
    receives_shakes: bool = False

    def about(self, subject: str) -> Trouble | None:
        """Return the first trouble whose name begins with this word; None where there is none."""
        return next((trouble for trouble in self.troubles if trouble.name.partition(":")[0] == subject), None)


def report_of(status: Mapping[str, Any], now: datetime) -> DaemonReport | None:
    """Read a status file; None for what is no status of a form that is known. `now` is aware."""
    if status.get("schema") != STATUS_SCHEMA:
        return None
    try:
        radio, beacons = status["radio"], status["beacons"]
        return DaemonReport(
            version=str(status["version"]),
            started=datetime.fromisoformat(status["started"]),
            written=datetime.fromisoformat(status["written"]),
            fresh=datetime.fromisoformat(status["expires"]) >= now,
            state=str(radio["state"]),
            reason=str(radio["reason"]),
            adapter=str(radio["adapter"]),
            advertisements=int(radio["advertisements"]),
            beacons=len(beacons),
            heard=sum(beacon["rssi"] is not None for beacon in beacons),
            dropped=int(status["dropped"]),
            log_trouble=str(status["log_trouble"]),
            written_bytes=int(process["written_bytes"]) if (process := status.get("process")) else None,
            troubles=tuple(_trouble(one) for one in status.get("judgement", {}).get("troubles", ())),
            targets=frozenset(status.get("targets", ())),
            receives_shakes=bool(status.get("shakes")),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _trouble(reported: Mapping[str, Any]) -> Trouble:
    """Read a trouble; its moments stay text. Raises KeyError, TypeError or ValueError for what is none."""
    since = datetime.fromisoformat(reported["since"]) if reported["since"] else None
    return Trouble(
        str(reported["name"]),
        GatewayState(reported["state"]),
        str(reported["phrase"]),
        since,
        dict(reported["details"]),
    )


@dataclass(frozen=True, slots=True)
class UnitEvidence:
    """What systemd says of beacon-gateway.service."""

    loaded: bool
    active: str
    """ActiveState."""
    sub: str
    """SubState."""
    result: str
    """Result: how the last process ended."""
    code: int
    """ExecMainStatus: its exit code or signal; 0 before the first."""
    pid: int
    """MainPID; 0 while it does not run."""
    condition: bool
    """Its conditions were met: gateway.yaml is there."""


@dataclass(frozen=True, slots=True)
class DaemonEvidence:
    reported: DaemonReport | Unavailable
    """Unseen: there is no status that can be read."""
    unit: UnitEvidence | Unavailable


def judge_daemon(daemon: DaemonEvidence) -> Finding:
    reported, unit = daemon.reported, daemon.unit
    if isinstance(reported, DaemonReport):
        if reported.fresh:
            return ok("daemon", "runs", since=f"{reported.started:%Y-%m-%d %H:%M %Z}".strip())
        return fail("daemon", "frozen", RESTART, since=f"{reported.written:%Y-%m-%d %H:%M:%S %Z}".strip())
    if isinstance(unit, Unavailable):
        return (
            not_looked_at("daemon", reported)
            if reported.why is FindingReason.NO_CONFIG
            else fail("daemon", "off", START)
        )
    if not unit.loaded:
        return fail("daemon", "no-unit", "sudo beacon-gateway setup")
    return _ended(unit) if unit.active == "failed" else _without_status(unit)


def _ended(unit: UnitEvidence) -> Finding:
    details = {"result": unit.result, "code": unit.code}
    if unit.result == "exit-code" and unit.code in ENDED_FOR_A_PERSON:
        return fail("daemon", f"ended-{unit.code}", ENDED_FOR_A_PERSON[unit.code], **details)
    return fail("daemon", "failed", f"{JOURNAL} && {RESTART}", **details)


def _without_status(unit: UnitEvidence) -> Finding:
    match unit.active, unit.sub:
        case "active", _:
            return warn("daemon", "no-status", JOURNAL)
        case "activating", "start":
            return warn("daemon", "starting", JOURNAL)
        case "activating", _:
            return fail("daemon", "again", JOURNAL, result=unit.result, code=unit.code)
    return fail("daemon", "off", START) if unit.condition else fail("daemon", "not-set-up", "sudo beacon-gateway setup")


def judge_daemon_version(reported: DaemonReport, version: str) -> Finding:
    """`version` is that of the program that asks."""
    if reported.version != version:
        return warn("daemon-version", "differs", RESTART, running=reported.version, installed=version)
    return ok("daemon-version", "same", version=version)


def judge_log(reported: DaemonReport) -> Finding:
    if reported.log_trouble:
        return fail("log", "unwritable", JOURNAL, reason=reported.log_trouble)
    if reported.dropped:
        return warn("log", "lost", JOURNAL, dropped=reported.dropped)
    return ok("log", "written")
