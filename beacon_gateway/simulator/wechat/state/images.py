"""Type and size of a picture, read from its first bytes."""

from dataclasses import dataclass
from typing import Literal

# Start-of-frame markers of JPEG (ITU-T T.81, table B.1): C0..CF without DHT (C4), JPG (C8) and DAC (CC).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class EmulatedImage:
    """A picture that material/add accepts; width and height in pixels."""

    kind: Literal["png", "gif", "jpeg"]
    width: int
    height: int


def recognise(content: bytes) -> EmulatedImage | None:
    """The picture in `content`, or None for every other type and for what is cut short."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return EmulatedImage("png", _big(content[16:20]), _big(content[20:24]))
    if content.startswith((b"GIF87a", b"GIF89a")) and len(content) >= 10:
        return EmulatedImage("gif", int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little"))
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    return None


def _jpeg(content: bytes) -> EmulatedImage | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        if content[at + 1] in _FRAMES:
            return EmulatedImage("jpeg", width=_big(content[at + 7 : at + 9]), height=_big(content[at + 5 : at + 7]))
        at += 2 + _big(content[at + 2 : at + 4])
    return None


def _big(field: bytes) -> int:
    return int.from_bytes(field, "big")
