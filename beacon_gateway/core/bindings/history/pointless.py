"""Which changes would only meet the same end again: not worth a call at each look."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from beacon_gateway.core.bindings.history.sent import kept_text, sent_key
from beacon_gateway.core.bindings.plan import Change, EditPage, Plan, Rebind, RestorePage
from beacon_gateway.core.bindings.setback import Setback

REFUSED_FOR: Final = timedelta(hours=6)
"""What was refused is tried again then: what the target takes may change."""
MAX_TRIES_OF_A_CHANGE: Final = 2
"""So often something is written that the target keeps otherwise; then it is left as it is."""


def pointless(plan: Plan, setbacks: Mapping[str, Setback], now: datetime) -> Mapping[Change, Setback]:
    """Return those of a plan's changes, with how they ended before. `now` is aware."""
    found = ((change, setbacks.get(sent_key(change, plan.known))) for change in plan.changes)
    return {change: setback for change, setback in found if setback and _stands(setback, change, now)}


def _stands(setback: Setback, change: Change, now: datetime) -> bool:
    if setback.is_refusal:
        return timedelta(0) <= now - setback.at < REFUSED_FOR  # one from the future is from a clock that was wrong
    return setback.times >= MAX_TRIES_OF_A_CHANGE and setback.kept == kept_before(change)


def kept_before(change: Change) -> str:
    """Return what is at the target in place of what a change sends, as `Setback.kept` has it; "" where nothing is."""
    match change:
        case EditPage(_, _, before) | RestorePage(_, _, before, _):
            return kept_text(before)
        case Rebind():
            return kept_text(change.before)
        case _:
            return ""
