"""The history on the page of bindings: runs in words, with the titles of pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from beacon_gateway.adapters.web.server.words import say_plainly
from beacon_gateway.core.bindings.history.audit import CAUSES, VERIFIED, BindingImage, PageImage
from beacon_gateway.core.bindings.history.audit import AuditLine as Line
from beacon_gateway.core.bindings.history.runs import ChangeOutcome, Run, runs_of
from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.files.editing import SyncSnapshot
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.store import ConsolePage, title_of

MAX_RUNS_SHOWN: Final = 20
MAX_RUN_CHANGES_SHOWN: Final = 30
"""Of one run; the first start of a store has hundreds."""


@dataclass(frozen=True, slots=True)
class RunText:
    at: datetime
    who: str
    why: str
    mood: str
    summary: str
    changes: Sequence[tuple[str, str]]
    """Each with its mood."""
    more: int


def run_texts(lines: Iterable[Line], standing: SyncSnapshot, language: Language) -> list[RunText]:
    """Say the newest runs, newest first."""
    return [_run(run, standing, language) for run in runs_of(lines, MAX_RUNS_SHOWN)]


def _run(run: Run, standing: SyncSnapshot, language: Language) -> RunText:
    cause, failed, count = run.cause, run.failed, len(run.changes)
    what = say_plainly(language, f"bindings.cause.{cause.what}") if cause.what in CAUSES else cause.what
    return RunText(
        run.at,
        f"{cause.who} · {what}" if cause.who else what,
        cause.why,
        "care" if failed else "fine",
        say_plainly(language, f"bindings.run.{'failed' if failed else 'well'}", count=count, failed=failed),
        [
            ("fine" if change.outcome == VERIFIED else "care", _change(change, standing, language))
            for change in run.changes[:MAX_RUN_CHANGES_SHOWN]
        ],
        max(0, count - MAX_RUN_CHANGES_SHOWN),
    )


def _change(change: ChangeOutcome, standing: SyncSnapshot, language: Language) -> str:
    match change.image:
        case BindingImage(key, before, after, _, place):
            beacon = standing.store.beacons.get(key) if standing.store else None
            gone = f"{place.name} ({place.floor})" if place else key
            return say_plainly(
                language,
                "bindings.change.bind",
                beacon=beacon.name if beacon else gone,
                before=_titles(before, standing, language),
                after=_titles(after, standing, language),
            )
        case PageImage(_, _, before, after):
            shown = after or before
            verb = "make" if before is None else "delete" if after is None else "edit"
            return say_plainly(language, f"bindings.change.{verb}", title=shown.title if shown else change.change)
    return change.change


def _titles(refs: Iterable[PageRef], standing: SyncSnapshot, language: Language) -> str:
    titles = (_title(ref, standing, language) for ref in sorted(refs))
    return ", ".join(titles) or say_plainly(language, "plan.nothing")


def _title(ref: PageRef, standing: SyncSnapshot, language: Language) -> str:
    pages = standing.store.pages.values() if standing.store else ()
    for page in pages:
        if isinstance(page, ConsolePage) and PageRef(str(page.page_id)) == ref:
            return title_of(page)
    if standing.existing and ref in standing.existing.pages:
        return standing.existing.pages[ref].title
    return say_plainly(language, "plan.others-page", ref=ref)
