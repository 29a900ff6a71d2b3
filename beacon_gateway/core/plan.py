"""The step from what exists at the target to what the files say, as data: nothing here writes anything.

Three rules keep other people's work safe. A page is ours if the ledger or its mark says so, and only then edited. A
binding is removed only if it is ours: to a page that the files name, or one that the ledger says we bound. A beacon or
page that the target did not list is never taken for "nothing there".
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from beacon_gateway.core.ibeacon import BeaconKey
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


class Why(StrEnum):
    PROTECTED = "protected"
    NOT_AT_TARGET = "beacon-not-at-target"
    NO_SUCH_PAGE = "page-not-at-target"


@dataclass(frozen=True, slots=True)
class Withheld:
    """What the files want and the plan leaves out, with the reason."""

    key: BeaconKey
    beacon: Beacon
    why: Why
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brake:
    """Stop a plan that takes pages from more than `beacons` beacons *and* more than `share` of those bound."""

    beacons: int = 5
    share: float = 0.3


@dataclass(frozen=True, slots=True)
class Plan:
    """In the order in which it is carried out: pages, then bindings, then what is only taken away."""

    pages: tuple[MakePage | EditPage, ...]
    bindings: tuple[Rebind, ...]
    withheld: tuple[Withheld, ...]
    known: Mapping[str, PageRef]
    """References of the pages that exist already, by slug."""
    bound: int
    """How many beacons in scope have a page now."""

    def __bool__(self) -> bool:
        return bool(self.pages or self.bindings)

    def __len__(self) -> int:
        return len(self.pages) + len(self.bindings)

    @property
    def losing(self) -> int:
        """Count the beacons that lose a page which they show now."""
        return sum(1 for change in self.bindings if change.loses)

    def braked_by(self, brake: Brake) -> bool:
        return self.losing > brake.beacons and self.losing > brake.share * self.bound

    @property
    def digest(self) -> str:
        """Twelve hex digits that change with anything the plan would do."""
        bindings = [
            (change.key, change.beacon, sorted(change.before), sorted(change.keeps), change.pages, sorted(change.loses))
            for change in self.bindings
        ]
        return hashlib.sha256(repr((self.pages, bindings)).encode()).hexdigest()[:12]


def make_plan(
    store: Store,
    desired: Mapping[BeaconKey, tuple[str, ...]],
    existing: Existing,
    ledger: Ledger,
    *,
    force: bool = False,
) -> Plan:
    """Compare. With `force`, protected beacons are changed like any other."""
    known = _references(store, existing, ledger)
    missing = {slug for slug, page in store.pages.items() if isinstance(page, ConsolePage) and slug not in known}
    pages = _page_changes(store, existing, known)
    bindings: list[Rebind] = []
    withheld: list[Withheld] = []
    scope = {*desired, *ledger.bindings}
    declared = frozenset(known.values())
    for key in scope:
        beacon = store.beacons.get(key)
        before = existing.bindings.get(key)
        wanted = desired.get(key, ())
        if before is None:
            if beacon and wanted:
                withheld.append(Withheld(key, beacon, Why.NOT_AT_TARGET))
            continue
        ours = ledger.bindings.get(key, frozenset()) | (declared if key in desired else frozenset())
        keeps = before - ours
        have = {known[slug] for slug in wanted if slug in known}
        new = any(slug not in known for slug in wanted)
        loses = before - keeps - have
        if not (loses or new or have - before):
            continue
        if beacon and not missing.isdisjoint(wanted):
            withheld.append(Withheld(key, beacon, Why.NO_SUCH_PAGE, tuple(s for s in wanted if s in missing)))
        elif beacon and beacon.protect and before and not force:
            withheld.append(Withheld(key, beacon, Why.PROTECTED))
        else:
            bindings.append(Rebind(key, beacon, before, keeps, wanted, loses))
    return Plan(
        pages=pages,
        bindings=tuple(sorted(bindings, key=lambda change: (not change.pages, _position(change.beacon), change.key))),
        withheld=tuple(sorted(withheld, key=lambda item: (_position(item.beacon), item.key))),
        known=known,
        bound=sum(1 for key in scope if existing.bindings.get(key)),
    )


def _references(store: Store, existing: Existing, ledger: Ledger) -> dict[str, PageRef]:
    """Find the existing page behind each slug: by the console's id, by the ledger, by the mark on the page.

    An existing page stands behind one own slug at most, and behind none if the files name it as the console's.
    """
    consoles = {slug: PageRef(str(page.page_id)) for slug, page in store.pages.items() if isinstance(page, ConsolePage)}
    own = [slug for slug in store.pages if slug not in consoles]
    marks = {parsed[0]: ref for ref, page in sorted(existing.pages.items()) if (parsed := _parse(page.mark))}
    marked = {slug: marks[fingerprint] for slug in own if (fingerprint := _fingerprint(slug)) in marks}
    found = {slug: ref for slug, ref in consoles.items() if ref in existing.pages}
    free = existing.pages.keys() - set(consoles.values())
    for references in (ledger.pages, marked):
        for slug in own:
            ref = references.get(slug)
            if slug not in found and ref is not None and ref in free:
                found[slug] = ref
                free.remove(ref)
    return found


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


def as_it_should_be(page: OwnPage) -> ExistingPage:
    """Give how a page looks at the target once it says what the files say."""
    return ExistingPage(page.title, page.description, page.url, mark(page))


def mark(page: OwnPage) -> str:
    """Give the sign of ownership on a page: 29 ASCII characters, of the 30 that WeChat's comment holds.

    It carries fingerprints of the slug and of the icon's content, so that a gateway with an empty SD card finds its
    pages again, and knows whether the icon is still the right one.
    """
    return f"bg:{page.slug[:8]:-<8}:{_fingerprint(page.slug)}:{page.icon_digest[:8]}"


_MARK = re.compile(r"bg:[a-z0-9-]{8}:([0-9a-f]{8}):([0-9a-f]{8})")


def _parse(text: str) -> tuple[str, str] | None:
    found = _MARK.fullmatch(text)
    return (found[1], found[2]) if found else None


def _fingerprint(slug: str) -> str:
    return hashlib.sha256(slug.encode()).hexdigest()[:8]


def _position(beacon: Beacon | None) -> tuple[str, str]:
    return (beacon.floor, beacon.slug) if beacon else ("", "")
