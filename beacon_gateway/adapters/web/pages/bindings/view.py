"""What the pages of bindings say: faults with their lines, plans, outcomes, and how things stand."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from beacon_gateway.adapters.web.pages.bindings.history import RunText, run_texts
from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.adapters.web.server.words import say_plainly
from beacon_gateway.core.bindings.history.audit import AuditLine
from beacon_gateway.core.bindings.plan import WithheldReason
from beacon_gateway.core.bindings.schedule import next_switch
from beacon_gateway.core.files.editing import EarlierText, EditOutcome, JobState, SyncSnapshot
from beacon_gateway.core.model.brake import Brake
from beacon_gateway.core.model.problems import Problem, Severity
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.status import Status
from beacon_gateway.core.monitoring.judgement import WELL
from beacon_gateway.core.sentences.messages import explain, explain_trouble
from beacon_gateway.core.text.newlines import for_form
from beacon_gateway.core.text.odd_characters import visible
from beacon_gateway.presentation.plans import PlanText
from beacon_gateway.presentation.troubles import target_text

MAX_PROBLEMS_SHOWN: Final = 100
MAX_DIFFERENCE_LINES: Final = 200
"""Lines."""
MAX_LINE_CHARACTERS: Final = 200
"""Characters of a line that is shown beside a fault."""

_WELL: Final = frozenset(
    {EditOutcome.CHECKED, EditOutcome.PLANNED, EditOutcome.SAVED, EditOutcome.DONE, EditOutcome.NOTHING}
)
_CARE: Final = frozenset(
    {
        EditOutcome.AGREE,
        EditOutcome.STALE,
        EditOutcome.NO_PLAN,
        EditOutcome.SAVED_FOR_IT,
        EditOutcome.SAVED_FAULTY,
        EditOutcome.NEEDS_IT,
    }
)


_FORCEABLE: Final = frozenset({WithheldReason.PROTECTED, WithheldReason.VANISHED, WithheldReason.PAGE_WITHHELD})
"""Reasons that IT may go past."""


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """A problem with the line it is in, cut where it begins."""

    where: str
    line: int
    column: int
    mood: str
    sentence: str
    before: str = ""
    marked: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeText:
    mood: str
    text: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan to look at."""

    title: str
    lines: Sequence[str]
    seen: str
    braked: str = ""
    """Why it is too large; "" if it is not."""
    has_changes: bool = False
    can_be_forced: bool = False
    """Whether IT may want more than it does."""


