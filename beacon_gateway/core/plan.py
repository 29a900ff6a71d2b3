"""The step from what exists at the target to what the files say, as data: nothing here writes anything.

Three rules keep other people's work safe. A page is ours if the ledger or its mark says so, and only then edited. A
binding is removed only if it is ours: to a page that the files name, or one that the ledger says we bound. A beacon or
page that the target did not list is never taken for "nothing there".
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from beacon_gateway.core.brake import Brake
from beacon_gateway.core.changes import (
    Change,
    DeletePage,
    EditPage,
    MakePage,
    Rebind,
    RestorePage,
    Why,
    Withheld,
)
from beacon_gateway.core.full_beacons import is_over_limit, wanted_only_there
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.ownership import age, as_it_should_be, console_pages, fingerprint_in, references
from beacon_gateway.core.store import Beacon, ConsolePage, Store
from beacon_gateway.core.target import Existing, Ledger, PageRef
from beacon_gateway.core.vanished import vanished

__all__ = [
    "Change",
    "DeletePage",
    "EditPage",
    "MakePage",
    "Plan",
    "Rebind",
    "RestorePage",
    "Why",
    "Withheld",
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
    showing: frozenset[BeaconKey] = frozenset()
    """Beacons that show a page of ours now."""
    readdressed: Mapping[PageRef, frozenset[BeaconKey]] = field(default_factory=dict)
    """Where pages are shown whose address this plan changes: customers are led to another place there."""

    def __bool__(self) -> bool:
        return bool(self.pages or self.bindings or self.deletions)

    def __len__(self) -> int:
        return len(self.changes)

    @property
    def changes(self) -> tuple[Change, ...]:
        return (*self.pages, *self.bindings, *self.deletions)

    @property
    def losing(self) -> int:
        """Count the beacons that lose a page which they show now, but for those whose schedule says so."""
        return len(self._losers)

    @property
    def vanished(self) -> tuple[Withheld, ...]:
        """Return the beacons that keep their pages because most of their floor vanished from the files."""
        return tuple(item for item in self.withheld if item.why is Why.VANISHED)

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
        """Give the plan without the changes that are not wanted now."""
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
                withheld.append(Withheld(key, beacon, Why.NOT_AT_TARGET))
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
    bindings: list[Rebind] = []
    full: dict[BeaconKey, tuple[str, ...]] = {}
    for change in changes:
        why = _why_not(change, missing, lost, force=force, clock_is_right=clock_is_right)
        if why:
            lacking = tuple(slug for slug in change.pages if slug in missing) if why is Why.NO_SUCH_PAGE else ()
            withheld.append(Withheld(change.key, change.beacon, why, lacking, change.was))
        elif is_over_limit(change, known):
            full[change.key] = change.pages
            others = len(change.keeps)
            withheld.append(Withheld(change.key, change.beacon, Why.FULL, change.pages, change.was, others))
        else:
            bindings.append(change)
    pages = _page_changes(store, existing, known, wanted_only_there(store, full))
    readdressed = shown_where_readdressed(pages, existing, ledger.verified)
    bound = {key for key in scope if existing.bindings.get(key)}.union(*readdressed.values())
    useless = _useless(store, existing, ledger, known, bindings)
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
    )


def shown_where_readdressed(
    pages: Iterable[MakePage | EditPage | RestorePage], existing: Existing, verified: Existing
) -> dict[PageRef, frozenset[BeaconKey]]:
    """Return where pages are shown that get another address. To get back the one that was last right is no such change.

    Without `verified` pages every change of an address counts.
    """
    moved: set[PageRef] = set()
    for change in pages:
        match change:
            case EditPage(page, ref, before):
                right = verified.pages.get(ref)
                if before.url != page.url and (right is None or right.url != page.url):
                    moved.add(ref)
            case RestorePage(_, ref, before, after):
                if before.url != after.url:
                    moved.add(ref)
    return {ref: frozenset(key for key, shown in existing.bindings.items() if ref in shown) for ref in moved}


def _rebind(
    key: BeaconKey,
    beacon: Beacon | None,
    before: frozenset[PageRef],
    *,
    ours: frozenset[PageRef],
    wanted: tuple[str, ...],
    known: Mapping[str, PageRef],
) -> Rebind | None:
    """Give the change of one beacon, None if it shows what it should."""
    keeps = before - ours
    have = {known[slug] for slug in wanted if slug in known}
    new = any(slug not in known for slug in wanted)
    loses = before - keeps - have
    if not (loses or new or have - before):
        return None
    return Rebind(key, beacon, before, keeps, wanted, loses, _says(beacon, before - keeps, known))


def _says(beacon: Beacon | None, shown: frozenset[PageRef], known: Mapping[str, PageRef]) -> bool:
    """Tell whether the files give a beacon exactly these pages at some other time.

    Such a switch was written by people, and is no accident that the brake should stop at opening time.
    """
    if beacon is None or not beacon.schedule:
        return False
    states = (beacon.pages or (), *(slot.pages for slot in beacon.schedule))
    return any(shown == {known.get(slug) for slug in pages} for pages in states)


def _why_not(
    change: Rebind, missing: set[str], lost: frozenset[BeaconKey], *, force: bool, clock_is_right: bool
) -> Why | None:
    """Give the reason to leave a beacon as it is."""
    beacon = change.beacon
    if change.key in lost:
        return Why.VANISHED
    if beacon is None:
        return None
    if beacon.schedule and not clock_is_right:
        return Why.CLOCK
    if not missing.isdisjoint(change.pages):
        return Why.NO_SUCH_PAGE
    if beacon.protect and change.before and not force:
        return Why.PROTECTED
    return None


def _useless(
    store: Store, existing: Existing, ledger: Ledger, known: Mapping[str, PageRef], bindings: Iterable[Rebind]
) -> list[PageRef]:
    """List our pages that no file names and that nothing shows once the bindings are as planned, oldest first."""
    named = set(known.values()) | console_pages(store)
    after = dict(existing.bindings)
    for change in bindings:
        after[change.key] = change.keeps | {known[slug] for slug in change.pages if slug in known}
    shown = frozenset[PageRef]().union(*after.values())
    made = set(ledger.pages.values())
    return [
        ref
        for ref, page in sorted(existing.pages.items(), key=lambda item: age(item[0]))
        if ref not in named and ref not in shown and (ref in made or fingerprint_in(page.mark))
    ]


def _page_changes(
    store: Store, existing: Existing, known: Mapping[str, PageRef], unplaced: AbstractSet[str]
) -> tuple[MakePage | EditPage, ...]:
    """Return what pages lack. Those that are `unplaced` have no room on any beacon that wants them: none is made."""
    changes: list[MakePage | EditPage] = []
    for slug, page in sorted(store.pages.items()):
        if isinstance(page, ConsolePage):
            continue
        if slug not in known:
            if slug not in unplaced:
                changes.append(MakePage(page))
        elif (before := existing.pages[known[slug]]) != as_it_should_be(page):
            changes.append(EditPage(page, known[slug], before))
    return tuple(changes)


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
