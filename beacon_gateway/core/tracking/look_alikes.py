"""Look-alikes: senders that were meant to be beacons of the store, set up so that no phone takes them for one.

A configuration tool that writes numbers in the other byte order, or a development kit's own company id, makes a beacon
that is heard well and shows nothing. Writing it into a file would not help: it must be burned anew.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, FRAME_BYTES, IBEACON_TYPE, IDENTITY_BYTES, BeaconKey

ALTBEACON_TYPE: Final = b"\xbe\xac"
"""What an AltBeacon has in place of type and length; identity and power follow as in an iBeacon (altbeacon.org)."""


class LookAlikeMistake(StrEnum):
    """What is wrong with it. Phones look for exactly one frame: each alone is enough to hide a beacon."""

    COMPANY = "company"
    """The frame of an iBeacon under a company id other than Apple's."""
    FORMAT = "format"
    """An AltBeacon."""
    UUID = "uuid"
    """The bytes of the UUID are reversed: all of them, or those of its first three groups (as in a Windows GUID)."""
    BYTES = "bytes"
    """Major and minor have their two bytes swapped."""
    ORDER = "order"
    """Major stands where minor belongs, and minor in place of major."""


_OF_NUMBERS: Final = (
    (),
    (LookAlikeMistake.BYTES,),
    (LookAlikeMistake.ORDER,),
    (LookAlikeMistake.BYTES, LookAlikeMistake.ORDER),
)
MISTAKES_OF_IBEACONS: Final = (*_OF_NUMBERS[1:], *((LookAlikeMistake.UUID, *mistakes) for mistakes in _OF_NUMBERS))
"""All that an iBeacon can have wrong at once."""


@dataclass(frozen=True, slots=True)
class LookAlike:
    """What a sender was meant to be."""

    mistakes: tuple[LookAlikeMistake, ...]
    meant: BeaconKey
    """To be burned as an iBeacon: company id 0x004C."""
    company: int = APPLE_COMPANY_ID
    """The company id that it sends."""


class LookAlikes:
    """Recognises them by the beacons that the files declare."""

    def __init__(self, declared: Collection[BeaconKey] = ()) -> None:
        self._declared = frozenset(declared)
        own = {key.uuid: key.uuid for key in declared}
        self.uuids: Mapping[UUID, UUID] = {disguise: uuid for uuid in own for disguise in _reversals(uuid)} | own
        """The store's UUIDs, by themselves and by what they are with their bytes reversed."""

    def of(
        self, key: BeaconKey, mistakes: tuple[LookAlikeMistake, ...] = (), company: int = APPLE_COMPANY_ID
    ) -> LookAlike | None:
        """Return what an undeclared sender was meant to be; None for a beacon that may well be as it should.

        `mistakes` are those of its frame. Numbers are taken for mistaken only where they lead to a declared beacon:
        that a UUID of 16 bytes fits by chance is out of the question, with two numbers it is not.
        """
        uuid = self.uuids.get(key.uuid)
        if uuid is None:
            return None
        if uuid != key.uuid:
            mistakes = (*mistakes, LookAlikeMistake.UUID)
        for of_numbers, major, minor in _readings(key.major, key.minor):
            meant = BeaconKey(uuid, major, minor)
            if meant in self._declared:
                return LookAlike((*mistakes, *of_numbers), meant, company) if mistakes or of_numbers else None
        return LookAlike(mistakes, BeaconKey(uuid, key.major, key.minor), company) if mistakes else None


def disguised(manufacturer_data: Mapping[int, bytes]) -> Iterator[tuple[LookAlikeMistake, int, bytes]]:
    """Yield what has a beacon's body in a frame that is no iBeacon's: mistake, company id, an iBeacon's payload."""
    for company, payload in manufacturer_data.items():
        if len(payload) < FRAME_BYTES:
            continue
        if payload[:2] == ALTBEACON_TYPE:
            yield LookAlikeMistake.FORMAT, company, IBEACON_TYPE + payload[2:]
        elif company != APPLE_COMPANY_ID and payload[:2] == IBEACON_TYPE:
            yield LookAlikeMistake.COMPANY, company, payload


def identity_of(payload: bytes, mistake: LookAlikeMistake, company: int) -> bytes:
    """Return an identity that no iBeacon has: a disguised sender never stands in the place of a real one."""
    return payload[:IDENTITY_BYTES] + mistake.encode() + company.to_bytes(2, "big")


def _reversals(uuid: UUID) -> Iterable[UUID]:
    return UUID(bytes=uuid.bytes[::-1]), UUID(bytes=uuid.bytes_le)


def _readings(major: int, minor: int) -> Iterator[tuple[tuple[LookAlikeMistake, ...], int, int]]:
    """Return the ways to read two numbers, the likeliest first."""
    swapped = _swapped(major), _swapped(minor)
    readings = ((major, minor), swapped, (minor, major), swapped[::-1])
    for mistakes, numbers in zip(_OF_NUMBERS, readings, strict=True):
        yield mistakes, *numbers


def _swapped(number: int) -> int:
    return number >> 8 | (number & 0xFF) << 8
