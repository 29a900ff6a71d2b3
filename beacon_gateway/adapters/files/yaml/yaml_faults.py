"""Why a text is not YAML: the place that people have to mend, which is often not where the parser stopped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from beacon_gateway.adapters.files.yaml.document import Document
from beacon_gateway.adapters.files.yaml.nodes import Mark, shorten
from beacon_gateway.core.model.problems import SourcePosition
from beacon_gateway.core.text.odd_characters import LINE_BREAKS, UNSEEN_OR_BLANK, OddCharacter, first_odd

SECOND_DOCUMENT: Final = "but found another document"
MAX_REPORTED_LINES: Final = 20
"""Of one kind: a file that was indented with the wrong blanks is so in every line."""

_NEVER_IN_YAML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
"""libyaml refuses them, and says only at which byte; people want line and column."""
_LOOK_CLOSER: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u034f\u115f\u1160\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    "\u2800\u3000\u3164\ufeff\uffa0\ufffe\uffff]"
)
"""One pass over a text that has none of this is all that it costs."""
_ODD_BREAK: Final = re.compile(rf"[{LINE_BREAKS}]|\r(?!\n)")
_INDENTED_ODDLY: Final = re.compile(f"^[ \t]*{UNSEEN_OR_BLANK}", re.MULTILINE)
_BEGUN_AND_NOT_ENDED: Final = ("while scanning a quoted", "while scanning a simple key", "while parsing a flow")

_ITEM: Final = r"^[ ]*(?:-[ ]+)*"
_KEY: Final = r"[\"']?[A-Za-z0-9_][\w.-]*[\"']?"
_BLANK: Final = r"(?=[^\x00-\x7f])[\s\u200b\u2060\ufeff]"
_MISPLACED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_ITEM}{_KEY}[ ]*(?P<odd>：)",
        rf"[{{,，][ ]*{_KEY}[ ]*(?P<odd>：)",
        rf"{_ITEM}{_KEY}:(?P<odd>{_BLANK})",
        r"^[ ]*(?P<odd>[－–—−])\s",
        rf"^[ ]*-(?P<odd>{_BLANK})",
        rf"{_ITEM}(?:{_KEY}[:：]\s*)?(?P<odd>[［｛【])",
        rf"(?:[\]}}\"']|{_ITEM}{_KEY}:)[\s\u3000]+(?P<odd>＃)",
        r"[\[{].*?(?P<odd>[］｝】，、])",
        r"^[ ]*(?P<odd>＃)",
        r":[ ]+\"[^\"]*(?P<odd>”)\s*$",
        r":[ ]+'[^']*(?P<odd>’)\s*$",
    )
)
"""Where in a line a character does what only an ASCII one can do. Elsewhere, in a title say, it is as good as any."""


def look_closer(text: str, document: Document) -> str | None:
    """Report what no parser is needed for: characters that cannot stand where they do.

    Return what is to be parsed, with each character at its place and lines as editors count them; None if that would
    only bring follow-on faults.
    """
    lone_returns = text.count("\r") != text.count("\r\n")
    if not lone_returns and not _LOOK_CLOSER.search(text):
        return text
    if lone_returns and "\n" not in text:
        document.report(SourcePosition(document.name), "file.line-ends")
        return None
    if control := _NEVER_IN_YAML.search(text):
        _report_at(control.start(), text, document)
        return None
    for found in islice(_ODD_BREAK.finditer(text), MAX_REPORTED_LINES):
        _report_at(found.start(), text, document)
    oddly = [*islice(_INDENTED_ODDLY.finditer(text), MAX_REPORTED_LINES)]
    for found in oddly:
        _report_at(found.end() - 1, text, document)
    return None if oddly else _ODD_BREAK.sub(" ", text)


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """What the parser stumbled over, in its own words."""

    reason: str
    mark: Mark | None
    """Where it stopped."""
    context: str = ""
    context_mark: Mark | None = None
    """Where what it was reading begins."""


def report_syntax(fault: SyntaxFault, text: str, document: Document, last: Mark | None) -> None:
    """Report what the parser stumbled over. `last` is where the last node begins that it saw."""
    mark, reason = fault.mark, fault.reason
    if mark is None:
        document.report(SourcePosition(document.name), "yaml.syntax", found="", reason=reason)
        return
    stopped = document.at(mark)
    if fault.context.startswith(
        _BEGUN_AND_NOT_ENDED
    ):  # it is wrong where it begins; the reader ran on, to the end even
        mark = fault.context_mark or mark
    place = document.at(mark)
    if reason == SECOND_DOCUMENT:
        document.report(place, "yaml.documents")
        return
    lines = text.split("\n")
    begins = min(place.line, document.at(last).line if last else place.line)
    causes = list(_misplaced(lines, max(begins, stopped.line - MAX_REPORTED_LINES), min(stopped.line, len(lines))))
    for number, odd in causes:
        line = lines[number - 1]
        document.report_mark(SourcePosition(document.name, number, odd.at + 1), odd, line)
    if not causes and not _reported_tab(lines, {place.line, stopped.line}, mark, text, document):
        found = lines[place.line - 1][place.column - 1 :].strip() if place.line <= len(lines) else ""
        document.report(place, "yaml.syntax", found=shorten(found or "…"), reason=reason)


def _report_at(index: int, text: str, document: Document) -> None:
    odd = first_odd(text[index], full_width=False)
    if odd:
        line = text[text.rfind("\n", 0, index) + 1 :].partition("\n")[0]
        document.report_character(document.at_index(index), odd, line)


def _misplaced(lines: list[str], first: int, last: int) -> Iterator[tuple[int, OddCharacter]]:
    for number in range(first, last + 1):
        for pattern in _MISPLACED:
            if found := pattern.search(lines[number - 1]):
                odd = first_odd(found["odd"])
                if odd:
                    yield number, OddCharacter(found.start("odd"), odd.character, odd.why)
                break


def _reported_tab(lines: list[str], numbers: set[int], mark: Mark, text: str, document: Document) -> bool:
    """Report a tab if it is what is wrong: in the indentation, or where the parser found no use for it."""
    if text[mark.index : mark.index + 1] == "\t":
        document.report(document.at(mark), "yaml.tab")
        return True
    for number in sorted(numbers):
        line = lines[number - 1] if number <= len(lines) else ""
        indentation = line[: len(line) - len(line.lstrip(" \t"))]
        if "\t" in indentation:
            document.report(SourcePosition(document.name, number, indentation.index("\t") + 1), "yaml.tab")
            return True
    return False
