"""When the gateway was at work and listened: where it was not, there are no counts, and nothing is zero."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from beacon_gateway.core.log.tallies import GatewayHour
from beacon_gateway.core.report.span import HOUR, Span, SpanUnit

UNWRITTEN: Final = timedelta(minutes=62)
"""A minute in which nobody was heard may wait so long to be written (`services.log.journal`). What the log does not
tell of this time before now is not known yet: it may have been listened to."""
MIN_COUNTED_SHARE: Final = 0.5
"""Of a time that must have been listened to for its counts to be shown."""
FULLY_COUNTED_SHARE: Final = 0.95
"""Of a time that was listened to as a whole: a restart takes a minute or two."""


class CountingState(StrEnum):
    """Whether somebody was there to count."""

    TO_COME = "to-come"
    NONE = "none"
    """Or for less than half of the time."""
    PARTLY = "partly"
    WHOLE = "whole"

    @property
    def is_shown(self) -> bool:
        return self in (CountingState.PARTLY, CountingState.WHOLE)


@dataclass(frozen=True, slots=True)
class CountedTime:
    """Seconds: how long it lasts, how much of that has passed, and for how much of that somebody counted."""

    lasts: float = 0.0
    passed: float = 0.0
    counted: float = 0.0

    def __add__(self, other: "CountedTime") -> "CountedTime":
        return CountedTime(self.lasts + other.lasts, self.passed + other.passed, self.counted + other.counted)

    @property
    def is_over(self) -> bool:
        return self.passed >= self.lasts

    @property
    def share(self) -> float:
        """Return which part of what has passed somebody counted; 0 where nothing has."""
        return self.counted / self.passed if self.passed else 0.0

    @property
    def attention(self) -> CountingState:
        if not self.passed:
            return CountingState.TO_COME
        if self.share < MIN_COUNTED_SHARE:
            return CountingState.NONE
        return CountingState.WHOLE if self.share >= FULLY_COUNTED_SHARE else CountingState.PARTLY


def total(times: Iterable[CountedTime]) -> CountedTime:
    return sum(times, start=CountedTime())


class Timesheet:
    """The hours and days of a span. `told` is whether WeChat reports shakes: else nobody counts them."""

    def __init__(self, span: Span, listening: Sequence[GatewayHour], now: datetime, *, told: bool = True) -> None:
        listened: dict[SpanUnit, float] = {}
        at_work: dict[SpanUnit, float] = {}
        for hour in listening:
            unit = span.unit(hour.start)
            listened[unit] = listened.get(unit, 0.0) + hour.listened
            at_work[unit] = at_work.get(unit, 0.0) + hour.seconds * told
        passed = _passed(span, _known(listening, now))
        self._listened = {unit: _counted(time, listened.get(unit, 0.0)) for unit, time in passed.items()}
        self._at_work = {unit: _counted(time, at_work.get(unit, 0.0)) for unit, time in passed.items()}

    def hours(self, *, heard: bool = True) -> Mapping[SpanUnit, CountedTime]:
        """Return each hour, counted by the radio; or by WeChat, which needs no radio."""
        return self._listened if heard else self._at_work

    def days(self, *, heard: bool = True) -> Mapping[SpanUnit, CountedTime]:
        """Return each day, as `hours` does."""
        days: dict[SpanUnit, CountedTime] = {}
        for unit, time in self.hours(heard=heard).items():
            day = SpanUnit(unit.day)
            days[day] = days.get(day, CountedTime()) + time
        return days

    def by_date(self) -> Mapping[date, CountedTime]:
        """Return each day as the radio heard it."""
        return {unit.day: time for unit, time in self.days().items()}


def _known(listening: Sequence[GatewayHour], now: datetime) -> datetime:
    """Return the moment up to which the log knows who listened."""
    last = max(listening, key=lambda hour: hour.start, default=None)
    told = last.start + timedelta(seconds=last.seconds) if last else now
    return max(now - UNWRITTEN, min(now, told))


def _passed(span: Span, known: datetime) -> dict[SpanUnit, CountedTime]:
    """Return how much of each hour has passed. An hour that the clock shows twice is one of two hours."""
    passed: dict[SpanUnit, CountedTime] = {}
    for start in span.hours():
        seconds = min(max(known - start, timedelta()), HOUR).total_seconds()
        unit = span.unit(start)
        passed[unit] = passed.get(unit, CountedTime()) + CountedTime(HOUR.total_seconds(), seconds)
    return passed


def _counted(time: CountedTime, seconds: float) -> CountedTime:
    """A clock that is set while it runs may give an hour more than it has."""
    return CountedTime(time.lasts, time.passed, min(seconds, time.passed))
