"""A small world for plans: stores, pages and beacons in one line each, and a target that does what it is told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from beacon_gateway.core.bindings.ownership import as_it_should_be
from beacon_gateway.core.bindings.plan import EditPage, MakePage, Plan, make_plan
from beacon_gateway.core.bindings.target import Existing, ExistingPage, Ledger, PageRef
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import Beacon, ConsolePage, OwnPage, Page, Store
from tests.core.air import STORE

FOREIGN: Final = ExistingPage("今日特价", "别人的", "https://example.net", "made by hand")


def key(minor: int) -> BeaconKey:
    return BeaconKey(STORE, 10006, minor)


def own(
    slug: str, *, title: str = "春季新品", url: str = "https://h5.example.com/spring", icon: str = "a" * 64
) -> OwnPage:
    return OwnPage(slug, title, "全场八折起", url, "icons/spring.png", icon)


def console(slug: str, page_id: int) -> ConsolePage:
    return ConsolePage(slug, page_id)


def beacon(minor: int, *pages: str, protect: bool = False, floor: str = "F6") -> Beacon:
    return Beacon(key(minor), f"beacon-{minor}", f"Beacon {minor}", floor, pages=pages, protect=protect)


def store(pages: Iterable[Page] = (), beacons: Iterable[Beacon] = ()) -> Store:
    return Store({}, {one.key: one for one in beacons}, {page.slug: page for page in pages})


def refs(*names: int | str) -> frozenset[PageRef]:
    return frozenset(PageRef(str(name)) for name in names)


def existing(
    pages: Mapping[int, OwnPage | ExistingPage] | None = None, bindings: Mapping[int, frozenset[PageRef]] | None = None
) -> Existing:
    """Return a target with these pages by number and bindings by minor; an own page looks as it should."""
    return Existing(
        {
            PageRef(str(number)): as_it_should_be(page) if isinstance(page, OwnPage) else page
            for number, page in (pages or {}).items()
        },
        {key(minor): bound for minor, bound in (bindings or {}).items()},
    )


def ledger(pages: Mapping[str, int] | None = None, bindings: Mapping[int, frozenset[PageRef]] | None = None) -> Ledger:
    return Ledger(
        {slug: PageRef(str(number)) for slug, number in (pages or {}).items()},
        {key(minor): bound for minor, bound in (bindings or {}).items()},
    )


def wanted(files: Store) -> Mapping[BeaconKey, tuple[str, ...]]:
    """Return what the files want of every beacon whose pages they decide, when no slot runs."""
    return {key: one.pages for key, one in files.beacons.items() if one.pages is not None}


def planned(files: Store, there: Existing, book: Ledger | None = None, *, force: bool = False) -> Plan:
    return make_plan(files, wanted(files), there, book or Ledger(), force=force)


@dataclass
class World:
    """A target and a ledger that change as plans are carried out: the ledger first, then the target, then the proof."""

    pages: dict[PageRef, ExistingPage]
    bindings: dict[BeaconKey, frozenset[PageRef]]
    ledger_pages: dict[str, PageRef] = field(default_factory=dict)
    ledger_bindings: dict[BeaconKey, frozenset[PageRef]] = field(default_factory=dict)
    vanished: frozenset[BeaconKey] = frozenset()

    @classmethod
    def of(cls, there: Existing, book: Ledger) -> "World":
        return cls(dict(there.pages), dict(there.bindings), dict(book.pages), dict(book.bindings))

    @property
    def existing(self) -> Existing:
        return Existing(dict(self.pages), dict(self.bindings))

    @property
    def ledger(self) -> Ledger:
        return Ledger(dict(self.ledger_pages), dict(self.ledger_bindings), vanished=self.vanished)

    def carry_out(self, plan: Plan) -> None:
        known = dict(plan.known)
        self.vanished = frozenset(item.key for item in plan.vanished)
        for change in plan.pages:
            match change:
                case MakePage(page):
                    ref = known[page.slug] = PageRef(f"new-{len(self.pages)}")
                case EditPage(page, ref, _):
                    pass
            self.pages[ref] = as_it_should_be(page)
            self.ledger_pages[page.slug] = ref
        for rebind in plan.bindings:
            ours = frozenset(known[slug] for slug in rebind.pages)
            self.bindings[rebind.key] = ours | rebind.keeps
            self.ledger_bindings[rebind.key] = ours
