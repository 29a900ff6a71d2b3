"""Files of the store that are edited on a page: what is asked, who may, and what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from beacon_gateway.core.bindings.drift import Drift
from beacon_gateway.core.bindings.plan import Change, MakePage, Plan, Rebind
from beacon_gateway.core.bindings.target import Existing, Hold, TargetError
from beacon_gateway.core.model.problems import Problem, Severity
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.model.visitor import Rank, Visitor

PAGES: Final = "pages"
"""The name of pages.yaml on the page; floors' files go by their own."""
CAUSE: Final = "page"
"""In the audit log, for what was done on a page."""
LAST_RUN: Final = ""
"""In the place of a file's name, where the last run is to be undone."""


class NotEditable(StrEnum):
    """Why a file that is there cannot be edited."""

    UNREADABLE = "unreadable"
    TOO_BIG = "too-big"
    ENCODING = "encoding"
    CONTROL = "control"
    """It holds what no form gives back as it was."""
    OUTSIDE = "outside"
    """It is a link that leads out of the store's folder."""


@dataclass(frozen=True, slots=True)
class StoreFile:
    """One file as it lies on the disk."""

    name: str
    shown_as: str
    """As problems name it."""
    text: str = ""
    digest: str = ""
    """SHA-256 of its content, hex."""
    floor: str = ""
    """That it declares; "" for the pages."""
    fault: NotEditable | None = None


@dataclass(frozen=True, slots=True)
class EarlierText:
    """A text that a save from the page replaced."""

    ident: str
    at: datetime
    """Aware UTC: when it was replaced."""
    who: str
    """Replaced it."""
    after: str
    """Digest of the text that came instead."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the files would be, with one text in place of what is on the disk."""

    floor: str
    """That the text declares."""
    store: Store
    own: Sequence[Problem]
    """Of this file."""
    others: Sequence[Problem]
    new: Sequence[Problem]
    """Those of `others` that this text brings about: errors only."""

    @property
    def is_own_fault(self) -> bool:
        return _has_errors(self.own)

    @property
    def is_sound(self) -> bool:
        return not (_has_errors(self.own) or _has_errors(self.others))


class EditAction(StrEnum):
    CHECK = "check"
    PLAN = "plan"
    APPLY = "apply"
    SAVE = "save"
    """Save, and leave the target to later: it cannot be looked at now."""
    UNDO = "undo"
    LOOK_BACK = "look-back"
    """Show what an undo would put back."""


@dataclass(frozen=True, slots=True)
class EditRequest:
    """What somebody asks for."""

    action: EditAction
    visitor: Visitor
    file: str = LAST_RUN
    typed: str = ""
    base: str = ""
    """Digest of the content that the editor started from."""
    agreed: str = ""
    """Digest of the plan that was seen; "" if none was."""
    force: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan that was made to be looked at."""

    plan: Plan
    store: Store
    as_of: datetime
    """Aware UTC: when the target was read."""
    braked: bool = False
    hold: Hold | None = None


class EditOutcome(StrEnum):
    """What came of an order. Up to `NOT_SAVED` nothing was saved and nothing was done."""

    WAITING = "waiting"
    WORKING = "working"
    CHECKED = "checked"
    """Nothing speaks against the text."""
    PLANNED = "planned"
    NO_PLAN = "no-plan"
    """There is none: this gateway keeps no account, or other files have errors."""
    NO_TARGET = "no-target"
    """The target could not be read: `trouble` says why."""
    NO_FILES = "no-files"
    """The store's folder did not answer in time: `reason` is "save" where a save may still come to its end."""
    FORBIDDEN = "forbidden"
    TAKES = "takes"
    """Staff declare beacons that were not their floor's: `reason` names them."""
    UNPROTECTS = "unprotects"
    """Staff take the protection from beacons, or protected ones out of the files: `reason` names them."""
    GONE = "gone"
    """There is no such file any more."""
    LOCKED = "locked"
    """The file cannot be edited here."""
    FAULTY = "faulty"
    BREAKS_OTHERS = "breaks-others"
    CHANGED = "changed"
    """Somebody saved the file meanwhile."""
    AGREE = "agree"
    """No plan was seen before: here it is."""
    STALE = "stale"
    BRAKED = "braked"
    NEEDS_IT = "needs-it"
    """Not this visitor's to undo."""
    NOTHING = "nothing"
    """Nothing to undo."""
    NOT_SAVED = "not-saved"
    """The disk refused: `reason` says why."""
    SAVED = "saved"
    """And nobody here carries it out."""
    SAVED_FOR_LATER = "saved-for-later"
    """As it was ordered: nothing was done at the target yet."""
    SAVED_FAULTY = "saved-faulty"
    """Other files have errors, so the last good version stays in force."""
    SAVED_FOR_IT = "saved-for-it"
    """What it comes to is not this visitor's to apply."""
    SAVED_ONLY = "saved-only"
    """The target did not do it: `trouble` says why, and it goes on later."""
    DONE = "done"
    UNFINISHED = "unfinished"
    """Something was refused, reads back differently, or waits."""

    @property
    def is_over(self) -> bool:
        return self not in {EditOutcome.WAITING, EditOutcome.WORKING}

    @property
    def is_saved(self) -> bool:
        return self in _SAVED


