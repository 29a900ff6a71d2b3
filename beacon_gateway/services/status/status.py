"""Composes the daemon's status from what its services know."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from beacon_gateway import __version__
from beacon_gateway.core.health.batteries import BatteryState, BatteryUnit
from beacon_gateway.core.health.beacon_health import BeaconCondition
from beacon_gateway.core.health.diagnosis import NEVER, Audibility, BeaconFindings, diagnose
from beacon_gateway.core.model.battery_status import BatteryStatus
from beacon_gateway.core.model.clocks import Clock
from beacon_gateway.core.model.problems import Problem, Severity
from beacon_gateway.core.model.settings import Settings
from beacon_gateway.core.model.status import (
    STATUS_SCHEMA,
    AccountStatus,
    BeaconStatus,
    FaultStatus,
    ProcessStatus,
    RadioStatus,
    ServerStatus,
    Status,
    StoreStatus,
    WebAccountsStatus,
)
from beacon_gateway.core.model.store import Beacon
from beacon_gateway.core.model.target_status import COARSE, TargetStatus
from beacon_gateway.core.tracking.tracker import BeaconState
from beacon_gateway.services.bindings.sync import Sync
from beacon_gateway.services.files.store_reloader import StoreReloader
from beacon_gateway.services.status.heartbeat import EXPIRES_AFTER
from beacon_gateway.services.status.target_status import LastAttempt
from beacon_gateway.services.supervise import PartFailures
from beacon_gateway.services.tracking.beacon_monitor import BeaconMonitor
from beacon_gateway.services.tracking.radio_supervisor import RadioSupervisor
from beacon_gateway.services.wechat.figures_history import FiguresHistory
from beacon_gateway.services.wechat.shake_receiver import ShakeReceiver

T = TypeVar("T")


class CallCounter(Protocol):
    """What is known of the target's quota. Moments are aware."""

    def used(self, at: datetime) -> Mapping[str, int]: ...

    def parked(self, at: datetime) -> Mapping[str, datetime]: ...


class ProcessProbe(Protocol):
    def look(self) -> ProcessStatus | None: ...


