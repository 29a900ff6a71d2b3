"""Plans."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from beacon_gateway.core.bindings.drift import SOMEBODYS, Drift
from beacon_gateway.core.bindings.history.hold import is_held
from beacon_gateway.core.bindings.plan import (
    Change,
    DeletePage,
    EditPage,
    MakePage,
    Plan,
    Rebind,
    RestorePage,
    Withheld,
    WithheldReason,
)
from beacon_gateway.core.bindings.plan_calls import calls_of
from beacon_gateway.core.bindings.target import ExistingPage, Hold, PageRef
from beacon_gateway.core.model.brake import Brake
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.store import MAX_PAGES_PER_BEACON, Beacon, Store, title_of
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.presentation.keys import key_json

WITHOUT_COMMANDS: Final[Mapping[str, str]] = {
    "plan.braked": "bindings.braked",
    "plan.braked.address": "bindings.braked.address",
    "plan.braked.everything": "bindings.braked.everything",
    "plan.vanished": "bindings.vanished",
    "plan.vanished.unknown-floor": "bindings.vanished.unknown-floor",
    "plan.page-exists": "bindings.page-exists",
    "plan.page-unclear": "bindings.page-unclear",
    "plan.protected": "bindings.protected",
    "plan.prunable": "bindings.prunable",
}


class PlanText:
    """Says a plan by floor and beacon, with the titles of pages and never with bare ids."""

    def __init__(self, plan: Plan, store: Store, language: Language, *, for_staff: bool = False) -> None:
        """Name no commands if it is `for_staff`, who have none."""
        self._plan, self._store, self._language = plan, store, language
        self._others = WITHOUT_COMMANDS if for_staff else {}
        self._slugs = {ref: slug for slug, ref in plan.known.items()}

    def lines(self) -> Iterator[str]:
        if not self._plan and not self._plan.leaves_out:
            yield self._say("plan.in-sync")
            yield from self._prunable()
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
        if self._plan.deletions:
            yield self._say("plan.deletions")
            for deletion in self._plan.deletions:
                yield f"  {self.line(deletion)}"
        yield from self._withheld()
        yield from self._not_put_back()
        if self._plan:
            calls = calls_of(self._plan)
            yield self._say(
                "plan.summary",
                changes=len(self._plan),
                digest=self._plan.digest,
                calls=calls.total,
                writes=calls.writes,
                uploads=calls.uploads,
                read_back=calls.read_back,
            )
        yield from self._prunable()

    def drift_lines(self, drift: Iterable[Drift]) -> Iterator[str]:
        """Say what somebody else changed; beacons that nobody ever used are counted only."""
        found = list(drift)
        theirs = [item for item in found if item.kind in SOMEBODYS]
        if theirs:
            yield self._say("drift.heading")
        for item in theirs:
            beacon = self._store.beacons.get(item.key) if item.key else None
            page = self._store.pages.get(item.page)
            details = {
                "beacon": beacon.name if beacon else item.key,
                "page": title_of(page) if page else item.page,
                "was": self.titles(item.was),
                "now": self.titles(item.now),
            }
            yield f"  {self._say(f'drift.{item.kind}', **details)}"
        if len(found) > len(theirs):
            yield self._say("drift.not-activated", count=len(found) - len(theirs))

    def _withheld(self) -> Iterator[str]:
        waiting = sum(item.why is WithheldReason.CLOCK for item in self._plan.withheld)
        for item in self._plan.withheld:
            if item.why not in {WithheldReason.CLOCK, WithheldReason.VANISHED}:
                yield f"! {self._say(f'plan.{item.why}', **_withheld_details(item))}"
        yield from self.withheld_pages()
        yield from self.vanished_lines()
        if waiting:
            yield f"! {self._say('plan.clock', count=waiting)}"

    def _not_put_back(self) -> Iterator[str]:
        for slug in self._plan.left_over:
            yield f"! {self._say('undo.page-changed-since', page=slug)}"
        for ref, page in self._plan.deleted:
            yield f"! {self._say('undo.page-deleted', title=page.title, ref=ref, url=page.url)}"

    def withheld_pages(self) -> Iterator[str]:
        """Name the pages that are not made a second time, with the number to write where it is known."""
        for item in self._plan.withheld_pages:
            details = {"title": item.page.title, "slug": item.page.slug, "ref": item.like}
            yield f"! {self._say('plan.page-exists' if item.like else 'plan.page-unclear', **details)}"

    def vanished_lines(self) -> Iterator[str]:
        """Name the beacons that vanished from the files, floor by floor."""
        for floor, names in self._plan.vanished_by_floor().items():
            phrase = "plan.vanished" if floor else "plan.vanished.unknown-floor"
            yield f"! {self._say(phrase, floor=floor, count=len(names), beacons=', '.join(names))}"

    def braked(self, brake: Brake, command: str = "apply") -> str:
        """Return why the brake stops this plan, and the command that a person may force; "" where it does not."""
        plan = self._plan
        if not plan.braked_by(brake):
            return ""
        phrase = "plan.braked.address" if plan.readdressing else "plan.braked"
        if plan.loses_everything:
            phrase = "plan.braked.everything"
        return self._say(
            phrase,
            losing=plan.losing,
            readdressing=plan.readdressing,
            affected=plan.affected,
            bound=plan.bound,
            beacons=brake.beacons,
            share=f"{brake.share:.0%}",
            command=command,
        )

    def held(self, hold: Hold) -> str:
        """Name what a hold keeps back."""
        return ", ".join(self._subject(change) for change in self._plan.changes if is_held(hold, self._store, change))

    def _subject(self, change: Change) -> str:
        match change:
            case Rebind():
                return _name(change)
            case MakePage(page) | EditPage(page):
                return page.title
            case RestorePage(_, _, _, former) | DeletePage(_, former):
                return former.title

    def _prunable(self) -> Iterator[str]:
        if self._plan.prunable:
            yield self._say("plan.prunable", count=self._plan.prunable)

    def line(self, change: Change) -> str:
        """Say one change."""
        match change:
            case MakePage(page):
                return "+ " + self._say("plan.make", title=page.title, slug=page.slug)
            case EditPage(page, _, existing):
                what = self._difference(existing, (page.title, page.description, page.url))
                return "~ " + self._say("plan.edit", title=page.title, slug=page.slug, what=what)
            case RestorePage(slug, _, before_it, former):
                what = self._difference(before_it, (former.title, former.description, former.url))
                return "~ " + self._say("plan.edit", title=former.title, slug=slug, what=what)
            case DeletePage(ref, page_now):
                return "- " + self._say("plan.delete", title=page_now.title, ref=ref)
            case Rebind():
                stays = sorted(change.keeps) + sorted(change.restores)
                before = [self._title_of(ref) for ref in sorted(change.before)]
                after = [self._title_of(ref) for ref in stays] + [title_of(self._store.pages[s]) for s in change.pages]
                sign = "-" if not (change.pages or change.restores) else "~" if change.loses else "+"
                name = _name(change)
                nothing = self._say("plan.nothing")
                return f"{sign} " + self._say(
                    "plan.bind", beacon=name, before=", ".join(before) or nothing, after=", ".join(after) or nothing
                )

    def _difference(self, before: ExistingPage, new: tuple[str, str, str]) -> str:
        old = (before.title, before.description, before.url)
        names = ("title", "description", "url")
        parts = [
            f"{self._say(f'field.{name}')} {was} → {now}"
            for name, was, now in zip(names, old, new, strict=True)
            if was != now
        ]
        return "; ".join(parts) or self._say("field.icon")

    def titles(self, refs: Iterable[PageRef]) -> str:
        """Say what a beacon shows."""
        return ", ".join(self._title_of(ref) for ref in sorted(refs)) or self._say("plan.nothing")

    def _heading(self, beacon: Beacon | None) -> str:
        if beacon is None:
            return self._say("plan.removed")
        floor = self._store.floors.get(beacon.floor)
        if floor is None:
            return beacon.floor
        return floor.slug if floor.name == floor.slug else f"{floor.slug} {floor.name}"

    def _title_of(self, ref: PageRef) -> str:
        slug = self._slugs.get(ref)
        return title_of(self._store.pages[slug]) if slug else self._say("plan.others-page", ref=ref)

    def _say(self, phrase: str, **details: object) -> str:
        return say(self._others.get(phrase, phrase), self._language, **details)


def _name(item: Rebind | Withheld) -> str:
    """Return a beacon's name; with its floor where no heading says it, its number where no name is known."""
    if item.beacon:
        return item.beacon.name
    return f"{item.was.name} ({item.was.floor})" if item.was else str(item.key)


