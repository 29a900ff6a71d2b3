"""All checks in one table, in the order in which an engineer looks: machine, Bluetooth, air, files, account, log."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from beacon_gateway.core.doctor.account import (
    AccountEvidence,
    AccountRefused,
    NoAccount,
    ProjectMarks,
    judge_account,
    judge_disputes,
    judge_writers,
)
from beacon_gateway.core.doctor.air import AirEvidence, NoScan, judge_air
from beacon_gateway.core.doctor.bluetooth import (
    BluezEvidence,
    judge_adapter,
    judge_adapter_power,
    judge_bluetoothd,
    judge_controller_mode,
    judge_dbus,
    judge_monitors,
    judge_passive,
    judge_version,
)
from beacon_gateway.core.doctor.daemon import (
    DaemonEvidence,
    DaemonReport,
    judge_daemon,
    judge_daemon_version,
    judge_log,
)
from beacon_gateway.core.doctor.files import (
    ConfigEvidence,
    SecretEvidence,
    StoreEvidence,
    judge_config,
    judge_secret,
    judge_store,
)
from beacon_gateway.core.doctor.finding import Finding, Unavailable, not_looked_at
from beacon_gateway.core.doctor.judged import judge_bindings, judge_parts, judge_shakes
from beacon_gateway.core.doctor.machine import (
    Disk,
    RadioNeighbours,
    StorageWrites,
    Swap,
    judge_clock,
    judge_disk,
    judge_power,
    judge_swap,
    judge_wifi,
    judge_written,
)
from beacon_gateway.core.doctor.proxy import ProxyRoutes, judge_proxy
from beacon_gateway.core.doctor.rfkill import RfkillSwitch, judge_switches
from beacon_gateway.core.doctor.state import StateFolder, judge_state
from beacon_gateway.core.doctor.web import PagesEvidence, judge_pages
from beacon_gateway.core.log.wall_clock import ClockState
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.settings import RadioSettings

T = TypeVar("T")

AUDIT_DAYS: Final = 7
"""How far back the audit log is looked at."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was seen; `Unavailable` where something could not be."""

    version: str
    """Of the program that asks."""
    wanted: RadioSettings
    shakes: bool
    clock: ClockState | Unavailable
    power: int | Unavailable
    disk: Disk | Unavailable
    swap: Swap | Unavailable
    written: StorageWrites | Unavailable
    wifi: RadioNeighbours | Unavailable
    bluez: BluezEvidence | Unavailable
    bluetoothd_version: str | Unavailable
    switches: Sequence[RfkillSwitch] | Unavailable
    main_conf: str | Unavailable
    daemon: DaemonEvidence
    reported: DaemonReport | Unavailable
    """By a daemon that runs now."""
    air: AirEvidence | NoScan | DaemonReport | Unavailable
    config: ConfigEvidence
    store: StoreEvidence | Unavailable
    state: StateFolder | Unavailable
    pages: PagesEvidence | Unavailable
    secret: SecretEvidence | Unavailable
    proxy: ProxyRoutes | Unavailable
    account: AccountEvidence | AccountRefused | NoAccount | Unavailable
    marks: ProjectMarks | Unavailable
    disputes: Mapping[BeaconKey, int] | Unavailable


Check = Callable[[Evidence], Finding]


def _check(
    name: str, part: Callable[[Evidence], T | Unavailable], judge: Callable[[T, Evidence], Finding | Unavailable]
) -> Check:
    def look(evidence: Evidence) -> Finding:
        seen = part(evidence)
        found = seen if isinstance(seen, Unavailable) else judge(seen, evidence)
        return not_looked_at(name, found) if isinstance(found, Unavailable) else found

    return look


def _air(evidence: Evidence) -> Finding:
    return not_looked_at("air", evidence.air) if isinstance(evidence.air, Unavailable) else judge_air(evidence.air)


def _account(evidence: Evidence) -> Finding:
    account = evidence.account
    return not_looked_at("account", account) if isinstance(account, Unavailable) else judge_account(account)


def _version(said: str, evidence: Evidence) -> Finding | Unavailable:
    return judge_version(said, evidence.wanted, evidence.bluez)


CHECKS: Final[Sequence[Check]] = (
    _check("clock", lambda seen: seen.clock, lambda part, _: judge_clock(part)),
    _check("power", lambda seen: seen.power, lambda part, _: judge_power(part)),
    _check("disk", lambda seen: seen.disk, lambda part, _: judge_disk(part)),
    _check("swap", lambda seen: seen.swap, lambda part, seen: judge_swap(part, shakes=seen.shakes)),
    _check("card", lambda seen: seen.written, lambda part, seen: judge_written(part, seen.config.path)),
    _check("wifi", lambda seen: seen.wifi, lambda part, _: judge_wifi(part)),
    _check("dbus", lambda seen: seen.bluez, lambda part, _: judge_dbus(part)),
    _check("bluetoothd", lambda seen: seen.bluez, lambda part, _: judge_bluetoothd(part)),
    _check(
        "bluetoothd-version",
        lambda seen: seen.bluetoothd_version,
        _version,
    ),
    _check("adapter", lambda seen: seen.bluez, lambda part, seen: judge_adapter(part, seen.reported)),
    _check("blocked", lambda seen: seen.switches, lambda part, _: judge_switches(part)),
    _check("adapter-power", lambda seen: seen.bluez, lambda part, _: judge_adapter_power(part)),
    _check("monitors", lambda seen: seen.bluez, lambda part, seen: judge_monitors(part, seen.wanted)),
    _check("passive", lambda seen: seen.main_conf, lambda part, seen: judge_passive(part, seen.wanted)),
    _check("controller-mode", lambda seen: seen.main_conf, lambda part, _: judge_controller_mode(part)),
    _check("daemon", lambda seen: seen.daemon, lambda part, _: judge_daemon(part)),
    _check("daemon-version", lambda seen: seen.reported, lambda part, seen: judge_daemon_version(part, seen.version)),
    _air,
    _check("config", lambda seen: seen.config, lambda part, _: judge_config(part)),
    _check("files", lambda seen: seen.store, lambda part, _: judge_store(part)),
    _check("state", lambda seen: seen.state, lambda part, _: judge_state(part)),
    _check("pages", lambda seen: seen.pages, lambda part, seen: judge_pages(part, seen.reported)),
    _check("secret", lambda seen: seen.secret, lambda part, _: judge_secret(part)),
    _check("proxy", lambda seen: seen.proxy, lambda part, _: judge_proxy(part)),
    _account,
    _check("bindings", lambda seen: seen.reported, lambda part, _: judge_bindings(part)),
    _check("shakes", lambda seen: seen.reported, lambda part, _: judge_shakes(part)),
    _check("writers", lambda seen: seen.marks, lambda part, _: judge_writers(part)),
    _check("disputes", lambda seen: seen.disputes, lambda part, _: judge_disputes(part, AUDIT_DAYS)),
    _check("parts", lambda seen: seen.reported, lambda part, _: judge_parts(part)),
    _check("log", lambda seen: seen.reported, lambda part, _: judge_log(part)),
)
"""`tests/commands/doctor` holds that each has its sentences in both languages."""

ACCOUNT_CHECKS: Final = frozenset({"secret", "account", "bindings"})
"""If nothing else fails, the account or its credentials are the problem."""


def examine(evidence: Evidence) -> tuple[Finding, ...]:
    """Return a finding for each check, in the table's order."""
    return tuple(check(evidence) for check in CHECKS)
