"""The single changes that a plan is made of, and what it leaves out."""

from dataclasses import dataclass
from enum import StrEnum

from beacon_gateway.core.bindings.target import Declared, ExistingPage, PageRef
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import Beacon, OwnPage


@dataclass(frozen=True, slots=True)
class MakePage:
    page: OwnPage


@dataclass(frozen=True, slots=True)
class EditPage:
    page: OwnPage
    ref: PageRef
    before: ExistingPage


@dataclass(frozen=True, slots=True)
class RestorePage:
    """Put a page back as it was: how an edit is undone."""

    slug: str
    ref: PageRef
    before: ExistingPage
    after: ExistingPage


@dataclass(frozen=True, slots=True)
class Rebind:
    """One beacon's whole set of pages, old to new."""

    key: BeaconKey
    beacon: Beacon | None
    """None once it was taken out of the files."""
    before: frozenset[PageRef]
    keeps: frozenset[PageRef]
    """What others bound there; it stays."""
    pages: tuple[str, ...]
    """Slugs that the files want; their references may not exist before the plan is carried out."""
    loses: frozenset[PageRef]
    by_schedule: bool = False
    """Whether it goes from one state that the files give this beacon to another."""
    restores: frozenset[PageRef] = frozenset()
    """Pages that an undo puts back, by reference: the files may no longer know them."""
    was: Declared | None = None
    """Where the files declared it last, if they do not any more and the ledger remembers."""

    @property
    def place(self) -> Declared | None:
        """Return where the beacon is or was declared, None if that is not known."""
        return place_of(self.beacon, self.was)


@dataclass(frozen=True, slots=True)
class DeletePage:
    """An own page that no file names and nothing shows."""

    ref: PageRef
    before: ExistingPage


Change = MakePage | EditPage | RestorePage | Rebind | DeletePage


class WithheldReason(StrEnum):
    PROTECTED = "protected"
    NOT_AT_TARGET = "beacon-not-at-target"
    NO_SUCH_PAGE = "page-not-at-target"
    FULL = "beacon-full"
    """With the pages that others bound there it would show more than the target allows."""
    CLOCK = "clock"
    """It has a schedule, and nobody knows what time it is."""
    CHANGED_SINCE = "changed-since"
    """Somebody changed it after what is to be undone."""
    PAGE_GONE = "page-gone"
    """What an undo would show again was deleted."""
    VANISHED = "vanished"
    """The files stopped naming pages for it, and for most of its floor: more likely a lost file than a wish."""
    PAGE_WITHHELD = "page-withheld"
    """It wants a page that is not made, since the target has one like it, or may have it."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """What the files want and the plan leaves out, with the reason."""

    key: BeaconKey
    beacon: Beacon | None
    """None where the files do not know it: then an undo would have changed it."""
    why: WithheldReason
    pages: tuple[str, ...] = ()
    was: Declared | None = None
    """As in `Rebind`."""
    others: int = 0
    """Where it is full: how many pages others bound there."""

    @property
    def place(self) -> Declared | None:
        """As in `Rebind`."""
        return place_of(self.beacon, self.was)


@dataclass(frozen=True, slots=True)
class WithheldPage:
    """A page that is not made: the target has one that somebody made elsewhere, or has it already."""

    page: OwnPage
    like: PageRef | None
    """The one of the same title and address. None where a page cannot be read, which may be this one."""


def place_of(beacon: Beacon | None, was: Declared | None) -> Declared | None:
    """Return where a beacon is declared, or where it was."""
    return Declared(beacon.floor, beacon.slug, beacon.name) if beacon else was
