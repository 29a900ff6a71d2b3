"""Whether a picture may be an icon: its format, its size, and whether all of it is there, read from its bytes.

Headers and the frame of the file are read: no pixel is worth the code that decodes it. What the frame lacks (the end of
a copy that was broken off) is found by following it to its end.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from beacon_gateway.core.files.image_frames import PNG_BEGIN, CutOffError, DamagedError, gif_size, jpeg_size, png_size

MAX_ICON_BYTES: Final = 1 << 20
"""WeChat documents no limit for icons; the text of its general error 45001 says 1 MB."""
MAX_SIDE_PX: Final = 200
"""WeChat, Shake Nearby, "uploading image assets": square, at most 200 × 200, better 120 × 120; else error 9001009."""


class ImageFormat(StrEnum):
    """What WeChat takes (error 9001008 for others); each is how the name of such a file ends."""

    PNG = "png"
    JPEG = "jpg"
    GIF = "gif"


@dataclass(frozen=True, slots=True)
class IconImage:
    format: ImageFormat
    width_px: int
    height_px: int


class IconFlaw(StrEnum):
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
    flaw: IconFlaw
    found: str = ""
    """What stands there instead, if it can be said in a word or number."""
    limit: str = ""


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


def icon_fault(content: bytes) -> IconFault | None:
    """Return why WeChat would not take these bytes as an icon, or why nobody would see it; None if all is well."""
    if len(content) > MAX_ICON_BYTES:
        return IconFault(IconFlaw.TOO_BIG, f"{len(content):,}", f"{MAX_ICON_BYTES:,}")
    image = read_image(content)
    if isinstance(image, IconFault):
        return image
    found, limit = f"{image.width_px}×{image.height_px}", f"{MAX_SIDE_PX}×{MAX_SIDE_PX}"
    if image.width_px != image.height_px:
        return IconFault(IconFlaw.NOT_SQUARE, found, limit)
    return IconFault(IconFlaw.TOO_LARGE, found, limit) if image.width_px > MAX_SIDE_PX else None


def read_image(content: bytes) -> IconImage | IconFault:
    """Return format and size of a picture of which all is there."""
    image_format = format_of(content)
    if image_format is None:
        return _no_image(content)
    try:
        width_px, height_px = _READERS[image_format](content)
    except CutOffError:
        return IconFault(IconFlaw.CUT_OFF)
    except DamagedError:
        return IconFault(IconFlaw.DAMAGED)
    return IconImage(image_format, width_px, height_px) if width_px and height_px else IconFault(IconFlaw.DAMAGED)


def format_of(content: bytes) -> ImageFormat | None:
    """Return the format that the first bytes announce; None for what WeChat does not take."""
    if content.startswith(PNG_BEGIN):
        return ImageFormat.PNG
    if content.startswith(_JPEG):
        return ImageFormat.JPEG
    return ImageFormat.GIF if content.startswith(_GIFS) else None


def _no_image(content: bytes) -> IconFault:
    if not content:
        return IconFault(IconFlaw.EMPTY)
    if any(begin.startswith(content) for begin in (PNG_BEGIN, _JPEG, *_GIFS)):
        return IconFault(IconFlaw.CUT_OFF)
    if content.startswith(PNG_BEGIN[:4]):  # its line ends were "corrected", as by FTP in text mode
        return IconFault(IconFlaw.DAMAGED)
    name = next((name for name, begin in _OTHERS.items() if re.match(begin, content)), "")
    return IconFault(IconFlaw.FORMAT, name) if name else IconFault(IconFlaw.NO_IMAGE)


_READERS: Final[Mapping[ImageFormat, Callable[[bytes], tuple[int, int]]]] = {
    ImageFormat.PNG: png_size,
    ImageFormat.JPEG: jpeg_size,
    ImageFormat.GIF: gif_size,
}
