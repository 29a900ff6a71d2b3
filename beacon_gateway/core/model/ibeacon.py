"""The iBeacon frame: what Apple's manufacturer data says, and who says it.

Layout after the company id, as bleak hands it over: ``02 15``, UUID (16 bytes), major, minor (2 each, big endian),
measured power (signed, dBm at 1 m). Apple's Proximity Beacon Specification; kontakt.io's packet table has the same.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

APPLE_COMPANY_ID: Final = 0x004C
"""Bluetooth SIG company identifier of Apple; iBeacon lives in its manufacturer data."""

FRAME_BYTES: Final = 23
IDENTITY_BYTES: Final = 22
"""Type, length, UUID, major and minor: everything but the measured power. Trailing bytes (battery) may follow it."""

IBEACON_TYPE: Final = b"\x02\x15"


@dataclass(frozen=True, slots=True, order=True)
class BeaconKey:
    """Who a beacon is. Never its MAC address: that changes, and several beacons may share one."""

    uuid: UUID
    major: int
    minor: int

    def identity(self) -> bytes:
        """Return the first 22 bytes of this beacon's frames."""
        return IBEACON_TYPE + self.uuid.bytes + self.major.to_bytes(2, "big") + self.minor.to_bytes(2, "big")

    def __str__(self) -> str:
        return f"{str(self.uuid).upper()} {self.major}/{self.minor}"


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded iBeacon frame. `measured_power` is what was sent, plausible or not (see `proximity`)."""

    key: BeaconKey
    measured_power: int

    def payload(self) -> bytes:
        """Return the manufacturer data that carries this frame."""
        return self.key.identity() + (self.measured_power & 0xFF).to_bytes(1, "big")


def decode(payload: bytes) -> Frame | None:
    """Read Apple's manufacturer data; None for all that is not an iBeacon. Never raises."""
    if len(payload) < FRAME_BYTES or payload[:2] != IBEACON_TYPE:
        return None
    return Frame(
        BeaconKey(
            UUID(bytes=bytes(payload[2:18])),
            int.from_bytes(payload[18:20], "big"),
            int.from_bytes(payload[20:22], "big"),
        ),
        signed(payload[22]),
    )


def signed(power_byte: int) -> int:
    """Return the measured power in dBm that one byte (0..255) stands for."""
    return power_byte - 256 if power_byte > 127 else power_byte  # noqa: PLR2004 - two's complement of a byte
