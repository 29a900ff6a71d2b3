"""The frame of a PNG, JPEG or GIF, followed to its end: the size of the picture, and whether a program could show it.

What a decoder needs before it shows the first pixel is looked for: sizes, depths, tables, data. What common decoders
forgive (a wrong sum at the end of the data, a trailer left out, tables that have a default) is forgiven here too.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple
from zlib import crc32, decompressobj
from zlib import error as InflateError  # noqa: N812 - zlib names its exception in lower case

MAX_IMAGE_CHUNKS: Final = 20_000
"""Chunks, segments or blocks of one picture. A GIF of a megabyte has some 5,000."""
MAX_UNPACKED_BYTES: Final = 400_000
"""Rows that take more are not unpacked. Those of the largest icon, 200 × 200 at 8 bytes, take 320,200."""

PNG_BEGIN: Final = b"\x89PNG\r\n\x1a\n"

# The PNG specification: header 11.2.1, depths table 11.1, passes 8.2, filters 9.2; the stream's header RFC 1950, 2.2.
_HEADER_BYTES: Final = 13
_INDEXED: Final = 3
_SAMPLES: Final = {0: 1, 2: 3, _INDEXED: 1, 4: 2, 6: 4}
"""Samples of a pixel, by colour type."""
_DEPTHS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), _INDEXED: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_MAX_PALETTE_BYTES: Final = 256 * 3
_PASSES: Final = {
    0: ((0, 0, 1, 1),),
    1: ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
}
"""By interlace method: first column and row, and the steps between them."""
_LAST_FILTER: Final = 4
_DEFLATE, _HAS_DICTIONARY = 8, 0x20

# Markers of JPEG (ITU-T T.81, table B.1).
_QUANTIZATION, _HUFFMAN, _SCAN, _JPEG_END = 0xDB, 0xC4, 0xDA, 0xD9
_PROGRESSIVE: Final = 0xC2
_LOSSLESS: Final = frozenset({0xC3, 0xCB})
_FRAMES: Final = frozenset({0xC0, 0xC1, _PROGRESSIVE, 0xC9, 0xCA}) | _LOSSLESS
"""Starts of a frame but for the hierarchical ones, which no decoder reads."""
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers of JPEG without a length: TEM and the restarts."""
_MAX_SCAN_COMPONENTS: Final = 4
_MARKER: Final = re.compile(rb"\xff([^\x00\xff])", re.DOTALL)
"""Decoders skip what stands between two segments, as some programs write a wrong length."""
_IN_A_SCAN: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
"""The marker that ends coded data: no stuffed FF and no restart."""

_GIF_EXTENSION, _GIF_IMAGE, _GIF_END = 0x21, 0x2C, 0x3B
_MAX_CODE_BITS: Final = 12


class CutOffError(Exception):
    """The bytes end before the picture does."""


class DamagedError(Exception):
    """No program would show this."""


class _PngHeader(NamedTuple):
    width_px: int
    height_px: int
    depth: int
    colour_type: int
    interlace: int


class _JpegFrame(NamedTuple):
    width_px: int
    height_px: int
    tables: AbstractSet[int]
    """The quantization tables that its components use."""
    is_progressive: bool


