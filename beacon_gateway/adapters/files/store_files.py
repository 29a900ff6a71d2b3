"""The store's folder as a `Store`: pages.yaml, floors/*.yaml and icons/."""

import errno
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from beacon_gateway.adapters.files.digests import Digests
from beacon_gateway.adapters.files.icons import MAX_READ_ICON_BYTES, IconCheck
from beacon_gateway.adapters.files.listing import FolderListing, UnlistedFolder, list_store
from beacon_gateway.adapters.files.reading import code_of, read, read_limited
from beacon_gateway.adapters.files.yaml.decibels import MEASURED_POWER
from beacon_gateway.adapters.files.yaml.document import Document
from beacon_gateway.adapters.files.yaml.scalars import (
    BEACON_TIMEOUT,
    BEACON_UUID,
    MOMENT,
    NAME,
    PAGE_REFERENCE,
    SLUG,
    URL,
    Boolean,
    Choice,
    Integer,
    Text,
)
from beacon_gateway.adapters.files.yaml.shapes import Fields, ListOf, MapOf, Record
from beacon_gateway.core.files.copies import is_copy
from beacon_gateway.core.files.draft import BeaconDraft, FloorDraft, PageDraft, SlotDraft, assemble, unknown_pages
from beacon_gateway.core.files.file_names import FLOORS_FOLDER, PAGES_FILE, PossibleCopy, SkippedFile, SkipReason
from beacon_gateway.core.model.problems import Located, Problem, Severity, SourcePosition, in_reading_order, is_sound
from beacon_gateway.core.model.store import (
    DESCRIPTION_WIDTH,
    TITLE_WIDTH,
    BatterySource,
    ConsolePage,
    OwnPage,
    Page,
    Store,
)
from beacon_gateway.core.sentences.system_errors import reason_of
from beacon_gateway.core.text.soundness import sound_name

MAX_FLOORS: Final = 200
NO_DRAFTS: Final[Mapping[Path, bytes]] = MappingProxyType({})


def _slot(fields: Fields, _: Document) -> SlotDraft:
    return SlotDraft(fields.stated("from"), fields.stated("until"), fields["pages"])


def _beacon(fields: Fields, _: Document) -> BeaconDraft | None:
    if "uuid" in fields.misspelled:
        return None
    return BeaconDraft(
        name=fields.get("name", ""),
        uuid=fields.stated("uuid"),
        major=fields.stated("major"),
        minor=fields.stated("minor"),
        pages=fields.get("pages"),
        schedule=[slot for slot, _place in fields.get("schedule", ())],
        protect=fields.get("protect", False),
        mobile=fields.get("mobile", False),
        timeout=fields.get("timeout"),
        measured_power=fields.get("measured_power"),
        battery=fields.get("battery"),
    )


def _floor(fields: Fields, _: Document) -> FloorDraft | None:
    """Make a floor, faulty or not: that there is one is known as soon as it has its name."""
    if not fields.get("floor"):
        return None
    uuid = fields.stated("uuid")
    known = "uuid" not in fields.misspelled and (uuid is None or uuid.value is not None)
    beacons = fields.get("beacons") or ()
    return FloorDraft(
        fields.stated("floor"),
        fields.get("name") or "",
        uuid if known else None,
        beacons if known else (),
        fields.get("battery", BatterySource.TLM),
    )


def _page(fields: Fields, document: Document) -> PageDraft | ConsolePage | None:
    """Make a page without its slug: that is the key above it."""
    console = fields.stated("wechat_page_id")
    if console:
        extra = next((key for key in fields if key != "wechat_page_id"), None)
        if extra:
            document.report(fields.stated(extra).place, "page.both", found=extra)
            return None
        return ConsolePage("", console.value)
    missing = [key for key in ("title", "description", "url", "icon") if key not in fields]
    for key in (key for key in missing if key not in fields.misspelled):
        document.report(fields.place, "key.missing", found=key)
    if missing:
        return None
    return PageDraft(fields["title"], fields["description"], fields["url"], fields.stated("icon"))


