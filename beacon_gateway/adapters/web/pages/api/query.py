"""The query of an address below /api: read, or refused with the parameter's name."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from http import HTTPStatus
from typing import Final, TypeVar

from aiohttp import web

from beacon_gateway.core.report.moments import moment_of, read_end, read_moment
from beacon_gateway.core.report.span import YEARS
from beacon_gateway.core.sentences.catalogue import languages

Choice = TypeVar("Choice", bound=StrEnum)

MAX_NAME_CHARACTERS: Final = 64
"""Characters of a name; none that the files may give is longer."""
DEFAULT_API_ROWS: Final = 100
MAX_API_ROWS: Final = 1000
"""In the daemon they take memory from the radio; the commands, processes of their own, give more."""


class ApiError(Exception):
    """Why there is no answer: a phrase."""

    def __init__(self, code: int, phrase: str, parameter: str = "", **details: object) -> None:
        super().__init__(phrase)
        self.code, self.phrase, self.parameter, self.details = code, phrase, parameter, details


class ApiQuery:
    def __init__(self, request: web.Request, *known: str) -> None:
        """Raise ApiError for a parameter that is not known, or is there twice."""
        typed = request.query
        self._typed: Mapping[str, str] = {name: typed[name] for name in (*known, LANGUAGE) if name in typed}
        for name in typed:
            shown = name[:MAX_NAME_CHARACTERS]
            if name not in (*known, LANGUAGE):
                raise ApiError(
                    HTTPStatus.BAD_REQUEST, "api.unknown-parameter", shown, known=", ".join((*known, LANGUAGE))
                )
            if len(typed.getall(name)) > 1:
                raise ApiError(HTTPStatus.BAD_REQUEST, "api.twice", shown)

        self._known(LANGUAGE, languages())

    def rows(self) -> int:
        """Return the limit."""
        text = self._typed.get(LIMIT, str(DEFAULT_API_ROWS))
        if not (
            text.isascii() and text.isdigit() and len(text) < MAX_NAME_CHARACTERS and 1 <= int(text) <= MAX_API_ROWS
        ):
            raise ApiError(HTTPStatus.BAD_REQUEST, "api.bad-number", LIMIT, least=1, most=MAX_API_ROWS)
        return int(text)

    def since(self, now: datetime, zone: tzinfo) -> datetime | None:
        return self._moment(SINCE, read_moment, now, zone)

    def until(self, now: datetime, zone: tzinfo) -> datetime | None:
        return self._moment(UNTIL, read_end, now, zone)

    def day(self, name: str) -> date | None:
        if (text := self._typed.get(name)) is None:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = date.min
        if day.year not in YEARS:
            raise ApiError(HTTPStatus.BAD_REQUEST, "api.bad-date", name)
        return day

    def choice(self, name: str, choices: type[Choice] | tuple[Choice, ...]) -> Choice | None:
        known = {choice.value: choice for choice in choices}
        self._known(name, known)
        return known[self._typed[name]] if name in self._typed else None

    def _known(self, name: str, known: Collection[str]) -> None:
        """Raise ApiError where it is something else."""
        if name in self._typed and self._typed[name] not in known:
            raise ApiError(HTTPStatus.BAD_REQUEST, "api.bad-choice", name, known=", ".join(known))

    def name(self, name: str) -> str | None:
        text = self._typed.get(name)
        if text is not None and len(text) > MAX_NAME_CHARACTERS:
            raise ApiError(HTTPStatus.BAD_REQUEST, "api.too-long", name, most=MAX_NAME_CHARACTERS)
        return text

    def _moment(
        self, name: str, read: Callable[[str], datetime | timedelta], now: datetime, zone: tzinfo
    ) -> datetime | None:
        if (text := self._typed.get(name)) is None:
            return None
        try:
            return moment_of(read(text), now, zone)
        except ValueError:
            raise ApiError(HTTPStatus.BAD_REQUEST, "api.bad-moment", name) from None


LANGUAGE: Final = "language"
"""Of the errors; every page takes it."""
LIMIT, SINCE, UNTIL = "limit", "since", "until"