def _withheld_details(item: Withheld) -> Mapping[str, object]:
    """Return what fills the sentence of a reason."""
    return {
        "beacon": _name(item),
        "key": item.key,
        "pages": ", ".join(item.pages),
        "wanted": len(item.pages),
        "others": item.others,
        "limit": MAX_PAGES_PER_BEACON,
    }


def plan_json(plan: Plan) -> dict[str, Any]:
    return {
        "digest": plan.digest,
        "changes": len(plan),
        "losing": plan.losing,
        "bound": plan.bound,
        "readdressing": plan.readdressing,
        "affected": plan.affected,
        "loses_everything": plan.loses_everything,
        "pages": [
            {
                "change": _VERBS[type(change)],
                "page": change.slug if isinstance(change, RestorePage) else change.page.slug,
            }
            for change in plan.pages
        ],
        "bindings": [
            {
                "beacon": key_json(change.key) | {"name": change.place.slug if change.place else None},
                "floor": change.place.floor if change.place else None,
                "declared": change.beacon is not None,
                "before": sorted(change.before),
                "keeps": sorted(change.keeps),
                "pages": list(change.pages),
                "restores": sorted(change.restores),
                "by_schedule": change.by_schedule,
            }
            for change in plan.bindings
        ],
        "deletions": [{"page": change.ref, "title": change.before.title} for change in plan.deletions],
        "prunable": plan.prunable,
        "withheld": [_withheld_json(item) for item in plan.withheld],
        "withheld_pages": [{"page": item.page.slug, "like": item.like} for item in plan.withheld_pages],
        "left_over": list(plan.left_over),
        "deleted": [{"page": ref, "title": page.title} for ref, page in plan.deleted],
        "calls": asdict(calls_of(plan)),
    }


def drift_json(drift: Iterable[Drift]) -> list[dict[str, Any]]:
    return [
        {
            "kind": item.kind.value,
            **({"beacon": key_json(item.key)} if item.key else {}),
            **({"page": item.page} if item.page else {}),
            "was": sorted(item.was),
            "now": sorted(item.now),
        }
        for item in drift
    ]


def change_json(change: Change) -> dict[str, Any]:
    """Return what a change is about, in the words of `plan_json`."""
    match change:
        case MakePage(page) | EditPage(page):
            return {"change": _VERBS[type(change)], "page": page.slug}
        case RestorePage(slug):
            return {"change": _VERBS[type(change)], "page": slug}
        case DeletePage(ref):
            return {"change": "delete", "page": ref}
        case Rebind():
            return {
                "change": "bind",
                "beacon": key_json(change.key) | {"name": change.place.slug if change.place else None},
            }


_VERBS: Final = {MakePage: "make", EditPage: "edit", RestorePage: "restore"}


def _withheld_json(item: Withheld) -> dict[str, Any]:
    place = item.place
    return {
        "beacon": key_json(item.key) | {"name": place.slug if place else None},
        "floor": place.floor if place else None,
        "why": item.why.value,
        "pages": item.pages,
    }
