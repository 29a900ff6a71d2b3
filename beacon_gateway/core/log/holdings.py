"""What the gateway holds, for questions of privacy: what is stored of whom."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of rows."""

    kind: str
    """`hits`, `presence`, `minutes`, `events`, `shakes`, `sums`, `figures` or `audit`."""
    rows: int
    since: datetime | None
    """Of the oldest, aware UTC; None if there is none, or if it is not known."""
