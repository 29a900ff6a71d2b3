"""YAML as a tree of nodes that know their places. The only module that knows PyYAML.

Scalars stay the text that was typed: plain YAML reads `010` as 8, `12:30` as 750 and `on` as true, and of two equal
keys keeps the last without a word. What a scalar means is decided by the shape that reads it (`shapes`).

The tree is built from the parser's events. PyYAML's own composer recurses in C, and ends the process on a megabyte of
brackets; and it makes nodes that know more than is asked here, at twice the price.
"""

from codecs import BOM_UTF8
from collections.abc import Callable
from typing import Any, Final

import yaml

from beacon_gateway.adapters.files.yaml.document import MAX_PROBLEMS, Document
from beacon_gateway.adapters.files.yaml.nodes import ListNode, MapNode, Mark, Node, ScalarNode, shorten
from beacon_gateway.adapters.files.yaml.yaml_faults import SECOND_DOCUMENT, SyntaxFault, look_closer, report_syntax
from beacon_gateway.core.model.problems import Problem, SourcePosition
from beacon_gateway.core.text.encodings import is_utf_16

MAX_YAML_DEPTH: Final = 20
"""Levels. Our files need five."""

_PLAIN_TAGS: Final = {"!", *("tag:yaml.org,2002:" + kind for kind in ("str", "seq", "map"))}

# libyaml's parser is six times faster, and an optional part of PyYAML's build.
_Parser: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def parse(content: bytes, document: Document) -> None:
    """Fill the document from bytes; used for files and for what the browser sends."""
    if is_utf_16(content):
        document.report(SourcePosition(document.name), "file.utf-16")
        return
    try:
        text = content.decode("utf-8-sig")  # Windows' Notepad puts a mark in front; it does no harm
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        before = content[content.rfind(b"\n", 0, error.start) + 1 : error.start].removeprefix(BOM_UTF8)
        document.report(SourcePosition(document.name, line, len(before.decode()) + 1), "file.encoding")
        return
    document.text = text
    sound = look_closer(text, document)
    if sound is None:
        return
    building = _TreeBuilder(document)
    try:
        root = building.build(_Parser(sound).get_event)
    except yaml.YAMLError as error:
        report_syntax(_fault_of(error), sound, document, building.last)
        return
    except _TooDeepError as error:
        line = document.at(error.mark).line
        document.report(SourcePosition(document.name, line), "yaml.deep", limit=str(MAX_YAML_DEPTH))
        return
    document.problems += building.problems
    if root is None:
        if not document.problems:
            document.report(SourcePosition(document.name), "file.empty")
    elif not building.problems:
        document.root = root


def _fault_of(error: yaml.YAMLError) -> SyntaxFault:
    return SyntaxFault(
        reason=str(getattr(error, "problem", None) or "unreadable"),
        mark=getattr(error, "problem_mark", None),
        context=str(getattr(error, "context", "")),
        context_mark=getattr(error, "context_mark", None),
    )


class _TooDeepError(Exception):
    def __init__(self, mark: Mark) -> None:
        self.mark = mark


class _UnexpectedError(yaml.YAMLError):
    """What PyYAML's composer would have found wrong, in its form."""

    def __init__(self, problem: str, mark: Mark | None) -> None:
        self.problem, self.problem_mark = problem, mark


class _TreeBuilder:
    """One tree in the making, and what nobody should write in it: aliases and tags."""

    def __init__(self, document: Document) -> None:
        self.problems: list[Problem] = []
        self._document = document
        self._anchored: dict[str, Node] = {}
        self._top: list[Node] = []

    @property
    def last(self) -> Mark | None:
        """Return where the last node begins that the parser gave before it could not go on."""
        mark, children = None, self._top
        while children:
            mark = children[-1].mark
            children = [] if isinstance(children[-1], ScalarNode) else children[-1].children
        return mark

    def build(self, next_event: Callable[[], Any]) -> Node | None:
        """Return the root; None if there is nothing. Raises YAMLError, and _TooDeepError."""
        top = self._top
        children = top
        around: list[list[Node]] = []
        node: Node
        while (event := next_event()) is not None:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                node = ScalarNode(event.start_mark, event.value, not event.style)
                children.append(node)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                if len(around) == MAX_YAML_DEPTH:
                    raise _TooDeepError(event.start_mark)
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
                raise _UnexpectedError(SECOND_DOCUMENT, event.start_mark)
            else:
                continue
            if event.anchor is not None and self._anchored.setdefault(event.anchor, node) is not node:
                raise _UnexpectedError("found an anchor twice", event.start_mark)
            if event.tag is not None and event.tag not in _PLAIN_TAGS:
                self._refuse(node, "yaml.tag", found=shorten(event.tag))
        return top[0] if top else None

    def _refused_alias(self, event: yaml.NodeEvent) -> Node:
        """Return what is meant. It must not be read: a dozen aliases of aliases make billions of nodes."""
        node = self._anchored.get(event.anchor or "")
        if node is None:
            raise _UnexpectedError("found undefined alias", event.start_mark)
        self._refuse(node, "yaml.alias")
        return node

    def _refuse(self, node: Node, code: str, **details: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(self._document.place(node), code, details))