class StatusComposer:
    """Looks at one gateway's services whenever it is asked."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock,
        watch: BeaconMonitor,
        listen: RadioSupervisor,
        reload: StoreReloader,
        sync: Sync | None,
        history: FiguresHistory | None,
        reception: ShakeReceiver | None,
        pages: Callable[[], ServerStatus] | None,
        web_accounts: Callable[[], WebAccountsStatus | None],
        calls: CallCounter | None,
        process: ProcessProbe,
        failures: PartFailures,
        lines_dropped: Callable[[], int],
    ) -> None:
        self._settings, self._clock = settings, clock
        self._calls, self._process = calls, process
        self._history, self._reception, self._pages = history, reception, pages
        self._web_accounts = web_accounts
        self._watch, self._listen, self._reload, self._sync = watch, listen, reload, sync
        wechat = settings.wechat
        self._attempts = {"wechat": LastAttempt(sync, wechat.role)} if sync and wechat else {}
        self._failures, self._lines_dropped = failures, lines_dropped
        self._started = clock.utc()

    def compose(self) -> Status:
        """Return the status of now."""
        watch, now, utc = self._watch, self._clock.monotonic(), self._clock.utc()
        deaf = watch.silence(now) is not None
        nothing: Mapping[str, TargetStatus] = {}
        targets = self._section("targets", lambda: self._targets(utc), nothing)
        return Status(
            schema=STATUS_SCHEMA,
            version=__version__,
            gateway=self._settings.gateway,
            floor=self._settings.floor,
            started=self._started,
            written=utc,
            expires=utc + EXPIRES_AFTER,
            radio=self._radio(now),
            store=self._store(targets.get("wechat")),
            hits=dict(watch.hits),
            unwritten=watch.journal.unwritten,
            dropped=watch.journal.dropped,
            log_trouble=watch.journal.trouble,
            time_known=watch.journal.time_is_known,
            shakes=self._section("shakes", self._reception.status, None) if self._reception else None,
            figures=self._section("figures", self._history.status, None) if self._history else None,
            account=self._section("account", lambda: self._account(utc), None),
            process=self._section("process", self._process.look, None),
            beacons=self._section("beacons", lambda: self._beacons(now, utc, deaf=deaf), ()),
            targets=targets,
            pages=self._section("pages", self._pages, None) if self._pages else None,
            web_accounts=self._section("web-accounts", self._web_accounts, None),
            parts=self._failures.status(),
            lines_dropped=self._lines_dropped(),
        )

    def _section(self, name: str, compose: Callable[[], T], without: T) -> T:
        """Return a section of the status; `without` where it cannot be composed: the rest is shown all the same."""
        section = [without]
        with self._failures.guard(f"status-{name}"):
            section.append(compose())
        return section[-1]

    def _targets(self, utc: datetime) -> Mapping[str, TargetStatus]:
        return {name: attempt.status(utc) for name, attempt in self._attempts.items()}

    def _beacons(self, now: float, utc: datetime, *, deaf: bool) -> tuple[BeaconStatus, ...]:
        return tuple(self._beacon(state, deaf, now, utc) for state in self._watch.states())

    def _radio(self, now: float) -> RadioStatus:
        watch, listen, health = self._watch, self._listen, self._listen.health
        return RadioStatus(
            state=health.state,
            since=watch.journal.at(health.since),
            cause=health.cause,
            reason=health.reason,
            adapter=health.adapter,
            address=health.address,
            instead_of=health.instead_of,
            mode=self._settings.radio.mode,
            monitor=health.monitored,
            advertisements=watch.adverts,
            silent_seconds=round(now - watch.heard, 1),
            deaf_seconds=round(watch.listening.deaf_seconds, 1),
            phantoms=listen.radio.phantoms,
            faults=listen.radio.faults,
            rungs={action.value: count for action, count in sorted(listen.escalation.attempts.items())},
            unknown=watch.reception.unknown,
            malformed=watch.reception.malformed,
        )

    def _store(self, target: TargetStatus | None) -> StoreStatus:
        reload = self._reload
        problems = reload.problems
        errors = [problem for problem in problems if problem.severity is Severity.ERROR]
        first = _fault(errors[0]) if errors else None
        return StoreStatus(
            revision=reload.store.revision if reload.store else None,
            errors=len(errors),
            warnings=len(problems) - len(errors),
            sync=COARSE.get(target.state, target.state) if target else None,
            pending=target.pending if target else 0,
            first=first,
        )

    def _account(self, utc: datetime) -> AccountStatus | None:
        sync, calls = self._sync, self._calls
        if sync is None or calls is None:
            return None
        return AccountStatus(sync.applied, sync.verified, calls.used(utc), calls.parked(utc))

    def _beacon(self, state: BeaconState, deaf: bool, now: float, utc: datetime) -> BeaconStatus:
        beacon = self._watch.beacon(state.key)
        condition = self._watch.beacon_health.condition(state.key, now)
        heard = state.samples > 0
        return BeaconStatus(
            uuid=str(state.key.uuid).upper(),
            major=state.key.major,
            minor=state.key.minor,
            beacon=beacon.slug,
            name=beacon.name,
            floor=beacon.floor,
            present=state.present,
            zone=state.zone,
            rssi=round(state.rssi, 1) if heard else None,
            silent_seconds=_rounded(condition.heard_ago, 1),
            samples=state.samples,
            interval=_rounded(condition.interval, 2),
            timeout=round(self._watch.silence_allowed(state.key), 1),
            trend=_rounded(condition.trend, 1),
            verdict=diagnose(self._findings(state, condition, beacon, deaf=deaf, utc=utc), utc),
            mobile=beacon.mobile,
            battery=_battery(self._watch.batteries.of(state.key)),
        )

    def _findings(
        self, state: BeaconState, condition: BeaconCondition, beacon: Beacon, *, deaf: bool, utc: datetime
    ) -> BeaconFindings:
        """Join what is heard with what the target said when it was read last."""
        here = Audibility.YES if state.present or condition.missed else Audibility.NEVER
        found = BeaconFindings(
            heard=Audibility.NO if condition.absent else here,
            deaf=deaf,
            silent_since=None if condition.heard_ago is None else utc - timedelta(seconds=condition.heard_ago),
            bare=not beacon.pages if beacon.mobile else beacon.pages == (),
            carried=beacon.mobile,
            cloned=condition.cloned,
            strayed=condition.strayed,
            moved=condition.moved,
        )
        existing = self._sync.existing if self._sync else None
        if existing is None:
            return found
        return replace(
            found,
            at_target=state.key in existing.bindings,
            bound=len(existing.bindings.get(state.key, ())),
            last_active=(existing.last_active[state.key] or NEVER) if state.key in existing.last_active else None,
        )


def _fault(problem: Problem) -> FaultStatus:
    place = problem.place.file if problem.code.startswith("folder.") else str(problem.place)  # a folder has no lines
    return FaultStatus(place, problem.code, problem.details)


def _battery(state: BatteryState | None) -> BatteryStatus | None:
    if state is None:
        return None
    last, earlier = state.last, state.earlier
    return BatteryStatus(
        percent=last.value if last.unit is BatteryUnit.PERCENT else None,
        millivolts=last.value if last.unit is BatteryUnit.MILLIVOLTS else None,
        low=last.is_low,
        at=state.at,
        before=earlier.charge.value if earlier else None,
        before_day=earlier.day.isoformat() if earlier else None,
    )


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