class EditPresenter:
    """For one page in one language."""

    def __init__(self, frame: PageFrame, language: Language, standing: SyncSnapshot, brake: Brake) -> None:
        self._frame, self._language, self._standing, self._brake = frame, language, standing, brake

    def faults(self, work: JobState | None, text: str) -> tuple[list[ShownProblem], list[ShownProblem]]:
        """Return those of the text, and those of other files."""
        if work is None or work.checked is None or work.outcome.is_saved:
            return [], []
        lines = for_form(text).split("\n")
        own = [self._fault(problem, lines) for problem in work.checked.own[:MAX_PROBLEMS_SHOWN]]
        new = work.checked.new
        others = sorted(work.checked.others, key=lambda problem: problem not in new)
        return own, [self._fault(problem, ()) for problem in others[:MAX_PROBLEMS_SHOWN]]

    def _fault(self, problem: Problem, lines: Sequence[str]) -> ShownProblem:
        place = problem.place
        line = lines[place.line - 1] if place.line <= len(lines) else ""
        at = place.column - 1
        return ShownProblem(
            f"{place.file}:{place.line}",
            place.line,
            place.column,
            "fault" if problem.severity is Severity.ERROR else "care",
            explain(problem, self._language),
            visible(line[:at][-MAX_LINE_CHARACTERS:]),
            visible(line[at : at + MAX_LINE_CHARACTERS]),
        )

    def plan(self, work: JobState | None) -> PlanView | None:
        """Return the plan that belongs to what came of an order; None if there is none to be seen."""
        if work is None or work.preview is None or work.outcome is EditOutcome.DONE:
            return None
        preview = work.preview
        text = PlanText(preview.plan, preview.store, self._language, for_staff=True)
        phrase = "bindings.outcome.planned" if self._standing.writes else "bindings.outcome.planned.look"
        if not work.request.file:
            phrase = "bindings.undo.planned"
        return PlanView(
            self._say(phrase),
            list(text.lines()),
            self._say("bindings.seen", at=self._clock(preview.as_of)),
            text.braked(self._brake),
            has_changes=bool(preview.plan),
            can_be_forced=preview.braked
            or bool(preview.plan.withheld_pages)
            or any(item.why in _FORCEABLE for item in preview.plan.withheld),
        )

    def outcome(self, work: JobState, earlier: Sequence[EarlierText]) -> OutcomeText:
        """Say what came of an order about a file."""
        outcome, counts = work.outcome, work.counts
        numbers = {"written": counts.written, "verified": counts.verified, "failed": counts.failed}
        phrase, details = f"bindings.outcome.{outcome}", dict[str, object](numbers, total=counts.total)
        match outcome:
            case EditOutcome.PLANNED if not self._standing.writes:
                phrase = "bindings.outcome.planned.look"
            case EditOutcome.NO_TARGET | EditOutcome.SAVED_ONLY:
                details["reason"] = self._trouble(work)
            case EditOutcome.CHANGED:
                details["who"] = self._who_changed(work, earlier)
            case EditOutcome.NO_FILES if work.reason:
                phrase = f"{phrase}.{work.reason}"
            case EditOutcome.TAKES | EditOutcome.UNPROTECTS:
                details["reason"] = work.reason
            case EditOutcome.NOT_SAVED:
                known = work.reason in {"permission", "full"}
                phrase = f"bindings.outcome.not-saved.{work.reason if known else 'other'}"
                details["reason"] = work.reason
            case EditOutcome.DONE if not counts.total:
                phrase = "bindings.outcome.done.nothing"
            case EditOutcome.UNFINISHED:
                details["reason"] = self._trouble(work)
                phrase = f"{phrase}{_what_is_unfinished(work)}"
        text = self._say(phrase, **details)
        if outcome in {EditOutcome.SAVED_ONLY, EditOutcome.SAVED_FOR_LATER}:
            later = "auto" if self._standing.by_itself else "manual"
            text = f"{text} {self._say(f'bindings.later.{later}')}"
        return OutcomeText(_mood(outcome), text)

    def undone(self, work: JobState) -> OutcomeText:
        """Say what came of an order about the last run."""
        outcome, counts = work.outcome, work.counts
        numbers = {"written": counts.written, "verified": counts.verified, "failed": counts.failed}
        phrase = {
            EditOutcome.PLANNED: "bindings.undo.planned",
            EditOutcome.AGREE: "bindings.undo.planned",
            EditOutcome.NO_PLAN: "bindings.undo.no-plan",
            EditOutcome.SAVED_ONLY: "bindings.undo.cut-off",
            EditOutcome.UNFINISHED: "bindings.undo.unfinished",
        }.get(outcome, f"bindings.outcome.{outcome}")
        text = self._say(phrase, **numbers, total=counts.total, reason=self._trouble(work))
        if counts.written:
            held = work.preview is not None and work.preview.hold is not None
            text = f"{text} {self._say('bindings.undo.held' if held else 'undo.again')}"
        return OutcomeText(_mood(outcome), text)

    async def difference(self, work: JobState | None) -> list[tuple[str, str]]:
        """Return lines to show, each with its class, of what somebody else saved against what was typed."""
        if work is None or work.outcome is not EditOutcome.CHANGED or work.now is None:
            return []
        theirs, ours = for_form(work.now.text), for_form(work.request.typed)
        lines = await asyncio.to_thread(lambda: list(islice(_difference(theirs, ours), MAX_DIFFERENCE_LINES + 1)))
        if len(lines) > MAX_DIFFERENCE_LINES:
            return [*lines[:MAX_DIFFERENCE_LINES], ("quiet", self._say("bindings.diff.more"))]
        return lines

    def standing(self, status: Status, now: datetime, *, names: bool) -> list[OutcomeText]:
        """Say how files and account stand: what somebody else changed, what comes next.

        `names`: whether to say who did it, and why.
        """
        standing, told = self._standing, list[OutcomeText]()
        if not status.targets:
            told.append(OutcomeText("fine", self._say("bindings.no-target")))
        for target in status.targets.values():
            state = self._say("bindings.target", state=target_text(target, self._language, self._frame.zone))
            told.append(OutcomeText("fine" if target.state in WELL else "care", state))
        if standing.store is None:
            return [*told, OutcomeText("fault", self._say("bindings.none-in-force"))]
        if standing.plan is not None:  # one without a change is false, and may leave much out
            text = PlanText(standing.plan, standing.store, self._language, for_staff=True)
            told += [OutcomeText("care", line.strip()) for line in text.drift_lines(standing.drift)]
            told += [
                OutcomeText("care", line.removeprefix("! "))
                for line in (*text.withheld_pages(), *text.vanished_lines())
            ]
            if hold := standing.hold:
                known = {"when": self._clock(hold.at), "things": text.held(hold)}
                by_whom = {"who": hold.who, "why": hold.why or "-"} if names else {}
                told.append(
                    OutcomeText(
                        "care", self._say("bindings.held" if names else "bindings.held.nameless", **known, **by_whom)
                    )
                )
        if switch := next_switch(standing.store, now):
            told.append(OutcomeText("quiet", self._say("plan.next-switch", when=self._clock(switch))))
        return told

    async def history(self, audit: Callable[[], Awaitable[Sequence[AuditLine]]] | None) -> list[RunText] | OutcomeText:
        """Return the newest runs, or why there are none to be seen."""
        try:
            lines = await audit() if audit else ()
        except OSError as error:
            return OutcomeText("care", self._say("bindings.history.trouble", reason=error))
        return run_texts(lines, self._standing, self._language)

    def _who_changed(self, work: JobState, earlier: Sequence[EarlierText]) -> str:
        """Say who saved what is on the disk, if it was done here."""
        now = work.now.digest if work.now else ""
        by = next((item for item in earlier if item.after == now), None)
        return self._say("bindings.outcome.changed.by", at=self._clock(by.at), who=by.who) if by else ""

    def _trouble(self, work: JobState) -> str:
        return explain_trouble(work.trouble, self._language) if work.trouble else ""

    def _clock(self, when: datetime) -> str:
        return f"{when.astimezone(self._frame.zone):%Y-%m-%d %H:%M:%S}"

    def _say(self, phrase: str, **details: object) -> str:
        return say_plainly(self._language, phrase, **details)


def _what_is_unfinished(work: JobState) -> str:
    """Return how the phrase goes on that says what is not done; "" where some of it failed."""
    plan = work.preview.plan if work.preview else None
    if plan is not None and plan.vanished and not work.counts.failed:
        return ".vanished"
    if work.reason == "stale":
        return ".stale"
    withholds = plan is not None and plan.withheld and not (work.counts.failed or work.trouble)
    return ".withheld" if withholds else ""


def _mood(outcome: EditOutcome) -> str:
    return "fine" if outcome in _WELL else "care" if outcome in _CARE else "fault"


def _difference(theirs: str, ours: str) -> Iterator[tuple[str, str]]:
    from difflib import unified_diff  # noqa: PLC0415 - shown only where two wrote at a time

    kinds = {"-": "gone", "+": "new", "@": "quiet"}
    lines = unified_diff(theirs.split("\n"), ours.split("\n"), n=2, lineterm="")
    for line in islice(lines, 2, None):  # without the two names
        yield kinds.get(line[:1], ""), line.replace("-", "−", 1) if line.startswith("-") else line
