"""Reading WeChat's answers, which keep few promises: numbers come as strings, and keys with a blank in them.

What cannot be understood is a `TryLater`, and never "nothing there".
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.target import TryLater

Row = Mapping[str, Any]

_NOTHING: Final[Row] = {}


def data_of(answer: Row) -> Row:
    """Give the object under `data`; empty where there is none, which many answers to a write are."""
    data = answer.get("data")
    return stripped(data) if isinstance(data, dict) else _NOTHING


def rows_of(data: Row, name: str) -> list[Row]:
    """Give the rows of a list; an answer without one was not understood."""
    rows = data.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TryLater(f"an answer without {name}")
    return [stripped(row) for row in rows]


def part_of(data: Row, name: str) -> Row:
    """Give an object inside another."""
    part = data.get(name)
    if not isinstance(part, dict):
        raise TryLater(f"an answer without {name}")
    return stripped(part)


def stripped(row: Row) -> Row:
    """Give it with no blanks around its keys: WeChat's own samples have `"page_id "` and `" poi_id"`."""
    return {name.strip(): value for name, value in row.items()}


def number(row: Row, name: str) -> int:
    """Read a number that may come as a string."""
    try:
        return int(row[name])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise TryLater(f"an answer without a number as {name}") from error


def number_or_none(row: Row, name: str) -> int | None:
    """Read a number that need not be there; 0 is none, as nothing that WeChat numbers has it."""
    return (number(row, name) or None) if row.get(name) not in (None, "") else None


def metres(row: Row, name: str) -> float:
    """Read a distance."""
    try:
        return float(row[name])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise TryLater(f"an answer without a number as {name}") from error


def text(row: Row, name: str) -> str:
    """Read a text; what is missing is empty."""
    value = row.get(name)
    return "" if value is None else str(value)


def moment(row: Row, name: str) -> datetime | None:
    """Read Unix seconds; 0, nothing and nonsense are "never": nothing is decided by it but a word for staff."""
    try:
        return datetime.fromtimestamp(int(row[name]), UTC) if int(row[name]) > 0 else None
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def beacon_key(row: Row) -> BeaconKey:
    try:
        return BeaconKey(UUID(str(row["uuid"])), number(row, "major"), number(row, "minor"))
    except (KeyError, ValueError) as error:
        raise TryLater("an answer with a device that has no UUID") from error
