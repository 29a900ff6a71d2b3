"""What any binding target looks like from here: what exists there, and how it can refuse.

`shakearound` is one. A redirect link on an NFC tag or a resolver for a mini program is another: pages with a reference,
beacons that point to some of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NewType

from beacon_gateway.core.bindings.setback import Setback
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.unread_row import UnreadRow

HALF_AN_HOUR: Final = timedelta(minutes=30)
"""Often enough to notice that a person acted."""

PROXY_UNUSABLE: Final = "proxy"
"""In place of a target's code: the environment names a proxy that cannot be used."""

OTHER_ACCOUNT: Final = "other-account"
"""In place of a target's code: the ledger is of another account."""

ICON_AWAY: Final = "icon"
"""In place of a target's code: an icon is not there as it was checked."""

NO_SECRET: Final = "no-secret"  # noqa: S105 - what is missing, not what it is
"""In place of a target's code: there is no usable secret to log in with."""

SECRET_SLOW: Final = "secret-slow"  # noqa: S105 - the same
"""In place of a target's code: the file with the secret does not answer."""

PageRef = NewType("PageRef", str)
"""A page's identity at the target, given by the target (at WeChat the `page_id`)."""


@dataclass(frozen=True, slots=True)
class ExistingPage:
    title: str
    description: str
    url: str
    mark: str
    """The free text in which this gateway leaves its mark (at WeChat the page's comment)."""
    icon: str = field(default="", compare=False, repr=False)
    """The address of its icon at the target, "" where it is not told. Not compared: the mark tells of the content."""


@dataclass(frozen=True, slots=True)
class UnreadablePage:
    """A page that is at the target, which does not say in a way that can be read what it is."""

    ref: PageRef | None
    """None where that cannot be read either."""
    mark: str | None
    """As in `ExistingPage`; None where it cannot be read, so that the page may be anybody's."""


@dataclass(frozen=True, slots=True)
class Existing:
    """What the target says there is."""

    pages: Mapping[PageRef, ExistingPage]
    bindings: Mapping[BeaconKey, frozenset[PageRef]]
    """For every beacon that the target knows; a beacon that is missing here cannot be bound there."""
    last_active: Mapping[BeaconKey, datetime | None] = field(default_factory=dict)
    """When a customer last used a beacon (aware), None for never; only those of which the target tells. At WeChat a day
    late."""
    icons: frozenset[str] = field(default=frozenset(), compare=False)
    """SHA-256 of the icons that the target was sent already, and has an address for."""
    unread: "Mapping[PageRef | UnreadRow, TargetError]" = field(default_factory=dict, compare=False)
    """What the target does not say in a way that can be read, and why: by the reference of a page, of which it is not
    known then what shows it, or by the row of a list that makes no sense itself."""
    unreadable_pages: tuple[UnreadablePage, ...] = field(default=(), compare=False)
    """Pages that are there as well."""

    @property
    def refs(self) -> frozenset[PageRef]:
        """Every page that is known to be there by its reference."""
        return frozenset({*self.pages, *(page.ref for page in self.unreadable_pages if page.ref)})

    @property
    def nameless_pages(self) -> int:
        """Count the pages of which not even the reference can be read."""
        return sum(page.ref is None for page in self.unreadable_pages)


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Some pages and beacons as they are at the target now. What does not exist there is left out."""

    pages: Mapping[PageRef, ExistingPage]
    bindings: Mapping[BeaconKey, frozenset[PageRef]]
    unread: "Mapping[BeaconKey | PageRef, TargetError]" = field(default_factory=dict)
    """What could not be read, and why."""
    there: frozenset[PageRef] = frozenset()
    """Of the unread pages those that are surely there."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What is not applied by itself: somebody undid it, and the files still say it."""

    revision: str
    """Of the files that were in force then."""
    at: datetime
    """Aware UTC."""
    who: str
    why: str
    things: Mapping[BeaconKey | str, str] = field(default_factory=dict)
    """Each beacon and page (by slug) that was undone, with a fingerprint of what the files said of it then. None in a
    ledger of an older version, which held everything."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Where the files declared a beacon, and under which name: remembered for when they do not any more."""

    floor: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """What this gateway made and bound, remembered on this Pi, so that a removal is seen as one."""

    pages: Mapping[str, PageRef] = field(default_factory=dict)
    bindings: Mapping[BeaconKey, frozenset[PageRef]] = field(default_factory=dict)
    """Only what is this gateway's; others may have bound more."""
    verified: Existing = field(default_factory=lambda: Existing({}, {}))
    """Pages and whole bindings as they were when they were last right: what differs now was changed by somebody."""
    hold: Hold | None = None
    declared: Mapping[BeaconKey, Declared] = field(default_factory=dict)
    """Every beacon whose pages the files decided; a ledger of an older version knows none."""
    sent: Existing = field(default_factory=lambda: Existing({}, {}))
    """Pages and whole bindings as this gateway's last write left them, where that was not verified: as they were sent,
    or what was read back instead."""
    setbacks: Mapping[str, Setback] = field(default_factory=dict)
    """By what was sent (`core.bindings.history.sent`)."""
    vanished: frozenset[BeaconKey] = frozenset()
    """Beacons that the last pass found gone from the files with most of their floor: they wait for a person."""
    edit_is_due: bool = False
    """Whether the files were edited, and no pass has done yet all that they say."""


