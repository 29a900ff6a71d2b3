"""From what an account holds to the store that its files will describe: floors, slugs, and which pages are ours.

The files must say of the account exactly what is there, so that a plan made from them changes nothing. A page comes
back as our own only if everything about it does: its slug, by the mark, and its icon, by the mark's fingerprint. All
other pages are the console's: bound, and never edited.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final
from uuid import UUID

from beacon_gateway.core.bindings.ownership import mark
from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.files.icon_image import icon_fault
from beacon_gateway.core.files.inventory import Inventory, ListedBeacon, ListedPage
from beacon_gateway.core.files.slugs import Slugs, slug_of
from beacon_gateway.core.model.store import OwnPage

MAX_OUTLINED_FLOORS: Final = 150
"""Of the 200 floor files that are read, so that some can be added."""
MAX_FLOOR_BEACONS: Final = 1000
"""Beacons in one file, fewer if they have many pages: well below the size at which a floor file is refused."""


@dataclass(frozen=True, slots=True)
class OutlinedIcon:
    content: bytes
    kind: str
    """As a file's ending names it: png, jpg or gif."""

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class OutlinedPage:
    slug: str
    page: ListedPage
    icon: OutlinedIcon | None
    own: bool

    @property
    def icon_path(self) -> str:
        """Relative to the store's folder; "" without an icon."""
        return f"icons/{self.slug}.{self.icon.kind}" if self.icon else ""


@dataclass(frozen=True, slots=True)
class OutlinedBeacon:
    slug: str
    beacon: ListedBeacon
    pages: tuple[OutlinedPage, ...]


@dataclass(frozen=True, slots=True)
class OutlinedFloor:
    slug: str
    majors: tuple[int, ...]
    uuid: UUID | None
    """Of most of its beacons; None without beacons."""
    beacons: tuple[OutlinedBeacon, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    pages: tuple[OutlinedPage, ...]
    floors: tuple[OutlinedFloor, ...]


@dataclass(frozen=True, slots=True)
class RememberedIds:
    """What this gateway knows already, by which its own pages are recognised."""

    slugs: frozenset[str] = frozenset()
    """Of the pages in its files."""
    refs: Mapping[PageRef, str] = field(default_factory=dict)
    """Slugs of the pages that its ledger says it made."""
    icons: tuple[OutlinedIcon, ...] = ()
    """Those in its files."""


def outline(
    inventory: Inventory,
    icons: Mapping[int, OutlinedIcon],
    remembered: RememberedIds,
    can_be_written: Callable[[ListedPage], bool],
) -> Outline:
    """Decide it all.

    `icons` are those that could be fetched, by page number; `can_be_written` tells whether title, description and
    address of a page are such as the files allow.
    """
    pages = _pages(inventory, icons, remembered, can_be_written)
    by_number = {outlined.page.number: outlined for outlined in pages}
    floors: list[OutlinedFloor] = []
    names = Slugs()
    for group in _groups(inventory):
        majors = sorted({beacon.key.major for beacon in group})
        name = f"major-{majors[0]}" if len(majors) == 1 else f"majors-{majors[0]}-{majors[-1]}"
        uuids = Counter(beacon.key.uuid for beacon in group)
        slugs = Slugs()
        beacons = tuple(
            OutlinedBeacon(
                _beacon_slug(beacon, slugs, majors),
                beacon,
                tuple(by_number[number] for number in inventory.bindings[beacon.key]),
            )
            for beacon in group
        )
        floors.append(OutlinedFloor(names.take(name), tuple(majors), uuids.most_common(1)[0][0], beacons))
    return Outline(tuple(pages), tuple(floors) or (OutlinedFloor("F1", (), None, ()),))


def _groups(inventory: Inventory) -> list[list[ListedBeacon]]:
    """Return the beacons of each file: of one major each; of neighbouring ones together if that were too many files."""

    def room_of(beacon: ListedBeacon) -> int:
        return 1 + len(inventory.bindings[beacon.key]) // 3

    ordered = sorted(inventory.beacons, key=lambda beacon: (beacon.key.major, beacon.key.uuid, beacon.key.minor))
    by_major = [list(group) for _, group in groupby(ordered, key=lambda beacon: beacon.key.major)]
    parts = [part for group in by_major for part in _parts(group, room_of)]
    return parts if len(parts) <= MAX_OUTLINED_FLOORS else list(_parts(ordered, room_of))


def _parts(beacons: Sequence[ListedBeacon], room_of: Callable[[ListedBeacon], int]) -> Iterator[list[ListedBeacon]]:
    part: list[ListedBeacon] = []
    left = MAX_FLOOR_BEACONS
    for beacon in beacons:
        if part and room_of(beacon) > left:
            yield part
            part, left = [], MAX_FLOOR_BEACONS
        part.append(beacon)
        left -= room_of(beacon)
    if part:
        yield part


def _beacon_slug(beacon: ListedBeacon, slugs: Slugs, majors: Sequence[int]) -> str:
    said = slug_of(beacon.comment)
    number = f"beacon-{beacon.key.minor}" if len(majors) == 1 else f"beacon-{beacon.key.major}-{beacon.key.minor}"
    numbered = f"{said[:40].rstrip('-')}-{beacon.key.minor}" if said else number
    return slugs.take(said, numbered, number, f"beacon-{beacon.key.major}-{beacon.key.minor}", "beacon")


def _pages(
    inventory: Inventory,
    icons: Mapping[int, OutlinedIcon],
    remembered: RememberedIds,
    can_be_written: Callable[[ListedPage], bool],
) -> list[OutlinedPage]:
    # Of several pages with the mark of one slug the planner takes the one whose reference sorts last, and no other.
    last = {_slug_print(page): page.number for page in sorted(inventory.pages, key=lambda page: page.ref)}
    own = {
        page.number: found
        for page in inventory.pages
        if last[_slug_print(page)] == page.number
        and can_be_written(page)
        and (found := _as_own(page, icons.get(page.number), remembered))
    }
    names = Slugs(page.slug for page in own.values())
    return [
        own.get(page.number)
        or OutlinedPage(names.take(slug_of(page.title), f"page-{page.number}"), page, icons.get(page.number), own=False)
        for page in inventory.pages
    ]


def _as_own(page: ListedPage, icon: OutlinedIcon | None, remembered: RememberedIds) -> OutlinedPage | None:
    """Return the page as it stands in the files of the gateway that made it, if all of it can be told."""
    for slug in _candidates(page, remembered):
        for picture in (*([icon] if icon else []), *remembered.icons):
            whole = OwnPage(slug, page.title, page.description, page.url, "", picture.digest)
            if mark(whole) == page.comment and icon_fault(picture.content) is None:
                return OutlinedPage(slug, page, picture, own=True)
    return None


def _candidates(page: ListedPage, remembered: RememberedIds) -> Iterable[str]:
    """Return the slugs that a page may have: of a short one the mark holds all the letters."""
    short = page.comment[3:11].rstrip("-")
    return dict.fromkeys(slug for slug in (remembered.refs.get(page.ref, ""), short, *sorted(remembered.slugs)) if slug)


def _slug_print(page: ListedPage) -> str:
    """Return the part of a mark that tells pages apart; what it is on a page without a mark does not matter."""
    return page.comment[11:21]
