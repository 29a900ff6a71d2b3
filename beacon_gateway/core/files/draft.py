"""From what people wrote to a `Store`: the checks that need more than one line of one file."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID

from beacon_gateway.core.files.revision import revision_of
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.problems import Located, Problem, Severity, SourcePosition, did_you_mean
from beacon_gateway.core.model.store import MAX_PAGES_PER_BEACON, BatterySource, Beacon, Floor, Page, Slot, Store
from beacon_gateway.core.text.odd_characters import visible

MAX_SLUG_GUESSES: Final = 20
"""A guess costs microseconds for each known name; who has more wrong ones has one fault many times."""


@dataclass(frozen=True, slots=True)
class PageDraft:
    """A page of our own whose icon nobody has looked at yet."""

    title: str
    description: str
    url: str
    icon: Located[str]


@dataclass(frozen=True, slots=True)
class SlotDraft:
    start: Located[datetime]
    """Naive: wall-clock time in the store."""
    end: Located[datetime]
    pages: Sequence[Located[str]]


@dataclass(frozen=True, slots=True)
class BeaconDraft:
    name: str
    uuid: Located[UUID] | None
    major: Located[int]
    minor: Located[int]
    pages: Sequence[Located[str]] | None
    schedule: Sequence[SlotDraft]
    protect: bool
    mobile: bool
    timeout: float | None
    measured_power: int | None
    battery: BatterySource | None = None
    """None takes the floor's."""


@dataclass(frozen=True, slots=True)
class FloorDraft:
    slug: Located[str]
    name: str
    uuid: Located[UUID] | None
    beacons: Sequence[tuple[Located[str], BeaconDraft]]
    """Each with the slug above it."""
    battery: BatterySource = BatterySource.TLM


def unknown_pages(references: Iterable[Located[str]], names: Collection[str]) -> list[Problem]:
    """Report each reference to a page that no file declares, sound or faulty."""
    problems = []
    guesses: dict[str, str] = {}
    for slug, place in references:
        if slug not in names:
            if slug not in guesses and len(guesses) < MAX_SLUG_GUESSES:
                guesses[slug] = did_you_mean(slug, names)
            near = guesses.get(slug, "")
            code = "page.unknown-near" if near else "page.unknown"
            problems.append(Problem(place, code, {"found": visible(slug[:40]), "near": near}))
    return problems


def unknown_floor(floor: Located[str], store: Store, files: int) -> list[Problem]:
    """Report the gateway's own floor if none of the `files` describes it.

    While one of them gives no floor, that may be the one: what is wrong with it is told, and enough.
    """
    if not store.floors or floor.value in store.floors or len(store.floors) < files:
        return []
    near = did_you_mean(floor.value, store.floors)
    details = {"found": floor.value, "near": near, "known": " · ".join(sorted(store.floors))}
    return [Problem(floor.place, "floor.unknown-near" if near else "floor.unknown", details)]


def assemble(pages: Iterable[Page], floors: Sequence[FloorDraft], zone: tzinfo) -> tuple[Store, list[Problem]]:
    """Put the pieces together. The store is to be used only if no problem is an error, here or where it was read."""
    assembly = _Assembly({page.slug: page for page in pages}, zone)
    for floor in floors:
        assembly.add_floor(floor)
    revision = revision_of(assembly.floors, assembly.beacons, assembly.pages)
    store = Store(assembly.floors, assembly.beacons, assembly.pages, revision)
    return store, assembly.problems


class _Assembly:
    def __init__(self, pages: dict[str, Page], zone: tzinfo) -> None:
        self.pages = pages
        self.floors: dict[str, Floor] = {}
        self.beacons: dict[BeaconKey, Beacon] = {}
        self.problems: list[Problem] = []
        self._zone = zone
        self._floor_places: dict[str, SourcePosition] = {}
        self._beacon_places: dict[BeaconKey, SourcePosition] = {}

    def add_floor(self, draft: FloorDraft) -> None:
        slug, place = draft.slug
        if slug in self.floors:
            self._report(place, "floor.twice", found=slug, first=str(self._floor_places[slug]))
            return
        self.floors[slug] = Floor(slug, draft.name or slug)
        self._floor_places[slug] = place
        for beacon, details in draft.beacons:
            self._add_beacon(beacon, details, draft)

    def _add_beacon(self, slug: Located[str], draft: BeaconDraft, floor: FloorDraft) -> None:
        uuid = draft.uuid or floor.uuid
        if uuid is None:
            self._report(slug.place, "beacon.no-uuid", found=slug.value)
            return
        key = BeaconKey(uuid.value, draft.major.value, draft.minor.value)
        if key in self.beacons:
            self._report(draft.major.place, "beacon.twice", found=str(key), first=str(self._beacon_places[key]))
            return
        self._beacon_places[key] = slug.place
        self.beacons[key] = Beacon(
            key=key,
            slug=slug.value,
            name=draft.name or slug.value,
            floor=floor.slug.value,
            pages=None if draft.pages is None else self._distinct(draft.pages),
            schedule=self._in_order(draft.schedule),
            protect=draft.protect,
            mobile=draft.mobile,
            timeout=draft.timeout,
            measured_power=draft.measured_power,
            battery=draft.battery or floor.battery,
        )

    def _distinct(self, slugs: Sequence[Located[str]]) -> tuple[str, ...]:
        places: dict[str, SourcePosition] = {}
        for slug, place in slugs:
            places.setdefault(slug, place)
        distinct = tuple(places)
        if len(distinct) > MAX_PAGES_PER_BEACON:
            excess = places[distinct[MAX_PAGES_PER_BEACON]]
            self._report(excess, "pages.too-many", found=str(len(distinct)), limit=str(MAX_PAGES_PER_BEACON))
        elif len(distinct) > 1:
            self._report(places[distinct[1]], "pages.random", severity=Severity.WARNING, found=str(len(distinct)))
        return distinct

    def _in_order(self, drafts: Sequence[SlotDraft]) -> tuple[Slot, ...]:
        placed: list[Located[Slot]] = []
        for draft in drafts:
            slot = Slot(
                draft.start.value.replace(tzinfo=self._zone),
                draft.end.value.replace(tzinfo=self._zone),
                self._distinct(draft.pages),
            )
            if slot.end > slot.start:
                placed.append(Located(slot, draft.start.place))
            else:
                self._report_backwards(draft)
        placed.sort(key=lambda stated: stated.value.start)
        longest: Located[Slot] | None = None
        for later in placed:
            if longest and later.value.start < longest.value.end:
                found = f"{later.value.start:%Y-%m-%d %H:%M}"
                self._report(later.place, "slot.overlap", found=found, first=str(longest.place))
            if longest is None or later.value.end > longest.value.end:
                longest = later
        return tuple(slot for slot, _ in placed)

    def _report_backwards(self, draft: SlotDraft) -> None:
        start, end = draft.start.value, draft.end.value
        found, first = f"{end:%Y-%m-%d %H:%M}", f"{start:%Y-%m-%d %H:%M}"
        if start.date() == end.date() and start != end and end.date() < date.max:
            near = f"{end + timedelta(days=1):%Y-%m-%d %H:%M}"
            self._report(draft.end.place, "slot.overnight", found=found, first=first, near=near)
        else:
            self._report(draft.end.place, "slot.backwards", found=found, first=first)

    def _report(self, place: SourcePosition, code: str, *, severity: Severity = Severity.ERROR, **details: str) -> None:
        self.problems.append(Problem(place, code, details, severity))
