"""Whether a picture may be an icon: its format, its size, and whether all of it is there, read from its bytes.

Headers and the frame of the file are read and nothing is decoded: no pixel is worth the code that unpacks it. What the
frame lacks (the end of a copy that was broken off) is found by following it to its end.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from zlib import crc32

MAX_ICON_BYTES: Final = 1 << 20
"""WeChat documents no limit for icons; the text of its general error 45001 says 1 MB."""
MAX_SIDE_PX: Final = 200
"""WeChat, Shake Nearby, "uploading image assets": square, at most 200 × 200, better 120 × 120; else error 9001009."""
MAX_PARTS: Final = 20_000
"""Chunks, segments or blocks of one picture. A GIF of a megabyte has some 5,000."""


class ImageFormat(StrEnum):
    """What WeChat takes (error 9001008 for others); each is how the name of such a file ends."""

    PNG = "png"
    JPEG = "jpg"
    GIF = "gif"


@dataclass(frozen=True, slots=True)
class Image:
    format: ImageFormat
    width_px: int
    height_px: int


class Flaw(StrEnum):
    """Why bytes are no icon; each is the code of a problem."""

    EMPTY = "icon.empty"
    TOO_BIG = "icon.too-big"
    FORMAT = "icon.format"
    """A file of another, known kind."""
    NO_IMAGE = "icon.no-image"
    CUT_OFF = "icon.cut-off"
    DAMAGED = "icon.damaged"
    NOT_SQUARE = "icon.not-square"
    TOO_LARGE = "icon.too-large"


@dataclass(frozen=True, slots=True)
class IconFault:
    flaw: Flaw
    found: str = ""
    """What stands there instead, if it can be said in a word or number."""
    limit: str = ""


_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_GIFS: Final = (b"GIF87a", b"GIF89a")
_OTHERS: Final[Mapping[str, bytes]] = {
    "WebP": rb"(?s)RIFF....WEBP",
    "BMP": rb"(?s)BM.{4}\0{4}",
    "TIFF": rb"II\*\0|MM\0\*",
    "AVIF": rb"(?s).{4}ftypavi[fs]",
    "HEIC": rb"(?s).{4}ftyp(hei[cxms]|hev[cx]|mif1|msf1)",
    "JPEG XL": rb"\xff\x0a|\0\0\0\x0cJXL ",
    "JPEG 2000": rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51",
    "ICO": rb"\0\0\x01\0[^\0]\0",
    "PSD": rb"8BPS",
    "PDF": rb"%PDF-",
    "ZIP": rb"PK\x03\x04",
    "MP4": rb"(?s).{4}ftyp",
    "HTML": rb"(?i)(\xef\xbb\xbf)?\s{0,64}<(!doctype html|html|head)",
    "SVG": rb"(?is)(\xef\xbb\xbf)?\s{0,64}<(svg|\?xml[^>]{0,200}\?>.{0,500}?<svg)",
    "Git LFS": rb"version https://git-lfs",
}
"""Files that people take for icons, by how they begin; the first that fits. Compiled when one is met."""

# Start-of-frame markers of JPEG (ITU-T T.81, table B.1): C0..CF without DHT (C4), JPG (C8) and DAC (CC).
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers of JPEG without a length: TEM and the restarts."""
_SCAN, _JPEG_END = 0xDA, 0xD9
_FILL: Final = re.compile(rb"\xff+")
_IN_A_SCAN: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
"""The marker that ends coded data: no stuffed FF and no restart."""
_GIF_EXTENSION, _GIF_IMAGE, _GIF_END = 0x21, 0x2C, 0x3B


class _CutOffError(Exception):
    pass


class _DamagedError(Exception):
    pass


def icon_fault(content: bytes) -> IconFault | None:
    """Return why WeChat would not take these bytes as an icon, or why nobody would see it; None if all is well."""
    if len(content) > MAX_ICON_BYTES:
        return IconFault(Flaw.TOO_BIG, f"{len(content):,}", f"{MAX_ICON_BYTES:,}")
    image = read_image(content)
    if isinstance(image, IconFault):
        return image
    found, limit = f"{image.width_px}×{image.height_px}", f"{MAX_SIDE_PX}×{MAX_SIDE_PX}"
    if image.width_px != image.height_px:
        return IconFault(Flaw.NOT_SQUARE, found, limit)
    return IconFault(Flaw.TOO_LARGE, found, limit) if image.width_px > MAX_SIDE_PX else None


def read_image(content: bytes) -> Image | IconFault:
    """Return format and size of a picture of which all is there."""
    image_format = format_of(content)
    if image_format is None:
        return _no_image(content)
    try:
        width_px, height_px = _READERS[image_format](content)
    except _CutOffError:
        return IconFault(Flaw.CUT_OFF)
    except _DamagedError:
        return IconFault(Flaw.DAMAGED)
    return Image(image_format, width_px, height_px) if width_px and height_px else IconFault(Flaw.DAMAGED)


