"""What the page of the gateway asks beside the status: its log, its machine, its own events."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from beacon_gateway.core.log.event import Event, EventKind
from beacon_gateway.core.log.holdings import Holding
from beacon_gateway.core.log.log_filter import LogFilter
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.status import Status
from beacon_gateway.core.monitoring.heartbeat_bar import Bar, Bars, Day, begins_at, known_until
from beacon_gateway.core.support.host_environment import HostEnvironment

HISTORY: Final = timedelta(days=7)
MAX_EVENTS_SHOWN: Final = 50
RADIO: Final = frozenset({EventKind.STATE, EventKind.RUNG, EventKind.LEVEL})


class OwnLog(Protocol):
    """The gateway's log. Each raises OSError where it cannot be read now."""

    async def events(self, wanted: LogFilter) -> list[Event]:
        """Return the newest events that match, oldest first."""

    async def heard_by_slot(self, begins: datetime, keys: Collection[BeaconKey]) -> Day:
        """Return what is known of the half hours from then (aware) on."""

    async def holdings(self) -> list[Holding]:
        """Return what there is of each kind."""


class EnvironmentSource(Protocol):
    async def look(self) -> HostEnvironment:
        """Return what the gateway runs on; never raises, may take seconds."""


class LogTail(Protocol):
    def lines(self) -> Sequence[tuple[str, str, str]]:
        """Return the newest events of this process, oldest first: when (UTC, ISO 8601), level and text."""


class Bundles(Protocol):
    def made(self) -> AbstractAsyncContextManager[Path]:
        """Make a support bundle that is there while the block runs. Raises OSError where that cannot be done."""


@dataclass(frozen=True, slots=True)
class LogSummary:
    """What the log holds at one moment."""

    at: datetime
    events: Sequence[Event]
    """Of the radio, newest first."""
    day: Day
    holdings: Sequence[Holding]

    def bar(self, status: Status) -> Bar:
        """Return the day of the gateway itself."""
        known = known_until(self.day, now=self.at, started=status.started, writable=not status.log_trouble)
        return Bars(self.day, now=self.at, known=known).own()


async def ask_log(log: OwnLog, now: datetime) -> LogSummary:
    """Raise OSError where it cannot be read now."""
    events = await log.events(LogFilter(events=RADIO, since=now - HISTORY, limit=MAX_EVENTS_SHOWN))
    day = await log.heard_by_slot(begins_at(now), ())
    return LogSummary(now, events[::-1], day, await log.holdings())
