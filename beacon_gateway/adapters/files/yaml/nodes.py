"""What a YAML file is made of, as it was typed: texts, lists and mappings, each with its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from beacon_gateway.core.text.odd_characters import visible


class Mark(Protocol):
    """Where something begins; the first line and the first column are 0."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...

    @property
    def index(self) -> int:
        """In the whole text."""


# Not frozen: there are ten of them for each beacon, and a frozen one takes three times as long to make.
@dataclass(slots=True, eq=False)
class ScalarNode:
    mark: Mark
    value: str
    """The text that was typed, whatever YAML takes it for."""
    is_plain: bool
    """Whether it stands without quotes."""


@dataclass(slots=True, eq=False)
class ListNode:
    mark: Mark
    children: "list[Node]"


@dataclass(slots=True, eq=False)
class MapNode:
    mark: Mark
    children: "list[Node]"
    """Each key, and its value after it."""

    def pairs(self) -> "Iterator[tuple[Node, Node]]":
        children = iter(self.children)
        return zip(children, children, strict=True)


Node = ScalarNode | ListNode | MapNode


def kind_of(node: Node) -> str:
    """Name what stands there, for a message."""
    if isinstance(node, MapNode):
        return "{…}"
    if isinstance(node, ListNode):
        return "[…]"
    return f"“{shorten(node.value)}”"


def shorten(text: str, limit: int = 40) -> str:
    """Return what is shown of a text in a message: cut, and with what cannot be seen made visible."""
    text = visible(text[: limit + 1])
    return text if len(text) <= limit else text[: limit - 1] + "…"
