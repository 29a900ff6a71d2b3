"""Reading WeChat's answers, which keep few promises: numbers come as strings, and keys with a blank in them.

What cannot be understood is a `TryLater`, and never "nothing there". Texts are sound already: `http` reads no others.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from beacon_gateway.core.bindings.target import TryLater
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.text.soundness import MAX_INTEGER, sound_integer, sound_moment

Row = Mapping[str, Any]

_MAX_PART_OF_KEY: Final = 0xFFFF
_NOTHING: Final[Row] = {}


def data_of(answer: Row) -> Row:
    """Return the object under `data`; empty where there is none, which many answers to a write are."""
    data = answer.get("data")
    return stripped(data) if isinstance(data, dict) else _NOTHING


def rows_of(data: Row, name: str) -> list[Row]:
    """Return the rows of a list, where a row that is no object says nothing. Raises TryLater without a list."""
    rows = data.get(name)
    if not isinstance(rows, list):
        raise TryLater(f"an answer without {name}")
    return [stripped(row) if isinstance(row, dict) else _NOTHING for row in rows]


def stripped(row: Row) -> Row:
    """Return it with no blanks around its keys: WeChat's own samples have `"page_id "` and `" poi_id"`."""
    return {name.strip(): value for name, value in row.items()}


def number(row: Row, name: str, highest: int = MAX_INTEGER) -> int:
    """Return a whole number from 0 on, which may come as a string. Raises TryLater."""
    found = sound_integer(row.get(name), 0, highest)
    if found is None:
        raise TryLater(f"an answer without a number as {name}, or with one that cannot be")
    return found


def number_or_none(row: Row, name: str) -> int | None:
    """Read a number that need not be there; 0 is none, as nothing that WeChat numbers has it."""
    return (number(row, name) or None) if row.get(name) not in (None, "") else None


def text(row: Row, name: str) -> str:
    """Return a text; what is missing is empty, and a number is taken as it is written. Raises TryLater."""
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TryLater(f"an answer with something else than a text as {name}")
    return str(value)


def moment(row: Row, name: str) -> datetime | None:
    """Read Unix seconds; 0, nothing and nonsense are "never": nothing is decided by it but a word for staff."""
    return sound_moment(row.get(name))


def beacon_key(row: Row) -> BeaconKey:
    try:
        uuid = UUID(text(row, "uuid"))
    except ValueError as error:
        raise TryLater("an answer with a device that has no UUID") from error
    return BeaconKey(uuid, number(row, "major", _MAX_PART_OF_KEY), number(row, "minor", _MAX_PART_OF_KEY))
