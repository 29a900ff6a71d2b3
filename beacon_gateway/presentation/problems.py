"""Problems of files."""

from collections.abc import Iterator
from typing import Any

from beacon_gateway.core.messages import explain, say
from beacon_gateway.core.problems import Problem
from beacon_gateway.core.settings import Language


def problem_lines(problem: Problem, source: str | None, language: Language) -> Iterator[str]:
    """Say a problem; with the line it is in, if there is one, and a mark under the place."""
    severity = say(f"problem.{problem.severity}", language)
    yield f"{problem.place}: {severity}: {explain(problem, language)}  [{problem.code}]"
    if source and source.strip():
        before = source[: problem.place.column - 1]
        # Chinese characters take two columns on a terminal.
        indent = "".join("　" if ord(character) > 0x2E7F else " " for character in before)  # noqa: PLR2004 - CJK begins
        yield f"    {source.rstrip()}"
        yield f"    {indent}^"


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
