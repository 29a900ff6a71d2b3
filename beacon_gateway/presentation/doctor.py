"""What `doctor` found: a line a finding, the command that mends it below, and a line of summary."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any, Final

from beacon_gateway.core.bindings.target import TargetError
from beacon_gateway.core.doctor.finding import Finding, FindingLevel, Phrase, worst
from beacon_gateway.core.model.problems import Problem
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.monitoring.judgement import Trouble
from beacon_gateway.core.sentences.messages import explain, explain_trouble, say, say_look_alike
from beacon_gateway.core.tracking.look_alikes import LookAlike
from beacon_gateway.presentation.overview import padded
from beacon_gateway.presentation.terminal import visible
from beacon_gateway.presentation.troubles import trouble_text

MARK_WIDTH: Final = 6
"""Columns: the widest mark, and two blanks."""


def finding_lines(findings: Sequence[Finding], language: Language, zone: tzinfo | None) -> Iterator[str]:
    """Yield what is found as text for people; times are of the zone, None is the machine's own."""
    for finding in findings:
        yield padded(say(f"doctor.mark.{finding.level}", language), MARK_WIDTH) + text_of(finding, language, zone)
        if finding.fix:
            yield " " * MARK_WIDTH + visible(finding.fix)
    counts = Counter(finding.level for finding in findings)
    yield say("doctor.summary", language, **{level.value: counts[level] for level in FindingLevel})


def findings_json(findings: Sequence[Finding], language: Language, zone: tzinfo | None) -> dict[str, Any]:
    return {
        "findings": [
            {
                "check": finding.check,
                "level": finding.level.value,
                "text": text_of(finding, language, zone),
                "fix": finding.fix,
                "details": {name: _said(value, language, zone) for name, value in finding.details.items()},
            }
            for finding in findings
        ],
        "worst": worst(findings).value,
    }


def text_of(finding: Finding, language: Language, zone: tzinfo | None) -> str:
    """Say a finding in one line; nothing in it that a terminal would obey, whatever its origin."""
    return visible(_said(Phrase(finding.phrase, finding.details), language, zone)).strip()


def _said(detail: object, language: Language, zone: tzinfo | None) -> Any:  # noqa: ANN401 - a number stays one, all else becomes text
    match detail:
        case Phrase(name, details):
            said = {name: _said(value, language, zone) for name, value in details.items()}
            return say(name, language, **said).strip()
        case Trouble():
            return trouble_text(detail.phrase, detail.details, language, zone)
        case Problem() | LookAlike() | TargetError():
            return _explained(detail, language)
        case tuple():
            return say("list.comma", language).join(_said(one, language, zone) for one in detail)
        case bool() | int() | float():
            return detail
        case _:
            return str(detail)


def _explained(found: Problem | LookAlike | TargetError, language: Language) -> str:
    match found:
        case Problem():
            return explain(found, language)
        case LookAlike():
            return say_look_alike(found, language)
        case TargetError():
            return explain_trouble(found, language)
