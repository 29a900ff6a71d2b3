"""Arguments as they are typed: read, or refused with what was expected."""

import os
from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date, datetime, timedelta

from beacon_gateway.core.report.moments import read_end, read_moment
from beacon_gateway.core.report.span import YEARS
from beacon_gateway.core.sentences import catalogue
from beacon_gateway.core.text.soundness import sound_name
from beacon_gateway.output import terminal_encoding


def languages() -> tuple[str, ...]:
    """Return what --language may be."""
    return catalogue.languages()


def line(text: str) -> str:
    """Return one line of sound text; what the terminal's encoding wrote, and UTF-8 is not, is read in that."""
    if (encoding := terminal_encoding()) and not text.isprintable():
        text = os.fsencode(text).decode(encoding, "replace")
    return sound_name(text)


def seconds(text: str) -> float:
    value = float(text)
    if not 1 <= value <= 86_400:  # noqa: PLR2004 - a day
        raise ArgumentTypeError("from 1 to 86400")
    return value


def megabytes(text: str) -> int:
    """Return bytes."""
    value = int(text)
    if not 1 <= value <= 100_000:  # noqa: PLR2004 - no card is larger
        raise ArgumentTypeError("from 1 to 100000")
    return value * 1_000_000


def count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 10_000_000:  # noqa: PLR2004 - as text about 1 GB
        raise ArgumentTypeError("from 1 to 10000000")
    return value


def quantity(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 10_000:  # noqa: PLR2004 - of one account
        raise ArgumentTypeError("from 1 to 10000")
    return value


def devices(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 10_000:  # noqa: PLR2004 - of one account
        raise ArgumentTypeError("from 0 to 10000")
    return value


def port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65_535:  # noqa: PLR2004 - TCP's ports
        raise ArgumentTypeError("from 0 to 65535")
    return value


def moment_or_ago(text: str) -> datetime | timedelta:
    return _moment(read_moment, text)


def end_or_ago(text: str) -> datetime | timedelta:
    """Return when it ends: a whole day that is typed is included."""
    return _moment(read_end, text)


def _moment(read: Callable[[str], datetime | timedelta], text: str) -> datetime | timedelta:
    try:
        return read(text)
    except ValueError:
        raise ArgumentTypeError("expected 2026-11-24, 2026-11-24T10:00, 90m, 12h or 7d") from None


def day(text: str) -> date:
    try:
        typed = date.fromisoformat(text)
    except ValueError:
        typed = date.min
    if typed.year not in YEARS:
        raise ArgumentTypeError("expected a date like 2026-11-24")
    return typed


def days(text: str) -> tuple[date, date]:
    """Return the first and the last day, both included."""
    first, dots, last = text.partition("..")
    if not dots:
        raise ArgumentTypeError("expected two dates: 2026-11-11..2026-11-24")
    return day(first), day(last)