def png_size(content: bytes) -> tuple[int, int]:
    """Return width and height. The sums of the chunks that no decoder does without are checked; rows are unpacked."""
    chunks = _chunks(content)
    header = _png_header(next(chunks)[1])
    has_palette, packed = header.colour_type != _INDEXED, list[bytes]()
    for kind, body in chunks:
        if kind == b"IEND":
            break
        if kind == b"IDAT":
            packed.append(body)
        elif kind == b"PLTE":
            has_palette |= not packed and 0 < len(body) <= _MAX_PALETTE_BYTES and len(body) % 3 == 0
        elif kind[:1].isupper():  # unknown, and the picture is not to be shown without it
            raise DamagedError
    if not has_palette:
        raise DamagedError
    _check_rows(header, b"".join(packed))
    return header.width_px, header.height_px


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and body of each chunk; the first is IHDR, and no other."""
    at = len(PNG_BEGIN)
    for _ in range(MAX_IMAGE_CHUNKS):
        header = _piece(content, at, 8)
        length, kind = int.from_bytes(header[:4], "big"), header[4:]
        if not kind.isalpha() or (at == len(PNG_BEGIN)) != (kind == b"IHDR"):
            raise DamagedError
        body = _piece(content, at + 8, length)
        checksum = _piece(content, at + 8 + length, 4)
        if kind[:1].isupper() and crc32(body, crc32(kind)) != int.from_bytes(checksum, "big"):
            raise DamagedError
        yield kind, body
        at += length + 12
    raise DamagedError


def _png_header(body: bytes) -> _PngHeader:
    if len(body) != _HEADER_BYTES:
        raise DamagedError
    width_px, height_px = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
    depth, colour_type, compression, filtering, interlace = body[8:]
    if not (width_px and height_px) or depth not in _DEPTHS.get(colour_type, ()):
        raise DamagedError
    if compression or filtering or interlace not in _PASSES:
        raise DamagedError
    return _PngHeader(width_px, height_px, depth, colour_type, interlace)


def _check_rows(header: _PngHeader, packed: bytes) -> None:
    """Raise if the data do not unpack to all rows, each filtered in a way that is known."""
    method, flags = packed[:2].ljust(2, b"\0")
    if method & 0x8F != _DEFLATE or flags & _HAS_DICTIONARY or (method << 8 | flags) % 31:
        raise DamagedError
    rows = _rows(header)
    length = sum(row_bytes * count for row_bytes, count in rows)
    if length > MAX_UNPACKED_BYTES:
        return
    try:  # without the stream's header, the sum at its end, which several decoders ignore, is not looked at
        unpacked = decompressobj(wbits=-15).decompress(packed[2:], length)
    except InflateError:
        raise DamagedError from None
    if len(unpacked) < length:
        raise DamagedError
    at = 0
    for row_bytes, count in rows:
        end = at + row_bytes * count
        if max(unpacked[at:end:row_bytes]) > _LAST_FILTER:
            raise DamagedError
        at = end


def _rows(header: _PngHeader) -> Sequence[tuple[int, int]]:
    """Return how many bytes a row takes with its filter, and how many of them there are, pass by pass."""
    bits = _SAMPLES[header.colour_type] * header.depth
    sizes = [
        (-((column - header.width_px) // across), -((row - header.height_px) // down))
        for column, row, across, down in _PASSES[header.interlace]
    ]
    return [(1 + (width * bits + 7) // 8, height) for width, height in sizes if width and height]


def jpeg_size(content: bytes) -> tuple[int, int]:
    """Return width and height; of the tables, those of Huffman codes have a default unless the frame is progressive."""
    frame: _JpegFrame | None = None
    tables, has_codes, has_pixels = set[int](), False, False
    for marker, segment, coded_bytes in _segments(content):
        if marker in _FRAMES:
            if frame:
                raise DamagedError
            frame = _jpeg_frame(marker, segment)
        elif marker == _QUANTIZATION:
            tables |= _table_ids(segment)
        elif marker == _HUFFMAN:
            has_codes = True
        elif marker == _SCAN:
            _check_scan(segment)
            if frame is None or (frame.is_progressive and not has_codes):
                raise DamagedError
            has_pixels |= coded_bytes > 0
    if frame is None or not has_pixels or not frame.tables <= tables:
        raise DamagedError
    return frame.width_px, frame.height_px


def _segments(content: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yield marker and segment, and how many bytes of coded data follow it, up to the end of the image."""
    at = 2
    for _ in range(MAX_IMAGE_CHUNKS):
        found = _MARKER.search(content, at)
        if found is None:
            raise CutOffError
        marker, at = found[1][0], found.end()
        if marker in _ALONE:
            continue
        if marker == _JPEG_END:
            return
        segment = _segment(content, at)
        at = end = at + len(segment)
        if marker == _SCAN:
            following = _IN_A_SCAN.search(content, at)
            if following is None:
                raise CutOffError
            end = following.start()
        yield marker, segment, end - at
        at = end
    raise DamagedError


