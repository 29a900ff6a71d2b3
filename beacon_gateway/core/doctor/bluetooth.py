"""Bluetooth on this machine, from D-Bus up to the adapter."""

from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.doctor.daemon import DaemonReport
from beacon_gateway.core.doctor.finding import Finding, FindingReason, Phrase, Unavailable, fail, ok, warn
from beacon_gateway.core.model.settings import RadioSettings, ScanMode
from beacon_gateway.core.radio.adapters import Adapter, phrase_of
from beacon_gateway.core.radio.passive import MonitorFault, listening_share, monitor_fault, value_in, version_in
from beacon_gateway.core.radio.trouble import RadioCause

OLDEST: Final = (5, 66)
"""bluetoothd of Debian 12 and Raspberry Pi OS bookworm, the oldest with which all of this was tried."""

RESTART: Final = "sudo systemctl restart bluetooth"
LIST_ADAPTERS: Final = "bluetoothctl list"
UPGRADE: Final = "sudo apt update && sudo apt full-upgrade"
WHOLE_WINDOW: Final = (
    r"printf '\n[LE]\nScanIntervalAdvMonitor=96\nScanWindowAdvMonitor=96\n' | sudo tee -a /etc/bluetooth/main.conf"
    f" && {RESTART}"
)
"""bluetoothd reads no folder of further files beside main.conf, so a package has no place of its own for this."""
LET_IN: Final = "sudo usermod -aG bluetooth beacon-gateway && sudo systemctl restart beacon-gateway"

_NO_BLUETOOTH: Final = Unavailable(FindingReason.NO_BLUETOOTH)


@dataclass(frozen=True, slots=True)
class AdapterEvidence:
    name: str
    """hciN, as it is called now."""
    address: str
    powered: bool
    monitors: bool
    """bluetoothd takes advertisement monitors on it."""
    extended: bool = False
    """It takes part in Bluetooth 5's extended advertising."""


@dataclass(frozen=True, slots=True)
class BluezEvidence:
    """What D-Bus and bluetoothd say. What comes later is only known where what comes before is well."""

    refused: RadioCause | None = None
    """Why D-Bus could not be spoken to."""
    running: bool = False
    """bluetoothd has its name on the bus."""
    stuck: bool = False
    """It runs, and does not answer, or only with errors."""
    adapter: AdapterEvidence | None = None
    """The one that gateway.yaml names, else the one that the gateway would take."""
    others: tuple[Adapter, ...] = ()
    """All adapters but that one."""
    reason: str = ""
    """The refusal's own words."""


def judge_dbus(bluez: BluezEvidence) -> Finding:
    if bluez.refused is None:
        return ok("dbus", "open")
    if bluez.refused is RadioCause.NO_PERMISSION:
        return fail("dbus", "refuses", LET_IN, reason=bluez.reason)
    return fail("dbus", "gone", "sudo systemctl start dbus.socket", reason=bluez.reason)


def judge_bluetoothd(bluez: BluezEvidence) -> Finding | Unavailable:
    if bluez.refused is not None:
        return _NO_BLUETOOTH
    if not bluez.running:
        return fail("bluetoothd", "down", "sudo systemctl enable --now bluetooth && journalctl -u bluetooth -n 20")
    if bluez.stuck:
        return fail("bluetoothd", "stuck", RESTART, reason=bluez.reason)
    return ok("bluetoothd", "up")


def judge_version(said: str, wanted: RadioSettings, bluez: BluezEvidence | Unavailable) -> Finding | Unavailable:
    """Judge bluetoothd by its version. `said` is what it, or bluetoothctl, prints about that."""
    version = version_in(said)
    if version is None:
        return Unavailable(FindingReason.NOT_TOLD)
    shown = "{}.{}".format(*version)
    if version < OLDEST:
        return fail("bluetoothd-version", "old", UPGRADE, version=shown, oldest="{}.{}".format(*OLDEST))
    fault = monitor_fault(version) if wanted.mode is ScanMode.PASSIVE else None
    if fault is MonitorFault.BLIND:
        return fail("bluetoothd-version", fault, UPGRADE, version=shown)
    adapter = None if isinstance(bluez, Unavailable) else bluez.adapter
    if fault is MonitorFault.ENDED and (adapter is None or adapter.extended):
        return warn("bluetoothd-version", fault, UPGRADE, version=shown)
    return ok("bluetoothd-version", "new", version=shown)


def judge_adapter(bluez: BluezEvidence, reported: DaemonReport | Unavailable) -> Finding | Unavailable:
    """Judge which adapter is there. `reported` is what a daemon that runs now says."""
    if not bluez.running or bluez.stuck:
        return _NO_BLUETOOTH
    if bluez.adapter is None:
        return fail("adapter", "missing", LIST_ADAPTERS, reason=bluez.reason)
    others = tuple(Phrase(phrase_of(other), {"name": other.name, "address": other.address}) for other in bluez.others)
    if isinstance(reported, DaemonReport) and (trouble := reported.about("adapter")):
        return warn("adapter", "instead", LIST_ADAPTERS, said=trouble, others=others)
    return ok(
        "adapter",
        "several" if others else "there",
        name=bluez.adapter.name,
        address=bluez.adapter.address,
        others=others,
    )


def judge_adapter_power(bluez: BluezEvidence) -> Finding | Unavailable:
    if bluez.adapter is None:
        return _NO_BLUETOOTH
    if not bluez.adapter.powered:
        return fail("adapter-power", "off", "bluetoothctl power on", name=bluez.adapter.name)
    return ok("adapter-power", "on", name=bluez.adapter.name)


def judge_monitors(bluez: BluezEvidence, wanted: RadioSettings) -> Finding | Unavailable:
    if bluez.adapter is None:
        return _NO_BLUETOOTH
    if bluez.adapter.monitors:
        return ok("monitors", "offered")
    fix = f"sudo systemctl daemon-reload && {RESTART}"
    if wanted.mode is ScanMode.PASSIVE:
        return fail("monitors", "needed", fix)
    return warn("monitors", "not-offered", fix)


def judge_controller_mode(main_conf: str) -> Finding:
    """`main_conf` is the text of /etc/bluetooth/main.conf; "" where there is none."""
    if controller_mode(main_conf) == "le":
        fix = f"sudo sed -i 's/^ControllerMode/#&/' /etc/bluetooth/main.conf && {RESTART}"
        return warn("controller-mode", "le", fix)
    return ok("controller-mode", "dual")


def controller_mode(main_conf: str) -> str:
    """Return the ControllerMode that bluetoothd reads, in small letters."""
    return value_in(main_conf, "General", "ControllerMode").lower() or "dual"


def judge_passive(main_conf: str, wanted: RadioSettings) -> Finding:
    """Say what a passive scan does not hear, where one is asked for."""
    if wanted.mode is not ScanMode.PASSIVE:
        return ok("passive", "active")
    share = listening_share(main_conf)
    if share < 1:
        return warn("passive", "half", WHOLE_WINDOW, percent=round(100 * share))
    return ok("passive", "whole")
