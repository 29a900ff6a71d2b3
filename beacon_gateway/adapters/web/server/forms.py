"""The forms that browsers send, read within limits: fields of text, in UTF-8 and no other coding.

A client may name any coding that this machine knows, and Python knows some that take minutes, or that run what they
decode. None of our pages asks for one. aiohttp's own reader follows whatever is named, and warns of what it cannot read
in a line of the journal for each request.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import hdrs, web

MAX_FIELDS: Final = 100
MAX_PART_HEAD_BYTES: Final = 2 << 10
URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
FORM: Final = web.RequestKey("form", Mapping[str, str])
"""The form of a request that the guard let through."""
_UTF_8: Final = frozenset({"", "utf-8", "utf8"})
_PLAIN: Final = frozenset({"", "7bit", "8bit", "binary"})
CHARSET_FIELD: Final = "_charset_"
"""By RFC 7578 it names the coding of all other fields."""
_BOUNDARY: Final = re.compile(r"""[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]""")


class OtherCoding(Exception):  # noqa: N818 - what it is, and no fault of a program
    """The form is in a coding that is not read here."""


class BrokenForm(Exception):  # noqa: N818 - what it is
    """The bytes are no form."""


async def read_form(request: web.Request, max_bytes: int) -> Mapping[str, str]:
    """Return the fields of a form; of several of one name, the first. A file counts as its text.

    Raise OtherCoding, BrokenForm, HTTPRequestEntityTooLarge, and what reading a connection raises.
    """
    kind = request.headers.get(hdrs.CONTENT_TYPE, "")
    _check_charset(kind)
    body = await request.read()
    if len(body) > max_bytes:
        raise web.HTTPRequestEntityTooLarge(max_size=max_bytes, actual_size=len(body))
    form: dict[str, str] = {}
    for name, value in _parts(body, kind) if request.content_type == MULTIPART else _pairs(body):
        form.setdefault(name, value)
    return form


def _pairs(body: bytes) -> list[tuple[str, str]]:
    _check_count(1 + body.count(b"&"))
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, encoding="utf-8", errors="strict")
    except ValueError as error:
        raise BrokenForm from error


def _parts(body: bytes, kind: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of each part, as RFC 7578 has them and all browsers write them."""
    boundary = _parameter(kind, "boundary")
    if not _BOUNDARY.fullmatch(boundary):
        raise BrokenForm
    delimiter = b"\r\n--" + boundary.encode("ascii")
    body = b"\r\n" + body
    _check_count(body.count(delimiter) - 1)
    before, *parts = body.split(delimiter)
    if before or not parts or not parts.pop().startswith(b"--"):
        raise BrokenForm
    for part in parts:
        head, blank_line, content = part.partition(b"\r\n\r\n")
        if not (head.startswith(b"\r\n") and blank_line and len(head) <= MAX_PART_HEAD_BYTES):
            raise BrokenForm
        name, value = _name(head), _decoded(content)
        if name == CHARSET_FIELD and value.strip().lower() not in _UTF_8:
            raise OtherCoding
        yield name, value


def _name(head: bytes) -> str:
    """Return the name of a part. Raise OtherCoding for a part that is not plain UTF-8."""
    headers = dict(_header(line) for line in _decoded(head).split("\r\n")[1:])
    _check_charset(headers.get("content-type", ""))
    if headers.get("content-transfer-encoding", "").strip().lower() not in _PLAIN:
        raise OtherCoding
    name = _parameter(headers.get("content-disposition", ""), "name")
    if not name:
        raise BrokenForm
    return name


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise BrokenForm
    return name.strip().lower(), value


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BrokenForm from error


def _check_count(fields: int) -> None:
    if fields > MAX_FIELDS:
        raise web.HTTPRequestEntityTooLarge(max_size=MAX_FIELDS, actual_size=fields)


def _check_charset(content_type: str) -> None:
    if _parameter(content_type, "charset").strip(" '").lower() not in _UTF_8:
        raise OtherCoding


def _parameter(value: str, name: str) -> str:
    """Return a parameter of a header's value, without its quotes; "" if there is none."""
    found = re.search(rf""";\s*{name}\s*=\s*(?:"([^"]*)"|([^\s;"]*))""", value, re.IGNORECASE)
    return (found[1] if found[1] is not None else found[2]) if found else ""