def _segment(content: bytes, at: int) -> bytes:
    """Return a segment with the two bytes that say how long it is."""
    length = int.from_bytes(_piece(content, at, 2), "big")
    if length < 2:  # noqa: PLR2004 - a length counts itself
        raise DamagedError
    return _piece(content, at, length)


def _jpeg_frame(marker: int, segment: bytes) -> _JpegFrame:
    """Raise if the list of components is not as long as it says (T.81, B.2.2)."""
    components = segment[7:8]
    if not components or not components[0] or len(segment) != 8 + 3 * components[0]:
        raise DamagedError
    width_px, height_px = int.from_bytes(segment[5:7], "big"), int.from_bytes(segment[3:5], "big")
    tables = frozenset[int]() if marker in _LOSSLESS else frozenset(segment[10::3])
    return _JpegFrame(width_px, height_px, tables, marker == _PROGRESSIVE)


def _table_ids(segment: bytes) -> set[int]:
    """Return which tables a segment defines; each takes 64 bytes or 64 numbers of two (T.81, B.2.4.1)."""
    ids, at = set[int](), 2
    while at < len(segment):
        ids.add(segment[at] & 0x0F)
        at += 129 if segment[at] >> 4 else 65
    return ids


def _check_scan(segment: bytes) -> None:
    """Raise if the list of components is not as long as it says (T.81, B.2.3)."""
    components = segment[2:3]
    if not components or not 0 < components[0] <= _MAX_SCAN_COMPONENTS or len(segment) != 6 + 2 * components[0]:
        raise DamagedError


def gif_size(content: bytes) -> tuple[int, int]:
    """Return width and height: of the screen or, where that is larger, of the first image, as programs show it.

    The blocks are followed to the trailer, which some programs leave out: between two blocks may be the end.
    """
    screen = _piece(content, 6, 7)
    width_px, height_px = int.from_bytes(screen[:2], "little"), int.from_bytes(screen[2:4], "little")
    global_bytes = _colour_bytes(screen[4])
    at, has_pixels, parts = 13 + global_bytes, False, 0
    while parts < MAX_IMAGE_CHUNKS:
        block = _GIF_END if has_pixels and at == len(content) else _piece(content, at, 1)[0]
        if block not in {_GIF_EXTENSION, _GIF_IMAGE}:  # browsers take anything else for the end, too
            break
        if block == _GIF_EXTENSION:
            at, count = _data_end(content, at + 2, MAX_IMAGE_CHUNKS - parts)
        else:
            descriptor = _piece(content, at, 10)
            image = int.from_bytes(descriptor[5:7], "little"), int.from_bytes(descriptor[7:9], "little")
            local_bytes = _colour_bytes(descriptor[9])
            (code_bits,) = _piece(content, at + 10 + local_bytes, 1)
            at, count = _data_end(content, at + 11 + local_bytes, MAX_IMAGE_CHUNKS - parts)
            if code_bits < _MAX_CODE_BITS and all(image) and (global_bytes or local_bytes) and count > 1:
                if not has_pixels:
                    width_px, height_px = max(width_px, image[0]), max(height_px, image[1])
                has_pixels = True
        parts += count
    else:
        raise DamagedError
    if not has_pixels:
        raise DamagedError
    return width_px, height_px


def _data_end(content: bytes, at: int, max_pieces: int) -> tuple[int, int]:
    """Return where a block's data end, and in how many pieces they come, each of which says how long it is."""
    for count in range(1, max_pieces + 1):
        (length,) = _piece(content, at, 1)
        at += 1 + length
        if not length:
            return at, count
    raise DamagedError


def _colour_bytes(packed: int) -> int:
    """Return how many bytes a colour table takes, as its flags say."""
    return 3 << (packed & 7) + 1 if packed & 0x80 else 0


def _piece(content: bytes, at: int, length: int) -> bytes:
    """Return so many bytes; raise if they are not all there."""
    piece = content[at : at + length]
    if len(piece) < length:
        raise CutOffError
    return piece
