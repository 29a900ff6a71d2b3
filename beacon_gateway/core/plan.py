"""The step from what exists at the target to what the files say, as data: nothing here writes anything.

Three rules keep other people's work safe. A page is ours if the ledger or its mark says so, and only then edited. A
binding is removed only if it is ours: to a page that the files name, or one that the ledger says we bound. A beacon or
page that the target did not list is never taken for "nothing there".
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from beacon_gateway.core.brake import Brake
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.ownership import age, as_it_should_be, console_pages, fingerprint_in, references
from beacon_gateway.core.store import Beacon, ConsolePage, OwnPage, Store
from beacon_gateway.core.target import Existing, ExistingPage, Ledger, PageRef


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


@dataclass(frozen=True, slots=True)
class DeletePage:
    """An own page that no file names and nothing shows."""

    ref: PageRef
    before: ExistingPage


Change = MakePage | EditPage | RestorePage | Rebind | DeletePage


class Why(StrEnum):
    PROTECTED = "protected"
    NOT_AT_TARGET = "beacon-not-at-target"
    NO_SUCH_PAGE = "page-not-at-target"
    CLOCK = "clock"
    """It has a schedule, and nobody knows what time it is."""
    CHANGED_SINCE = "changed-since"
    """Somebody changed it after what is to be undone."""
    PAGE_GONE = "page-gone"
    """What an undo would show again was deleted."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """What the files want and the plan leaves out, with the reason."""

    key: BeaconKey
    beacon: Beacon | None
    """None where the files do not know it: then an undo would have changed it."""
    why: Why
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """In the order in which it is carried out: pages, bindings, what is only taken away, what is deleted."""

    pages: tuple[MakePage | EditPage | RestorePage, ...]
    bindings: tuple[Rebind, ...]
    withheld: tuple[Withheld, ...]
    known: Mapping[str, PageRef]
    """References of the pages that exist already, by slug."""
    bound: int
    """How many beacons in scope have a page now."""
    deletions: tuple[DeletePage, ...] = ()
    prunable: int = 0
    """Own pages that no file names and nothing shows, and that this plan leaves standing."""
    left_over: tuple[str, ...] = ()
    """Pages (by slug) that an undo cannot put back as they were."""

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
        return sum(1 for change in self.bindings if change.loses and not change.by_schedule)

    def braked_by(self, brake: Brake) -> bool:
        return self.losing > brake.beacons and self.losing > brake.share * self.bound

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
    bindings: list[Rebind] = []
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
        change = _rebind(key, beacon, before, ours=ours, wanted=wanted, known=known)
        if change is None:
            continue
        why = _why_not(change, missing, force=force, clock_is_right=clock_is_right)
        if why:
            lacking = tuple(slug for slug in wanted if slug in missing) if why is Why.NO_SUCH_PAGE else ()
            withheld.append(Withheld(key, beacon, why, lacking))
        else:
            bindings.append(change)
    useless = _useless(store, existing, ledger, known, bindings)
    return Plan(
        pages=_page_changes(store, existing, known),
        bindings=in_order(bindings),
        withheld=tuple(sorted(withheld, key=lambda item: (_position(item.beacon), item.key))),
        known=known,
        bound=sum(1 for key in scope if existing.bindings.get(key)),
        deletions=tuple(DeletePage(ref, existing.pages[ref]) for ref in useless) if prune else (),
        prunable=0 if prune else len(useless),
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


def _why_not(change: Rebind, missing: set[str], *, force: bool, clock_is_right: bool) -> Why | None:
    """Give the reason to leave a beacon as it is."""
    beacon = change.beacon
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


def _page_changes(store: Store, existing: Existing, known: Mapping[str, PageRef]) -> tuple[MakePage | EditPage, ...]:
    changes: list[MakePage | EditPage] = []
    for slug, page in sorted(store.pages.items()):
        if isinstance(page, ConsolePage):
            continue
        if slug not in known:
            changes.append(MakePage(page))
        elif (before := existing.pages[known[slug]]) != as_it_should_be(page):
            changes.append(EditPage(page, known[slug], before))
    return tuple(changes)


def in_order(bindings: Iterable[Rebind]) -> tuple[Rebind, ...]:
    """Sort: what gives pages first, then what only takes them away; by floor and beacon."""
    return tuple(
        sorted(
            bindings,
            key=lambda change: (not (change.pages or change.restores), _position(change.beacon), change.key),
        )
    )


def _position(beacon: Beacon | None) -> tuple[str, str]:
    return (beacon.floor, beacon.slug) if beacon else ("", "")
