"""All that an account holds, read in one go: what the account's owner would see in the target's console."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from beacon_gateway.core.bindings.target import Existing, ExistingPage, PageRef, TargetError
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.unread_row import UnreadRow


@dataclass(frozen=True, slots=True)
class ListedBeacon:
    """A beacon as the account knows it."""

    number: int
    """The account's own number for it (at WeChat the `device_id`)."""
    key: BeaconKey
    comment: str = ""
    activated: bool = False
    """Whether the account has ever seen it in use."""
    last_active: datetime | None = None
    """When a customer last used it (aware), None for never. At WeChat a day late."""


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page as the account knows it."""

    number: int
    title: str
    description: str
    url: str
    icon_url: str
    comment: str = ""
    """In which a gateway leaves its mark."""

    @property
    def ref(self) -> PageRef:
        return PageRef(str(self.number))


@dataclass(frozen=True, slots=True)
class Inventory:
    beacons: tuple[ListedBeacon, ...]
    """By number."""
    pages: tuple[ListedPage, ...]
    """By number."""
    bindings: Mapping[BeaconKey, tuple[int, ...]]
    """For every beacon of the list, the numbers of its pages, ascending."""
    unread: Mapping[UnreadRow, TargetError] = field(default_factory=dict)
    """What the account does not say in a way that can be read, and why. It is left out of the rest."""

    def existing(self) -> Existing:
        """Return it as the planner sees a target."""
        return Existing(
            pages={page.ref: ExistingPage(page.title, page.description, page.url, page.comment) for page in self.pages},
            bindings={
                key: frozenset(PageRef(str(number)) for number in numbers) for key, numbers in self.bindings.items()
            },
            last_active={beacon.key: beacon.last_active for beacon in self.beacons},
        )
