"""Values as text for people, and as JSON for scripts."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from beacon_gateway.core.hit import LoggedHit
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.messages import explain, say
from beacon_gateway.core.plan import EditPage, MakePage, Plan, Rebind
from beacon_gateway.core.problems import Problem
from beacon_gateway.core.settings import Language
from beacon_gateway.core.store import Beacon, ConsolePage, Page, Store, display_width
from beacon_gateway.core.survey import Overview, Sighting
from beacon_gateway.core.target import PageRef


def problem_lines(problem: Problem, source: str | None, language: Language) -> Iterator[str]:
    """Say a problem; with the line it is in, if there is one, and a mark under the place."""
    severity = say(f"problem.{problem.severity}", language)
    yield f"{problem.place}: {severity}: {explain(problem, language)}  [{problem.code}]"
    if source and source.strip():
        before = source[: problem.place.column - 1]
        # Chinese characters take two columns on a terminal.
        indent = "".join("　" if ord(character) > 0x2E7F else " " for character in before)  # noqa: PLR2004 - CJK begins
        yield f"    {source.rstrip()}"
        yield f"    {indent}^"


def problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "severity": problem.severity.value,
        "code": problem.code,
        "zh": explain(problem, Language.CHINESE),
        "en": explain(problem, Language.ENGLISH),
    }


class PlanText:
    """Says a plan by floor and beacon, with the titles of pages and never with bare ids."""

    def __init__(self, plan: Plan, store: Store, language: Language) -> None:
        self._plan, self._store, self._language = plan, store, language
        self._slugs = {ref: slug for slug, ref in plan.known.items()}

    def lines(self) -> Iterator[str]:
        if not self._plan and not self._plan.withheld:
            yield self._say("plan.in-sync")
            return
        if self._plan.pages:
            yield self._say("plan.pages")
            for page_change in self._plan.pages:
                yield f"  {self.line(page_change)}"
        heading = None
        for change in self._plan.bindings:
            floor = self._heading(change.beacon)
            if floor != heading:
                yield floor
                heading = floor
            yield f"  {self.line(change)}"
        for item in self._plan.withheld:
            details = {"beacon": item.beacon.name, "key": item.key, "pages": ", ".join(item.pages)}
            yield f"! {self._say(f'plan.{item.why}', **details)}"
        if self._plan:
            yield self._say("plan.summary", changes=len(self._plan), digest=self._plan.digest)

    def line(self, change: MakePage | EditPage | Rebind) -> str:
        """Say one change."""
        match change:
            case MakePage(page):
                return "+ " + self._say("plan.make", title=page.title, slug=page.slug)
            case EditPage(page, _, existing):
                old = (existing.title, existing.description, existing.url)
                new = (page.title, page.description, page.url)
                names = ("title", "description", "url")
                parts = [
                    f"{self._say(f'field.{name}')} {was} → {now}"
                    for name, was, now in zip(names, old, new, strict=True)
                    if was != now
                ]
                what = "; ".join(parts) or self._say("field.icon")
                return "~ " + self._say("plan.edit", title=page.title, slug=page.slug, what=what)
            case Rebind():
                kept = [self._title_of(ref) for ref in sorted(change.keeps)]
                before = [self._title_of(ref) for ref in sorted(change.before)]
                after = kept + [title(self._store.pages[slug]) for slug in change.pages]
                sign = "-" if not change.pages else "~" if change.loses else "+"
                name = change.beacon.name if change.beacon else str(change.key)
                nothing = self._say("plan.nothing")
                return f"{sign} " + self._say(
                    "plan.bind", beacon=name, before=", ".join(before) or nothing, after=", ".join(after) or nothing
                )

    def _heading(self, beacon: Beacon | None) -> str:
        if beacon is None:
            return self._say("plan.removed")
        floor = self._store.floors[beacon.floor]
        return floor.slug if floor.name == floor.slug else f"{floor.slug} {floor.name}"

    def _title_of(self, ref: PageRef) -> str:
        slug = self._slugs.get(ref)
        return title(self._store.pages[slug]) if slug else self._say("plan.others-page", ref=ref)

    def _say(self, phrase: str, **details: object) -> str:
        return say(phrase, self._language, **details)


def title(page: Page) -> str:
    """Name a page as staff know it; a console page is known by its slug only."""
    return page.slug if isinstance(page, ConsolePage) else page.title


def plan_json(plan: Plan) -> dict[str, Any]:
    return {
        "digest": plan.digest,
        "changes": len(plan),
        "losing": plan.losing,
        "bound": plan.bound,
        "pages": [
            {"change": "make" if isinstance(change, MakePage) else "edit", "page": change.page.slug}
            for change in plan.pages
        ],
        "bindings": [
            {
                "beacon": _key_json(change.key) | {"name": change.beacon.slug if change.beacon else None},
                "floor": change.beacon.floor if change.beacon else None,
                "before": sorted(change.before),
                "keeps": sorted(change.keeps),
                "pages": list(change.pages),
            }
            for change in plan.bindings
        ],
        "withheld": [
            {"beacon": _key_json(item.key) | {"name": item.beacon.slug}, "why": item.why.value, "pages": item.pages}
            for item in plan.withheld
        ],
    }


def hit_line(logged: LoggedHit, zone: tzinfo) -> str:
    hit = logged.hit
    dwell = f"  {hit.dwell:.0f} s" if hit.dwell is not None else ""
    reason = f"  ({hit.reason})" if hit.reason else ""
    return (
        f"{logged.at.astimezone(zone):%Y-%m-%d %H:%M:%S} {logged.floor:<4} {hit.kind:<5} {logged.beacon:<18} "
        f"{hit.zone:<9} {hit.rssi:4.0f} dBm {hit.distance:5.1f} m{dwell}{reason}"
    )


def hit_json(logged: LoggedHit) -> Mapping[str, Any]:
    hit = logged.hit
    return {
        "at": logged.at.isoformat(),
        "gateway": logged.gateway,
        "floor": logged.floor,
        "beacon": logged.beacon,
        **_key_json(hit.key),
        "kind": hit.kind.value,
        "zone": hit.zone.value,
        "rssi": hit.rssi,
        "distance": hit.distance,
        "dwell": hit.dwell,
        "reason": hit.reason.value if hit.reason else None,
        "boot": logged.boot,
        "monotonic": hit.when,
        "revision": logged.revision,
    }


class OverviewText:
    """Says who is in the air, for a gateway on this floor."""

    def __init__(self, overview: Overview, store: Store, floor: str, language: Language) -> None:
        self._overview, self._store, self._floor, self._language = overview, store, floor, language

    def lines(self) -> Iterator[str]:
        """Give the whole table as plain text."""
        yield self.heading_declared()
        names = [(sighting, self._store.beacons[sighting.key]) for sighting in self.declared()]
        for sighting, beacon in names:
            yield f"  {padded(beacon.floor, 5)} {padded(beacon.name, 24)} {sighting.zone:<9} {self.signal(sighting)}"
        if missing := self.missing():
            yield f"  {missing}"
        if self._overview.unknown:
            yield self.heading_unknown()
            for sighting in self.unknown():
                yield f"  {padded(str(sighting.key), 49)} {self.signal(sighting)}"
        yield self.rest()

    def heading_declared(self) -> str:
        return self._say("scan.yours", heard=len(self._overview.declared), all=len(self._store.beacons))

    def heading_unknown(self) -> str:
        phrase = "scan.unknown" if self._store.beacons else "scan.unknown-all"
        return self._say(phrase, count=len(self._overview.unknown))

    def declared(self) -> list[Sighting]:
        """Give the store's beacons that were heard, by floor and name."""
        beacons = self._store.beacons
        return sorted(
            self._overview.declared, key=lambda sighting: (beacons[sighting.key].floor, beacons[sighting.key].name)
        )

    def unknown(self) -> list[Sighting]:
        """Give the unknown ones, the strongest first."""
        return sorted(self._overview.unknown, key=lambda sighting: (-sighting.rssi, sighting.key))

    def missing(self) -> str:
        """Name the beacons of this floor that were not heard; "" if there are none."""
        heard = {sighting.key for sighting in self._overview.declared}
        missing = [
            beacon.name
            for beacon in self._store.beacons.values()
            if beacon.floor == self._floor and not beacon.mobile and beacon.key not in heard
        ]
        return self._say("scan.missing", floor=self._floor, names=", ".join(missing)) if missing else ""

    def rest(self) -> str:
        overview = self._overview
        text = self._say("scan.rest", ibeacons=overview.other_ibeacons, others=overview.other_adverts)
        return text + (self._say("scan.forgotten", count=overview.forgotten) if overview.forgotten else "")

    def signal(self, sighting: Sighting) -> str:
        age = self.age(sighting)
        return f"{sighting.rssi:4.0f} dBm  {age}  {sighting.rate:5.1f}/s"

    def age(self, sighting: Sighting) -> str:
        """Say how long ago it was heard last."""
        return f"{self._overview.now - sighting.heard:4.0f} s"

    def _say(self, phrase: str, **details: object) -> str:
        return say(phrase, self._language, **details)


