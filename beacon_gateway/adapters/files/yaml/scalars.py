"""Shapes of one word or line: what a scalar means, and what may stand where."""

import re
from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import Final, TypeVar
from uuid import UUID

from beacon_gateway.adapters.files.yaml.document import Document
from beacon_gateway.adapters.files.yaml.nodes import Node, ScalarNode, kind_of, shorten
from beacon_gateway.adapters.files.yaml.shapes import Schema, Shape
from beacon_gateway.adapters.files.yaml.time_zones import TIME_ZONE_FORM, advise_time_zone, time_zone
from beacon_gateway.core.model.problems import Advice, Located, did_you_mean
from beacon_gateway.core.model.settings import Address
from beacon_gateway.core.report.moments import advise_moment
from beacon_gateway.core.report.span import YEARS
from beacon_gateway.core.text.display_width import display_width
from beacon_gateway.core.text.odd_characters import (
    CONTROL,
    UNSEEN,
    OddCharacter,
    as_ascii,
    first_full_width,
    first_odd,
    first_odd_in_address,
    first_typed_otherwise,
    first_unseen,
)
from beacon_gateway.core.text.web_address import HOST_AND_PORT_FORM, WEB_ADDRESS_FORM, AddressFault, fault_in_address

T = TypeVar("T")

MAX_SCALAR_CHARACTERS: Final = 200
MIN_EXIT_TIMEOUT_S: Final = 30.0
"""Seconds. Even a beacon at 10 Hz is not heard for that long when somebody stands before it."""
MAX_EXIT_TIMEOUT_S: Final = 86400.0
MAX_PORT: Final = 65_535


class Scalar(Shape[T]):
    """A shape of one word or line."""

    def read(self, node: Node, document: Document) -> T | None:
        if not isinstance(node, ScalarNode):
            document.report(node, "value.text", found=kind_of(node))
            return None
        if not node.value or (node.is_plain and node.value in {"~", "null"}):
            document.report(node, "value.empty")
            return None
        return self.accept(node.value, node, document)

    @abstractmethod
    def accept(self, text: str, node: ScalarNode, document: Document) -> T | None: ...