_SAVED: Final = frozenset(
    {
        *(
            EditOutcome.SAVED,
            EditOutcome.SAVED_FOR_LATER,
            EditOutcome.SAVED_FAULTY,
            EditOutcome.SAVED_FOR_IT,
            EditOutcome.SAVED_ONLY,
        ),
        *(EditOutcome.DONE, EditOutcome.UNFINISHED),
    }
)


@dataclass(frozen=True, slots=True)
class EditCounts:
    """How far a plan has come that is carried out."""

    total: int = 0
    written: int = 0
    verified: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class JobState:
    """An order and what came of it so far."""

    ident: str
    request: EditRequest
    outcome: EditOutcome = EditOutcome.WAITING
    now: StoreFile | None = None
    """The file as it was found."""
    checked: CheckResult | None = None
    preview: Preview | None = None
    counts: EditCounts = field(default_factory=EditCounts)
    trouble: TargetError | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SyncSnapshot:
    """How files and target stand now, apart from any order."""

    store: Store | None
    """In force."""
    keeps_account: bool = False
    """Whether there is a target to compare with."""
    writes: bool = False
    """Whether it is this gateway that writes there."""
    by_itself: bool = False
    """Whether what is saved is applied without a person."""
    plan: Plan | None = None
    """Of the last pass, as all that follows."""
    drift: tuple[Drift, ...] = ()
    hold: Hold | None = None
    existing: Existing | None = None


def checked(floor: str, name: str, store: Store, before: Iterable[Problem], after: Iterable[Problem]) -> CheckResult:
    """Sort problems by whose they are; `before` are those of the files as they lie on the disk."""
    known = {_identity(problem) for problem in before}
    own: list[Problem] = []
    others: list[Problem] = []
    for problem in after:
        (own if problem.place.file == name else others).append(problem)
    new = [problem for problem in others if problem.severity is Severity.ERROR and _identity(problem) not in known]
    return CheckResult(floor, store, own, others, new)


def may_edit(visitor: Visitor, file: StoreFile) -> bool:
    """True if a file is this visitor's to edit: the pages concern all floors, and are IT's."""
    return visitor.is_it or (file.name != PAGES and bool(file.floor) and visitor.may_edit(file.floor))


def may_see(visitor: Visitor, order: EditRequest, file: StoreFile | None = None) -> bool:
    """True if an order, with what was typed in it, is this visitor's to see: its own, or about a file it may edit.

    What was typed and not saved is in no file yet, and anybody may know the address of an outcome.
    """
    if visitor.rank is Rank.VIEWER:
        return False
    about = file is not None and file.name == order.file and may_edit(visitor, file)
    return visitor.is_it or visitor == order.visitor or about


def beacons_taken(visitor: Visitor, floor: str, former: Store | None, now: Store) -> tuple[str, ...]:
    """Return the slugs of beacons that a floor's file would take and that this visitor may not give it.

    Which beacons there are, and where they hang, IT writes down. Staff decide what those of their own floors show.
    """
    if visitor.is_it:
        return ()
    known = former.beacons if former else {}
    own = (beacon for beacon in now.beacons.values() if beacon.floor == floor)
    return tuple(beacon.slug for beacon in own if beacon.key not in known or known[beacon.key].floor != floor)


def beacons_unprotected(visitor: Visitor, floor: str, former: Store | None, now: Store) -> tuple[str, ...]:
    """Return the slugs of a floor's protected beacons that a file would leave without protection.

    What is protected changes where IT says so: an edit that takes the protection away first would be a way around.
    """
    if visitor.is_it or former is None:
        return ()
    protected = (beacon for beacon in former.beacons.values() if beacon.protect and beacon.floor == floor)
    return tuple(b.slug for b in protected if b.key not in now.beacons or not now.beacons[b.key].protect)


def may_apply(visitor: Visitor, plan: Plan, *stores: Store | None) -> bool:
    """True if everything that a plan does is this visitor's to decide.

    Staff decide which pages the beacons of their own floors show. A page may be made, since IT wrote it down; what a
    page says, and whether it stays, concerns all floors. `stores` tell the floor of a beacon that the plan knows only
    by its key: it was taken out of the files.
    """
    if visitor.rank is not Rank.STAFF:
        return visitor.is_it
    known = [store for store in stores if store]
    return not (plan.left_over or plan.deleted) and all(_is_of(visitor, change, known) for change in plan.changes)


def _is_of(visitor: Visitor, change: Change, stores: Sequence[Store]) -> bool:
    if isinstance(change, MakePage):
        return True
    if not isinstance(change, Rebind):
        return False
    declared = [store.beacons[change.key] for store in stores if change.key in store.beacons]
    floors = {beacon.floor for beacon in (*declared, *([change.beacon] if change.beacon else []))}
    return bool(floors) and all(visitor.may_edit(floor) for floor in floors)


def _has_errors(problems: Iterable[Problem]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def _identity(problem: Problem) -> tuple[object, ...]:
    return problem.place.file, problem.place.line, problem.code, problem.details.get("found")
