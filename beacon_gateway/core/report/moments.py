"""Moments as people type them: a day, a day and a time, or so long ago."""

import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from beacon_gateway.core.model.problems import Advice
from beacon_gateway.core.report.span import YEARS
from beacon_gateway.core.text.odd_characters import as_ascii

UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
LONGEST_AGO: Final = timedelta(days=366 * 20)
"""Before that no row was written, and no calendar of ours goes on for ever."""
MAX_NIGHT_HOUR: Final = 30
"""Shops that close after midnight write 25:00 and 26:00."""
NOON_HOUR: Final = 12

_DAY: Final = r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
_TIME: Final = (
    r"(?P<before>上午|早上|早|凌晨|中午|下午|晚上|晚|am|pm)?\s*(?P<hour>\d{1,2})"
    r"(?:\s*[:.点时h]\s*(?:(?P<minute>\d{1,2})|(?P<half>半))?\s*分?(?::(?P<second>\d{2}(?:\.\d+)?))?)?"
    r"\s*(?P<after>am|pm)?\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})?"
)
_TYPED: Final = re.compile(rf"{_DAY}(?:[\sT,]*{_TIME})?", re.IGNORECASE)
_TYPED_WITHOUT_DAY: Final = re.compile(_TIME, re.IGNORECASE)
_AFTER_NOON: Final = frozenset({"下午", "晚上", "晚", "pm"})
_BEFORE_NOON: Final = frozenset({"上午", "早上", "早", "凌晨", "am"})


def advise_moment(text: str) -> Advice | None:
    """Return how the time of a schedule that people wrote otherwise is written; None if it is no time at all."""
    plain = as_ascii(text).strip()
    found = _TYPED.fullmatch(plain)
    if found is None:
        return Advice("value.time-no-day") if _TYPED_WITHOUT_DAY.fullmatch(plain) else None
    day = _day(int(found["year"]), int(found["month"]), int(found["day"]))
    if isinstance(day, Advice):
        return day
    if found["hour"] is None:
        return Advice("value.time-no-hour", {"near": f"{day:%Y-%m-%d} 00:00"})
    hour, minute = int(found["hour"]), 30 if found["half"] else int(found["minute"] or 0)
    hour = _hour_of_day(hour, (found["before"] or found["after"] or "").lower())
    if hour >= MAX_NIGHT_HOUR or minute >= 60:  # noqa: PLR2004 - minutes of an hour
        return None
    near = f"{day + timedelta(hours=hour, minutes=minute):%Y-%m-%d %H:%M}"
    code = "value.time-24" if hour >= 24 else "value.time-zone" if found["zone"] else "value.time-near"  # noqa: PLR2004 - hours of a day
    return Advice(code, {"near": near})


def _day(year: int, month: int, day: int) -> datetime | Advice:
    """Return the beginning of a day by the store's clock; advice where there is no such day, or not for us."""
    if year not in YEARS:
        return Advice("value.time-year", {"first": str(YEARS[0]), "last": str(YEARS[-1])})
    try:
        return datetime(year, month, day)  # noqa: DTZ001 - the store's clock
    except ValueError:
        return Advice("value.time-no-such-day")


def _hour_of_day(hour: int, half: str) -> int:
    """Return an hour from 0 to 24 of one that counts to 12 in this half of the day."""
    if hour > NOON_HOUR:
        return hour
    if half in _BEFORE_NOON:
        return hour % NOON_HOUR
    late = half in {"晚上", "晚"} and hour == NOON_HOUR  # midnight, at the end of this day
    return hour % NOON_HOUR + NOON_HOUR + late * NOON_HOUR if half in _AFTER_NOON else hour


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
    """Return the moment (aware) that was typed: a time of the zone, or so long before now."""
    if isinstance(typed, timedelta):
        return now - typed
    return typed.replace(tzinfo=zone) if typed.tzinfo is None else typed
