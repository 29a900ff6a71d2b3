"""One file that people write: what was found in it, and what is wrong with it."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.files.nodes import MapNode, Mark, Node, ScalarNode, kind_of, shorten
from beacon_gateway.core.problems import Place, Problem, Stated

MOST_PROBLEMS: Final = 1000
"""In one file. What is wrong more often than that is another kind of file."""


class Document:
    """What was found in one file: a tree unless it could not be read at all, and the problems so far."""

    def __init__(self, name: str, path: Path = Path("-")) -> None:
        self.path = path
        self.folder = path.parent
        """Where paths written in it start."""
        self.name = name
        """As people know it: relative to the folder they edit."""
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self.content = b""
        """What was read, byte for byte; nothing if it could not be, or was too much."""
        self.names: list[Stated[str]] = []
        """Everything that got a name of its own here, sound or faulty."""
        self.references: list[Stated[str]] = []
        """Everything that is named here and described elsewhere."""

    @cached_property
    def resolved_folder(self) -> Path:
        """The same without links. Raises OSError, RuntimeError."""
        return self.folder.resolve()

    @property
    def is_full(self) -> bool:
        """Tell whether so much is wrong that reading on helps nobody."""
        return len(self.problems) >= MOST_PROBLEMS

    def place(self, node: Node) -> Place:
        return self.at(node.mark)

    def at(self, mark: Mark) -> Place:
        return Place(self.name, mark.line + 1, mark.column + 1)

    def report(self, where: Node | Place, code: str, **details: str) -> None:
        place = where if isinstance(where, Place) else self.place(where)
        self.problems.append(Problem(place, code, details))

    def entries(self, node: MapNode) -> Iterator[tuple[ScalarNode, Node]]:
        """Give the keys and values of a mapping; a key that stands twice is reported and given once."""
        seen: dict[str, Mark] = {}
        for key, value in node.pairs():
            if self.is_full:
                return
            if not isinstance(key, ScalarNode):
                self.report(key, "value.text", found=kind_of(key))
            elif key.value in seen:
                self.report(key, "key.twice", found=shorten(key.value), first=str(seen[key.value].line + 1))
            else:
                seen[key.value] = key.mark
                yield key, value