def format_of(content: bytes) -> ImageFormat | None:
    """Return the format that the first bytes announce; None for what WeChat does not take."""
    if content.startswith(_PNG):
        return ImageFormat.PNG
    if content.startswith(_JPEG):
        return ImageFormat.JPEG
    return ImageFormat.GIF if content.startswith(_GIFS) else None


def _no_image(content: bytes) -> IconFault:
    if not content:
        return IconFault(Flaw.EMPTY)
    if any(begin.startswith(content) for begin in (_PNG, _JPEG, *_GIFS)):
        return IconFault(Flaw.CUT_OFF)
    if content.startswith(_PNG[:4]):  # its line ends were "corrected", as by FTP in text mode
        return IconFault(Flaw.DAMAGED)
    name = next((name for name, begin in _OTHERS.items() if re.match(begin, content)), "")
    return IconFault(Flaw.FORMAT, name) if name else IconFault(Flaw.NO_IMAGE)


def _png(content: bytes) -> tuple[int, int]:
    """Follow the chunks to IEND; the sums of those that no decoder forgives are checked."""
    at, size, has_pixels = len(_PNG), (0, 0), False
    for _ in range(MAX_PARTS):
        header = _piece(content, at, 8)
        length, kind = int.from_bytes(header[:4], "big"), header[4:]
        if not kind.isalpha() or (at == len(_PNG)) != (kind == b"IHDR"):
            raise _DamagedError
        body = _piece(content, at + 4, length + 4)
        checksum = _piece(content, at + 8 + length, 4)
        if kind[:1].isupper() and crc32(body) != int.from_bytes(checksum, "big"):
            raise _DamagedError
        match kind:
            case b"IHDR" if length == 13:  # noqa: PLR2004 - the PNG specification, 11.2.1
                size = int.from_bytes(body[4:8], "big"), int.from_bytes(body[8:12], "big")
            case b"IHDR":
                raise _DamagedError
            case b"IDAT":
                has_pixels = True
            case b"IEND" if has_pixels:
                return size
            case b"IEND":
                raise _DamagedError
        at += length + 12
    raise _DamagedError


def _jpeg(content: bytes) -> tuple[int, int]:
    """Follow the segments, and the coded data between them, to the end of the image."""
    at, size, has_pixels = 2, (0, 0), False
    for _ in range(MAX_PARTS):
        fill = _FILL.match(content, at)
        if fill is None:
            raise _CutOffError if at >= len(content) else _DamagedError
        (marker,) = _piece(content, fill.end(), 1)
        at = fill.end() + 1
        if marker in _ALONE:
            continue
        if marker == _JPEG_END:
            if has_pixels:
                return size
            raise _DamagedError
        length = int.from_bytes(_piece(content, at, 2), "big")
        segment = _piece(content, at, length)
        at += length
        if marker in _FRAMES and size == (0, 0):
            size = int.from_bytes(segment[5:7], "big"), int.from_bytes(segment[3:5], "big")
        if length < 2 or (marker == _SCAN and size == (0, 0)):  # noqa: PLR2004 - a length counts itself
            raise _DamagedError
        if marker == _SCAN:
            has_pixels = True
            end = _IN_A_SCAN.search(content, at)
            if end is None:
                raise _CutOffError
            at = end.start()
    raise _DamagedError


def _gif(content: bytes) -> tuple[int, int]:
    """Follow the blocks to the trailer, which some programs leave out: between two blocks may be the end."""
    screen = _piece(content, 6, 7)
    size = int.from_bytes(screen[:2], "little"), int.from_bytes(screen[2:4], "little")
    at, has_pixels = 13 + _colours(screen[4]), False
    parts = 0
    while parts < MAX_PARTS:
        block = _GIF_END if has_pixels and at == len(content) else _piece(content, at, 1)[0]
        if block == _GIF_END:
            if has_pixels:
                return size
            raise _DamagedError
        if block == _GIF_EXTENSION:
            at += 2
        elif block == _GIF_IMAGE:
            at += 11 + _colours(_piece(content, at, 10)[9])  # the descriptor, its colours, the size of a code
            has_pixels = True
        else:
            raise _DamagedError
        while parts < MAX_PARTS:  # the block's data, in pieces that say how long they are
            parts += 1
            (length,) = _piece(content, at, 1)
            at += 1 + length
            if not length:
                break
    raise _DamagedError


def _colours(packed: int) -> int:
    """Return how many bytes a colour table takes, as its flags say."""
    return 3 << (packed & 7) + 1 if packed & 0x80 else 0


def _piece(content: bytes, at: int, length: int) -> bytes:
    """Return so many bytes; raise if they are not all there."""
    piece = content[at : at + length]
    if len(piece) < length:
        raise _CutOffError
    return piece


_READERS: Final[Mapping[ImageFormat, Callable[[bytes], tuple[int, int]]]] = {
    ImageFormat.PNG: _png,
    ImageFormat.JPEG: _jpeg,
    ImageFormat.GIF: _gif,
}