def padded(text: str, width: int) -> str:
    """Fill up with blanks; a Chinese character is two wide."""
    return text + " " * (width - display_width(text))


def sighting_json(sighting: Sighting, beacon: Beacon | None, overview: Overview, at: datetime) -> dict[str, Any]:
    """`at` is the time of the overview."""
    return {
        "at": (at - timedelta(seconds=overview.now - sighting.heard)).isoformat(timespec="milliseconds"),
        "floor": beacon.floor if beacon else None,
        "beacon": beacon.slug if beacon else None,
        **_key_json(sighting.key),
        "rssi": round(sighting.rssi, 1),
        "zone": sighting.zone.value,
        "adverts": sighting.adverts,
        "rate": round(sighting.rate, 2),
    }


def overview_json(overview: Overview, store: Store) -> dict[str, Any]:
    heard = {sighting.key for sighting in overview.declared}
    return {
        "adverts": overview.adverts,
        "heard": len(heard),
        "never_heard": [
            {"floor": beacon.floor, "beacon": beacon.slug} for key, beacon in store.beacons.items() if key not in heard
        ],
        "unknown": len(overview.unknown),
        "unknown_forgotten": overview.forgotten,
        "other_ibeacon_adverts": overview.other_ibeacons,
        "other_adverts": overview.other_adverts,
    }


def _key_json(key: BeaconKey) -> dict[str, Any]:
    return {"uuid": str(key.uuid).upper(), "major": key.major, "minor": key.minor}
