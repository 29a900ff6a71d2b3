"""The forms that browsers send, read within limits: fields of text, in UTF-8 and no other coding.

A browser may be told to send any coding that this machine knows, and Python knows some that take minutes, or that run
what they decode. None of our pages asks for one.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, hdrs, web
from aiohttp.helpers import parse_mimetype

MAX_FIELDS: Final = 100
URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
FORM: Final = web.RequestKey("form", Mapping[str, str])
"""The form of a request that the guard let through."""
_UTF_8: Final = frozenset({"", "utf-8", "utf8"})
_PLAIN: Final = frozenset({"", "7bit", "8bit", "binary"})


class OtherCoding(Exception):  # noqa: N818 - what it is, and no fault of a program
    """The form is in a coding that is not read here."""


class BrokenForm(Exception):  # noqa: N818 - what it is
    """The bytes are no form."""


async def read_form(request: web.Request, max_bytes: int) -> Mapping[str, str]:
    """Return the fields of a form; of several of one name, the first. A file counts as its text.

    Raise OtherCoding, BrokenForm, HTTPRequestEntityTooLarge, and what reading a connection raises.
    """
    _check_charset(request.headers.get(hdrs.CONTENT_TYPE, ""))
    kind = request.content_type
    try:
        fields = await _parts(request, max_bytes) if kind == MULTIPART else _pairs(await _body(request, max_bytes))
    except (
        ValueError,
        LookupError,
        RuntimeError,
        AssertionError,
        TypeError,
    ) as error:
        raise BrokenForm from error  # whatever a parser stumbled over
    form: dict[str, str] = {}
    for name, value in fields:
        form.setdefault(name, value)
    return form


async def _body(request: web.Request, max_bytes: int) -> bytes:
    body = await request.read()
    if len(body) > max_bytes:
        raise web.HTTPRequestEntityTooLarge(max_size=max_bytes, actual_size=len(body))
    return body


def _pairs(body: bytes) -> list[tuple[str, str]]:
    fields = 1 + body.count(b"&")
    if fields > MAX_FIELDS:
        raise web.HTTPRequestEntityTooLarge(max_size=MAX_FIELDS, actual_size=fields)
    return parse_qsl(body.decode("utf-8"), keep_blank_values=True, encoding="utf-8", errors="strict")


async def _parts(request: web.Request, max_bytes: int) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    left = max_bytes
    reader = await request.multipart()
    while part := await reader.next():
        if not isinstance(part, BodyPartReader):
            raise BrokenForm
        if len(found) >= MAX_FIELDS:
            raise web.HTTPRequestEntityTooLarge(max_size=MAX_FIELDS, actual_size=len(found) + 1)
        if part.get_charset("").strip().lower() not in _UTF_8:  # its own, or that of a field `_charset_` before it
            raise OtherCoding
        if part.headers.get(hdrs.CONTENT_TRANSFER_ENCODING, "").strip().lower() not in _PLAIN:
            raise OtherCoding
        content = bytearray()
        while chunk := await part.read_chunk():
            content += chunk
            if len(content) > left:
                raise web.HTTPRequestEntityTooLarge(max_size=max_bytes, actual_size=max_bytes + 1)
        left -= len(content)
        found.append((part.name or "", content.decode("utf-8")))
    return found


def _check_charset(content_type: str) -> None:
    try:
        charset = parse_mimetype(content_type).parameters.get("charset", "")
    except ValueError:
        raise BrokenForm from None
    if charset.strip().strip("\"'").lower() not in _UTF_8:
        raise OtherCoding
