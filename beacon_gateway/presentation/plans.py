"""Plans."""

from collections.abc import Iterator
from typing import Any

from beacon_gateway.core.messages import say
from beacon_gateway.core.plan import EditPage, MakePage, Plan, Rebind
from beacon_gateway.core.settings import Language
from beacon_gateway.core.store import Beacon, ConsolePage, Page, Store
from beacon_gateway.core.target import PageRef
from beacon_gateway.presentation.keys import key_json


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
                "beacon": key_json(change.key) | {"name": change.beacon.slug if change.beacon else None},
                "floor": change.beacon.floor if change.beacon else None,
                "before": sorted(change.before),
                "keeps": sorted(change.keeps),
                "pages": list(change.pages),
            }
            for change in plan.bindings
        ],
        "withheld": [
            {"beacon": key_json(item.key) | {"name": item.beacon.slug}, "why": item.why.value, "pages": item.pages}
            for item in plan.withheld
        ],
    }
