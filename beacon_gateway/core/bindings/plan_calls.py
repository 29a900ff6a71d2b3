"""How many calls a plan needs at the target, told before it is carried out."""

from dataclasses import dataclass

from beacon_gateway.core.bindings.ownership import mark
from beacon_gateway.core.bindings.plan import EditPage, MakePage, Plan, RestorePage


@dataclass(frozen=True, slots=True)
class CallEstimate:
    """Counted as shakearound does, if no call fails. Reading everything, which comes first, is not in it."""

    writes: int
    uploads: int
    """Of icons: each content once, whatever number of pages shows it."""
    read_back: int
    looks: int
    """At most so many before a binding: where the plan has grown old on the way, or the ledger did not verify what is
    there."""

    @property
    def total(self) -> int:
        """Without the looks: a plan that is carried out at once needs none for beacons that were verified before."""
        return self.writes + self.uploads + self.read_back


def calls_of(plan: Plan, *, rows: int = 50) -> CallEstimate:
    """Count. `rows` are the pages that one call reads."""
    uploads = len({_icon_of(change) for change in plan.pages} - plan.icons_sent - {""})
    pages = -(-len(plan.pages) // rows)
    return CallEstimate(
        writes=len(plan),
        uploads=uploads,
        read_back=len(plan.bindings) + pages + len(plan.deletions),
        looks=len(plan.bindings),
    )


def _icon_of(change: MakePage | EditPage | RestorePage) -> str:
    """Return the digest of the icon whose address a change needs; "" where the page at the target has it."""
    match change:
        case MakePage(page):
            return page.icon_digest
        case EditPage(page, _, before) if before.mark != mark(page):
            return page.icon_digest
        case _:
            return ""