SLOT: Final = Record(
    {"from": MOMENT, "until": MOMENT, "pages": ListOf(PAGE_REFERENCE)},
    _slot,
    required=("from", "until", "pages"),
    about="Wins over `pages` while it runs. Times are the store's.",
)
MAJOR_OR_MINOR: Final = Integer(0, 65535)
BATTERY: Final = Choice({source.value: source for source in BatterySource})
BEACON: Final = Record(
    {
        "name": Text(),
        "uuid": BEACON_UUID,
        "major": MAJOR_OR_MINOR,
        "minor": MAJOR_OR_MINOR,
        "pages": ListOf(PAGE_REFERENCE),
        "schedule": ListOf(SLOT),
        "protect": Boolean(),
        "mobile": Boolean(),
        "battery": BATTERY,
        "timeout": BEACON_TIMEOUT,
        "measured_power": MEASURED_POWER,
    },
    _beacon,
    required=("major", "minor"),
)
FLOOR_FILE: Final = Record(
    {"floor": NAME, "name": Text(), "uuid": BEACON_UUID, "battery": BATTERY, "beacons": MapOf(SLUG, BEACON)},
    _floor,
    required=("floor",),
    about="One floor: its beacons and the pages they show.",
    salvage=_floor,
)
PAGE: Final = Record(
    {
        "title": Text(width=TITLE_WIDTH),
        "description": Text(width=DESCRIPTION_WIDTH),
        "url": URL,
        "icon": Text(),
        "wechat_page_id": Integer(1, 2**53),
    },
    _page,
    about="Either title, description, url and icon, or only wechat_page_id.",
)
PAGES_SHAPE: Final = Record(
    {"pages": MapOf(SLUG, PAGE)}, lambda fields, _: fields["pages"], required=("pages",), about="The pages, by slug."
)


@dataclass(frozen=True, slots=True)
class StoreSourceFiles:
    """The files that a store was made of, as they were read: a copy of them means the same."""

    texts: Mapping[str, bytes]
    """By path below the store's folder."""
    icons: Mapping[str, str]
    """SHA-256 of their contents, hex, by path."""


class StoreFiles:
    """Reads one store folder. Keeps nothing between two readings but what was read last, and digests of the icons."""

    def __init__(self, folder: Path, zone: tzinfo, *, shown_as: str = "", judges_icons: bool = True) -> None:
        """`judges_icons`: whether what a picture holds makes it a fault; a copy of what was in force stays so."""
        self.folder = folder
        self.zone = zone
        self._prefix = shown_as or f"{folder.name}/"
        self._digests = Digests(MAX_READ_ICON_BYTES, folder)  # beyond it nothing is read, nor any larger file used
        self._judges_icons = judges_icons
        self._judged: StoreSourceFiles | None = None
        self._icons: frozenset[Path] = frozenset()
        """Those that pages show, wherever in the folder they lie."""

    def read(self, drafts: Mapping[Path, bytes] = NO_DRAFTS) -> tuple[Store, list[Problem]]:
        """Read everything; the store is to be used only if no problem is an error.

        `drafts` stand in for what these files hold: so they would be read once it was saved. Never raises for what the
        folder answers: what cannot be listed or read is a problem.
        """
        listing = list_store(self.folder)
        folder = Document(self._prefix + FLOORS_FOLDER)
        self._report_folders(listing, folder)
        pages_document = self._read(listing.pages, drafts)
        described = PAGES_SHAPE.read(pages_document.root, pages_document) if pages_document.root else None
        there = [self.below(path) for path in listing.icons]
        icons = IconCheck(pages_document, self._digests, there, judges=self._judges_icons)
        pages = list(_pages(described or (), icons))
        floors = self._read_floors(listing, drafts)
        floors, copies = _without_copies(floors, listing.copies)
        self._icons = frozenset(self.folder / page.icon for page in pages if isinstance(page, OwnPage))
        self._digests.forget_all_but(self._icons)
        documents = [pages_document, *(floor.document for floor in floors)]
        store, problems = assemble(pages, [floor.draft for floor in floors if floor.draft], self.zone)
        problems += folder.problems
        problems += self._not_read([*listing.left_out, *copies])
        for document in documents:
            problems += document.problems
        if described is not None and not pages_document.is_full:
            names = {name for name, _ in pages_document.names}
            for document in documents:
                problems += unknown_pages(document.references, names)
        texts = {self.below(document.path): document.content for document in documents}
        digests = {page.icon: page.icon_digest for page in pages if isinstance(page, OwnPage)}
        self._judged = StoreSourceFiles(texts, digests) if is_sound(problems) and not drafts else None
        return store, in_reading_order(problems)

    def judged(self) -> StoreSourceFiles | None:
        """Return what the last reading was made of; None if it was not sound."""
        return self._judged

    def stamp(self) -> tuple[tuple[str, int, int, int], ...]:
        """Return what changes when a file is written, replaced, renamed or removed, or a folder cannot be listed.

        Nothing is read for it.
        """
        listing = list_store(self.folder)
        stamps = [(unlisted.folder, unlisted.error.errno or 0, 0, 0) for unlisted in listing.unlisted]
        stamps += [(f"{folder}/{item.name}", 0, 0, 0) for folder, item in listing.left_out]
        for path in (*listing.files, *sorted(self._icons.difference(listing.icons))):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            except OSError as error:
                stamps.append((str(path), error.errno or 0, 0, 0))
            else:
                stamps.append((str(path), status.st_ino, status.st_size, status.st_mtime_ns))
        return tuple(stamps)

    def icon(self, page: OwnPage) -> bytes:
        """Return an icon's content: what was digested when the files were read. Raise OSError if that is gone."""
        content, _ = read_limited(self.folder / page.icon, MAX_READ_ICON_BYTES, within=self.folder)
        if sha256(content).hexdigest() != page.icon_digest:
            raise OSError(errno.ESTALE, "the icon was changed since the files were read", page.icon)
        return content

    def shown(self, path: Path) -> str:
        """Name a file as people know it."""
        folder = "" if path.parent == self.folder else f"{path.parent.name}/"
        return f"{self._prefix}{folder}{shown_name(path)}"

    @property
    def pages(self) -> Path:
        return self.folder / PAGES_FILE

    def below(self, path: Path) -> str:
        """Return a path as it stands below the store's folder."""
        return path.relative_to(self.folder).as_posix()

    def floor_files(self) -> list[Path]:
        """List what counts as a floor's file, and no copy that says in its name that it is one."""
        listing = list_store(self.folder)
        copies = {name: copy for name, copy in listing.copies.items() if copy.is_marked}
        if not copies:
            return [*listing.floors]
        floors, _ = _without_copies(self._read_floors(listing, NO_DRAFTS), copies)
        return [floor.document.path for floor in floors]

    def everything(self) -> list[Path]:
        """Return every file that counts, whether or not it can be read."""
        return list_store(self.folder).files

    def _read(self, path: Path, drafts: Mapping[Path, bytes]) -> Document:
        return read(path, self.shown(path), drafts.get(path), within=self.folder)

    def _read_floors(self, listing: FolderListing, drafts: Mapping[Path, bytes]) -> "list[_ReadFloor]":
        found = []
        for path in listing.floors[:MAX_FLOORS]:
            document = self._read(path, drafts)
            found.append(_ReadFloor(document, FLOOR_FILE.read(document.root, document) if document.root else None))
        return found

    def _report_folders(self, listing: FolderListing, folder: Document) -> None:
        """Report what cannot be listed, and floors that are none, or too many."""
        folder.problems += map(self._unlisted, listing.unlisted)
        paths = listing.floors
        if not paths and all(unlisted.folder != FLOORS_FOLDER for unlisted in listing.unlisted):
            folder.report(SourcePosition(folder.name), "floors.none")
        if len(paths) > MAX_FLOORS:
            folder.report(SourcePosition(folder.name), "floors.too-many", found=str(len(paths)), limit=str(MAX_FLOORS))

    def unlisted(self) -> list[Problem]:
        """Return a problem for each folder that cannot be listed now."""
        return [self._unlisted(unlisted) for unlisted in list_store(self.folder).unlisted]

    def _unlisted(self, unlisted: UnlistedFolder) -> Problem:
        # Where only this folder cannot be listed, what lies in it may be read all the same, by its name.
        severity = Severity.ERROR if unlisted.folder == FLOORS_FOLDER else Severity.WARNING
        code, details = code_of(unlisted.error, "folder"), {"reason": reason_of(unlisted.error)}
        return Problem(SourcePosition(f"{self._prefix}{unlisted.folder}"), code, details, severity)

    def _not_read(self, left_out: Iterable[tuple[str, SkippedFile]]) -> Iterator[Problem]:
        """Say what lies there as if it were to be read, and is not."""
        for folder, item in left_out:
            prefix = f"{self._prefix}{folder}/" if folder else self._prefix
            details = {"found": sound_name(item.name), "near": sound_name(item.near)}
            yield Problem(SourcePosition(prefix + details["found"]), item.why, details, Severity.WARNING)


