"""What is wrong in the files that people write: where, what was found, and which sentence of the catalogue says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class SourcePosition(NamedTuple):
    """Where in which file, as editors count: the first line and the first column are 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Located(NamedTuple, Generic[T]):
    """A value and the place where somebody wrote it."""

    value: T
    place: SourcePosition


class Severity(StrEnum):
    ERROR = "error"
    """The files cannot be used like this; the last good version stays in force."""
    WARNING = "warning"
    """Usable, but probably not what was meant."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. `code` names a sentence in `core.sentences.messages`, `details` fills it."""

    place: SourcePosition
    code: str
    details: Mapping[str, str] = field(default_factory=dict)
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Advice:
    """What something that cannot be read was probably meant to be: the code of a sentence, and what fills it."""

    code: str
    details: Mapping[str, str] = field(default_factory=dict)


def is_sound(problems: Iterable[Problem]) -> bool:
    """True if files with these problems may be put in force."""
    return all(problem.severity is not Severity.ERROR for problem in problems)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the known word that `word` was probably meant to be, however it is capitalised; "" if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - sound files need none of it

    plain = {_plainly(name): name for name in known}
    near = get_close_matches(_plainly(word), plain, n=1, cutoff=0.6)
    return plain[near[0]] if near else ""


def _plainly(word: str) -> str:
    return word.casefold().replace("_", "-")


def in_reading_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort by file, line and column; each fault once."""
    unique = {(problem.place, problem.code, problem.details.get("found")): problem for problem in problems}
    return sorted(unique.values(), key=lambda problem: (problem.place, problem.code))
