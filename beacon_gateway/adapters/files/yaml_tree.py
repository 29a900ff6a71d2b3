"""YAML as a tree of nodes that know their places. The only module that knows PyYAML.

Scalars stay the text that was typed: plain YAML reads `010` as 8, `12:30` as 750 and `on` as true, and of two equal
keys keeps the last without a word. What a scalar means is decided by the shape that reads it (`shapes`).

The tree is built from the parser's events. PyYAML's own composer recurses in C, and ends the process on a megabyte of
brackets; and it makes nodes that know more than is asked here, at twice the price.
"""

import re
from collections.abc import Callable
from typing import Any, Final

import yaml

from beacon_gateway.adapters.files.document import MOST_PROBLEMS, Document
from beacon_gateway.adapters.files.nodes import ListNode, MapNode, Mark, Node, ScalarNode, shorten
from beacon_gateway.core.problems import Place, Problem

DEEPEST: Final = 20
"""Levels. Our files need five."""

_PLAIN_TAGS: Final = {"!", *("tag:yaml.org,2002:" + kind for kind in ("str", "seq", "map"))}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
"""What YAML refuses. libyaml says only at which byte; people want line and column."""
_SECOND_DOCUMENT: Final = "but found another document"
_BEGUN_AND_NOT_ENDED: Final = ("while scanning a quoted", "while scanning a simple key", "while parsing a flow")

# libyaml's parser is six times faster, and an optional part of PyYAML's build.
_Parser: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def parse(content: bytes, document: Document) -> None:
    """Fill the document from bytes; used for files and for what the browser sends."""
    try:
        text = content.decode("utf-8-sig")  # Windows' Notepad puts a mark in front; it does no harm
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        document.report(Place(document.name, line, column), "file.encoding")
        return
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        column = control.start() - text.rfind("\n", 0, control.start())
        place = Place(document.name, line, column)
        rest = text[control.end() : control.end() + 20].partition("\n")[0]
        document.report(
            place, "yaml.syntax", found=f"U+{ord(control[0]):04X} {rest}".strip(), reason="control character"
        )
        return
    building = _Building(document)
    try:
        root = building.build(_Parser(text).get_event)
    except yaml.YAMLError as error:
        _report_syntax(error, text, document)
        return
    except _TooDeepError as error:
        document.report(Place(document.name, error.line), "yaml.deep", limit=str(DEEPEST))
        return
    document.problems += building.problems
    if root is None:
        document.report(Place(document.name), "file.empty")
    elif not building.problems:
        document.root = root


class _TooDeepError(Exception):
    def __init__(self, line: int) -> None:
        self.line = line


class _UnexpectedError(yaml.YAMLError):
    """What PyYAML's composer would have found wrong, in its form."""

    def __init__(self, problem: str, mark: Mark | None) -> None:
        self.problem, self.problem_mark = problem, mark


class _Building:
    """One tree in the making, and what nobody should write in it: aliases and tags."""

    def __init__(self, document: Document) -> None:
        self.problems: list[Problem] = []
        self._document = document
        self._anchored: dict[str, Node] = {}

    def build(self, next_event: Callable[[], Any]) -> Node | None:
        """Give the root; None if there is nothing. Raises YAMLError, and _TooDeepError."""
        top: list[Node] = []
        children = top
        around: list[list[Node]] = []
        node: Node
        while (event := next_event()) is not None:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                node = ScalarNode(event.start_mark, event.value, not event.style)
                children.append(node)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                if len(around) == DEEPEST:
                    raise _TooDeepError(event.start_mark.line + 1)
                node = (MapNode if kind is yaml.MappingStartEvent else ListNode)(event.start_mark, [])
                children.append(node)
                around.append(children)
                children = node.children
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                children = around.pop()
                continue
            elif kind is yaml.AliasEvent:
                children.append(self._refused_alias(event))
                continue
            elif kind is yaml.DocumentStartEvent and top:
                raise _UnexpectedError(_SECOND_DOCUMENT, event.start_mark)
            else:
                continue
            if event.anchor is not None and self._anchored.setdefault(event.anchor, node) is not node:
                raise _UnexpectedError("found an anchor twice", event.start_mark)
            if event.tag is not None and event.tag not in _PLAIN_TAGS:
                self._refuse(node, "yaml.tag", found=shorten(event.tag))
        return top[0] if top else None

    def _refused_alias(self, event: yaml.NodeEvent) -> Node:
        """Give what is meant. It must not be read: a dozen aliases of aliases make billions of nodes."""
        node = self._anchored.get(event.anchor or "")
        if node is None:
            raise _UnexpectedError("found undefined alias", event.start_mark)
        self._refuse(node, "yaml.alias")
        return node

    def _refuse(self, node: Node, code: str, **details: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(self._document.place(node), code, details))


def _report_syntax(error: yaml.YAMLError, text: str, document: Document) -> None:
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or "unreadable"
    if mark is None:
        document.report(Place(document.name), "yaml.syntax", found="", reason=str(reason))
        return
    context = str(getattr(error, "context", ""))
    if context.startswith(_BEGUN_AND_NOT_ENDED):  # the fault is where it begins; the reader ran on, perhaps to the end
        mark = getattr(error, "context_mark", None) or mark
    lines = text.splitlines()
    if mark.line < len(lines) and "\t" in lines[mark.line]:
        tab = Place(document.name, mark.line + 1, lines[mark.line].index("\t") + 1)
        document.report(tab, "yaml.tab")
    elif reason == _SECOND_DOCUMENT:
        document.report(document.at(mark), "yaml.documents")
    else:
        found = lines[mark.line][mark.column :].strip() if mark.line < len(lines) else ""
        document.report(document.at(mark), "yaml.syntax", found=shorten(found or "…"), reason=str(reason))
