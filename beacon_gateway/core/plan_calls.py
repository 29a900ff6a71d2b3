"""How many calls a plan needs at the target, told before it is carried out."""

from dataclasses import dataclass

from beacon_gateway.core.ownership import mark
from beacon_gateway.core.plan import EditPage, MakePage, Plan


@dataclass(frozen=True, slots=True)
class Calls:
    """Counted as shakearound does, if no call fails. Reading everything, which comes first, is not in it."""

    writes: int
    uploads: int
    """Of icons."""
    read_back: int
    looks: int
    """At most so many before a binding: where the plan has grown old on the way, or the ledger did not verify what is
    there."""

    @property
    def total(self) -> int:
        """Without the looks: a plan that is carried out at once needs none for beacons that were verified before."""
        return self.writes + self.uploads + self.read_back


def calls_of(plan: Plan, *, rows: int = 50) -> Calls:
    """Count. `rows` are the pages that one call reads."""
    uploads = sum(_uploads(change) for change in plan.pages)
    pages = -(-len(plan.pages) // rows)
    return Calls(
        writes=len(plan),
        uploads=uploads,
        read_back=len(plan.bindings) + pages + len(plan.deletions),
        looks=len(plan.bindings),
    )


def _uploads(change: object) -> bool:
    match change:
        case MakePage():
            return True
        case EditPage(page, _, before):
            return before.mark != mark(page)
        case _:
            return False
