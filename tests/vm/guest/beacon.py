"""What is sent on the air: advertising reports as a controller gives them to its host."""

import random
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

FLAGS: Final = "020106"
_CONNECTABLE, _BROADCAST, _SCAN_RESPONSE = 0, 3, 4
"""Event types ADV_IND, ADV_NONCONN_IND and SCAN_RSP of an LE Advertising Report."""
_EXTENDED_TYPES: Final = {_CONNECTABLE: 0x13, _BROADCAST: 0x10, _SCAN_RESPONSE: 0x1B}
"""The same in an LE Extended Advertising Report; 0 is an extended advertisement, to which nobody connects."""
_EXTENDED: Final = 0
_NO_TX_POWER, _NO_SET = 0x7F, 0xFF
_WEAKER_DB: Final = 12


@dataclass(frozen=True, slots=True)
class Frame:
    """One sender's advertisement, complete but for the strength at which it arrives."""

    address: bytes
    """As written; on the air it goes the other way round."""
    data: bytes
    connectable: bool = False
    response: bytes = b""
    """What the sender answers to a scan request."""
    extended: bool = False
    """Bluetooth 5's advertisement of up to 229 bytes here; a controller without it hears nothing."""

    def reports(self, rssi: int, *, to_extended: bool, active: bool) -> list[bytes]:
        """Return the HCI events with which a controller reports it, from a random address.

        `active`: the controller asks for scan responses.
        """
        kind = _CONNECTABLE if self.connectable or self.response else _BROADCAST
        told = [(kind, self.data), *([(_SCAN_RESPONSE, self.response)] if self.response and active else [])]
        if not to_extended:
            return [] if self.extended else [self._report(kind, data, rssi) for kind, data in told]
        kinds = {_BROADCAST: _EXTENDED} if self.extended else _EXTENDED_TYPES
        return [self._extended_report(kinds[kind], data, rssi) for kind, data in told]

    def _report(self, kind: int, data: bytes, rssi: int) -> bytes:
        body = bytes([0x02, 1, kind, 1]) + self.address[::-1] + bytes([len(data)]) + data
        return _event(body + rssi.to_bytes(1, signed=True))

    def _extended_report(self, kind: int, data: bytes, rssi: int) -> bytes:
        body = bytes([0x0D, 1]) + kind.to_bytes(2, "little") + bytes([1]) + self.address[::-1]
        body += bytes([1, 0, _NO_SET, _NO_TX_POWER]) + rssi.to_bytes(1, signed=True) + bytes(2 + 7)
        return _event(body + bytes([len(data)]) + data)


def _event(body: bytes) -> bytes:
    return bytes([0x04, 0x3E, len(body)]) + body


def ibeacon(uuid: str, major: int, minor: int, power: int, *, before: str, after: str, trailing: str) -> bytes:
    """Return the data of an advertisement: `before` (flags, or other sections), the iBeacon, `after`; all in hex.

    `trailing` is what a maker appends to the iBeacon itself.
    """
    body = bytes.fromhex("ff4c000215") + UUID(uuid).bytes + struct.pack(">HHb", major, minor, power)
    body += bytes.fromhex(trailing)
    return bytes.fromhex(before) + bytes([len(body)]) + body + bytes.fromhex(after)


def phone() -> Frame:
    """Make up a passing phone: a private address never seen before, and Apple's words that are no iBeacon."""
    address = bytes([random.getrandbits(6) | 0x40]) + random.randbytes(5)
    return Frame(address, bytes.fromhex("02011a0aff4c001005") + random.randbytes(5), connectable=False)


@dataclass(slots=True)
class Beacon:
    """One sender, and what became of its advertisements."""

    near: str
    """The chip that hears it."""
    frames: Sequence[Frame]
    """Sent in turn; the first is the iBeacon."""
    interval: float
    """Seconds."""
    rssi: tuple[int, int]
    """The weakest and the strongest at which it arrives; in between, by chance."""
    left: int | None = None
    """How many frames it will send yet; None: until it is told to stop."""
    ibeacons: int | None = None
    """How many iBeacons it will send, and its other frames alone from then on; None: all the time."""
    sent: int = field(default=0, init=False)
    reported: int = field(default=0, init=False)
    """How many of its iBeacons the controller gave to its host."""

    def advertise(self) -> tuple[Frame, int]:
        """Return the next frame, and the RSSI at which it arrives: other frames than the iBeacon come 12 dB weaker."""
        turn = (
            self.frames[1:]
            if self.ibeacons is not None and self.sent >= self.ibeacons * len(self.frames)
            else self.frames
        )
        frame = turn[self.sent % len(turn)]
        self.sent += 1
        if self.left is not None:
            self.left -= 1
        return frame, random.randint(*self.rssi) - (0 if frame is self.frames[0] else _WEAKER_DB)

    def count(self, frame: Frame) -> None:
        """Count a frame that was given to the host."""
        self.reported += frame is self.frames[0]

    def change_address(self) -> None:
        """Send from another random address from now on."""
        address = bytes([random.getrandbits(6) | 0x40]) + random.randbytes(5)
        self.frames = [replace(frame, address=address) for frame in self.frames]
