"""What `doctor` sees of the machine, the daemon and the files; the rest is `outside`.

Each look gives `Unavailable` where it sees nothing, and none keeps another from being taken.
"""

import os
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, Final

from beacon_gateway import __version__
from beacon_gateway.adapters.database.ledger.ledger import FILE as LEDGER
from beacon_gateway.adapters.database.ledger.ledger_schema import MIGRATIONS as LEDGER_FORMATS
from beacon_gateway.adapters.database.log.hit_log import FILE as HITS
from beacon_gateway.adapters.database.log.log_schema import MIGRATIONS as HITS_FORMATS
from beacon_gateway.adapters.files.gateway_file import RUNTIME_FOLDER, STATE_FOLDER, read_settings
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.machine import hardware, radios
from beacon_gateway.adapters.machine.access import READ, service_user
from beacon_gateway.adapters.machine.clock import SystemClock
from beacon_gateway.adapters.machine.observing import SystemTools, observe
from beacon_gateway.adapters.machine.ports import is_taken
from beacon_gateway.adapters.machine.state_folder import look_at_state
from beacon_gateway.adapters.machine.unit import environment_of, unit
from beacon_gateway.adapters.secrets.secret import CREDENTIAL, VARIABLE, NoSecret, read_secret
from beacon_gateway.adapters.secrets.web_accounts_file import WebAccountsFile
from beacon_gateway.adapters.state.status_file import StatusFile
from beacon_gateway.commands.doctor.outside import AccountProbe, ExternalEvidence, look_outside
from beacon_gateway.commands.shared.configuration import config_path, language_of
from beacon_gateway.commands.shared.event_loop import run_interruptible
from beacon_gateway.core.bindings.target import Ledger
from beacon_gateway.core.doctor.account import AccountEvidence, AccountRefused, NoAccount, ProjectMarks, marks_of
from beacon_gateway.core.doctor.bluetooth import BluezEvidence
from beacon_gateway.core.doctor.checks import Evidence
from beacon_gateway.core.doctor.daemon import DaemonEvidence, DaemonReport, UnitEvidence, report_of
from beacon_gateway.core.doctor.files import ConfigEvidence, SecretEvidence, StoreEvidence
from beacon_gateway.core.doctor.finding import FindingReason, Unavailable
from beacon_gateway.core.doctor.machine import RadioNeighbours, StorageWrites
from beacon_gateway.core.doctor.proxy import ProxyRoute, ProxyRoutes
from beacon_gateway.core.doctor.state import StateFolder
from beacon_gateway.core.doctor.web import PagesEvidence
from beacon_gateway.core.log.wall_clock import ClockState, clock_state
from beacon_gateway.core.model.problems import Problem, SourcePosition, is_sound
from beacon_gateway.core.model.settings import Address, ClockTrust, Language, RadioSettings, Settings
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.wechat.proxy import UnusableProxy, proxy_for

SCAN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class DoctorEnvironment:
    """The machine to look at; tests build a small one."""

    root: Path = Path("/")
    tools: SystemTools = field(default_factory=SystemTools)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    clock_is_marked: Callable[[], bool] = SystemClock().is_marked
    scan_seconds: float = SCAN_S
    is_taken: Callable[[Address], bool] = is_taken


def gather(arguments: Namespace, surroundings: DoctorEnvironment) -> tuple[Evidence, Language, tzinfo | None]:
    """Look at everything; return also the language and the store's zone to say it in."""
    root, tools = surroundings.root, surroundings.tools
    path = config_path(arguments).absolute()
    settings, problems = _settings(path)
    store, store_seen = _store(settings)
    service = observe(lambda: unit(tools))
    last = _last_told(settings, root)
    reported = last if isinstance(last, Unavailable) or last.fresh else Unavailable(FindingReason.NO_DAEMON)
    runs = not isinstance(last, Unavailable) or (isinstance(service, UnitEvidence) and bool(service.pid))
    looked = observe(lambda: _secret(path, settings, surroundings.environment))
    key, secret = ("", looked) if isinstance(looked, Unavailable) else looked
    door = _door(settings, key, str(path.parent / CREDENTIAL), offline=bool(getattr(arguments, "offline", False)))
    found: ExternalEvidence = run_interruptible(
        look_outside(settings, store, reported, door, scan_seconds=surroundings.scan_seconds)
    )
    evidence = Evidence(
        version=__version__,
        wanted=settings.radio if settings else RadioSettings(),
        shakes=bool(settings and settings.wechat and settings.wechat.events),
        clock=observe(lambda: _clock(settings, surroundings.clock_is_marked())),
        power=observe(lambda: hardware.throttled(root, tools)),
        disk=observe(lambda: hardware.disk(settings.state if settings else STATE_FOLDER)),
        swap=observe(lambda: hardware.swap(root)),
        written=observe(lambda: _written(root, service, reported)),
        wifi=observe(lambda: _neighbours(root, tools, found.bluez, reported)),
        bluez=found.bluez,
        bluetoothd_version=observe(lambda: radios.bluetoothd_version(root, tools)),
        switches=observe(lambda: radios.switches(root)),
        main_conf=observe(lambda: radios.main_conf(root)),
        daemon=DaemonEvidence(last, service),
        reported=reported,
        air=found.air,
        config=ConfigEvidence(str(path), problems, readable=settings is not None),
        store=store_seen,
        state=observe(lambda: _state(settings)),
        pages=observe(lambda: _pages(path, settings, taken=surroundings.is_taken, runs=runs)),
        secret=secret,
        proxy=_proxy(root, settings, service, surroundings.environment),
        account=found.account,
        marks=_marks(found.account, store, found.ledger),
        disputes=found.disputes,
    )
    return evidence, language_of(arguments, settings), settings.timezone if settings else None


