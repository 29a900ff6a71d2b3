"""Each entry is said somewhere in the program, and each id in the program has its entry."""

import ast
import re
from collections.abc import Iterator
from errno import errorcode
from pathlib import Path
from typing import Final

import beacon_gateway
from tests.locale.catalogues import entries, nouns

PACKAGE: Final = Path(beacon_gateway.__file__).parent
ENTRIES: Final = entries("en")
ID: Final = re.compile(r"[a-z-]+(\.[a-z0-9-]+)+")
PART_OF_ID: Final = re.compile(r"[a-z0-9.-]+")
WORDS: Final = re.compile(r"[a-z0-9. -]+")
SAYING: Final = {"say", "_say", "say_plainly", "complain", "tell", "report", "refuse", "Problem", "text_of"}
"""By these names a message is said, or a problem reported; others' first text may be anything."""
PLACE: Final = None
"""In a pattern, where the program fills something in."""

Pattern = tuple[str | None, ...]


class Source:
    """What texts stand in the program, whole and with places, and which of them are said."""

    def __init__(self) -> None:
        self.texts: set[str] = set()
        self.patterns: set[Pattern] = set()
        self.said: set[str] = set()
        for path in PACKAGE.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                self._take(node)
        for path in (PACKAGE / "adapters" / "web" / "templates").glob("*.html"):
            template = path.read_text(encoding="utf-8")
            self.texts |= set(re.findall(r'"([^"\n]*)"', template))
            self.said |= set(re.findall(r'\bsay\("([^"]*)"(?! ~)', template))
            self.patterns |= {(text, PLACE) for text in re.findall(r'"([^"\n]*)" ~', template)}

    def _take(self, node: ast.AST) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            self.texts |= {node.value, *(node.value.split() if WORDS.fullmatch(node.value) else ())}
        elif isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else PLACE for part in node.values)
            pattern = tuple(str(part) if part is not PLACE else PLACE for part in parts)
            if PART_OF_ID.fullmatch("".join(part or "" for part in pattern)):
                self.patterns.add(pattern)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in SAYING:
            self.said |= {text for argument in node.args for text in _texts(argument) if ID.fullmatch(text)}

    def says(self, text: str, depth: int = 2) -> bool:
        """True if the program has a text, or can make it of a pattern and texts that it has."""
        if text in self.texts or text.isdigit():
            return True
        return depth > 0 and any(self._fits(text, pattern, depth - 1) for pattern in self.patterns)

    def _fits(self, text: str, pattern: Pattern, depth: int) -> bool:
        if not pattern:
            return not text
        first, *rest = pattern
        if first is not PLACE:
            return text.startswith(first) and self._fits(text.removeprefix(first), tuple(rest), depth)
        ends = (end for end in range(1, len(text) + 1) if end == len(text) or text[end] in ".-")
        return any(self.says(text[:end], depth) and self._fits(text[end:], tuple(rest), depth) for end in ends)


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an argument may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


SOURCE: Final = Source()


def test_each_entry_is_said_somewhere() -> None:
    counted = {noun for forms in ENTRIES.values() for text in forms for noun in nouns(text)}
    system = {f"system.{name}" for name in errorcode.values()}
    codes = {name for name in ENTRIES if re.fullmatch(r"wechat\.code\.-?\d+", name)}
    assert sorted(name for name in ENTRIES.keys() - counted - codes - system if not SOURCE.says(name)) == []


def test_each_id_in_the_program_has_an_entry() -> None:
    assert sorted(SOURCE.said - ENTRIES.keys()) == []


def test_an_entry_that_nothing_says_is_found() -> None:
    assert SOURCE.says("page.menu")
    assert not SOURCE.says("page.gibberish")
    assert not SOURCE.says("report.measure.gibberish")
