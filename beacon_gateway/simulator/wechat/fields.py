"""Strict reading of request bodies, and the width that limits texts."""

import json
import re
from collections.abc import Iterator, Mapping

from beacon_gateway.simulator.wechat.errors import EmulatedError

WRONG_PARAMETERS = 9001001
_DIGITS = re.compile(r"-?[0-9]{1,19}")
_INT64 = 1 << 63


def width(text: str) -> int:
    """Display width: a Chinese character is 2, an ASCII one is 1.

    The pages write limits as "6 汉字 or 12 letters"; that this is one sum is inferred. Emoji and half-width kana are
    undocumented and count 2.
    """
    return sum(1 if ord(character) < 128 else 2 for character in text)


class RequestFields:
    """One JSON object of a request.

    A key whose value is null counts as absent. Numbers may come as strings of digits, as old clients send them. What
    is missing without a default or ill-typed raises `EmulatedError`, by default 9001001.
    """

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = {name: value for name, value in values.items() if value is not None}

    @classmethod
    def parse(cls, body: bytes) -> "RequestFields":
        """The object in `body`. Raises 44002 when there is nothing, 47001 when it is no JSON object."""
        if not body.strip():
            raise EmulatedError(44002)
        try:
            values = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise EmulatedError(47001) from error
        if not isinstance(values, dict):
            raise EmulatedError(47001)
        return cls(values)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def integer(self, name: str, default: int | None = None) -> int:
        if name not in self._values and default is not None:
            return default
        return _integer(self._values.get(name), WRONG_PARAMETERS)

    def text(self, name: str, default: str | None = None) -> str:
        value = self._values.get(name, default)
        if not isinstance(value, str):
            raise EmulatedError(WRONG_PARAMETERS)
        try:
            value.encode()
        except UnicodeEncodeError as error:  # half of a surrogate pair, written as \ud83d
            raise EmulatedError(40033) from error
        return value

    def flag(self, name: str) -> bool:
        value = self._values.get(name, False)
        if not isinstance(value, bool):
            raise EmulatedError(WRONG_PARAMETERS)
        return value

    def integers(self, name: str, *, ill_typed: int = WRONG_PARAMETERS) -> list[int]:
        return [_integer(value, ill_typed) for value in self._list(name)]

    def texts(self, name: str) -> list[str]:
        return [RequestFields({"value": value}).text("value") for value in self._list(name)]

    def part(self, name: str) -> "RequestFields":
        return _object(self._values.get(name))

    def parts(self, name: str) -> Iterator["RequestFields"]:
        return map(_object, self._list(name))

    def _list(self, name: str) -> list[object]:
        value = self._values.get(name)
        if not isinstance(value, list):
            raise EmulatedError(WRONG_PARAMETERS)
        return value


def _integer(value: object, ill_typed: int) -> int:
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not -_INT64 <= value < _INT64:
        raise EmulatedError(ill_typed)
    return value


def _object(value: object) -> RequestFields:
    if not isinstance(value, dict):
        raise EmulatedError(WRONG_PARAMETERS)
    return RequestFields(value)