class Text(Scalar[str]):
    """A text for people, limited in characters or, where WeChat counts so, in display width."""

    def __init__(self, *, width: int | None = None) -> None:
        self._width = width

    def accept(self, text: str, node: ScalarNode, document: Document) -> str | None:
        if (UNSEEN.search(text) or not text.isprintable()) and self._is_refused(text, node, document):
            return None
        if text.isspace():
            document.report(node, "value.blank")
            return None
        if self._width is not None and (wide := display_width(text)) > self._width:
            document.report(
                node,
                "value.width",
                found=shorten(text),
                width=str(wide),
                limit=str(self._width),
                han=str(self._width // 2),
            )
            return None
        if len(text) > MAX_SCALAR_CHARACTERS:
            document.report(node, "value.long", width=str(len(text)), limit=str(MAX_SCALAR_CHARACTERS))
            return None
        return text

    def _is_refused(self, text: str, node: ScalarNode, document: Document) -> bool:
        """Report what cannot be seen. True if there is something that a text for people does not need."""
        if CONTROL.search(text):
            document.report(node, "value.control", found=shorten(repr(text)[1:-1]))
        elif unseen := first_unseen(text):
            document.report_character(document.place_of(node, unseen), unseen, text)
        else:
            return False
        return True

    def schema(self) -> Schema:
        # JSON Schema counts characters, not width: what it lets through here `check` may still refuse.
        return {"type": "string", "minLength": 1, "maxLength": self._width or MAX_SCALAR_CHARACTERS}


class TextPattern(Scalar[T]):
    """A text of a fixed form, turned into a value."""

    def __init__(
        self,
        pattern: str,
        make: Callable[[str], T],
        code: str,
        *,
        longest: int = MAX_SCALAR_CHARACTERS,
        advise: Callable[[str], Advice | None] | None = None,
    ) -> None:
        """`advise` says what a text that does not fit was probably meant to be."""
        self._pattern = re.compile(pattern)
        self._make = make
        self._code = code
        self._longest = longest
        self._advise = advise

    def accept(self, text: str, node: ScalarNode, document: Document) -> T | None:
        if len(text) <= self._longest and self._pattern.fullmatch(text):
            try:
                return self._make(text)
            except ValueError:  # of the right form and still not one: the 31st of June
                pass
        self._refuse(text, node, document)
        return None

    def fits(self, text: str) -> bool:
        """True if a text has the form."""
        return self._pattern.fullmatch(text) is not None

    def _refuse(self, text: str, node: ScalarNode, document: Document) -> None:
        mark = first_typed_otherwise(text)
        advice = self._advise(text) if self._advise else None
        if mark and self.fits(as_ascii(text)):
            document.report_character(document.place_of(node, mark), mark, text)
        elif advice:
            document.refuse(node, text, advice.code, found=shorten(text), **advice.details)
        else:
            document.refuse(node, text, self._code, found=shorten(text), limit=str(self._longest))

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^(?:{self._pattern.pattern})$", "maxLength": self._longest}


class WebAddress(TextPattern[str]):
    """An address on the web, without any character that nobody sees or that only looks like one of an address."""

    def _refuse(self, text: str, node: ScalarNode, document: Document) -> None:
        quoted = first_full_width(text[:1])
        if odd := quoted or first_odd_in_address(text):
            document.report_character(document.place_of(node, odd), odd, text)
            return
        match fault_in_address(text) if len(text) <= self._longest else None:
            case OddCharacter() as odd:
                document.report_character(document.place_in(node, odd.at), odd, text)
            case AddressFault(code, at, found):
                document.report(document.place_in(node, at), code, found=shorten(found))
            case None:
                super()._refuse(text, node, document)


class Reference(Text):
    """The name of something described elsewhere. Noted even where what stands around it is faulty.

    Any text will do here: whether such a thing exists is a better question than whether its name is well formed.
    """

    def accept(self, text: str, node: ScalarNode, document: Document) -> str | None:
        name = super().accept(text, node, document)
        if name is None:
            return None
        odd = None if text.isascii() else first_odd(text, full_width=False) or _mark_in(text)
        if odd:
            document.report_character(document.place_of(node, odd), odd, text)
            return None
        document.references.append(Located(name, document.place(node)))
        return name

    def schema(self) -> Schema:
        return SLUG.schema()


def _mark_in(text: str) -> OddCharacter | None:
    """Return a full-width mark that makes one name of several, or without which this were a name."""
    mark = first_full_width(text)
    is_separator = mark is not None and mark.details["near"] in ",[]{}\"':#"
    return mark if is_separator or SLUG.fits(as_ascii(text)) else None


def _url(text: str) -> str:
    if first_odd_in_address(text) or fault_in_address(text):
        raise ValueError(text)
    return text


def _duration(text: str) -> float:
    return int(text[:-1]) * {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}[text[-1]]


def _timeout(text: str) -> float:
    seconds = _duration(text)
    if not MIN_EXIT_TIMEOUT_S <= seconds <= MAX_EXIT_TIMEOUT_S:
        raise ValueError(text)
    return seconds


def _moment(text: str) -> datetime:
    """Read `2026-11-24 10:00`; twenty times as fast as strptime, which learns its form anew each time."""
    year, month, day, hour, minute = (int(text[start:end]) for start, end in _PARTS_OF_A_MOMENT)
    if year not in YEARS:  # at the ends of the calendar a zone's shift leads out of it
        raise ValueError(text)
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - the store's wall clock


def _listen(text: str) -> Address:
    host, _, port = text.rpartition(":")
    if host != "localhost":
        ip_address(host.strip("[]"))
    if int(port) > MAX_PORT:
        raise ValueError(text)
    return Address(host.strip("[]"), int(port))


def _listen_or_off(text: str) -> Address | str:
    return text if text == "off" else _listen(text)


_PARTS_OF_A_MOMENT: Final = ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16))

