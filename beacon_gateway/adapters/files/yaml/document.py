"""One file that people write: what was found in it, and what is wrong with it."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.files.yaml.nodes import MapNode, Mark, Node, ScalarNode, kind_of, shorten
from beacon_gateway.core.model.problems import Located, Problem, SourcePosition
from beacon_gateway.core.text.odd_characters import OddCharacter, OddKind, first_odd

MAX_PROBLEMS: Final = 1000
"""In one file. What is wrong more often than that is another kind of file."""

_LOOKS_BUILT: Final = re.compile(
    r"(?:^|[{,，])\s*[\"']?[A-Za-z_][\w-]*[\"']?\s*：|^[［｛【]|^[－–—−](?=\s)|^[\w-]+\s*[，、]"
)
"""A key with a full-width colon, full-width brackets, or names with a full-width comma between them."""

_FULL_WIDTH_COMMENT: Final = re.compile(r"\s＃")


class Document:
    """What was found in one file: a tree unless it could not be read at all, and the problems so far."""

    def __init__(self, name: str, path: Path = Path("-")) -> None:
        self.path = path
        self.folder = path.parent
        """Where paths written in it start."""
        self.name = name
        """As people know it: relative to the folder they edit."""
        self.text = ""
        """Everything in it."""
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self.content = b""
        """What was read, byte for byte; nothing if it could not be, or was too much."""
        self.names: list[Located[str]] = []
        """Everything that got a name of its own here, sound or faulty."""
        self.references: list[Located[str]] = []
        """Everything that is named here and described elsewhere."""

    @property
    def is_full(self) -> bool:
        """True if so much is wrong that reading on helps nobody."""
        return len(self.problems) >= MAX_PROBLEMS

    def place(self, node: Node) -> SourcePosition:
        return self.at(node.mark)

    def at(self, mark: Mark) -> SourcePosition:
        return SourcePosition(self.name, mark.line + 1, mark.column + 1)

    def at_index(self, index: int) -> SourcePosition:
        """Return the place of a character of the text, as editors count."""
        line = bisect_left(self._line_ends, index)
        return SourcePosition(self.name, line + 1, index - (self._line_ends[line - 1] + 1 if line else 0) + 1)

    @cached_property
    def _line_ends(self) -> list[int]:
        return [found.start() for found in re.finditer("\n", self.text)]

    def report(self, where: Node | SourcePosition, code: str, **details: str) -> None:
        place = where if isinstance(where, SourcePosition) else self.place(where)
        self.problems.append(Problem(place, code, details))

    def refuse(self, node: ScalarNode, text: str, code: str, **details: str) -> None:
        """Report a text that cannot stand here: for a character that is not what it looks like, else with `code`."""
        odd = first_odd(text, full_width=False)
        if odd is None and (comment := _FULL_WIDTH_COMMENT.search(text)):
            odd = OddCharacter(comment.end() - 1, comment[0][-1], OddKind.FULL_WIDTH)
        if odd:
            self.report_character(self.place_of(node, odd), odd, text)
        else:
            self.report(node, code, **details)

    def refuse_kind(self, node: Node, code: str) -> None:
        """Report what should be a list or a mapping: for a mark that looks like one of YAML's, else with `code`."""
        if isinstance(node, ScalarNode) and (mark := _LOOKS_BUILT.search(node.value)):
            odd = OddCharacter(mark.end() - 1, mark[0][-1], OddKind.FULL_WIDTH)
            self.report_mark(self.place_of(node, odd), odd, node.value)
        elif isinstance(node, ScalarNode):
            self.refuse(node, node.value, code, found=kind_of(node))
        else:
            self.report(node, code, found=kind_of(node))

    def report_character(self, place: SourcePosition, odd: OddCharacter, text: str) -> None:
        """Report a character of a text."""
        details = {"found": odd.character} if odd.why is OddKind.FULL_WIDTH else {"found": shorten(text.strip(" \r\n"))}
        self.problems.append(Problem(place, odd.why, {**details, **odd.details}))

    def report_mark(self, place: SourcePosition, odd: OddCharacter, text: str) -> None:
        """Report a mark in the place of one of YAML's own: after a colon there it needs a blank too."""
        self.report_character(place, odd, text)
        if odd.character == "：":
            self.problems[-1] = replace(self.problems[-1], code="character.full-width-colon")

    def place_of(self, node: ScalarNode, odd: OddCharacter) -> SourcePosition:
        """Return where a character of a scalar was typed; where the scalar begins if it was written as an escape."""
        begin = node.mark.index
        index = self.text.find(odd.character, begin, begin + 2 * len(node.value) + 2)
        return self.place(node) if index < 0 else self.at_index(index)

    def place_in(self, node: ScalarNode, at: int) -> SourcePosition:
        """Return where the character `at` of a scalar in one line was typed; where it begins if it has escapes."""
        index = self.text.find(node.value, node.mark.index, node.mark.index + len(node.value) + 1)
        return self.place(node) if index < 0 else self.at_index(index + at)

    def entries(self, node: MapNode) -> Iterator[tuple[ScalarNode, Node]]:
        """Return the keys and values of a mapping; a key that stands twice is reported and given once."""
        seen: dict[str, Mark] = {}
        for key, value in node.pairs():
            if self.is_full:
                return
            if not isinstance(key, ScalarNode):
                self.report(key, "value.text", found=kind_of(key))
            elif key.value in seen:
                self.report(key, "key.twice", found=shorten(key.value), first=str(self.at(seen[key.value]).line))
            else:
                seen[key.value] = key.mark
                yield key, value
