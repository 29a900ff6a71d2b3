"""What systemd says of the daemon."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.machine.observing import SystemTools
from beacon_gateway.core.doctor.daemon import UnitEvidence
from beacon_gateway.core.doctor.finding import FindingReason, Unavailable
from beacon_gateway.core.text.soundness import decoded

MAX_ENVIRONMENT_BYTES: Final = 1 << 20
NAME: Final = "beacon-gateway.service"
_ASKED: Final = (
    "LoadState,ActiveState,SubState,Result,ExecMainStatus,MainPID,ConditionResult,ConditionTimestampMonotonic"
)


def unit(tools: SystemTools) -> UnitEvidence | Unavailable:
    """Ask systemd, as every user may. Raises ValueError for an answer of another form."""
    printed = tools.ask("systemctl", "show", NAME, f"--property={_ASKED}")
    told = dict(line.split("=", 1) for line in (printed or "").splitlines() if "=" in line)
    if "ActiveState" not in told:
        return Unavailable(FindingReason.NOT_TOLD)
    return UnitEvidence(
        loaded=told.get("LoadState") == "loaded",
        active=told["ActiveState"],
        sub=told.get("SubState", ""),
        result=told.get("Result", ""),
        code=int(told.get("ExecMainStatus", "0")),
        pid=int(told.get("MainPID", "0")),
        # A condition that was never looked at says "no" as well.
        condition=told.get("ConditionResult") != "no" or told.get("ConditionTimestampMonotonic") in {"0", None},
    )


def environment_of(root: Path, pid: int) -> Mapping[str, str] | None:
    """Return the environment that a process was started with; None where the caller may not see it. Not to be shown."""
    try:
        with (root / "proc" / str(pid) / "environ").open("rb") as file:
            content = file.read(MAX_ENVIRONMENT_BYTES)
    except OSError:
        return None
    return dict(line.split("=", 1) for line in decoded(content).split("\0") if "=" in line)
