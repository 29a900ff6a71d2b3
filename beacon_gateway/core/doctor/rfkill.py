"""The kernel's switches that block radios."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.doctor.finding import Finding, fail, ok

UNBLOCK: Final = "sudo rfkill unblock bluetooth && bluetoothctl power on"


@dataclass(frozen=True, slots=True)
class RfkillSwitch:
    """One of the kernel's rfkill switches for Bluetooth."""

    name: str
    soft: bool
    hard: bool


def judge_switches(switches: Sequence[RfkillSwitch]) -> Finding:
    if hard := [switch.name for switch in switches if switch.hard]:
        return fail("blocked", "hard", "rfkill list bluetooth", names=", ".join(hard))
    if soft := [switch.name for switch in switches if switch.soft]:
        return fail("blocked", "soft", UNBLOCK, names=", ".join(soft))
    return ok("blocked", "open")
