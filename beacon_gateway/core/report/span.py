"""Days of the store's clock, from midnight to midnight there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, NamedTuple

HOUR: Final = timedelta(hours=1)
YEARS: Final = range(2000, 2101)
"""Beyond them a date is a slip of the finger."""
DEFAULT_SPAN_DAYS: Final = 7
_DAY: Final = timedelta(days=1)


class SpanUnit(NamedTuple):
    """What counts are kept of: an hour of a day, or a whole day. A tuple, since tens of thousands are looked up."""

    day: date
    hour: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    first: date
    last: date
    """Included."""
    zone: tzinfo

    @classmethod
    def usual(cls, first: date | None, last: date | None, now: datetime, zone: tzinfo) -> "Span":
        """Fill in what was not asked for: the seven days that end today."""
        last = last or now.astimezone(zone).date()
        return cls(first or last - (DEFAULT_SPAN_DAYS - 1) * _DAY, last, zone)

    @property
    def day_count(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def begin(self) -> datetime:
        """Return the first moment (aware UTC)."""
        return self._midnight(self.first)

    @property
    def end(self) -> datetime:
        """Return the first moment that is not in it any more (aware UTC)."""
        return self._midnight(self.last + _DAY)

    def days(self) -> list[date]:
        return [self.first + number * _DAY for number in range(self.day_count)]

    def hours(self) -> Iterator[datetime]:
        """Return the beginnings of its hours (aware UTC)."""
        start, end = self.begin, self.end
        while start < end:
            yield start
            start += HOUR

    def unit(self, at: datetime) -> SpanUnit:
        """Return the hour in which a moment is."""
        local = at.astimezone(self.zone)
        return SpanUnit(local.date(), local.hour)

    def before(self, days: int) -> "Span":
        """Return the days that came just before it."""
        return Span(self.first - days * _DAY, self.first - _DAY, self.zone)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)
