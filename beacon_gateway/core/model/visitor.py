"""Who looks at the pages, and what they may do there."""

from dataclasses import dataclass
from enum import StrEnum


class Rank(StrEnum):
    """What an account of the pages is for. (`Role` is what a gateway is to the target.)"""

    VIEWER = "viewer"
    """Looks."""
    STAFF = "staff"
    """Looks, and reassigns the pages of its own floors."""
    IT = "it"
    """Does everything."""


@dataclass(frozen=True, slots=True)
class Visitor:
    name: str
    """Of the account; "" where there are no accounts."""
    rank: Rank
    floors: frozenset[str] = frozenset()
    """Those of staff; of no meaning for others."""

    @property
    def is_it(self) -> bool:
        return self.rank is Rank.IT

    @property
    def may_read_audit(self) -> bool:
        """True if this visitor may read who changed what, and why: names are for those who work with them."""
        return self.rank is not Rank.VIEWER

    def may_edit(self, floor: str) -> bool:
        """True if this visitor may change that floor's file."""
        return self.is_it or (self.rank is Rank.STAFF and floor in self.floors)


NOBODY = Visitor("", Rank.VIEWER)
"""A visitor who has not logged in yet; the guard shows them nothing but the way in."""
AT_THIS_MACHINE = Visitor("", Rank.IT)
"""Somebody who came by a link that a person with rights on this machine made: may do what its commands do."""
READER_HERE = Visitor("", Rank.VIEWER)
"""Anybody who reaches an address of this machine only, where there are no accounts; by a proxy it may be a stranger."""
