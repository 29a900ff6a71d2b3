"""What was heard, as bytes: entries in blocks. No file is touched here.

What is sent again and again, the *shape* of an advertisement, is written once and then named by the number of its slot;
an advertisement is its strength, the milliseconds since the one before, and that number: three bytes, mostly.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from beacon_gateway.adapters.recording.shapes import DamageError, read_shape, shape_of
from beacon_gateway.core.model.advertisement import REAL_RSSI, RecordedAdvertisement

SHAPE: Final = 0
"""First byte of an entry that defines a shape; 1..110 is an advertisement of that many dBm below zero."""
SILENCE: Final = 126
"""First byte of an entry that only lets time pass."""
END: Final = 127
"""First byte of the last entry of a recording that was not cut off."""

SLOTS: Final = 4096
"""Shapes that can be named at a time; a further one takes the slot of the oldest."""
LONGEST_PAUSE: Final = 0xFFF_FFFF
"""Milliseconds (three days) between two entries: four bytes of seven bits."""
LONGEST: Final = 366 * 86_400_000
"""Milliseconds of a whole recording."""
LARGEST_BLOCK: Final = 0xFFFF
"""Bytes, without the 8 before them."""
FULL_BLOCK: Final = 0x8000
"""Bytes from which on a block takes no further advertisement; one takes 4.2 kB at most."""
BLOCK_HEAD: Final = 8


class Encoder:
    """Gathers entries and gives them as blocks."""

    def __init__(self) -> None:
        self._entries = bytearray()
        self._slots: dict[bytes, int] = {}
        self._defined = 0
        self._tick = 0
        """Milliseconds since the beginning, of the last entry."""

    @property
    def size(self) -> int:
        """Bytes in the block at hand."""
        return len(self._entries)

    def hear(self, manufacturer_data: Mapping[int, bytes], rssi: int, after: float) -> None:
        """Add one advertisement, heard so many seconds after the beginning."""
        shape = shape_of(manufacturer_data)
        slot = self._slots.get(shape)
        if slot is None:
            slot = self._define(shape)
        pause = self._pause(after)
        self._entries.append(-rssi)
        _append(self._entries, pause)
        _append(self._entries, slot)

    def end(self, after: float) -> None:
        """Add the end."""
        pause = self._pause(after)
        self._entries.append(END)
        _append(self._entries, pause)

    def seal(self) -> bytes:
        """Return the block at hand, and begin another; b"" if there is nothing in it."""
        if not self._entries:
            return b""
        block = block_of(bytes(self._entries))
        self._entries.clear()
        return block

    def _define(self, shape: bytes) -> int:
        slot = self._defined % SLOTS
        self._defined += 1
        if self._defined > SLOTS:
            del self._slots[next(iter(self._slots))]  # a dict keeps its order: the oldest, which held this slot
        self._slots[shape] = slot
        self._entries.append(SHAPE)
        self._entries += shape
        return slot

    def _pause(self, after: float) -> int:
        """Return the milliseconds since the last entry, those added that make a long pause shorter."""
        pause = max(0, round(after * 1000) - self._tick)
        self._tick += pause
        while pause > LONGEST_PAUSE:
            self._entries.append(SILENCE)
            _append(self._entries, LONGEST_PAUSE)
            pause -= LONGEST_PAUSE
        return pause


class End(NamedTuple):
    after: float


class Decoder:
    """Reads the contents of blocks, in their order. It never keeps more than `SLOTS` shapes."""

    def __init__(self) -> None:
        self._slots: list[Mapping[int, bytes]] = []
        self._defined = 0
        self._tick = 0

    @property
    def after(self) -> float:
        """Seconds since the beginning, of the last entry."""
        return self._tick / 1000

    def entries(self, content: bytes) -> Iterator[RecordedAdvertisement | End]:
        """Return what was heard. Raises DamageError."""
        position = 0
        while position < len(content):
            kind = content[position]
            if -kind in REAL_RSSI:
                pause, at = _number(content, position + 1)
                slot, following = _number(content, at)
                if slot >= len(self._slots):
                    raise DamageError(at)
                self._pass(pause, position)
                yield RecordedAdvertisement(self._tick / 1000, self._slots[slot], -kind)
            elif kind == SHAPE:
                shape, following = read_shape(content, position + 1)
                self._define(shape)
            elif kind in {SILENCE, END}:
                pause, following = _number(content, position + 1)
                self._pass(pause, position)
                if kind == END:
                    yield End(self._tick / 1000)
            else:
                raise DamageError(position)
            position = following

    def _define(self, shape: Mapping[int, bytes]) -> None:
        if self._defined < SLOTS:
            self._slots.append(shape)
        else:
            self._slots[self._defined % SLOTS] = shape
        self._defined += 1

    def _pass(self, pause: int, position: int) -> None:
        self._tick += pause
        if self._tick > LONGEST:
            raise DamageError(position)


def block_of(content: bytes) -> bytes:
    """Return a block: length, the same with all bits turned over, check sum of the content, content."""
    length = len(content)
    return struct.pack("<HHI", length, length ^ 0xFFFF, zlib.crc32(content)) + content


def read_head(head: bytes) -> tuple[int, int] | None:
    """Return the length and the check sum of a block from its 8 bytes; None if they are damaged."""
    length, turned, checksum = struct.unpack("<HHI", head)
    return (length, checksum) if length and length ^ turned == 0xFFFF else None  # noqa: PLR2004 - all bits


def _append(entries: bytearray, number: int) -> None:
    """Write a number as bytes of seven bits each, the lowest first; the high bit says that another follows."""
    while number > 0x7F:  # noqa: PLR2004 - seven bits
        entries.append(number & 0x7F | 0x80)
        number >>= 7
    entries.append(number)


def _number(content: bytes, position: int) -> tuple[int, int]:
    """Return such a number of at most four bytes, and where it ends. Raises DamageError."""
    number = 0
    for place in range(4):
        if position + place >= len(content):
            break
        byte = content[position + place]
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:  # noqa: PLR2004 - the high bit
            return number, position + place + 1
    raise DamageError(position)
