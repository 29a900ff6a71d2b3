"""Carries one plan out: ledger first, then the call, and at the end everything that was written is read back."""

import asyncio
from dataclasses import dataclass
from typing import Final

import structlog

from beacon_gateway.core.audit import (
    BEGUN,
    DIFFERS,
    REFUSED,
    VERIFIED,
    AuditLine,
    BindingImage,
    Cause,
    Entry,
    Image,
    PageImage,
)
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.ownership import as_it_should_be
from beacon_gateway.core.plan import Change, DeletePage, EditPage, MakePage, Plan, Rebind, RestorePage
from beacon_gateway.core.target import Existing, ExistingPage, Ledger, PageRef, Refused, TargetError, TryLater
from beacon_gateway.services.progress import Progress, Step
from beacon_gateway.services.sync_ports import LedgerBook, Target, WallClock

FRESH_SECONDS: Final = 5.0
"""A plan older than this looks at a beacon once more before it overwrites its pages: somebody may be at the console."""
BLOCK: Final = 10
"""Beacons that are looked at together."""


class Moved(TryLater):
    """Somebody changed a beacon between reading and writing: plan again."""


@dataclass(frozen=True, slots=True)
class Told:
    """On whose word a plan is carried out, and what it was made from."""

    cause: Cause
    revision: str
    run: int
    ledger: Ledger
    read_at: float
    """In the event loop's time."""


