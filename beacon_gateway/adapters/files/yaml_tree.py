"""One YAML file as a tree of nodes that know their places. The only module that knows PyYAML.

Scalars stay the text that was typed: plain YAML reads `010` as 8, `12:30` as 750 and `on` as true, and of two equal
keys keeps the last without a word. What a scalar means is decided by the shape that reads it (`shapes`).
"""

import errno
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from beacon_gateway.core.problems import Place, Problem, Stated

Node = yaml.Node
MapNode = yaml.MappingNode
ListNode = yaml.SequenceNode
ScalarNode = yaml.ScalarNode

LARGEST_FILE: Final = 1 << 19
"""Bytes. A floor of 1,000 beacons with schedules has about 200,000. The worst of this size takes 0.8 s and 100 MB."""
MOST_PROBLEMS: Final = 1000
"""In one file. What is wrong more often than that is another kind of file."""
DEEPEST: Final = 20
"""Levels. Our files need five; the C parser recurses, and must not be led to the end of its stack."""

_PLAIN_TAGS: Final = {"tag:yaml.org,2002:" + kind for kind in ("str", "seq", "map")}

# BaseLoader resolves nothing. libyaml's is six times faster, and an optional part of PyYAML's build.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Document:
    """What was found in one file: a tree unless it could not be read at all, and the problems so far."""

    def __init__(self, name: str, folder: Path = Path()) -> None:
        self.folder = folder
        """Where paths written in it start."""
        self.name = name
        """As people know it: relative to the folder they edit."""
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self.names: list[Stated[str]] = []
        """Everything that got a name of its own here, sound or faulty."""
        self.references: list[Stated[str]] = []
        """Everything that is named here and described elsewhere."""

    @property
    def is_full(self) -> bool:
        """Tell whether so much is wrong that reading on helps nobody."""
        return len(self.problems) >= MOST_PROBLEMS

    def place(self, node: Node) -> Place:
        return Place(self.name, node.start_mark.line + 1, node.start_mark.column + 1)

    def report(self, where: Node | Place, code: str, **details: str) -> None:
        place = self.place(where) if isinstance(where, Node) else where
        self.problems.append(Problem(place, code, details))


def read(path: Path, name: str) -> Document:
    """Read a file into a document. Never raises for what the file holds or where it leads."""
    document = Document(name, path.parent)
    top = Place(name)
    try:
        content, size = read_limited(path, LARGEST_FILE)
    except FileNotFoundError:
        document.report(top, "file.missing")
    except OSError as error:
        loop = error.errno == errno.ELOOP
        document.report(top, "file.loop" if loop else "file.unreadable", reason=error.strerror or type(error).__name__)
    else:
        if len(content) > LARGEST_FILE:
            document.report(top, "file.too-big", found=f"{size:,}", limit=f"{LARGEST_FILE:,}")
        else:
            parse(content, document)
    return document


def read_limited(path: Path, limit: int) -> tuple[bytes, int]:
    """Give at most one byte more than `limit` of a regular file, and its size. Raises OSError for all else.

    A pipe under a file's name must not be waited for: hence the flag, and the look at what was opened.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        return file.read(limit + 1), status.st_size


def parse(content: bytes, document: Document) -> None:
    """Fill the document from bytes; used for files and for what the browser sends."""
    top = Place(document.name)
    try:
        text = content.decode("utf-8-sig")  # Windows' Notepad puts a mark in front; it does no harm
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        document.report(Place(document.name, line, column), "file.encoding")
        return
    if too_deep := _too_deep(text):
        document.report(Place(document.name, too_deep, 1), "yaml.deep", limit=str(DEEPEST))
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
    try:
        document.root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        _report_syntax(error, text, document)
        return
    if document.root is None:
        document.report(top, "file.empty")
    elif not _is_written_out(document.root, document):
        document.root = None


def entries(node: MapNode, document: Document) -> Iterator[tuple[ScalarNode, Node]]:
    """Give the keys and values of a mapping; a key that stands twice is reported and given once."""
    seen: dict[str, int] = {}
    for key, value in node.value:
        if document.is_full:
            return
        if not isinstance(key, ScalarNode):
            document.report(key, "value.text", found=kind_of(key))
        elif key.value in seen:
            document.report(key, "key.twice", found=shorten(key.value), first=str(seen[key.value]))
        else:
            seen[key.value] = key.start_mark.line + 1
            yield key, value


def is_plain(node: Node) -> bool:
    """Tell whether a scalar stands without quotes."""
    return isinstance(node, ScalarNode) and not node.style


def kind_of(node: Node) -> str:
    """Name what stands there, for a message."""
    if isinstance(node, MapNode):
        return "{…}"
    if isinstance(node, ListNode):
        return "[…]"
    return f"“{shorten(node.value)}”"


def shorten(text: str, limit: int = 40) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _report_syntax(error: yaml.YAMLError, text: str, document: Document) -> None:
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or "unreadable"
    if mark is None:
        document.report(Place(document.name), "yaml.syntax", found="", reason=str(reason))
        return
    context = str(getattr(error, "context", ""))
    if context.startswith(_BEGUN_AND_NOT_ENDED):  # the fault is where it begins; the reader ran on, perhaps to the end
        mark = getattr(error, "context_mark", None) or mark
    place = Place(document.name, mark.line + 1, mark.column + 1)
    lines = text.splitlines()
    if mark.line < len(lines) and "\t" in lines[mark.line]:
        tab = Place(document.name, mark.line + 1, lines[mark.line].index("\t") + 1)
        document.report(tab, "yaml.tab")
    elif reason == "but found another document":
        document.report(place, "yaml.documents")
    else:
        found = lines[mark.line][mark.column :].strip() if mark.line < len(lines) else ""
        document.report(place, "yaml.syntax", found=shorten(found or "…"), reason=str(reason))


def _is_written_out(root: Node, document: Document) -> bool:
    """Report aliases and tags. An alias is the same node twice; followed blindly, a dozen of them make billions."""
    seen: set[int] = set()
    waiting = [root]
    whole = True
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            document.report(node, "yaml.alias")
            whole = False
            continue
        seen.add(id(node))
        if node.tag not in _PLAIN_TAGS:
            document.report(node, "yaml.tag", found=shorten(node.tag))
            whole = False
        if isinstance(node, MapNode):
            for key, value in node.value:
                waiting.append(key)
                waiting.append(value)
        elif isinstance(node, ListNode):
            waiting.extend(node.value)
    return whole


_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
"""What YAML refuses. libyaml says only at which byte; people want line and column."""
_BEGUN_AND_NOT_ENDED: Final = ("while scanning a quoted", "while scanning a simple key", "while parsing a flow")
_SURELY_HARMLESS: Final = 2000
"""Levels that the C parser bears on any thread: at 8 MB of stack it ends between 20,000 and 40,000."""


def _too_deep(text: str) -> int:
    """Give the line at which the text nests deeper than any of our files could; 0 if it never does.

    Composing recurses in C, so it must not be tried first. Events do not recurse, and only they know which brackets
    and dashes are real: not those in quotes, comments, tags and scalars. They cost half as much as composing, so a text
    that cannot nest deeply is let through: in it no block begins further right than its longest line, with at most a
    mapping and a list in each column, and no bracket is opened more often than it stands.
    """
    widest = max(map(len, text.split("\n")))
    if text.count("[") + text.count("{") + 2 * widest < _SURELY_HARMLESS:
        return 0
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST:
                    return event.start_mark.line + 1 if event.start_mark else 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        return 0  # composing ends at the same fault, no deeper
    return 0
