"""Composes the daemon's status from what its services know."""

import math
from datetime import datetime
from typing import Protocol

from beacon_gateway import __version__
from beacon_gateway.core.problems import Severity
from beacon_gateway.core.settings import Settings
from beacon_gateway.core.status import SCHEMA, BeaconStatus, RadioStatus, Status, StoreStatus
from beacon_gateway.core.tracker import BeaconState
from beacon_gateway.services.heartbeat import EXPIRES_AFTER
from beacon_gateway.services.listen import Listen
from beacon_gateway.services.reload import Reload
from beacon_gateway.services.sync import Sync
from beacon_gateway.services.watch import Watch


class Clock(Protocol):
    def monotonic(self) -> float: ...

    def utc(self) -> datetime: ...


class Composer:
    """Looks at one gateway's services whenever it is asked."""

    def __init__(
        self, settings: Settings, *, clock: Clock, watch: Watch, listen: Listen, reload: Reload, sync: Sync | None
    ) -> None:
        self._settings, self._clock = settings, clock
        self._watch, self._listen, self._reload, self._sync = watch, listen, reload, sync
        self._started = clock.utc()

    def compose(self) -> Status:
        """Give the status of now."""
        watch, now, utc = self._watch, self._clock.monotonic(), self._clock.utc()
        return Status(
            schema=SCHEMA,
            version=__version__,
            gateway=self._settings.gateway,
            floor=self._settings.floor,
            started=self._started,
            written=utc,
            expires=utc + EXPIRES_AFTER,
            radio=self._radio(now),
            store=self._store(),
            hits=dict(watch.hits),
            unwritten=watch.journal.unwritten,
            dropped=watch.journal.dropped,
            beacons=tuple(self._beacon(state, now) for state in watch.states()),
        )

    def _radio(self, now: float) -> RadioStatus:
        watch, listen, health = self._watch, self._listen, self._listen.health
        return RadioStatus(
            state=health.state,
            since=watch.journal.at(health.since),
            cause=health.cause,
            reason=health.reason,
            adapter=health.adapter,
            mode=self._settings.radio.mode,
            monitor=health.monitored,
            advertisements=watch.adverts,
            silent_seconds=round(now - watch.heard, 1),
            deaf_seconds=round(watch.deafness.seconds, 1),
            phantoms=listen.radio.phantoms,
            faults=listen.radio.faults,
            rungs={rung.value: count for rung, count in sorted(listen.ladder.climbed.items())},
            unknown=watch.reception.unknown,
            malformed=watch.reception.malformed,
        )

    def _store(self) -> StoreStatus:
        reload, sync = self._reload, self._sync
        errors = sum(problem.severity is Severity.ERROR for problem in reload.problems)
        return StoreStatus(
            revision=reload.store.revision if reload.store else None,
            errors=errors,
            warnings=len(reload.problems) - errors,
            sync=(sync.progress.state if sync.progress else "starting") if sync else None,
        )

    def _beacon(self, state: BeaconState, now: float) -> BeaconStatus:
        store = self._reload.store
        beacon = store.beacons.get(state.key) if store else None
        heard = state.samples > 0 and not math.isinf(state.heard)
        return BeaconStatus(
            uuid=str(state.key.uuid).upper(),
            major=state.key.major,
            minor=state.key.minor,
            beacon=beacon.slug if beacon else "",
            name=beacon.name if beacon else "",
            floor=beacon.floor if beacon else "",
            present=state.present,
            zone=state.zone,
            rssi=round(state.rssi, 1) if heard else None,
            silent_seconds=round(now - state.heard, 1) if heard else None,
            samples=state.samples,
            interval=None,
            timeout=0.0,
            trend=None,
            verdict="",
        )
