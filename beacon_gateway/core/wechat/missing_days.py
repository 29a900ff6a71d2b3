"""Which days of WeChat's figures are to be fetched now, and when that may change.

WeChat adds a day up in the night after it, tells it from about eight in the morning on, and forgets it after 90 days.
All days are Beijing's, all moments aware.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from beacon_gateway.core.model.beijing import beijing_day, beijing_midnight
from beacon_gateway.core.wechat.figures import DayFigures

MORNING: Final = timedelta(hours=8)
"""From midnight until yesterday is told ("call after 8 o'clock")."""
FIGURES_KEPT_DAYS: Final = 89
"""The oldest day that is asked for, before today. WeChat tells "the last 90 days": one less is among them whether or
not today is."""
ASK_AGAIN: Final = timedelta(hours=1)
"""At least, after an answer that was empty; later as long as the day is late already. An account where nobody shakes is
no reason for a call every hour."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FetchedDays:
    """What is there of the days."""

    days: Mapping[date, bool] = field(default_factory=dict)
    """Each with whether it is final."""
    asked: Mapping[date, datetime] = field(default_factory=dict)
    """When a day that is not final was asked for last, as far as that is remembered."""


def missing_days(now: datetime, fetched: FetchedDays, morning: timedelta = MORNING) -> list[date]:
    """Return the days to be asked for now, oldest first: those are the next to be lost.

    `morning` is when a gateway begins to ask for yesterday, from midnight on.
    """
    return [day for day in _told(now, morning) if (due := _due(day, fetched, morning)) and due <= now]


def next_look(now: datetime, fetched: FetchedDays, morning: timedelta = MORNING) -> datetime:
    """Return the first moment (UTC) at which `missing_days` may give something: not in the future if it does now."""
    dues = [due for day in _told(now, morning) if (due := _due(day, fetched, morning))]
    return min([*dues, _told_from(_newest(now, morning) + _DAY, morning)])


def is_final(figures: DayFigures, now: datetime, morning: timedelta = MORNING) -> bool:
    """True if a day that was asked for at a moment need not be asked for again.

    The newest one may be late, and beacons and pages not equally: every shake and click counts for one of each. Rows
    that made no sense may make some later.
    """
    return bool(figures.beacons and figures.pages and not figures.unread) or figures.day < _newest(now, morning)


def _told(now: datetime, morning: timedelta) -> list[date]:
    """Return the days that WeChat should tell, oldest first."""
    newest, oldest = _newest(now, morning), beijing_day(now) - FIGURES_KEPT_DAYS * _DAY
    return [oldest + number * _DAY for number in range((newest - oldest).days + 1)]


def _newest(now: datetime, morning: timedelta) -> date:
    """Return yesterday; before the morning, the day before."""
    return beijing_day(now - morning) - _DAY


def _told_from(day: date, morning: timedelta) -> datetime:
    return beijing_midnight(day + _DAY) + morning


def _due(day: date, fetched: FetchedDays, morning: timedelta) -> datetime | None:
    """Return from when on a day is to be asked for; None if it is final."""
    told_from = _told_from(day, morning)
    if fetched.days.get(day):
        return None
    if day not in fetched.days or day not in fetched.asked:
        return told_from
    asked = fetched.asked[day]
    again = asked + max(ASK_AGAIN, asked - told_from)
    return min(again, _told_from(day + _DAY, morning))  # by then no answer is too early, and an empty one is final