def _pages(described: Iterable[tuple[Located[str], PageDraft | ConsolePage]], icons: IconCheck) -> Iterator[Page]:
    for (slug, _), page in described:
        if isinstance(page, ConsolePage):
            yield replace(page, slug=slug)
        else:
            digest = icons.digest(page.icon)
            yield OwnPage(slug, page.title, page.description, page.url, page.icon.value, digest)


class _ReadFloor(NamedTuple):
    document: Document
    draft: FloorDraft | None


def _without_copies(
    floors: list[_ReadFloor], copies: Mapping[str, PossibleCopy]
) -> tuple[list[_ReadFloor], list[tuple[str, SkippedFile]]]:
    """Return the floors' files that count, and those that are copies of others."""
    if not copies:
        return floors, []
    counted = [floor for floor in floors if floor.document.path.name not in copies]
    left_out = []
    by_name = {floor.document.path.name: floor.draft for floor in floors}
    for floor in floors:
        name = floor.document.path.name
        if copy := copies.get(name):
            if is_copy(copy, floor.draft, by_name.get(copy.of), [other.draft for other in counted if other.draft]):
                left_out.append((FLOORS_FOLDER, SkippedFile(name, SkipReason.COPY, copy.of)))
            else:
                counted.append(floor)
    counted.sort(key=lambda floor: floor.document.path)
    return counted, left_out


def shown_name(path: Path) -> str:
    """Return a file's name as text that can be said: a name typed in GBK is not UTF-8."""
    return sound_name(path.name)
