"""Reads the XML of a message into a small tree, strictly.

Ours, on top of expat itself: what is declared in a DOCTYPE is refused before anything is done with it, and nothing
grows beyond its bound, whatever an attacker writes. WeChat's messages have elements and text, and no more.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

MAX_MESSAGE_BYTES: Final = 16 << 10
"""A shake with five beacons around takes 1.5 kB, and a text that a customer writes 2 kB."""
MAX_XML_DEPTH: Final = 8
MAX_XML_ELEMENTS: Final = 256


class BadMessage(Exception):  # noqa: N818 - it says what came, and only a counter takes it
    """Not as WeChat writes; the text says what is wrong, and holds nothing of what came."""


@dataclass(slots=True)
class XmlElement:
    name: str
    text: str = field(default="", repr=False)
    """Of its own, in front of, between and behind its parts; CDATA too."""
    parts: list["XmlElement"] = field(default_factory=list, repr=False)

    def all(self, name: str) -> Iterator["XmlElement"]:
        return (part for part in self.parts if part.name == name)

    def find(self, name: str) -> "XmlElement | None":
        """Return the part of that name. Raises BadMessage for two: others might read the other one."""
        first, *more = [*self.all(name), None]
        if first and len(more) > 1:
            raise BadMessage(f"{name} stands there twice")
        return first

    def part(self, name: str) -> "XmlElement":
        """Return the part of that name. Raises BadMessage if there is none."""
        found = self.find(name)
        if found is None:
            raise BadMessage(f"{name} is missing")
        return found

    def text_of(self, name: str) -> str:
        """Return the text of a part that has no parts. Raises BadMessage."""
        found = self.part(name)
        if found.parts:
            raise BadMessage(f"{name} is no text")
        return found.text


def read_xml(xml: bytes) -> XmlElement:
    """Read one message and give what stands in its `<xml>`. Raises BadMessage."""
    if len(xml) > MAX_MESSAGE_BYTES:
        raise BadMessage(f"longer than {MAX_MESSAGE_BYTES:,} bytes")
    tree = _Tree()
    parser = expat.ParserCreate("UTF-8")  # whatever the declaration says
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = tree.start, tree.end
    parser.CharacterDataHandler = tree.characters
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    fault = ""
    try:
        parser.Parse(xml.decode(), True)  # decoded here: expat would read UTF-16 too, if it begins so
    except UnicodeDecodeError:
        fault = "not UTF-8"
    except expat.ExpatError as error:
        fault = expat.ErrorString(error.code)
    if fault:
        raise BadMessage(f"no XML: {fault}")
    root = tree.above.parts[0]
    if root.name != "xml":
        raise BadMessage("the outermost element is not <xml>")
    return root


class _Tree:
    """Grows while expat reads. It holds no parser, so that both go when the message has been read."""

    def __init__(self) -> None:
        self.above = XmlElement("")
        """Stands above the outermost element."""
        self._open = [self.above]
        self._elements = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._elements += 1
        if len(self._open) > MAX_XML_DEPTH or self._elements > MAX_XML_ELEMENTS:
            raise BadMessage("too many elements")
        element = XmlElement(name)
        self._open[-1].parts.append(element)
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def characters(self, text: str) -> None:
        self._open[-1].text += text


def _refuse(*_: object) -> None:
    raise BadMessage("it declares entities")
