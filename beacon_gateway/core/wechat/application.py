"""An application for new beacon ids, as far as an account has decided it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from beacon_gateway.core.files.inventory import ListedBeacon


class ReviewDecision(StrEnum):
    GRANTED = "granted"
    PENDING = "pending"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ApplicationVerdict:
    decision: ReviewDecision
    said: str = ""
    """What the account's reviewers wrote."""


@dataclass(frozen=True, slots=True)
class Application:
    """One application and what came of it."""

    number: int | None
    """The account's number for it (at WeChat the `apply_id`); None if the answer that held it was lost."""
    verdict: ApplicationVerdict
    beacons: tuple[ListedBeacon, ...] = ()
    """The new ones, once granted."""


@dataclass(frozen=True, slots=True)
class BeaconRequest:
    """What was asked for."""

    quantity: int
    reason: str
    comment: str


@dataclass(frozen=True, slots=True)
class NotedRequest:
    """A request as it was noted before it was sent, and whose end was not reported here yet."""

    note: int
    at: datetime
    """Aware."""
    request: BeaconRequest
    newest: int
    """The highest number of a beacon of the account then; it counts upwards: newer beacons have higher numbers."""
    number: int | None
    """The account's, once it answered."""