def _settings(path: Path) -> tuple[Settings | None, list[Problem]]:
    read = observe(lambda: read_settings(path))
    if isinstance(read, Unavailable):
        return None, [Problem(SourcePosition(path.name), "file.slow")]
    settings, _, problems = read
    return settings, problems


def _clock(settings: Settings | None, marked: bool) -> ClockState:
    return clock_state(settings.clock if settings else ClockTrust.CHECKED, SystemClock().utc(), marked=marked)


def _store(settings: Settings | None) -> tuple[Store | None, StoreEvidence | Unavailable]:
    """Read the store's files; return the store only if it may be put in force."""
    if settings is None:
        return None, Unavailable(FindingReason.NO_CONFIG)
    read = observe(lambda: (StoreFiles(settings.store, settings.timezone).read(), _closed_to_service(settings)))
    if isinstance(read, Unavailable):
        return None, read
    (store, problems), closed = read
    found = StoreEvidence(problems, len(store.floors), len(store.beacons), *closed)
    return store if is_sound(problems) else None, found


def _closed_to_service(settings: Settings) -> tuple[str, str]:
    """Return the first of the store's files that the service may not read, "" for none, and whom it works as."""
    try:
        user = service_user(settings.state)
        store = settings.store
        paths = [store, store / "floors", *sorted(store.glob("*.yaml")), *sorted(store.glob("floors/*.yaml"))]
        closed = next((path for path in paths if user.closed_on_the_way(path, READ)), None)
    except OSError:  # what is not there, or closed to the caller as well, is said by the reading itself
        return "", ""
    return (str(user.closed_on_the_way(closed, READ)), user.name) if closed else ("", user.name)


def _state(settings: Settings | None) -> StateFolder | Unavailable:
    if settings is None:
        return Unavailable(FindingReason.NO_CONFIG)
    if not os.path.lexists(settings.state):
        return StateFolder(str(settings.state), "", 0, (), ())
    formats = {HITS: len(HITS_FORMATS), LEDGER: len(LEDGER_FORMATS)}
    return look_at_state(settings.state, service_user(settings.state), formats)


def _last_told(settings: Settings | None, root: Path) -> DaemonReport | Unavailable:
    """Return the daemon's last status, however old.

    It runs on with a gateway.yaml that was spoilt since: then it is looked for where it usually is.
    """
    runtime = settings.runtime if settings else root / RUNTIME_FOLDER.relative_to("/")
    status: dict[str, Any] | Unavailable | None = observe(StatusFile(runtime).read)
    if isinstance(status, Unavailable):
        return status
    reported = report_of(status, datetime.now(UTC)) if status else None
    return reported or Unavailable(FindingReason.NO_DAEMON if settings else FindingReason.NO_CONFIG)


def _secret(
    path: Path, settings: Settings | None, environment: Mapping[str, str]
) -> tuple[str, SecretEvidence | Unavailable]:
    """Return the account's secret, "" if there is none, and what is to be said about where it lies."""
    if settings is None:
        return "", Unavailable(FindingReason.NO_CONFIG)
    if settings.wechat is None:
        return "", Unavailable(FindingReason.NO_ACCOUNT)
    beside = path.parent / CREDENTIAL
    named = environment.get(VARIABLE + "_FILE")
    files = [beside, *([Path(named)] if named else [])]
    open_to_others = next((str(file) for file in files if _is_open(file)), "")
    try:
        secret = read_secret(environment, beside=path.parent)
    except NoSecret as error:
        if os.path.lexists(beside) and not os.access(beside, os.R_OK):
            return "", Unavailable(FindingReason.NEEDS_ROOT)
        return "", SecretEvidence(str(beside), missing=str(error), open_to_others=open_to_others)
    return secret, SecretEvidence(str(beside), missing="", open_to_others=open_to_others)


