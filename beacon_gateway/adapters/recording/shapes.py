"""The shape of an advertisement: everything but its time and strength, as far as it is kept.

Of an advertisement that is not an iBeacon's only companies and lengths are: what strangers' phones say is nobody's
business, and neither is who says it.
"""

import struct
from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, decode

MOST_SECTIONS: Final = 16
"""Companies in one advertisement that are kept."""
LONGEST_PAYLOAD: Final = 255

_SECTION: Final = struct.Struct("<HBB")
"""Company id, length of its data, and whether the data follows."""
_NOT_KEPT: Final = tuple(bytes(length) for length in range(LONGEST_PAYLOAD + 1))
"""By length: one for all, since a hostile file could ask for millions."""


class DamageError(Exception):
    """The bytes are not what an `Encoder` writes. `position` counts from the beginning of the block's content."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


def shape_of(manufacturer_data: Mapping[int, bytes]) -> bytes:
    """Return an advertisement without time and strength: a count, and for each company its id, length and iBeacon."""
    companies = sorted(manufacturer_data, key=lambda company: company != APPLE_COMPANY_ID)[:MOST_SECTIONS]
    shape = bytearray((len(companies),))
    for company in companies:
        payload = manufacturer_data[company][:LONGEST_PAYLOAD]
        kept = company == APPLE_COMPANY_ID and decode(payload) is not None
        shape += _SECTION.pack(company, len(payload), kept)
        if kept:
            shape += payload
    return bytes(shape)


def read_shape(content: bytes, position: int) -> tuple[Mapping[int, bytes], int]:
    """Return a shape's manufacturer data, with zeros for what was not kept, and where it ends. Raises DamageError."""
    begin = position - 1
    shape: dict[int, bytes] = {}
    try:
        count = content[position]
        if count > MOST_SECTIONS:
            raise DamageError(position)
        position += 1
        for _ in range(count):
            company, length, kept = _SECTION.unpack_from(content, position)
            position += _SECTION.size
            if kept > 1 or (kept and company != APPLE_COMPANY_ID):
                raise DamageError(begin)
            payload = content[position : position + length] if kept else _NOT_KEPT[length]
            if len(payload) < length:
                raise DamageError(begin)
            shape[company] = payload
            position += length if kept else 0
    except (IndexError, struct.error):
        raise DamageError(begin) from None
    return shape, position
