"""The step from what exists at the target to what the files say, as data: nothing here writes anything.

Three rules keep other people's work safe. A page is ours if the ledger or its mark says so, and only then edited. A
binding is removed only if it is ours: to a page that the files name, or one that the ledger says we bound. A beacon or
page that the target did not list is never taken for "nothing there".
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from beacon_gateway.core.bindings.changes import (
    Change,
    DeletePage,
    EditPage,
    MakePage,
    Rebind,
    RestorePage,
    Withheld,
    WithheldPage,
    WithheldReason,
)
from beacon_gateway.core.bindings.full_beacons import is_over_limit, wanted_only_there
from beacon_gateway.core.bindings.ownership import references
from beacon_gateway.core.bindings.page_changes import (
    made_elsewhere,
    page_changes,
    shown_where_readdressed,
    useless_pages,
)
from beacon_gateway.core.bindings.target import Existing, ExistingPage, Ledger, PageRef
from beacon_gateway.core.bindings.vanished import vanished
from beacon_gateway.core.model.brake import Brake
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import Beacon, ConsolePage, Store

__all__ = [
    "Change",
    "DeletePage",
    "EditPage",
    "MakePage",
    "Plan",
    "Rebind",
    "RestorePage",
    "Withheld",
    "WithheldPage",
    "WithheldReason",
    "in_order",
    "make_plan",
]


@dataclass(frozen=True, slots=True)
class Plan:
    """In the order in which it is carried out: pages, bindings, what is only taken away, what is deleted."""

    pages: tuple[MakePage | EditPage | RestorePage, ...]
    bindings: tuple[Rebind, ...]
    withheld: tuple[Withheld, ...]
    known: Mapping[str, PageRef]
    """References of the pages that exist already, by slug."""
    bound: int
    """How many beacons have a page now: those in scope, and those that show a page whose address changes."""
    deletions: tuple[DeletePage, ...] = ()
    prunable: int = 0
    """Own pages that no file names and nothing shows, and that this plan leaves standing."""
    left_over: tuple[str, ...] = ()
    """Pages (by slug) that an undo cannot put back as they were."""
    deleted: tuple[tuple[PageRef, ExistingPage], ...] = ()
    """Pages that the run deleted which is to be undone: the target gives no page its number again."""
    withheld_pages: tuple[WithheldPage, ...] = ()
    showing: frozenset[BeaconKey] = frozenset()
    """Beacons that show a page of ours now."""
    readdressed: Mapping[PageRef, frozenset[BeaconKey]] = field(default_factory=dict)
    """Where pages are shown whose address this plan changes: customers are led to another place there."""
    icons_sent: frozenset[str] = frozenset()
    """SHA-256 of the icons that need not be sent once more."""

    def __bool__(self) -> bool:
        return bool(self.pages or self.bindings or self.deletions)

    def __len__(self) -> int:
        return len(self.changes)

    @property
    def changes(self) -> tuple[Change, ...]:
        return (*self.pages, *self.bindings, *self.deletions)

    @property
    def leaves_out(self) -> bool:
        """True if it does not do all that was wanted."""
        return bool(self.withheld or self.left_over or self.deleted or self.withheld_pages)

    @property
    def losing(self) -> int:
        """Count the beacons that lose a page which they show now, but for those whose schedule says so."""
        return len(self._losers)

    @property
    def vanished(self) -> tuple[Withheld, ...]:
        """Return the beacons that keep their pages because most of their floor vanished from the files."""
        return tuple(item for item in self.withheld if item.why is WithheldReason.VANISHED)

    def vanished_by_floor(self) -> dict[str, tuple[str, ...]]:
        """Return their names by floor; the floor is "" where the ledger does not know it, and the name a number."""
        floors: dict[str, list[str]] = {}
        for item in self.vanished:
            floor, name = (item.place.floor, item.place.name) if item.place else ("", str(item.key))
            floors.setdefault(floor, []).append(name)
        return {floor: tuple(names) for floor, names in floors.items()}

    @property
    def readdressing(self) -> int:
        """Count the beacons that show a page whose address changes. Titles, texts and icons lead nobody elsewhere."""
        return len(self._at_new_addresses)

    @property
    def affected(self) -> int:
        """Count the beacons where customers lose something, or are led elsewhere."""
        return len(self._losers | self._at_new_addresses)

    @property
    def loses_everything(self) -> bool:
        """True if no beacon shows a page of ours afterwards, though some do now, and not by their schedule alone."""
        bare = [change for change in self.bindings if not (change.pages or change.restores)]
        return (
            len(bare) == len(self.bindings)
            and self.showing <= {change.key for change in bare}
            and any(change.loses and not change.by_schedule for change in bare)
        )

    def braked_by(self, brake: Brake) -> bool:
        return self.loses_everything or brake.stops(self.affected, self.bound)

    @property
    def _losers(self) -> frozenset[BeaconKey]:
        return frozenset(change.key for change in self.bindings if change.loses and not change.by_schedule)

    @property
    def _at_new_addresses(self) -> frozenset[BeaconKey]:
        edited = {change.ref for change in self.pages if not isinstance(change, MakePage)}
        return frozenset[BeaconKey]().union(*(keys for ref, keys in self.readdressed.items() if ref in edited))

    def only(self, wanted: Callable[[Change], bool]) -> "Plan":
        """Return the plan without the changes that are not wanted now."""
        return replace(
            self,
            pages=tuple(change for change in self.pages if wanted(change)),
            bindings=tuple(change for change in self.bindings if wanted(change)),
            deletions=tuple(change for change in self.deletions if wanted(change)),
        )

    @property
    def digest(self) -> str:
        """Twelve hex digits that change with anything the plan would do."""
        bindings = [
            (
                change.key,
                change.beacon,
                sorted(change.before),
                sorted(change.keeps),
                change.pages,
                sorted(change.loses),
                sorted(change.restores),
            )
            for change in self.bindings
        ]
        return hashlib.sha256(repr((self.pages, bindings, self.deletions)).encode()).hexdigest()[:12]


def make_plan(
    store: Store,
    desired: Mapping[BeaconKey, tuple[str, ...]],
    existing: Existing,
    ledger: Ledger,
    *,
    force: bool = False,
    prune: bool = False,
    clock_is_right: bool = True,
) -> Plan:
    """Compare.

    With `force`, protected beacons are changed like any other; with `prune`, own pages are deleted that nobody needs.
    Without a clock that is right, beacons that have a schedule are left as they are.
    """
    known, twins = references(store, existing, ledger)
    missing = {slug for slug, page in store.pages.items() if isinstance(page, ConsolePage) and slug not in known}
    changes: list[Rebind] = []
    showing: set[BeaconKey] = set()
    withheld: list[Withheld] = []
    scope = {*desired, *ledger.bindings}
    declared = twins.union(known.values())
    for key in scope:
        beacon = store.beacons.get(key)
        before = existing.bindings.get(key)
        wanted = desired.get(key, ())
        if before is None:
            if beacon and wanted:
                withheld.append(Withheld(key, beacon, WithheldReason.NOT_AT_TARGET))
            continue
        ours = ledger.bindings.get(key, frozenset()) | (declared if key in desired else frozenset())
        if before & ours:
            showing.add(key)
        change = _rebind(key, beacon, before, ours=ours, wanted=wanted, known=known)
        if change:
            changes.append(replace(change, was=ledger.declared.get(key)) if beacon is None else change)
    # A beacon that goes from one state to another by its schedule is well in the files.
    gone = [change.key for change in changes if change.key not in desired and not change.by_schedule]
    lost = frozenset[BeaconKey]() if force else vanished(gone, store, ledger, existing.bindings.keys())
    alike = () if force else made_elsewhere(store, existing, known, {*known.values(), *twins, *ledger.pages.values()})
    not_made = frozenset(item.page.slug for item in alike)
    obstacles = _Obstacles(missing, not_made, lost, protects=not force, knows_time=clock_is_right)
    bindings: list[Rebind] = []
    full: dict[BeaconKey, tuple[str, ...]] = {}
    for change in changes:
        why = obstacles.why_not(change)
        if why:
            withheld.append(Withheld(change.key, change.beacon, why, obstacles.lacking(change, why), change.was))
        elif is_over_limit(change, known):
            full[change.key] = change.pages
            others = len(change.keeps)
            withheld.append(Withheld(change.key, change.beacon, WithheldReason.FULL, change.pages, change.was, others))
        else:
            bindings.append(change)
    pages = page_changes(store, existing, known, not_made | wanted_only_there(store, full))
    readdressed = shown_where_readdressed(pages, existing, ledger.verified)
    bound = {key for key in scope if existing.bindings.get(key)}.union(*readdressed.values())
    after = {change.key: change.keeps | {known[slug] for slug in change.pages if slug in known} for change in bindings}
    wanted_pages = {*known.values(), *(item.like for item in alike if item.like)}
    useless = useless_pages(store, replace(existing, bindings={**existing.bindings, **after}), ledger, wanted_pages)
    return Plan(
        pages=pages,
        bindings=in_order(bindings),
        withheld=tuple(sorted(withheld, key=lambda item: (_position(item), item.key))),
        known=known,
        bound=len(bound),
        deletions=tuple(DeletePage(ref, existing.pages[ref]) for ref in useless) if prune else (),
        prunable=0 if prune else len(useless),
        showing=frozenset(showing),
        readdressed=readdressed,
        withheld_pages=alike,
        icons_sent=existing.icons,
    )


def _rebind(
    key: BeaconKey,
    beacon: Beacon | None,
    before: frozenset[PageRef],
    *,
    ours: frozenset[PageRef],
    wanted: tuple[str, ...],
    known: Mapping[str, PageRef],
) -> Rebind | None:
    """Return the change of one beacon, None if it shows what it should."""
    keeps = before - ours
    have = {known[slug] for slug in wanted if slug in known}
    new = any(slug not in known for slug in wanted)
    loses = before - keeps - have
    if not (loses or new or have - before):
        return None
    return Rebind(key, beacon, before, keeps, wanted, loses, _says(beacon, before - keeps, known))


def _says(beacon: Beacon | None, shown: frozenset[PageRef], known: Mapping[str, PageRef]) -> bool:
    """True if the files give a beacon exactly these pages at some other time.

    Such a switch was written by people, and is no accident that the brake should stop at opening time.
    """
    if beacon is None or not beacon.schedule:
        return False
    states = (beacon.pages or (), *(slot.pages for slot in beacon.schedule))
    return any(shown == {known.get(slug) for slug in pages} for pages in states)


@dataclass(frozen=True, slots=True)
class _Obstacles:
    """What keeps beacons as they are."""

    missing: Collection[str]
    """Pages of the console that are not there."""
    withheld: Collection[str]
    """Pages that are not made."""
    vanished: Collection[BeaconKey]
    protects: bool
    knows_time: bool

    def why_not(self, change: Rebind) -> WithheldReason | None:
        """Return the reason to leave a beacon as it is, the firmest first."""
        beacon = change.beacon
        reasons = {
            WithheldReason.VANISHED: change.key in self.vanished,
            WithheldReason.CLOCK: beacon is not None and beacon.schedule and not self.knows_time,
            WithheldReason.NO_SUCH_PAGE: self.lacking(change, WithheldReason.NO_SUCH_PAGE),
            WithheldReason.PAGE_WITHHELD: self.lacking(change, WithheldReason.PAGE_WITHHELD),
            WithheldReason.PROTECTED: beacon is not None and beacon.protect and change.before and self.protects,
        }
        return next((why for why, holds in reasons.items() if holds), None)

    def lacking(self, change: Rebind, why: WithheldReason) -> tuple[str, ...]:
        """Return the pages that a beacon wants and that are not there for this reason."""
        lacking = {WithheldReason.NO_SUCH_PAGE: self.missing, WithheldReason.PAGE_WITHHELD: self.withheld}.get(why, ())
        return tuple(slug for slug in change.pages if slug in lacking)


def in_order(bindings: Iterable[Rebind]) -> tuple[Rebind, ...]:
    """Sort: what gives pages first, then what only takes them away; by floor and beacon."""
    return tuple(
        sorted(
            bindings,
            key=lambda change: (
                not (change.pages or change.restores),
                change.beacon is not None,
                _position(change),
                change.key,
            ),
        )
    )


def _position(item: Rebind | Withheld) -> tuple[str, str]:
    return (item.place.floor, item.place.slug) if item.place else ("", "")