class Carrying:
    """One plan on its way to the target."""

    def __init__(
        self, target: Target, ledger: LedgerBook, clock: WallClock, told: Told, *, fresh_seconds: float = FRESH_SECONDS
    ) -> None:
        self._target, self._ledger, self._clock, self._told = target, ledger, clock, told
        self._fresh = fresh_seconds
        self._written: dict[Change, frozenset[PageRef]] = {}
        """The references that each change concerns."""
        self._digest = ""
        self._log = structlog.get_logger("sync").bind(target="shakearound")

    async def carry_out(self, plan: Plan, progress: Progress) -> None:
        """Write and read back. Raises TargetError where it could not go on; what was written is read back then too.

        Raises Moved where somebody else changed a beacon meanwhile.
        """
        known = dict(plan.known)
        self._digest = plan.digest  # once: it hashes the whole plan, and stands in every line of the audit log
        try:
            for number, change in enumerate(plan.changes):
                before_bindings = number - len(plan.pages)
                if 0 <= before_bindings < len(plan.bindings) and before_bindings % BLOCK == 0:
                    await self._look_again(plan.bindings[before_bindings : before_bindings + BLOCK])
                try:
                    self._written[change] = await self._write(change, known)
                except Refused as error:
                    progress.steps[change] = Step.REFUSED
                    progress.trouble = progress.trouble or error
                    await self._note(change, f"{REFUSED} {error.code}".strip())
                    self._log.error("sync.refused", change=name_of(change), code=error.code, reason=str(error))
                else:
                    progress.steps[change] = Step.WRITTEN
        except TargetError:
            await self._verify(progress)
            raise
        await self._verify(progress)

    async def _look_again(self, bindings: tuple[Rebind, ...]) -> None:
        if asyncio.get_running_loop().time() - self._told.read_at < self._fresh:
            return
        seen = await self._target.read_back([change.key for change in bindings], [])
        moved = [change for change in bindings if seen.bindings.get(change.key) != change.before]
        if moved:
            raise Moved(f"the pages of {moved[0].key} were changed by somebody else just now")

    async def _write(self, change: Change, known: dict[str, PageRef]) -> frozenset[PageRef]:
        """Carry out one change; give the pages that it concerns, for the reading back."""
        match change:
            case MakePage(page):
                # A page/add whose answer is lost is found again by its mark, so nothing can be noted before it.
                ref = await self._target.make_page(page)
                known[page.slug] = ref
                image = PageImage(page.slug, ref, None, as_it_should_be(page))
                await self._begin(change, image, Entry(pages={page.slug: ref}))
                return frozenset({ref})
            case EditPage(page, ref, before):
                image = PageImage(page.slug, ref, before, as_it_should_be(page))
                await self._begin(change, image, Entry(pages={page.slug: ref}))
                await self._target.edit_page(ref, page)
                return frozenset({ref})
            case RestorePage(slug, ref, before, former):
                await self._begin(change, PageImage(slug, ref, before, former), Entry())
                await self._target.restore_page(ref, former)
                return frozenset({ref})
            case DeletePage(ref, before):
                await self._begin(change, PageImage("", ref, before, None), Entry())
                await self._target.delete_page(ref)
                return frozenset({ref})
            case Rebind():
                missing = [slug for slug in change.pages if slug not in known]
                if missing:
                    raise Refused(f"page {missing[0]} could not be made")
                ours = frozenset(known[slug] for slug in change.pages) | change.restores
                after = ours | change.keeps
                # Of what is there now, ours is what the change takes away or keeps on giving.
                ours_before = self._told.ledger.bindings.get(change.key, frozenset()) | (change.before - change.keeps)
                binding = BindingImage(change.key, change.before, after, ours_before & change.before, change.place)
                await self._begin(change, binding, Entry(bindings={change.key: ours | change.loses}))
                await self._target.bind(change.key, after)
                return after

    async def _verify(self, progress: Progress) -> None:
        """Read back what was written, compare, and only then let the ledger forget what was taken away."""
        if not self._written:
            return
        beacons = [change.key for change in self._written if isinstance(change, Rebind)]
        pages = [ref for change, refs in self._written.items() if not isinstance(change, Rebind) for ref in refs]
        try:
            seen = await self._target.read_back(beacons, pages)
        except TargetError:
            self._log.warning("sync.not_verified", changes=len(self._written))
            raise
        lines: list[AuditLine] = []
        bindings: dict[BeaconKey, frozenset[PageRef]] = {}
        verified_pages: dict[PageRef, ExistingPage] = {}
        verified_bindings: dict[BeaconKey, frozenset[PageRef]] = {}
        gone: set[PageRef] = set()
        differing: list[Change] = []
        for change, refs in self._written.items():
            right = _is_as_written(change, refs, seen)
            progress.steps[change] = Step.VERIFIED if right else Step.DIFFERS
            lines.append(self._line(change, VERIFIED if right else DIFFERS))
            if not right:
                differing.append(change)
            elif isinstance(change, Rebind):
                bindings[change.key], verified_bindings[change.key] = refs - change.keeps, refs
            elif isinstance(change, DeletePage):
                gone.add(change.ref)
            else:
                verified_pages.update({ref: seen.pages[ref] for ref in refs})
        verified = Existing(verified_pages, verified_bindings)
        await self._ledger.record(Entry(tuple(lines), {}, bindings, verified, frozenset(gone)))
        for change in differing:
            self._log.error("sync.differs", change=name_of(change))

    async def _begin(self, change: Change, image: Image, entry: Entry) -> None:
        line = self._line(change, BEGUN, image)
        await self._ledger.record(Entry((line,), entry.pages, entry.bindings))

    async def _note(self, change: Change, outcome: str) -> None:
        await self._ledger.record(Entry((self._line(change, outcome),)))

    def _line(self, change: Change, outcome: str, image: Image | None = None) -> AuditLine:
        told = self._told
        return AuditLine(
            self._clock.utc(), told.cause, self._digest, told.revision, told.run, name_of(change), outcome, image
        )


def _is_as_written(change: Change, refs: frozenset[PageRef], seen: Existing) -> bool:
    match change:
        case Rebind(key):
            return seen.bindings.get(key) == refs
        case DeletePage(ref):
            return ref not in seen.pages
        case RestorePage(_, ref, _, after):
            return seen.pages.get(ref) == after
        case MakePage(page) | EditPage(page):
            return all(seen.pages.get(ref) == as_it_should_be(page) for ref in refs)


def name_of(change: Change) -> str:
    """Name a change for logs and the audit."""
    match change:
        case MakePage(page):
            return f"make page {page.slug}"
        case EditPage(page, ref, _):
            return f"edit page {page.slug} ({ref})"
        case RestorePage(slug, ref):
            return f"restore page {slug} ({ref})"
        case DeletePage(ref, before):
            return f"delete page {ref} ({before.title})"
        case Rebind():
            shown = [*change.pages, *sorted(change.restores)]
            gone = "" if change.beacon or not change.was else f" ({change.was.name}, floor {change.was.floor})"
            return f"bind {change.key}{gone} to {', '.join(shown) or 'nothing'}"
