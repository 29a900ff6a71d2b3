"""Problems of files."""

from collections.abc import Iterator
from typing import Any, Final

from beacon_gateway.core.model.problems import Problem
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.messages import explain, say
from beacon_gateway.core.text.odd_characters import visible
from beacon_gateway.presentation.terminal import width_of

MAX_EXCERPT_CHARACTERS: Final = 200


def problem_lines(problem: Problem, source: str | None, language: Language) -> Iterator[str]:
    """Say a problem; with the line it is in, if there is one, and a mark under the place."""
    severity = say(f"problem.{problem.severity}", language)
    yield f"{problem.place}: {severity}: {explain(problem, language)}  [{problem.code}]"
    if source and source.strip():
        line, indent = _excerpt(source, problem.place.column)
        yield f"    {line}"
        yield f"    {indent}^"


def _excerpt(source: str, column: int) -> tuple[str, str]:
    """Return what stands around a column (from 1) of a line, and blanks as wide as what stands before it there."""
    begin = max(0, min(column - 1 - MAX_EXCERPT_CHARACTERS // 2, len(source) - MAX_EXCERPT_CHARACTERS))
    before, rest = source[begin : column - 1], source[column - 1 : begin + MAX_EXCERPT_CHARACTERS]
    return visible(before) + visible(rest.rstrip()), " " * width_of(visible(before))


def problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "severity": problem.severity.value,
        "code": problem.code,
        "zh": explain(problem, Language.CHINESE),
        "en": explain(problem, Language.ENGLISH),
    }