class TargetError(Exception):
    """The target did not do it. The subclass says what the caller does about it; `code` is the target's own, if any."""

    concerns_all = False
    """True if it would meet every call alike: it is no trouble of the one thing that was asked for."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class TryLater(TargetError):  # noqa: N818 - named after what to do
    """A passing trouble: network, overload, rate. Nothing is known of the call's effect: plan again."""


class Unreachable(TryLater):
    """The target's server could not be reached, or did not answer in time."""


class ListingShort(TryLater):
    """The target lists far less than is known to be there, and is not believed. A person may say that it is right."""


class LedgerUnusable(TryLater):
    """What was done at the target cannot be read or noted on this machine now. The target has no part in it."""

    concerns_all = True


class IconAway(TryLater):
    """An icon changed or went away after it was checked: it was not sent, nor was what needs it."""

    def __init__(self, icon: str) -> None:
        super().__init__(icon, ICON_AWAY)


class Moved(TryLater):
    """Somebody changed this at the target between reading and writing: plan again."""


class Blocked(TryLater):
    """This needs another change that was not done; its own trouble is told with that one."""

    page = ""
    """The slug of a page that is not there yet."""

    @classmethod
    def by_page(cls, slug: str) -> "Blocked":
        error = cls(f"page {slug} is not there yet")
        error.page = slug
        return error


class WaitForQuota(TryLater):
    """The target takes no more calls of one kind for now, and did not do this one. Other kinds go on.

    `path` names the kind, `until` (aware UTC) says when calls are taken again.
    """

    def __init__(self, message: str, code: str = "", *, path: str, until: datetime) -> None:
        super().__init__(message, code)
        self.path = path
        self.until = until


class SlowDown(TryLater):
    """The target was called too often in a short time, and did not do this one, though the adapter waited its turn.

    `until` (aware UTC) says when the next try makes sense.
    """

    def __init__(self, message: str, code: str = "", *, until: datetime) -> None:
        super().__init__(message, code)
        self.until = until


class NeedsOperator(TargetError):  # noqa: N818 - named after what to do
    """The account, its rights or its credentials: no repetition will help until a person has acted.

    `look_again` is how long to leave the target alone before seeing whether somebody did.
    """

    concerns_all = True

    def __init__(self, message: str, code: str = "", *, look_again: timedelta = HALF_AN_HOUR) -> None:
        super().__init__(message, code)
        self.look_again = look_again


class Refused(TargetError):  # noqa: N818 - named after what to do
    """The target does not accept this one thing; others may go through."""


class Outdated(Refused):
    """The target does not know a page or beacon that was named. Where it was read just now, the world has moved."""
