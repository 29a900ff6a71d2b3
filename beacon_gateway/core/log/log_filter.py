"""Which rows of the log somebody wants."""

from dataclasses import dataclass
from datetime import datetime

from beacon_gateway.core.log.event import EventKind
from beacon_gateway.core.tracking.hit import HitKind


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Only hits have a floor, a beacon and a kind, and only events have one of `events`."""

    floor: str | None = None
    beacon: str | None = None
    """Its slug."""
    kind: HitKind | None = None
    events: frozenset[EventKind] = frozenset(EventKind)
    since: datetime | None = None
    until: datetime | None = None
    """Excluded."""
    limit: int = 1000
    """The newest so many."""

    def times(self) -> dict[str, float | int | None]:
        """Return what narrows by time and number, as parameters."""
        return {
            "since": self.since.timestamp() if self.since else None,
            "until": self.until.timestamp() if self.until else None,
            "limit": self.limit,
        }
