"""Moments as people type them: a day, a day and a time, or so long ago."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from beacon_gateway.core.report.span import YEARS

UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
LONGEST_AGO: Final = timedelta(days=366 * 20)
"""Before that no row was written, and no calendar of ours goes on for ever."""


def read_moment(text: str) -> datetime | timedelta:
    """Read 2026-11-24, 2026-11-24T10:00, or 90m, 12h, 7d ago. Raises ValueError."""
    if text[:-1].isascii() and text[:-1].isdigit() and text[-1] in UNITS:
        try:
            ago = timedelta(**{UNITS[text[-1]]: int(text[:-1])})
        except OverflowError:
            ago = timedelta.max
        if ago > LONGEST_AGO:
            raise ValueError(text)
        return ago
    moment = datetime.fromisoformat(text)
    if moment.year not in YEARS:
        raise ValueError(text)
    return moment


def read_end(text: str) -> datetime | timedelta:
    """Read the same as an end that is excluded: a whole day that is typed is included. Raises ValueError."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return read_moment(text)
    if day.year not in YEARS:
        raise ValueError(text)
    return datetime.combine(day + timedelta(days=1), time())


def moment_of(typed: datetime | timedelta, now: datetime, zone: tzinfo) -> datetime:
    """Give the moment (aware) that was typed: a time of the zone, or so long before now."""
    if isinstance(typed, timedelta):
        return now - typed
    return typed.replace(tzinfo=zone) if typed.tzinfo is None else typed
