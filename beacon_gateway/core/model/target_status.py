"""How a binding target is, as the last attempt at it left it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from beacon_gateway.core.model.unread_row import UnreadRow


class TargetState(StrEnum):
    """How the last attempt at a binding target ended, or that one is under way."""

    STARTING = "starting"
    """No attempt has ended yet."""
    IN_SYNC = "in-sync"
    APPLYING = "applying"
    PENDING = "pending"
    """Changes wait for a person."""
    READER = "reader"
    """Changes wait for another gateway: this one only reads."""
    CLOCK = "clock"
    """Beacons with a schedule wait until a time service has set the clock."""
    NO_BEACONS = "no-beacons"
    """The target knows no beacon to bind a page to."""
    STALE = "stale"
    """The plan is not the one that a person agreed to."""
    REFUSED = "refused"
    """The target did not take some changes, or keeps something else than was sent."""
    UNREACHABLE = "unreachable"
    QUOTA = "quota"
    """One kind of call is used up for the day."""
    THROTTLED = "throttled"
    """Called too often in a short time."""
    UNFINISHED = "unfinished"
    """Some changes met a trouble that may pass, and are tried again; all else is done."""
    RETRYING = "retrying"
    """Another passing trouble of the target's."""
    LISTING = "listing"
    """It lists far less than is known to be there, and is not believed."""
    UNREAD = "unread"
    """Some pages do not say what shows them, or pages or beacons make no sense; all that it concerns not is done."""
    LEDGER = "ledger"
    """What this gateway did there cannot be read or noted: the state folder is the trouble."""
    BRAKED = "braked"
    PAGE_EXISTS = "page-exists"
    """Pages are not made, since the target has some of the same title and address that somebody made elsewhere."""
    VANISHED = "vanished"
    """Beacons keep their pages though the files name none for them any more: most of their floor went at once."""
    HELD = "held"
    """Nothing is applied by itself after an undo."""
    OPERATOR = "operator"
    """The account, its rights or its credentials need a person."""


COARSE: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (
            TargetState.READER,
            TargetState.CLOCK,
            TargetState.NO_BEACONS,
            TargetState.REFUSED,
            TargetState.HELD,
            TargetState.PAGE_EXISTS,
        ),
        "pending",
    ),
    TargetState.VANISHED: "braked",
    **dict.fromkeys(
        (
            *(TargetState.UNREACHABLE, TargetState.QUOTA, TargetState.THROTTLED, TargetState.LEDGER),
            *(TargetState.UNFINISHED, TargetState.LISTING, TargetState.UNREAD),
        ),
        "retrying",
    ),
}
"""States of a target that `store.sync` knows under a broader word; all others it knows as they are."""


@dataclass(frozen=True, slots=True)
class FailedChange:
    """A change that the target did not take, or keeps otherwise than it was sent."""

    subject: str
    """A page's slug or a beacon's name, as people know it."""
    code: str
    """The target's; "" where it gave none."""
    reason: str
    """In the target's own words; "" where it took the change and keeps something else."""
    row: UnreadRow | None = None
    """What `subject` stands for, where that has no name of people's."""


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """One binding target, by the last attempt at it."""

    state: str
    """One of `TargetState`."""
    since: datetime | None = None
    """When it came into this state."""
    pending: int = 0
    """Changes that are not at the target yet, as far as the last look showed."""
    retry_at: datetime | None = None
    """When it is tried again without anybody's doing; None while nothing is wrong."""
    code: str = ""
    """The target's, of the trouble."""
    reason: str = ""
    """In the target's own words."""
    path: str = ""
    """The kind of call that is used up."""
    losing: int = 0
    """Beacons that would lose a page."""
    bound: int = 0
    """Of how many that have one."""
    readdressing: int = 0
    """Beacons that show a page whose address would change."""
    failed: tuple[FailedChange, ...] = ()
    """The first of them."""
    failures: int = 0
    """How many there are."""
    held_since: datetime | None = None
    """Since when an undo keeps changes back. By whom and why stands in the audit log, which not everybody may read."""
    vanished: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Beacons that vanished from the files with most of their floor, and keep their pages: names by floor. The floor is
    "" where it is not known."""
