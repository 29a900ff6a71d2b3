"""What is sent on the air: advertising reports as a controller gives them to its host."""

import random
import struct
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

_FLAGS: Final = bytes.fromhex("020106")
_CONNECTABLE, _BROADCAST = 0, 3
"""Event types ADV_IND and ADV_NONCONN_IND."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One sender's advertisement, complete but for the strength at which it arrives."""

    address: bytes
    """As written; on the air it goes the other way round."""
    data: bytes
    connectable: bool = False

    def report(self, rssi: int) -> bytes:
        """Give the HCI event (LE Advertising Report) with which a controller reports it, from a random address."""
        kind = _CONNECTABLE if self.connectable else _BROADCAST
        body = bytes([0x02, 1, kind, 1]) + self.address[::-1] + bytes([len(self.data)]) + self.data
        return bytes([0x04, 0x3E, len(body) + 1]) + body + rssi.to_bytes(1, signed=True)


def ibeacon(uuid: str, major: int, minor: int, power: int) -> bytes:
    return _FLAGS + bytes.fromhex("1aff4c000215") + UUID(uuid).bytes + struct.pack(">HHb", major, minor, power)


def phone() -> Frame:
    """Make up a passing phone: a private address never seen before, and Apple's words that are no iBeacon."""
    address = bytes([random.getrandbits(6) | 0x40]) + random.randbytes(5)
    return Frame(address, bytes.fromhex("02011a0aff4c001005") + random.randbytes(5), connectable=False)


@dataclass(slots=True)
class Beacon:
    """One sender, and what became of its advertisements."""

    near: str
    """The chip that hears it."""
    frame: Frame
    interval: float
    """Seconds."""
    rssi: tuple[int, int]
    """The weakest and the strongest at which it arrives; in between, by chance."""
    left: int | None = None
    """How many it will send yet; None: until it is told to stop."""
    sent: int = field(default=0, init=False)
    reported: int = field(default=0, init=False)
    """How many of them the controller gave to its host."""

    def advertise(self) -> bytes:
        self.sent += 1
        if self.left is not None:
            self.left -= 1
        return self.frame.report(random.randint(*self.rssi))
