"""Small pictures that any program would open, and others that none would."""

import struct
import zlib
from base64 import b64decode


def png(width_px: int = 120, height_px: int = 120, *, text: str = "", padding: int = 0) -> bytes:
    """Return a white PNG. Another `text` or `padding` is another content of the same looks."""
    rows = (b"\0" + b"\xff" * -(-width_px // 8)) * height_px
    header = struct.pack(">IIBBBBB", width_px, height_px, 1, 0, 0, 0, 0)
    comment = b"Comment\0" + text.encode("latin-1", "replace") + bytes(padding)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(kind, body)
        for kind, body in ((b"IHDR", header), (b"tEXt", comment), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def png_of(
    packed: bytes,
    *,
    side_px: int = 120,
    depth: int = 8,
    colour_type: int = 0,
    compression: int = 0,
    filtering: int = 0,
    interlace: int = 0,
    before: bytes = b"",
    after: bytes = b"",
) -> bytes:
    """Return a square PNG with this header and these rows, and chunks before and after them."""
    header = struct.pack(">IIBBBBB", side_px, side_px, depth, colour_type, compression, filtering, interlace)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", packed) + after + chunk(b"IEND", b"")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def gif(width_px: int = 120, height_px: int = 120, *, trailer: bytes = b";") -> bytes:
    """Return a black GIF."""
    size = struct.pack("<HH", width_px, height_px)
    colours = b"\x80\0\0" + bytes(6)  # two of them
    extension = b"!\xf9\x04" + bytes(4) + b"\0"
    return (
        b"GIF89a" + size + colours + extension + b"," + bytes(4) + size + b"\0" + _black(width_px * height_px) + trailer
    )


def _black(pixels: int) -> bytes:
    """Return so many zeros as GIF codes them: three bits a code, and the table cleared before a code needs four."""
    clear, end = 0b100, 0b101
    codes = [code for at in range(pixels) for code in ((clear, 0) if at % 2 == 0 else (0,))] + [end]
    bits = sum(code << 3 * at for at, code in enumerate(codes))
    data = bits.to_bytes(-(-3 * len(codes) // 8), "little")
    pieces = [data[at : at + 255] for at in range(0, len(data), 255)]
    return b"\x02" + b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"


def jpeg(width_px: int = 16, height_px: int = 16) -> bytes:
    """Return a JPEG that says this of its size; it holds 16 × 16 pixels."""
    size = struct.pack(">HH", height_px, width_px)
    return BASELINE.replace(b"\xff\xc0\x00\x11\x08\x00\x10\x00\x10", b"\xff\xc0\x00\x11\x08" + size, 1)


BASELINE = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9"
    "lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAQABAD"
    "ASIAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAABf/EACEQAAIBAwMFAAAAAAAAAAAAAAECEQAEMRIhUQNBgbHw/8QAFQEBAQAAAAAAAAAAAAAA"
    "AAAAAAH/xAAZEQADAAMAAAAAAAAAAAAAAAAAAQQCEWH/2gAMAwEAAhEDEQA/AC7JAvUUHcZBJ3zx2p+1V30rCgTjEZoa0UhgSuoj1PH3inLQEyYi"
    "IO4PNKIuFrz0mj//2Q=="
)
"""16 × 16."""
PROGRESSIVE = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9"
    "lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wgARCAAQABAD"
    "ASIAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAABP/EABQBAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhADEAAAASvG4//EABYQAQEBAAAAAAAA"
    "AAAAAAAAAAIAMf/aAAgBAQABBQIaYxv/xAAWEQADAAAAAAAAAAAAAAAAAAAAAQP/2gAIAQMBAT8Bqz//xAAVEQEBAAAAAAAAAAAAAAAAAAADAP/a"
    "AAgBAgEBPwFBv//EABQQAQAAAAAAAAAAAAAAAAAAACD/2gAIAQEABj8CH//EABkQAQADAQEAAAAAAAAAAAAAAAEAESEQMf/aAAgBAQABPyEUIVoy"
    "HfL5/9oADAMBAAIAAwAAABBH/8QAFhEBAQEAAAAAAAAAAAAAAAAAAQAR/9oACAEDAQE/EMxL/8QAFREBAQAAAAAAAAAAAAAAAAAAAGH/2gAIAQIB"
    "AT8Qi//EAB0QAQACAgIDAAAAAAAAAAAAAAERMQAhQVGBsfD/2gAIAQEAAT8QMDssV3fXGaMBNVF4wFkPU9feMKyxEQ7HvP/Z"
)
"""16 × 16 in several scans."""
