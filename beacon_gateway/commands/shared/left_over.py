"""What a pass did not bring to a good end: which change, why, and what becomes of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from beacon_gateway.core.bindings.history.sent import Mismatch, page_differences
from beacon_gateway.core.bindings.ownership import as_it_should_be
from beacon_gateway.core.bindings.plan import Change, EditPage, RestorePage
from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.unread_row import UnreadRow
from beacon_gateway.core.sentences.messages import explain_code, explain_trouble, say, say_row
from beacon_gateway.presentation.plans import PlanText, change_json
from beacon_gateway.services.bindings.progress import Progress, SyncStep


def left_lines(progress: Progress, text: PlanText, language: Language) -> Iterator[str]:
    """Say what was refused, reads back differently, or waits; changes with one reason stand together."""
    for heading, changes in _by_reason(progress, language).items():
        yield f"! {heading}"
        for change in changes:
            yield f"  {text.line(change)}"
            for found in _differences(change, progress):
                yield f"    {_kept(found, text, language)}"


def left_json(progress: Progress) -> list[dict[str, Any]]:
    """Return the same for machines."""
    left = []
    for change, step in progress.steps.items():
        error, setback = progress.troubles.get(change), progress.setbacks.get(change)
        if error is None and step is not SyncStep.DIFFERS and (setback is None or step is not SyncStep.WAITING):
            continue
        code, reason = (error.code, str(error)) if error else (setback.code, setback.reason) if setback else ("", "")
        kept = [
            {"field": found.field, "sent": found.sent, "kept": found.kept} for found in _differences(change, progress)
        ]
        left.append({**change_json(change), "step": step.value, "code": code, "reason": reason, "differences": kept})
    return left


def _kept(found: Mismatch, text: PlanText, language: Language) -> str:
    field, sent, kept = say(f"field.{found.field}", language), found.sent, found.kept
    if found.field == "pages":
        sent, kept = (text.titles(PageRef(ref) for ref in refs.split(", ") if ref) for refs in (sent, kept))
    nothing = say("plan.nothing", language)
    return say("apply.kept", language, field=field, sent=sent or nothing, kept=kept or nothing)


def _by_reason(progress: Progress, language: Language) -> Mapping[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for change, step in progress.steps.items():
        if heading := _heading(change, step, progress, language):
            found.setdefault(heading, []).append(change)
    return found


def _heading(change: Change, step: SyncStep, progress: Progress, language: Language) -> str:
    """Say how a change ended; "" where there is nothing to say."""
    if error := progress.troubles.get(change):
        return say(f"apply.step.{step}", language, reason=explain_trouble(error, language)).rstrip()
    if step is SyncStep.DIFFERS:
        return say("apply.step.differs", language)
    setback = progress.setbacks.get(change)
    if setback is None or step is not SyncStep.WAITING:
        return ""
    if not setback.is_refusal:
        return say("apply.setback.differs", language)
    code = explain_code(setback.code, setback.reason, language) if setback.code else ""
    return say("apply.setback.refused", language, reason=f"{code} [{setback.reason}]".strip())


def _differences(change: Change, progress: Progress) -> tuple[Mismatch, ...]:
    if change in progress.differences:
        return progress.differences[change]
    setback = progress.setbacks.get(change)
    if setback is None or setback.is_refusal or progress.steps[change] is not SyncStep.WAITING:
        return ()
    match change:
        case EditPage(page, _, before):
            return page_differences(as_it_should_be(page), before)
        case RestorePage(_, _, before, former):
            return page_differences(former, before)
        case _:
            return ()


def unread_lines(progress: Progress, language: Language) -> Iterator[str]:
    """Yield what in the account could not be read, each with its reason."""
    for what, error in progress.unread.items():
        name = say_row(what.kind, what.number, what.place, language) if isinstance(what, UnreadRow) else what
        yield f"! {say('plan.unread', language, name=name, reason=error)}"
