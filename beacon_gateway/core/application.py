"""An application for new beacon ids, as far as an account has decided it."""

from dataclasses import dataclass
from enum import StrEnum

from beacon_gateway.core.inventory import ListedBeacon


class Decision(StrEnum):
    GRANTED = "granted"
    PENDING = "pending"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Verdict:
    decision: Decision
    said: str = ""
    """What the account's reviewers wrote."""


@dataclass(frozen=True, slots=True)
class Application:
    """One application and what came of it."""

    number: int | None
    """The account's number for it (at WeChat the `apply_id`); None if the answer that held it was lost."""
    verdict: Verdict
    beacons: tuple[ListedBeacon, ...] = ()
    """The new ones, once granted."""