def _pages(
    path: Path, settings: Settings | None, *, taken: Callable[[Address], bool], runs: bool
) -> PagesEvidence | Unavailable:
    """Look at who may come in, and, unless the gateway `runs` and has the port itself, whether it is free."""
    if settings is None:
        return Unavailable(FindingReason.NO_CONFIG)
    listen, file = settings.web.listen, WebAccountsFile(path)
    accounts = file.read()
    if os.geteuid() and any(fault.phrase == "web-accounts.permission" for fault in accounts.faults):
        return Unavailable(FindingReason.NEEDS_ROOT)
    mode = file.path.stat().st_mode if file.path.is_file() else 0
    return PagesEvidence(
        listen,
        str(file.path),
        accounts,
        open_to_others=bool(mode & 0o007),
        closed_to_service=bool(mode) and not _may_read(settings.state, file.path),
        port_is_taken=listen is not None and not runs and taken(listen),
    )


def _may_read(owner_of: Path, file: Path) -> bool:
    """True if the owner of that folder can read the file; True where that is not known."""
    try:
        owner, found = owner_of.stat(), file.stat()
    except OSError:
        return True
    if owner.st_uid in {0, found.st_uid}:
        return True
    return bool(found.st_mode & (0o040 if owner.st_gid == found.st_gid else 0o004))


def _is_open(file: Path) -> bool:
    try:
        return bool(file.stat().st_mode & 0o077)
    except OSError:
        return False


def _door(
    settings: Settings | None, secret: str, secret_path: str, *, offline: bool
) -> AccountProbe | NoAccount | Unavailable:
    """Tell how the account is to be asked, or why it is not."""
    if settings is None:
        return Unavailable(FindingReason.NO_CONFIG)
    if settings.wechat is None:
        return NoAccount()
    if offline:
        return Unavailable(FindingReason.OFFLINE)
    return AccountProbe(settings.wechat, secret, secret_path) if secret else Unavailable(FindingReason.NO_SECRET)


def _proxy(
    root: Path, settings: Settings | None, service: UnitEvidence | Unavailable, environment: Mapping[str, str]
) -> ProxyRoutes | Unavailable:
    """Look how the account is asked from here, and by the service, whose environment only root may see."""
    if settings is None:
        return Unavailable(FindingReason.NO_CONFIG)
    if settings.wechat is None:
        return Unavailable(FindingReason.NO_ACCOUNT)
    api_base = settings.wechat.api_base
    its = environment_of(root, service.pid) if isinstance(service, UnitEvidence) and service.pid else None
    return ProxyRoutes(_way(api_base, environment), None if its is None else _way(api_base, its))


def _way(address: str, environment: Mapping[str, str]) -> ProxyRoute:
    try:
        proxy = proxy_for(address, environment)
    except UnusableProxy as error:
        return ProxyRoute(unusable=str(error))
    return ProxyRoute(str(proxy) if proxy else "")


def _written(
    root: Path, service: UnitEvidence | Unavailable, reported: DaemonReport | Unavailable
) -> StorageWrites | Unavailable:
    """Take the daemon's own word; else what the kernel says of its process, to root only."""
    if isinstance(reported, DaemonReport) and reported.written_bytes is not None:
        return StorageWrites(reported.written_bytes, max(0.0, (reported.written - reported.started).total_seconds()))
    if isinstance(service, Unavailable) or not service.pid:
        return Unavailable(FindingReason.NO_DAEMON)
    return hardware.written(root, service.pid)


def _neighbours(
    root: Path, tools: SystemTools, bluez: BluezEvidence | Unavailable, reported: DaemonReport | Unavailable
) -> RadioNeighbours:
    """Return whether the adapter in use is the board's own: where it is not known which that is, whether any is."""
    used = reported.adapter if isinstance(reported, DaemonReport) else ""
    if not used and isinstance(bluez, BluezEvidence) and bluez.adapter:
        used = bluez.adapter.name
    on_board = radios.on_board(root)
    return RadioNeighbours(on_board.get(used, any(on_board.values())), radios.wifi_channels(root, tools))


def _marks(
    account: AccountEvidence | AccountRefused | NoAccount | Unavailable,
    store: Store | None,
    ledger: Ledger | Unavailable,
) -> ProjectMarks | Unavailable:
    match account:
        case Unavailable():
            return account
        case NoAccount():
            return Unavailable(FindingReason.NO_ACCOUNT)
        case AccountRefused():
            return Unavailable(FindingReason.ACCOUNT_CLOSED)
        case AccountEvidence(state=state) if state != "open":
            return Unavailable(FindingReason.ACCOUNT_CLOSED)
    if store is None:
        return Unavailable(FindingReason.FAULTY_FILES)
    return ledger if isinstance(ledger, Unavailable) else marks_of(account.pages, store, ledger)
