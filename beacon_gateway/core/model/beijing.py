"""Days as WeChat counts them: from midnight to midnight in Beijing, wherever the shop is.

WeChat's pages do not name the zone, but every day stamp of their samples is a midnight at UTC+8. China keeps no summer
time, so an offset says it all.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

BEIJING: Final = timezone(timedelta(hours=8))


def beijing_day(at: datetime) -> date:
    """Return the day of a moment (aware)."""
    return at.astimezone(BEIJING).date()


def beijing_midnight(day: date) -> datetime:
    """Return the moment (aware, UTC) at which a day begins."""
    return datetime.combine(day, time(), BEIJING).astimezone(UTC)


def next_beijing_midnight(at: datetime) -> datetime:
    """Return the moment (aware, UTC) at which the day of a moment ends."""
    return beijing_midnight(beijing_day(at) + timedelta(days=1))