SLUG: Final = TextPattern(r"[a-z0-9]+(?:-[a-z0-9]+)*", str, "value.slug", longest=48)
PAGE_REFERENCE: Final = Reference()
NAME: Final = TextPattern(r"[A-Za-z0-9][A-Za-z0-9._-]*", str, "value.name", longest=48)
HEX: Final = "[0-9A-Fa-f]"
BEACON_UUID: Final = TextPattern(rf"{HEX}{{8}}(?:-{HEX}{{4}}){{3}}-{HEX}{{12}}", UUID, "value.uuid")
URL: Final = WebAddress(WEB_ADDRESS_FORM, _url, "value.url", longest=512)
API_BASE: Final = WebAddress(
    rf"https://{HOST_AND_PORT_FORM}(?:/[^\s?#]*)?|http://(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{{1,5}})?/?",
    _url,
    "value.api-base",
    longest=256,
)
MOMENT: Final = TextPattern(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}", _moment, "value.time", advise=advise_moment
)
_DURATION_FORM: Final = r"[1-9][0-9]{0,6}[smhd]"
DURATION: Final = TextPattern(_DURATION_FORM, _duration, "value.duration")
BEACON_TIMEOUT: Final = TextPattern(_DURATION_FORM, _timeout, "value.timeout")
"""Its limits stand in the sentence, and not in the schema: JSON Schema cannot reckon with units."""
TIMEZONE: Final = TextPattern(TIME_ZONE_FORM, time_zone, "value.timezone", advise=advise_time_zone)
_LISTEN_FORM: Final = r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|\[[0-9A-Fa-f:.]{2,45}\]|localhost):[1-9][0-9]{0,4}"
LISTEN: Final = TextPattern(_LISTEN_FORM, _listen, "value.listen")
LISTEN_OR_OFF: Final = TextPattern(rf"off|{_LISTEN_FORM}", _listen_or_off, "value.listen-or-off")
_LABEL: Final = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
HOST_NAME: Final = TextPattern(rf"{_LABEL}(?:\.{_LABEL})*", str.lower, "value.host-name", longest=253)
URL_PATH: Final = TextPattern(r"/[A-Za-z0-9._~/-]{0,99}", str, "value.path", longest=100)
ADDRESS: Final = TextPattern(rf"auto|{HEX}{{2}}(?::{HEX}{{2}}){{5}}", str.upper, "value.adapter")


class Integer(Scalar[int]):
    """A whole number within limits, both included."""

    def __init__(self, low: int, high: int) -> None:
        self._low, self._high = low, high

    def accept(self, text: str, node: ScalarNode, document: Document) -> int | None:
        plain = node.is_plain and text.isascii()
        if plain and text.isdigit():
            if len(text) > 1 and text[0] == "0":
                document.report(node, "value.leading-zero", found=shorten(text), near=shorten(text.lstrip("0") or "0"))
                return None
            if len(text) <= len(str(self._high)) and self._low <= int(text) <= self._high:
                return int(text)
        digit = first_typed_otherwise(text)
        if node.is_plain and digit and re.fullmatch("[0-9]+", as_ascii(text)):
            document.report_character(document.place_of(node, digit), digit, text)
            return None
        document.refuse(node, text, "value.whole", found=shorten(text), low=str(self._low), high=str(self._high))
        return None

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self._low, "maximum": self._high}


_SHARE: Final = re.compile(r"0|1|0?\.[0-9]{1,6}|1\.0+")


class Fraction(Scalar[float]):
    """A number from 0 to 1."""

    def accept(self, text: str, node: ScalarNode, document: Document) -> float | None:
        if node.is_plain and _SHARE.fullmatch(text):
            return float(text)
        digit = first_typed_otherwise(text)
        if node.is_plain and digit and _SHARE.fullmatch(as_ascii(text)):
            document.report_character(document.place_of(node, digit), digit, text)
            return None
        document.refuse(node, text, "value.share", found=shorten(text))
        return None

    def schema(self) -> Schema:
        return {"type": "number", "minimum": 0, "maximum": 1}


class Boolean(Scalar[bool]):
    """true or false, and nothing else: `on` may be a page's name."""

    def accept(self, text: str, node: ScalarNode, document: Document) -> bool | None:
        if node.is_plain and text in {"true", "false"}:
            return text == "true"
        document.refuse(node, text, "value.flag", found=shorten(text))
        return None

    def schema(self) -> Schema:
        return {"type": "boolean"}


class Choice(Scalar[T]):
    """One of a few words."""

    def __init__(self, words: Mapping[str, T]) -> None:
        self._words = words

    def accept(self, text: str, node: ScalarNode, document: Document) -> T | None:
        if text in self._words:
            return self._words[text]
        near = did_you_mean(text, self._words)
        code = "value.choice-near" if near else "value.choice"
        document.refuse(node, text, code, found=shorten(text), near=near, known=" · ".join(self._words))
        return None

    def schema(self) -> Schema:
        return {"enum": list(self._words)}


class OnOff(Choice[bool]):
    """on or off; true and false are what YAML 1.1 makes of them, in an editor that checks by the schema."""

    def __init__(self) -> None:
        super().__init__({"on": True, "off": False, "true": True, "false": False})

    def schema(self) -> Schema:
        return {"enum": ["on", "off", True, False]}
